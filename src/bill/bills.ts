import type { Queryable } from '../platform/db/pool.ts';
import type { OrderRef } from './ports.ts';
import type { Sums } from './rules.ts';

/** What a table has open: how many orders and portions, and how much is unpaid. */
export interface Usage {
  readonly orders: number;
  readonly portions: number;
  readonly unpaid: number;
}

export interface Bill extends Sums {
  readonly storeId: string;
  readonly id: string;
  readonly table: string | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly version: number;
  readonly orders: number;
  readonly portions: number;
  readonly due: number;
  readonly asked: Usage | null;
  /** The bill that this table's orders are on, while it is merged with another. */
  readonly mergedInto: string | null;
  /** Other tables whose orders are on it. */
  readonly merged: readonly string[];
  /** Their own rows, in the same order. */
  readonly mergedIds: readonly string[];
}

interface BillRow extends Omit<Bill, 'asked'> {
  readonly askedOrders: number | null;
  readonly askedPortions: number | null;
  readonly askedUnpaid: number | null;
}

/** Of statements whose `$1` is the store. */
const COLUMNS = `b.store_id AS "storeId", b.id, b.table_label AS "table", b.opened_at AS "openedAt", b.closed_at AS "closedAt",
  b.version, b.orders, b.portions, b.total, b.discounted, b.waived, b.paid, b.refunded, b.due, b.merged_into AS "mergedInto",
  ARRAY(SELECT m.table_label FROM bill m WHERE m.store_id = $1 AND m.merged_into = b.id ORDER BY m.table_label) AS merged,
  ARRAY(SELECT m.id FROM bill m WHERE m.store_id = $1 AND m.merged_into = b.id ORDER BY m.table_label) AS "mergedIds",
  b.asked_orders AS "askedOrders", b.asked_portions AS "askedPortions", b.asked_unpaid AS "askedUnpaid"`;

const toBill = ({ askedOrders, askedPortions, askedUnpaid, ...row }: BillRow): Bill => ({
  ...row,
  asked: askedOrders === null ? null : { orders: askedOrders, portions: askedPortions ?? 0, unpaid: askedUnpaid ?? 0 },
});

export async function findBill(db: Queryable, storeId: string, id: string): Promise<Bill | undefined> {
  const { rows } = await db.query<BillRow>(
    `SELECT ${COLUMNS} FROM bill b WHERE b.store_id = $1 AND b.id = $2`,
    [storeId, id],
    'find-bill',
  );
  return rows[0] && toBill(rows[0]);
}

/** The row that holds a table with guests; see `mergedInto`. */
export async function findTableBill(db: Queryable, storeId: string, table: string): Promise<Bill | undefined> {
  const { rows } = await db.query<BillRow>(
    `SELECT ${COLUMNS} FROM bill b WHERE b.store_id = $1 AND b.table_label = $2 AND b.closed_at IS NULL`,
    [storeId, table],
    'find-table-bill',
  );
  return rows[0] && toBill(rows[0]);
}

/** Where a list of bills goes on: after this time and id. */
export interface BillPlace {
  readonly at: string;
  readonly id: string;
}

/** A shop that settles elsewhere leaves every bill; nobody looks further back than a month. */
export const LEFT_SINCE = "now() - interval '31 days'";

/** What is open, or of the last month and not settled, the oldest first. One past the limit. */
export async function listUnsettled(
  db: Queryable,
  storeId: string,
  limit: number,
  after: BillPlace | null,
): Promise<Bill[]> {
  const { rows } = await db.query<BillRow>(
    `SELECT ${COLUMNS} FROM bill b
     WHERE b.store_id = $1 AND b.is_left AND b.merged_into IS NULL AND b.opened_at > ${LEFT_SINCE} AND (b.opened_at, b.id) > ($2::timestamptz, $3::uuid)
     ORDER BY b.opened_at, b.id LIMIT $4 + 1`,
    [storeId, after?.at ?? '-infinity', after?.id ?? '00000000-0000-0000-0000-000000000000', limit],
    'unsettled-bills',
  );
  return rows.map(toBill);
}

