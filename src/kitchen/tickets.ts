import { type OrderStatus, SERVED_MAX, type Ticket } from '../contract/index.ts';
import { byStore, type Only } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { idTimeMs } from '../platform/id.ts';
import { CLOCK_SKEW_HOURS } from './clock-skew.ts';
import { lockOrders } from './lock-orders.ts';
import type { OrderRef } from './ports.ts';
import { type KeptLine, namedOnce, orderedByStation, stationLines, toTicketLine } from './station-lines.ts';

/** Work older than this is not on the board: nobody cooks for the day before yesterday. */
const BOARD_HOURS = 36;
/** Narrows the partitions down: what was placed within some hours has an id that is so much older or newer at most. */
const SKEW = `interval '${CLOCK_SKEW_HOURS} hours'`;
/** A table's guests stay about this long, so an order within it is another round and not another party. */
const ROUND_HOURS = 2;
/** No party orders more often, and counting further would let one table's orders slow each other down. */
const ROUNDS_MAX = 30;
/** Tickets that are looked through for each round; a table whose orders all go to more stations is counted short beyond some rounds. */
const STATIONS_OF_AN_ORDER = 4;

interface TicketRow {
  readonly order_id: string;
  readonly station: string;
  readonly number: number;
  readonly table_label: string | null;
  readonly moved_from: string | null;
  readonly round: number;
  readonly status: OrderStatus;
  readonly version: number;
  readonly placed_at: Date;
  readonly promised_at: Date | null;
  readonly changed_at: Date;
  readonly lines: KeptLine[];
  readonly done_lines: number[];
}

const COLUMNS =
  'order_id, station, number, table_label, moved_from, round, status, version, placed_at, promised_at, changed_at, lines, done_lines';

const toTicket = (row: TicketRow): Ticket => ({
  id: `${row.order_id}:${row.station}`,
  orderId: row.order_id,
  number: row.number,
  table: row.table_label,
  ...(row.moved_from !== null && { movedFrom: row.moved_from }),
  round: row.round,
  station: row.station,
  status: row.status,
  version: row.version,
  placedAt: row.placed_at.toISOString(),
  ...(row.promised_at && { promisedAt: row.promised_at.toISOString() }),
  changedAt: row.changed_at.toISOString(),
  lines: row.lines.map(toTicketLine),
  doneLines: row.done_lines,
});

/**
 * Makes the tickets of these orders, one a station, all at once. Those that exist are left alone and cancelled
 * orders get none, so it may run twice, late and in any order.
 * @returns the orders that got tickets now
 */
export async function makeTickets(tx: Queryable, orders: readonly OrderRef[]): Promise<OrderRef[]> {
  if (orders.length === 0) return [];
  const held = lockOrders(tx, orders);
  // A table's latest tickets must come from the index that has them in order. By statistics that are a minute old the planner
  // believes that a table has one ticket, takes any index, and sorts all tickets of the shop: half a core under a crowd.
  const ordered = tx.query('SET LOCAL enable_sort = off', [], 'without-sort');
  const made = byStore(tx, orders, (some, only) => insertTickets(tx, some, only));
  const [, , rows] = await Promise.all([held, ordered, made]);
  return rows;
}

