import type { PaymentMethod, TillView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { LEFT_SINCE, sumAtCounter } from './bills.ts';

/** What a store took on a business day. */
export async function readTill(
  db: Queryable,
  store: { readonly id: string; readonly currency: string },
  day: string,
  now: Date,
): Promise<TillView> {
  const [entries, unsettled, counter] = await Promise.all([
    db.query<{ kind: string; method: PaymentMethod | null; count: number; amount: number; waived: number }>(
      `SELECT kind, method, count(*)::int AS count, sum(amount)::bigint AS amount, sum(waived)::bigint AS waived
       FROM bill_entry WHERE store_id = $1 AND day = $2 GROUP BY kind, method`,
      [store.id, day],
      'till-of-day',
    ),
    db.query<{ bills: number; due: number }>(
      `SELECT count(*)::int AS bills, coalesce(sum(due), 0)::bigint AS due FROM bill
       WHERE store_id = $1 AND is_left AND opened_at > ${LEFT_SINCE} AND due <> 0`,
      [store.id],
      'till-unsettled',
    ),
    sumAtCounter(db, store.id, now),
  ]);
  const tables = unsettled.rows[0]!;
  const of = (kind: string, method?: PaymentMethod) =>
    entries.rows.filter((row) => row.kind === kind && (method === undefined || row.method === method));
  const sum = (rows: readonly { amount: number }[]) => rows.reduce((all, { amount }) => all + amount, 0);
  const count = (rows: readonly { count: number }[]) => rows.reduce((all, row) => all + row.count, 0);
  const methods = (['cash', 'card', 'online'] as const).map((method) => ({
    method,
    payments: count(of('payment', method)),
    paid: sum(of('payment', method)),
    refunds: count(of('refund', method)),
    refunded: sum(of('refund', method)),
  }));
  return {
    day,
    currency: store.currency,
    methods,
    taken: sum(of('payment')) - sum(of('refund')),
    discounted: sum(of('discount')) - sum(of('reversal')),
    waived: sum(of('void')) + of('refund').reduce((all, { waived }) => all + waived, 0),
    unsettled: { bills: tables.bills + counter.bills, due: tables.due + counter.due },
  };
}
