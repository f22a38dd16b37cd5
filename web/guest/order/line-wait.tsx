import { useLayoutEffect, useState } from 'preact/hooks';
import type { LineView } from '../../../src/contract/line.ts';
import { t } from '../../shared/language/i18n.ts';

/** Below this nobody is told minutes. */
const SOON_S = 45;
const COUNT_EVERY_MS = 5_000;

/** How far an order in the virtual line is. Where very many wait the server is asked every few minutes; the time goes on meanwhile. */
export function LineWait({ seen }: { seen: LineView }) {
  const [passedS, setPassedS] = useState(0);
  useLayoutEffect(() => {
    const seenMs = performance.now();
    setPassedS(0);
    const timer = setInterval(() => setPassedS((performance.now() - seenMs) / 1000), COUNT_EVERY_MS);
    return () => clearInterval(timer);
  }, [seen]);
  const leftS = seen.etaSeconds - passedS;
  return (
    <section class="line-wait">
      <h3>{t('line.title')}</h3>
      <p class="line-ahead" role="status">
        <b class="number">{seen.ahead}</b> <span>{t('line.ahead')}</span>
      </p>
      <p>{leftS <= SOON_S ? t('line.soon') : t('line.eta', { count: Math.ceil(leftS / 60) })}</p>
      <p class="soft">{t('line.keep')}</p>
    </section>
  );
}
