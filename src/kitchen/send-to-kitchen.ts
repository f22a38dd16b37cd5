import { byStore, type Only } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { lockOrders } from './lock-orders.ts';
import type { OrderRef } from './ports.ts';
import type { SlipPlace } from './printing/slip-id.ts';
import { namedOnce, orderedByStation, stationLines } from './station-lines.ts';

/** An order as far as the kitchen is told of it beside what it reads. */
export interface OrderToCook extends OrderRef {
  /** Which round of its table's visit it is; unset: the first. */
  readonly round?: number;
}

/** What the kitchen has now and had not before. */
export interface SentToKitchen {
  /** The orders that got tickets. */
  readonly orders: readonly OrderRef[];
  /** Where there is something to print. */
  readonly slips: readonly SlipPlace[];
}

/**
 * Makes the tickets and the slips of these orders, one of each a station, all at once: both say the same, which is read and written out
 * once for both. Those that exist are left alone and cancelled orders get none, so it may run twice, late and in any order.
 */
export async function sendToKitchen(tx: Queryable, orders: readonly OrderToCook[]): Promise<SentToKitchen> {
  if (orders.length === 0) return { orders: [], slips: [] };
  const held = lockOrders(tx, orders);
  const made = byStore(tx, orders, (some, only) => insertWork(tx, some, only));
  const [, rows] = await Promise.all([held, made]);
  return {
    orders: rows.flatMap(({ storeId, id }) => (id === null ? [] : [{ storeId, id }])),
    slips: rows.flatMap(({ storeId, station }) => (station === null ? [] : [{ storeId, station }])),
  };
}

/** Of a row one is null: an order that got tickets, or a station that got slips. */
interface MadeRow {
  readonly storeId: string;
  readonly id: string | null;
  readonly station: string | null;
}

async function insertWork(tx: Queryable, orders: readonly OrderToCook[], only: Only): Promise<MadeRow[]> {
  const ids = orders.map((order) => order.id).sort();
  const { rows } = await tx.query<MadeRow>(
    // In steps that the planner must not turn round (MATERIALIZED, OFFSET 0): what it knows of tables that a crowd is filling
    // is long out of date. With the lines read dish by dish a group of 150 took 140 ms; joined by the store alone, all lines of
    // the group were held against each of its orders.
    `WITH ordered AS MATERIALIZED (
       SELECT o.store_id, o.id, o.number, o.table_label, o.placed_at, o.promised_at, k.round, l.line, l.item_id, l.quantity, l.options
       FROM unnest($1::uuid[], $2::uuid[], $5::smallint[]) AS k (store_id, id, round) CROSS JOIN LATERAL (
         -- In milliseconds, as a page's cursor has it.
         SELECT store_id, id, number, table_label, date_trunc('milliseconds', placed_at) AS placed_at, promised_at FROM orders o
         WHERE o.store_id = k.store_id AND ${only('o')} AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid
           AND o.status <> 'cancelled' OFFSET 0) o
       CROSS JOIN LATERAL (
         SELECT * FROM order_line l
         WHERE l.store_id = o.store_id AND ${only('l')} AND l.order_id = o.id AND l.order_id BETWEEN $3::uuid AND $4::uuid AND l.quantity > 0 OFFSET 0) l
     ), ${namedOnce(only)}, work AS MATERIALIZED (
       SELECT p.store_id, p.id, i.station, p.number, p.table_label, p.round, p.placed_at, p.promised_at, ${stationLines} AS lines
       FROM ${orderedByStation(only)}
       GROUP BY p.store_id, p.id, i.station, p.number, p.table_label, p.round, p.placed_at, p.promised_at
       ORDER BY p.store_id, p.id, i.station
     ), tickets AS (
       INSERT INTO ticket (store_id, order_id, station, number, table_label, round, placed_at, promised_at, changed_at, lines)
       SELECT store_id, id, station, number, table_label, round, placed_at, promised_at, placed_at, lines FROM work
       ON CONFLICT DO NOTHING RETURNING store_id, order_id
     ), slips AS (
       INSERT INTO print_slip (store_id, order_id, station, placed_at, number, lines)
       SELECT store_id, id, station, placed_at, number, lines FROM work
       ON CONFLICT DO NOTHING RETURNING store_id, station
     )
     SELECT DISTINCT store_id AS "storeId", order_id AS id, NULL AS station FROM tickets
     UNION ALL SELECT DISTINCT store_id, NULL::uuid, station FROM slips`,
    [
      orders.map((order) => order.storeId),
      orders.map((order) => order.id),
      ids[0],
      ids.at(-1),
      orders.map(({ round = 1 }) => round),
    ],
    // Not prepared: the plan that suits any group, made while the tables are empty, takes forty times as long.
  );
  return rows;
}
