import { type OrderStatus, SERVED_MAX, type Ticket } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from './clock-skew.ts';
import type { OrderRef } from './ports.ts';
import { type KeptLine, toTicketLine } from './station-lines.ts';

/** Work older than this is not on the board: nobody cooks for the day before yesterday. */
const BOARD_HOURS = 36;
/** Narrows the partitions down: what was placed within some hours has an id that is so much older or newer at most. */
const SKEW = `interval '${CLOCK_SKEW_HOURS} hours'`;
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
