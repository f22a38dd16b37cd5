import type { PartyView } from '../../src/contract/waitlist.ts';
import { t } from '../shared/language/house-words.ts';
import { act, busy, type HallAction } from './act.ts';
import { clock } from './line-state.ts';

/** What can be done with a party, the likeliest last, where the thumb is. */
const ACTIONS: Partial<Record<PartyView['state'], readonly HallAction[]>> = {
  waiting: ['seat', 'call'],
  called: ['no-show', 'seat'],
  'no-show': ['call', 'seat'],
};

export function PartyCard({ party }: { party: PartyView }) {
  const { id, number, size, name, state } = party;
  const isBusy = busy.value.has(id);
  return (
    <li class={`party ${state} ${isBusy ? 'busy' : ''}`}>
      <p class="party-number number">{number}</p>
      <p class="party-who">
        <strong>{t('wait.people', { count: size })}</strong>
        {name && <span>{name}</span>}
        <Since party={party} />
      </p>
      <span class="party-actions">
        {ACTIONS[state]?.map((action, index, all) => (
          <button
            type="button"
            key={action}
            class={`button ${index === all.length - 1 ? 'primary' : ''}`}
            disabled={isBusy}
            aria-label={t(`hall.name.${action}`, { number })}
            onClick={() => void act(party, action)}
          >
            {t(`hall.do.${action}`)}
          </button>
        ))}
      </span>
    </li>
  );
}

/** How long it has waited, or how long it is still waited for. Reads the clock, so that a tick draws this and no more. */
function Since({ party: { state, joinedAt, heldUntil } }: { party: PartyView }) {
  const minutes = (ms: number) => Math.max(0, Math.floor(ms / 60_000));
  if (state === 'called' && heldUntil) {
    const leftMs = Date.parse(heldUntil) - clock.value;
    return leftMs > 0 ? (
      <small>{t('hall.held', { count: Math.ceil(leftMs / 60_000) })}</small>
    ) : (
      <small class="late">{t('hall.heldOver')}</small>
    );
  }
  return <small>{t('hall.waited', { count: minutes(clock.value - Date.parse(joinedAt)) })}</small>;
}
