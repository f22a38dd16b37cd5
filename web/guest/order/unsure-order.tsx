import { useState } from 'preact/hooks';
import { t } from '../../shared/language/i18n.ts';
import { discard, send } from './sending.ts';

/** An order that was sent and never answered. Sending it again is always safe; dropping it is asked twice. */
export function UnsureOrder() {
  const [sure, setSure] = useState(false);
  return (
    <section class="unsure">
      <h3>{t('send.pausedTitle')}</h3>
      <p>{sure ? t('send.discardSure') : t('send.pausedBody')}</p>
      <div class="unsure-buttons">
        <button type="button" class="button primary" onClick={() => void send()}>
          {t('send.resume')}
        </button>
        <button type="button" class="button quiet" onClick={() => (sure ? discard() : setSure(true))}>
          {t(sure ? 'send.discardYes' : 'send.discard')}
        </button>
      </div>
    </section>
  );
}