async function insertTickets(tx: Queryable, orders: readonly OrderRef[], only: Only): Promise<OrderRef[]> {
  const ids = orders.map((order) => order.id).sort();
  const { rows } = await tx.query<{ storeId: string; id: string }>(
    // In steps that the planner must not turn round (MATERIALIZED, OFFSET 0): what it knows of tables that a crowd is filling
    // is long out of date. With the lines read dish by dish a group of 150 took 140 ms; joined by the store alone, all lines of
    // the group were held against each of its orders.
    `WITH kept AS MATERIALIZED (
       -- In milliseconds, as a page's cursor has it.
       SELECT o.store_id, o.id, o.number, o.table_label, date_trunc('milliseconds', o.placed_at) AS placed_at, o.promised_at
       FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND ${only('o')} AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid OFFSET 0) o
       WHERE o.status <> 'cancelled'
         AND NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = o.store_id AND ${only('t')} AND t.order_id = o.id AND t.order_id BETWEEN $3::uuid AND $4::uuid)
     ), tables AS MATERIALIZED (
       -- What each table has ordered lately, as far as it has tickets: read once a table, however many of its orders are here.
       SELECT k.store_id, k.table_label, array_agg(e.placed_at) AS times, array_agg(e.number) AS numbers
       FROM (SELECT store_id, table_label, max(placed_at) AS last FROM kept WHERE table_label IS NOT NULL GROUP BY 1, 2) k
       CROSS JOIN LATERAL (SELECT DISTINCT placed_at, number FROM (
         SELECT placed_at, number FROM ticket t
         WHERE t.store_id = k.store_id AND ${only('t')} AND t.table_label = k.table_label
           AND t.placed_at <= k.last AND t.placed_at >= k.last - interval '${2 * ROUND_HOURS} hours'
           AND t.order_id BETWEEN uuid_v7_floor($5::timestamptz) AND uuid_v7_floor($6::timestamptz)
           AND t.status <> 'cancelled'
         ORDER BY t.placed_at DESC, t.number DESC LIMIT ${(ROUNDS_MAX - 1) * STATIONS_OF_AN_ORDER}) t) e
       GROUP BY 1, 2
     ), placed AS MATERIALIZED (
       -- The table's orders before this one: those that have tickets, and those that get theirs together with it.
       SELECT o.store_id, o.id, o.number, o.table_label, o.placed_at, o.promised_at, CASE WHEN o.table_label IS NULL THEN 1 ELSE
         1 + least(${ROUNDS_MAX - 1}, (SELECT count(*) FROM unnest(t.times, t.numbers) AS e (placed_at, number)
             WHERE (e.placed_at, e.number) < (o.placed_at, o.number) AND e.placed_at >= o.placed_at - interval '${ROUND_HOURS} hours')
           + count(*) OVER (PARTITION BY o.store_id, o.table_label ORDER BY o.placed_at RANGE '${ROUND_HOURS} hours' PRECEDING)
           -- That counts the order itself, and who was placed in the same moment with a higher number.
           - count(*) OVER (PARTITION BY o.store_id, o.table_label, o.placed_at ORDER BY o.number DESC)) END AS round
       FROM kept o LEFT JOIN tables t ON t.store_id = o.store_id AND t.table_label = o.table_label
     ), ordered AS MATERIALIZED (
       SELECT p.*, l.line, l.item_id, l.quantity, l.options FROM placed p
       CROSS JOIN LATERAL (
         SELECT * FROM order_line l
         WHERE l.store_id = p.store_id AND ${only('l')} AND l.order_id = p.id AND l.order_id BETWEEN $3::uuid AND $4::uuid AND l.quantity > 0 OFFSET 0) l
     ), ${namedOnce(only)}, made AS (
       INSERT INTO ticket (store_id, order_id, station, number, table_label, round, placed_at, promised_at, changed_at, lines)
       SELECT p.store_id, p.id, i.station, p.number, p.table_label, p.round,
         p.placed_at, p.promised_at, p.placed_at,
         ${stationLines}
       FROM ${orderedByStation(only)}
       GROUP BY p.store_id, p.id, i.station, p.number, p.table_label, p.round, p.placed_at, p.promised_at
       ON CONFLICT DO NOTHING
       RETURNING store_id, order_id
     )
     SELECT DISTINCT store_id AS "storeId", order_id AS id FROM made`,
    [
      orders.map((order) => order.storeId),
      orders.map((order) => order.id),
      ids[0],
      ids.at(-1),
      // Earlier rounds have their ids between these: both clients' clocks may be off. Leaving the other partitions out while it
      // runs takes longer than all the rest.
      new Date(idTimeMs(ids[0]!) - (ROUND_HOURS + 2 * CLOCK_SKEW_HOURS) * 3_600_000),
      new Date(idTimeMs(ids.at(-1)!) + 2 * CLOCK_SKEW_HOURS * 3_600_000),
    ],
    // Not prepared: the plan that suits any group, made while the tables are empty, takes forty times as long.
  );
  return rows;
}

/** A ticket's place in the kitchen's order: when the shop took its order, and the number that it gave it. */
export interface TicketPlace {
  /** Milliseconds since 1970. */
  readonly placedAtMs: number;
  readonly number: number;
  readonly orderId: string;
  readonly station: string;
}

export const placeOf = ({ placedAt, number, orderId, station }: Ticket): TicketPlace => ({
  placedAtMs: Date.parse(placedAt),
  number,
  orderId,
  station,
});

/**
 * What is still open, oldest first; the cost follows the work on the board, not the shop's history. One more than `limit`,
 * so that the caller sees whether there is more.
 */
