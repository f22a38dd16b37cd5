import { formatMoney } from '../../src/contract/money.ts';
import type { SalesDay } from '../../src/contract/sales.ts';
import { t } from '../shared/language/house-words.ts';
import { language, timeOf } from '../shared/language/i18n.ts';
import { daysAfter } from './compare.ts';
import { Nothing, Panel } from './panel.tsx';
import { type Shown, salesPath, showDay } from './sales-state.ts';

/** The days of the page: each and the same day of the week before. */
const DAYS = 14;

/** The last days: what they brought, and whether their books are closed. */
export function DayClose({ seen: { store, day: chosen, days, hours } }: { seen: Shown }) {
  const state = ({ day, closedAt }: SalesDay) => {
    if (closedAt)
      return <span class="badge good">{t('owner.closed', { time: timeOf(closedAt, store.timeZone) })}</span>;
    return <span class="badge">{t(day >= days.today ? 'owner.running' : 'owner.waiting')}</span>;
  };
  const date = (day: string) =>
    new Date(day).toLocaleDateString(language.value, {
      timeZone: 'UTC',
      month: 'short',
      day: 'numeric',
      weekday: 'short',
    });
  return (
    <Panel title={t('owner.closing')} csv={salesPath('day', daysAfter(days.today, 1 - DAYS), DAYS)}>
      {days.items.length === 0 && <Nothing />}
      <ul class="days">
        {days.items.map((line) => (
          <li key={line.day}>
            <button type="button" aria-current={line.day === chosen} onClick={() => showDay(line.day)}>
              <span class="what">{date(line.day)}</span>
              <span class="number">{t('owner.countOrders', { count: line.orders })}</span>
              <span class="number amount">{formatMoney(line.total, hours.currency, language.value)}</span>
              {state(line)}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
