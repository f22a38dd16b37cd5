import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BillView } from '../../../src/contract/bill.ts';
import { formatMoney } from '../../../src/contract/money.ts';
import { language, nameOf } from '../../shared/language/i18n.ts';
import { getJson } from '../../shared/server/api.ts';
import { follow } from '../../shared/server/live.ts';
import { findOrder, orders } from '../order/orders-state.ts';
import { words } from './bill-words.ts';
import { Pay } from './pay.tsx';

/** The bill that the order on the screen is on. */
const bill = signal<BillView | null>(null);

/** What the table owes together, live, whichever phone ordered it; and what of it has been paid. */
export function TableBill({ id }: { id: string }) {
  useEffect(() => {
    const known = findOrder(id);
    if (!known) return;
    const path = `/stores/${known.order.storeId}/orders/${id}/bill`;
    const hear = (heard: BillView): boolean => {
      const isNews = JSON.stringify(heard) !== JSON.stringify(bill.value);
      bill.value = heard;
      return isNews;
    };
    const following = follow({
      url: `/api/v1${path}/events?token=${encodeURIComponent(known.token)}`,
      events: { bill: (data) => void hear(data as BillView) },
      refresh: async () => hear(await getJson<BillView>(path, known.token)),
      onRefused: () => {},
    });
    return () => {
      following.stop();
      bill.value = null;
    };
  }, [id]);
  const { value } = bill;
  if (!value) return null;
  return (
    <>
      <Shown bill={value} />
      <Pay
        id={id}
        version={value.version}
        table={value.table}
        charged={Math.max(value.total - value.discounted - value.waived, 0)}
      />
    </>
  );
}

function Shown({ bill: { orders: all, table, currency, business, ...sums } }: { bill: BillView }) {
  const money = (amount: number) => formatMoney(amount, currency, language.value);
  const isMine = (id: string) => orders.value.some(({ order }) => order.id === id);
  const rows = [
    ['total', sums.total],
    ['discounted', -sums.discounted],
    ['waived', -sums.waived],
    ['paid', sums.paid],
    ['refunded', -sums.refunded],
  ] as const;
  return (
    <section class="order-lines table-bill" aria-label={words(table === null ? 'own' : 'title')}>
      <h3>{words(table === null ? 'own' : 'title')}</h3>
      <ul>
        {table !== null &&
          all.map((order) => (
            <li key={order.id}>
              <span>
                {words('order', { number: order.number })}
                <small>
                  {[
                    order.status === 'cancelled' ? words('cancelled') : '',
                    isMine(order.id) ? words('mine') : '',
                    order.lines
                      .filter(({ quantity }) => quantity > 0)
                      .map(({ name, quantity }) => `${nameOf(name)} × ${quantity}`)
                      .join(', '),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </span>
              <span class="number">{money(order.status === 'cancelled' ? 0 : order.total)}</span>
            </li>
          ))}
        {rows
          .filter(([key, amount]) => key === 'total' || amount !== 0)
          .map(([key, amount]) => (
            <li key={key}>
              <span>{words(key)}</span>
              <span class="number">{money(amount)}</span>
            </li>
          ))}
        <li class="sum">
          <span>{words(sums.due === 0 ? 'settled' : sums.due < 0 ? 'owed' : 'due')}</span>
          <span class="number">{money(Math.abs(sums.due))}</span>
        </li>
      </ul>
      {business && (
        <small>
          {words('vat')} {money(sums.vat)} · {business.name} ·{' '}
          {words('business', { number: business.number, representative: business.representative })}
        </small>
      )}
    </section>
  );
}