/** What is closed, the latest first. One past the limit. */
export async function listClosed(
  db: Queryable,
  storeId: string,
  limit: number,
  before: BillPlace | null,
): Promise<Bill[]> {
  const { rows } = await db.query<BillRow>(
    `SELECT ${COLUMNS} FROM bill b
     WHERE b.store_id = $1 AND b.closed_at IS NOT NULL AND b.merged_into IS NULL AND (b.closed_at, b.id) < ($2::timestamptz, $3::uuid)
     ORDER BY b.closed_at DESC, b.id DESC LIMIT $4 + 1`,
    [storeId, before?.at ?? 'infinity', before?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', limit],
    'closed-bills',
  );
  return rows.map(toBill);
}

/** How long an unpaid order at the counter is worth a look; and how far off the clock in its id may be. */
const COUNTER_HOURS = 12;
const CLOCK_SKEW_HOURS = 24;

/** Orders `o` of store `$1` at the counter that nobody has paid by `$2`: their bills have no row. */
const AT_COUNTER = `o.store_id = $1
  AND o.id >= uuid_v7_floor($2::timestamptz - interval '${COUNTER_HOURS + CLOCK_SKEW_HOURS} hours')
  AND o.table_label IS NULL AND o.status <> 'cancelled'
  AND o.placed_at >= $2::timestamptz - interval '${COUNTER_HOURS} hours'
  AND NOT EXISTS (SELECT FROM bill b WHERE b.store_id = $1 AND b.id = o.id)`;

/** The latest first. One past the limit. */
export async function listAtCounter(db: Queryable, storeId: string, limit: number, now: Date): Promise<OrderRef[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT o.id FROM orders o WHERE ${AT_COUNTER} ORDER BY o.id DESC LIMIT $3`,
    [storeId, now, limit],
    'counter-orders',
  );
  return rows.map(({ id }) => ({ storeId, id }));
}

/** How many there are, and what is owed for them. */
export async function sumAtCounter(
  db: Queryable,
  storeId: string,
  now: Date,
): Promise<{ readonly bills: number; readonly due: number }> {
  const { rows } = await db.query<{ bills: number; due: number }>(
    `SELECT count(*)::int AS bills, coalesce(sum(o.total), 0)::bigint AS due FROM orders o WHERE ${AT_COUNTER}`,
    [storeId, now],
    'counter-orders-sum',
  );
  return rows[0]!;
}

/** The orders of a bill, the oldest first: the bound is what a page can show. */
export async function ordersOf(db: Queryable, storeId: string, billId: string, max: number): Promise<OrderRef[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT order_id AS id FROM bill_order WHERE store_id = $1 AND bill_id = $2 ORDER BY order_id LIMIT $3',
    [storeId, billId, max],
    'orders-of-bill',
  );
  return rows.map(({ id }) => ({ storeId, id }));
}

/** @returns undefined for an order at the counter that nobody has paid or changed */
export async function billOf(db: Queryable, { storeId, id }: OrderRef): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT bill_id AS id FROM bill_order WHERE store_id = $1 AND order_id = $2',
    [storeId, id],
    'bill-of-order',
  );
  return rows[0]?.id;
}

/** An order of a table: the bill it is on, and which round of the visit it is. */
export interface TableOrder {
  readonly storeId: string;
  readonly orderId: string;
  readonly billId: string;
  readonly round: number;
}

/** Those of these orders that are of a table. */
export async function tableOrders(db: Queryable, orders: readonly OrderRef[]): Promise<TableOrder[]> {
  const { rows } = await db.query<TableOrder>(
    `SELECT store_id AS "storeId", order_id AS "orderId", bill_id AS "billId", coalesce(round, 1) AS round FROM bill_order
     WHERE store_id = ANY($1::uuid[]) AND order_id = ANY($2::uuid[])`,
    [[...new Set(orders.map(({ storeId }) => storeId))], orders.map(({ id }) => id)],
    'table-orders',
  );
  return rows;
}

/** Opens a table's visit. Under the store's lock. @returns false when the id is taken */
export async function openBill(
  tx: Queryable,
  { storeId, id, table, openedAt }: Pick<Bill, 'storeId' | 'id' | 'table' | 'openedAt'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO bill (store_id, id, table_label, opened_at, known_to_staff) VALUES ($1, $2, $3, $4, true)
     ON CONFLICT (store_id, id) DO NOTHING`,
    [storeId, id, table, openedAt],
    'open-bill',
  );
  return rowCount === 1;
}

