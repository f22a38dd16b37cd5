import { formatMoney } from '../../src/contract/money.ts';
import { t } from '../shared/language/house-words.ts';
import { language } from '../shared/language/i18n.ts';
import { compareHours } from './compare.ts';
import { Nothing, Panel } from './panel.tsx';
import { type Shown, salesPath } from './sales-state.ts';

/** A day by hour, each beside the same hour of the week before. */
export function Hours({ seen: { store, day, hours, hoursBefore } }: { seen: Shown }) {
  const rows = compareHours(hours.items, hoursBefore.items, store.timeZone);
  const most = Math.max(1, ...rows.flatMap(({ total, before }) => [total, before]));
  const money = (amount: number) => formatMoney(amount, hours.currency, language.value);
  return (
    <Panel title={t('owner.byHour')} csv={salesPath('hour', day)}>
      {rows.length === 0 && <Nothing />}
      {rows.length > 0 && (
        <p class="legend" aria-hidden="true">
          <span class="key now" /> {t('owner.thisDay')} <span class="key then" /> {t('owner.weekBefore')}
        </p>
      )}
      <ol class="hours">
        {rows.map(({ hour, total, before }) => (
          <li key={hour}>
            <span class="number" aria-hidden="true">
              {hour}
            </span>
            <span class="bars" aria-hidden="true">
              <span class="bar now" style={{ inlineSize: `${(total / most) * 100}%` }} />
              <span class="bar then" style={{ inlineSize: `${(before / most) * 100}%` }} />
            </span>
            <span class="number amount" aria-hidden="true">
              {money(total)}
            </span>
            <span class="visually-hidden">
              {t('owner.hourRow', { hour, value: money(total), before: money(before) })}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
