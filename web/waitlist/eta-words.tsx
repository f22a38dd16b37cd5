import type { EtaMinutes } from '../../src/contract/waitlist.ts';
import { t } from '../shared/language/waiting-words.ts';

/** "18~30분", or that nobody knows yet. */
export function EtaWords({ eta }: { eta: EtaMinutes | null }) {
  if (!eta) return <span class="eta unknown">{t('wait.etaUnknown')}</span>;
  return (
    <span class="eta number">
      {eta.from === 0 ? t('wait.etaTo', { to: eta.to }) : t('wait.eta', { from: eta.from, to: eta.to })}
    </span>
  );
}
