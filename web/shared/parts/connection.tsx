import { t } from '../language/house-words.ts';
import { timeOf } from '../language/i18n.ts';
import type { Following } from '../server/live.ts';

/** Whether what a screen shows is told by the server, asked for, or only remembered. @param following null: not yet */
export function Connection({ following, timeZone }: { following: Following | null; timeZone: string | undefined }) {
  const state = following?.state.value ?? 'connecting';
  const since = following ? timeOf(following.updatedAt.value, timeZone) : '';
  return (
    <span class={`connection ${state}`} role="status">
      {state === 'offline' ? `${t('kitchen.offline')} · ${since}` : t(state === 'live' ? 'live.live' : 'live.polling')}
    </span>
  );
}
