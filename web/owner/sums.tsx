import { formatMoney } from '../../src/contract/money.ts';
import { t } from '../shared/language/house-words.ts';
import { language } from '../shared/language/i18n.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { changeSince } from './compare.ts';
import type { Shown } from './sales-state.ts';

/** What the day brought, beside the same day of the week before. */
export function Sums({ seen: { hours, hoursBefore } }: { seen: Shown }) {
  const { total, currency } = hours;
  const before = hoursBefore.total;
  const money = (amount: number) => formatMoney(amount, currency, language.value);
  const average = ({ total, orders }: typeof before) => money(orders === 0 ? 0 : Math.round(total / orders));
  const change = changeSince(hours.items, hoursBefore.items, serverNowMs());
  const cards = [
    { title: t('owner.total'), value: money(total.total), lastWeek: money(before.total), main: true },
    {
      title: t('owner.orders'),
      value: t('owner.countOrders', { count: total.orders }),
      lastWeek: t('owner.countOrders', { count: before.orders }),
    },
    {
      title: t('owner.portions'),
      value: t('owner.countPortions', { count: total.portions }),
      lastWeek: t('owner.countPortions', { count: before.portions }),
    },
    { title: t('owner.average'), value: average(total), lastWeek: average(before) },
  ];
  return (
    <ul class="sums">
      {cards.map(({ title, value, lastWeek, main }) => (
        <li key={title} class={main ? 'sum main' : 'sum'}>
          <h2>{title}</h2>
          <p class="value number">{value}</p>
          <p class="soft">
            {before.orders === 0 ? t('owner.noneBefore') : t('owner.lastWeek', { value: lastWeek })}
            {main && change !== undefined && (
              <span class={`badge ${change >= 0 ? 'good' : 'warn'}`} title={t('owner.soFar')}>
                {signed(change)} <span class="so-far">{t('owner.soFar')}</span>
              </span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

const signed = (share: number): string =>
  new Intl.NumberFormat(language.value, { style: 'percent', signDisplay: 'always' }).format(share);
