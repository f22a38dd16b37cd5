import type { BillDish, PaymentMethod } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Change } from './rules.ts';

export interface NewEntry extends Change {
  readonly method?: PaymentMethod;
  readonly tendered?: number | undefined;
  readonly dishes?: readonly BillDish[] | undefined;
  readonly paymentId?: string | undefined;
  /** Of a reversal: what is taken back. */
  readonly discountId?: string | undefined;
  readonly couponId?: string | undefined;
  readonly reason?: string | undefined;
  readonly approval?: string | undefined;
  /** Of a reversal: the visit that the discount ended goes on, where its tables are still free. */
  readonly reopens?: boolean;
}

export interface Entry extends Change {
  readonly id: string;
  readonly billId: string;
  readonly method: PaymentMethod | null;
  readonly tendered: number | null;
  readonly dishes: readonly BillDish[] | null;
  readonly paymentId: string | null;
  readonly discountId: string | null;
  readonly couponId: string | null;
  readonly coupon: string | null;
  readonly reason: string | null;
  readonly approval: string | null;
  readonly by: string;
  readonly at: Date;
  /** Hex. */
  readonly requestHash: string;
}

const COLUMNS = `e.id, e.bill_id AS "billId", e.kind, e.amount, e.method, e.tendered, e.waived, e.dishes, e.payment_id AS "paymentId",
  e.discount_id AS "discountId", e.coupon_id AS "couponId", c.code AS coupon, e.reason, e.approval, e.by_whom AS by, e.at,
  encode(e.request_hash, 'hex') AS "requestHash"`;
const FROM = 'bill_entry e LEFT JOIN coupon c ON c.store_id = e.store_id AND c.id = e.coupon_id';

/** In the order in which they were made. */
export async function entriesOf(db: Queryable, storeId: string, billId: string): Promise<Entry[]> {
  const { rows } = await db.query<Entry>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE e.store_id = $1 AND e.bill_id = $2 ORDER BY e.at, e.id`,
    [storeId, billId],
    'entries-of-bill',
  );
  return rows;
}

export async function findEntry(db: Queryable, storeId: string, id: string): Promise<Entry | undefined> {
  const { rows } = await db.query<Entry>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE e.store_id = $1 AND e.id = $2`,
    [storeId, id],
    'find-entry',
  );
  return rows[0];
}

/** Under the store's lock. */
export async function insertEntry(
  tx: Queryable,
  where: { readonly storeId: string; readonly billId: string; readonly id: string },
  entry: NewEntry,
  how: { readonly by: string; readonly at: Date; readonly day: string; readonly requestHash: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO bill_entry (store_id, id, bill_id, kind, amount, method, tendered, waived, dishes, payment_id, discount_id, coupon_id,
       reason, approval, by_whom, at, day, request_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, decode($18, 'hex'))`,
    [
      where.storeId,
      where.id,
      where.billId,
      entry.kind,
      entry.amount,
      entry.method ?? null,
      entry.tendered ?? null,
      entry.waived,
      entry.dishes ? JSON.stringify(entry.dishes) : null,
      entry.paymentId ?? null,
      entry.discountId ?? null,
      entry.couponId ?? null,
      entry.reason ?? null,
      entry.approval ?? null,
      how.by,
      how.at,
      how.day,
      how.requestHash,
    ],
    'insert-bill-entry',
  );
}

/** What of a payment has not been paid back. */
export const refundableOf = (payment: Entry, entries: readonly Entry[]): number =>
  entries.reduce(
    (left, entry) => (entry.kind === 'refund' && entry.paymentId === payment.id ? left - entry.amount : left),
    payment.amount,
  );

/** The discounts of a bill that nobody has taken back. */
export function standingDiscounts(entries: readonly Entry[]): Entry[] {
  const reversed = new Set(entries.map(({ discountId }) => discountId));
  return entries.filter(({ id, kind }) => kind === 'discount' && !reversed.has(id));
}

/** Portions paid by dish, by `order line`; those of a payment that was paid back whole are unpaid again. */
export function paidDishes(entries: readonly Entry[]): Map<string, number> {
  const paid = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind !== 'payment' || !entry.dishes || refundableOf(entry, entries) === 0) continue;
    for (const { orderId, line, quantity } of entry.dishes) {
      const key = `${orderId} ${line}`;
      paid.set(key, (paid.get(key) ?? 0) + quantity);
    }
  }
  return paid;
}
