import { t } from '../shared/language/house-words.ts';
import { answer, calls } from './call-state.ts';
import { words } from './call-words.ts';
import { clock } from './line-state.ts';

/** Tables that call, above all else: somebody is looking round for the staff just now. */
export function CallList() {
  if (calls.value.length === 0) return null;
  return (
    <section aria-label={words('title')} aria-live="polite">
      <h2>
        {words('title')} <span class="number">{calls.value.length}</span>
      </h2>
      <ul>
        {calls.value.map((call) => {
          const minutes = Math.max(0, Math.floor((clock.value - Date.parse(call.calledAt)) / 60_000));
          return (
            <li key={call.id} class="party called">
              <p class="party-number">{t('kitchen.table', { table: call.table })}</p>
              <p class="party-who">
                <small class={minutes >= 3 ? 'late' : ''}>
                  {minutes === 0 ? words('now') : words('since', { count: minutes })}
                </small>
              </p>
              <span class="party-actions">
                <button
                  type="button"
                  class="button primary"
                  aria-label={words('answerName', { table: call.table })}
                  onClick={() => void answer(call)}
                >
                  {words('answer')}
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
