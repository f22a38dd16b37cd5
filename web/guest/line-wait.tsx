import type { LineView } from '../../src/contract/line.ts';
import { t } from '../shared/i18n.ts';

/** Below this nobody is told minutes. */
const SOON_S = 45;

/** How far an order in the virtual line is. */
export function LineWait({ seen }: { seen: LineView }) {
  const minutes = Math.ceil(seen.etaSeconds / 60);
  return (
    <section class="line-wait">
      <h3>{t('line.title')}</h3>
      <p class="line-ahead" role="status">
        <b class="number">{seen.ahead}</b> <span>{t('line.ahead')}</span>
      </p>
      <p>{seen.etaSeconds <= SOON_S ? t('line.soon') : t('line.eta', { count: minutes })}</p>
      <p class="soft">{t('line.keep')}</p>
    </section>
  );
}
