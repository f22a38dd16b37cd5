import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { allDay, recentlyServed } from './board-state.ts';
import { stepBack } from './move-ticket.ts';

/** What is to be made now, summed over all tickets, and what has just gone out. */
export function AllDay() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <aside class="all-day" aria-label={t('kitchen.allDay')} tabIndex={0}>
      <h2>{t('kitchen.allDayHelp')}</h2>
      <ul>
        {allDay.value.map(({ itemId, name, quantity }) => (
          <li key={itemId}>
            <b class="number">{quantity}</b> <span>{nameOf(name)}</span>
          </li>
        ))}
      </ul>
      {allDay.value.length === 0 && <p class="lane-empty">{t('kitchen.empty')}</p>}
      {recentlyServed.value.length > 0 && (
        <>
          <h2>{t('kitchen.recent')}</h2>
          <ul class="recent">
            {recentlyServed.value.map((ticket) => (
              <li key={ticket.id}>
                <b class="number">{ticket.number}</b>
                <span>{ticket.lines.map(({ name }) => nameOf(name)).join(', ')}</span>
                <button
                  type="button"
                  class="tool"
                  aria-label={`${ticket.number} ${t('kitchen.stepBack')}`}
                  onClick={() => stepBack(ticket)}
                >
                  {t('kitchen.undo')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