export async function readOpenTickets(
  db: Queryable,
  storeId: string,
  station: string | null,
  limit: number,
  after: TicketPlace | null,
): Promise<Ticket[]> {
  const { rows } = await db.query<TicketRow>(
    `SELECT ${COLUMNS} FROM ticket
     WHERE store_id = $1 AND status IN ('placed', 'cooking', 'ready')
       AND ($2::text IS NULL OR station = $2)
       AND placed_at >= greatest(now() - interval '${BOARD_HOURS} hours', $4::timestamptz)
       AND order_id >= uuid_v7_floor(now() - interval '${BOARD_HOURS} hours' - ${SKEW})
       AND ($4::timestamptz IS NULL OR (placed_at, number, order_id, station) > ($4, $5::int, $6::uuid, $7::text))
     ORDER BY placed_at, number, order_id, station LIMIT $3 + 1`,
    [storeId, station, limit, after && new Date(after.placedAtMs), after?.number, after?.orderId, after?.station],
    'open-tickets',
  );
  return rows.map(toTicket);
}

/** Every ticket of these orders, whatever its status. */
export async function readTickets(db: Queryable, storeId: string, orderIds: readonly string[]): Promise<Ticket[]> {
  const { rows } = await db.query<TicketRow>(
    `SELECT ${COLUMNS} FROM ticket WHERE store_id = $1 AND order_id = ANY($2::uuid[])
     ORDER BY placed_at, number, order_id, station`,
    [storeId, orderIds],
    'tickets-of-orders',
  );
  return rows.map(toTicket);
}

/** What went out lately can be called back; an order whose phone's clock is hours behind cannot. */
const SERVED_HOURS = 4;

/** What was served last, the latest first: the cost follows the work of some hours. */
export async function readServedTickets(db: Queryable, storeId: string, station: string | null): Promise<Ticket[]> {
  const { rows } = await db.query<TicketRow>(
    `SELECT ${COLUMNS} FROM ticket
     WHERE store_id = $1 AND status = 'served' AND ($2::text IS NULL OR station = $2)
       AND order_id >= uuid_v7_floor(now() - interval '${SERVED_HOURS} hours')
     ORDER BY changed_at DESC, order_id, station LIMIT ${SERVED_MAX}`,
    [storeId, station],
    'served-tickets',
  );
  return rows.map(toTicket);
}

/** Ticks a line off, or takes that back; a line that is so already stays. @returns whether anything has changed */
export async function tickLine(
  tx: Queryable,
  storeId: string,
  { orderId, station }: { orderId: string; station: string },
  line: number,
  done: boolean,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE ticket SET version = version + 1,
       done_lines = CASE WHEN $5 THEN done_lines || $4::smallint ELSE array_remove(done_lines, $4::smallint) END
     WHERE store_id = $1 AND order_id = $2 AND station = $3 AND status IN ('placed', 'cooking', 'ready')
       AND $4 < jsonb_array_length(lines) AND ($4::smallint = ANY (done_lines)) <> $5`,
    [storeId, orderId, station, line, done],
    'tick-line',
  );
  return rowCount === 1;
}

/** @returns false when the ticket has another version */
export async function moveTicket(
  tx: Queryable,
  storeId: string,
  { orderId, station }: { orderId: string; station: string },
  to: OrderStatus,
  version: number,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE ticket SET status = $4, version = version + 1, changed_at = $6
     WHERE store_id = $1 AND order_id = $2 AND station = $3 AND version = $5`,
    [storeId, orderId, station, to, version, new Date(nowMs)],
    'move-ticket',
  );
  return rowCount === 1;
}

export async function cancelTickets(tx: Queryable, { storeId, id }: OrderRef, nowMs: number): Promise<void> {
  await tx.query(
    `UPDATE ticket SET status = 'cancelled', version = version + 1, changed_at = $3 WHERE store_id = $1 AND order_id = $2`,
    [storeId, id, new Date(nowMs)],
    'cancel-tickets',
  );
}

/** The tickets of orders that were moved; whoever moves holds the orders, so no ticket of them is being made. */
export async function changeTicketTable(
  tx: Queryable,
  storeId: string,
  orderIds: readonly string[],
  table: string,
): Promise<void> {
  await tx.query(
    // Back where they sat at first they have not moved; the old values stand on the right.
    `UPDATE ticket SET table_label = $3, version = version + 1,
       moved_from = nullif(coalesce(moved_from, table_label), $3)
     WHERE store_id = $1 AND order_id = ANY($2::uuid[])`,
    [storeId, orderIds, table],
    'change-table-of-tickets',
  );
}