/** The bill of an order at the counter, from when somebody pays or changes it. Under the store's lock. */
export async function openCounterBill(
  tx: Queryable,
  {
    storeId,
    id,
    openedAt,
    orders,
    portions,
    total,
  }: Pick<Bill, 'storeId' | 'id' | 'openedAt' | 'orders' | 'portions' | 'total'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO bill (store_id, id, opened_at, orders, portions, total) VALUES ($1, $2, $3, $4, $5, $6)`,
    [storeId, id, openedAt, orders, portions, total],
    'open-counter-bill',
  );
  await tx.query(
    'INSERT INTO bill_order (store_id, order_id, bill_id) VALUES ($1, $2, $2)',
    [storeId, id],
    'add-counter-order',
  );
}

/** Writes a bill's new sums, and ends the visit when nothing is left of it. Under the store's lock. */
export async function writeSums(
  tx: Queryable,
  { storeId, id }: Pick<Bill, 'storeId' | 'id'>,
  { discounted, waived, paid, refunded }: Sums,
  closedAt: Date | null,
): Promise<void> {
  await tx.query(
    `UPDATE bill SET discounted = $3, waived = $4, paid = $5, refunded = $6, version = version + 1,
       closed_at = coalesce(closed_at, $7), asked_orders = NULL, asked_portions = NULL, asked_unpaid = NULL
     WHERE store_id = $1 AND id = $2`,
    [storeId, id, discounted, waived, paid, refunded, closedAt],
    'write-bill-sums',
  );
}

/** Says yes to what is asked, and to as much again as a table may have anyway. Under the store's lock. */
export async function allowMore(tx: Queryable, storeId: string, id: string, more: Usage): Promise<void> {
  await tx.query(
    `UPDATE bill SET allowed_orders = asked_orders + $3, allowed_portions = asked_portions + $4,
       allowed_unpaid = asked_unpaid + $5, asked_orders = NULL, asked_portions = NULL, asked_unpaid = NULL,
       version = version + 1
     WHERE store_id = $1 AND id = $2 AND asked_orders IS NOT NULL`,
    [storeId, id, more.orders, more.portions, more.unpaid],
    'allow-more',
  );
}

/**
 * Takes a cancelled order off its bill, or portions of one, which ends the visit where the rest is paid. Under the store's lock, which whoever
 * does so holds.
 * @returns the bill, where there is one
 */
export async function takeOff(
  tx: Queryable,
  { storeId, id }: OrderRef,
  { orders, portions, total }: { readonly orders: 0 | 1; readonly portions: number; readonly total: number },
  at: Date,
): Promise<{ readonly id: string; readonly isOver: boolean } | undefined> {
  const { rows } = await tx.query<{ id: string; isOver: boolean }>(
    `UPDATE bill b SET orders = b.orders - $6, portions = b.portions - $3, total = b.total - $4, version = b.version + 1,
       closed_at = coalesce(b.closed_at, CASE WHEN b.paid > b.refunded
         AND greatest(b.total - $4 - b.discounted - b.waived, 0) - b.paid + b.refunded = 0 THEN $5::timestamptz END)
     FROM bill_order o WHERE o.store_id = $1 AND o.order_id = $2 AND b.store_id = $1 AND b.id = o.bill_id
     RETURNING b.id, b.closed_at IS NOT NULL AS "isOver"`,
    [storeId, id, portions, total, at, orders],
    'take-order-off-bill',
  );
  return rows[0];
}
