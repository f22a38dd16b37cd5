import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { carry, toCarry } from './carry-state.ts';

/** What is ready and waits to be carried: the pick-up board calls nobody who sits at a table. */
export function CarryList() {
  if (toCarry.value.length === 0) return null;
  return (
    <section aria-label={t('hall.carry')}>
      <h2>
        {t('hall.carry')} <span class="number">{toCarry.value.length}</span>
      </h2>
      <ul>
        {toCarry.value.map(({ table, tickets }) => (
          <li key={table} class="party called carry">
            <p class="party-number">{t('kitchen.table', { table })}</p>
            <p class="party-who">
              {tickets
                .flatMap(({ lines }) => lines)
                .filter(({ quantity }) => quantity > 0)
                .map(({ name, quantity }) => `${nameOf(name)} × ${quantity}`)
                .join(', ')}
            </p>
            <span class="party-actions">
              <button
                type="button"
                class="button primary"
                aria-label={t('hall.carry.name', { table })}
                onClick={() => void carry(tickets, 'served')}
              >
                {t('hall.carry.do')}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
