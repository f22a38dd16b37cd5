import { t } from '../../shared/language/i18n.ts';
import { Sheet } from '../../shared/parts/sheet.tsx';
import { LineWait } from './line-wait.tsx';
import { progress, sentInBackground, stopSending } from './sending.ts';

/** Shown while an order is on its way: a guest who knows that it goes on doesn't tap twice. */
export function SendingSheet() {
  const { attempt, waitMs, problem, line } = progress.value!;
  const isBusy = problem?.status === 503 || problem?.status === 429;
  if (line) {
    return (
      <Sheet label={t('line.title')} onClose={stopSending} dismissable={false} class="sending">
        <LineWait seen={line} />
        <button type="button" class="button" onClick={stopSending}>
          {t('line.stop')}
        </button>
      </Sheet>
    );
  }
  return (
    <Sheet label={t('send.sending')} onClose={stopSending} dismissable={false} class="sending">
      <div class="spinner" aria-hidden="true" />
      <p class="sending-state" role="status">
        {!problem && t('send.sending')}
        {problem?.type === 'table-limit' && t('send.limit')}
        {problem &&
          problem.type !== 'table-limit' &&
          (isBusy
            ? t('send.busy', { count: Math.ceil(waitMs / 1000) })
            : navigator.onLine
              ? t('send.retrying', { count: attempt })
              : t('send.offline'))}
      </p>
      <p class="soft">{t(sentInBackground.value ? 'send.closable' : 'send.once')}</p>
      {attempt > 2 && (
        <button type="button" class="button" onClick={stopSending}>
          {t('send.pause')}
        </button>
      )}
    </Sheet>
  );
}
