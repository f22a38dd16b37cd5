import type { PrintSlip, TicketLine } from '../../contract/index.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from '../clock-skew.ts';
import { holdOrders } from '../hold-orders.ts';
import type { OrderRef } from '../ports.ts';

/** Slips older than this are not printed any more: a printer that was off for a week must not print the week. */
const SLIP_HOURS = 12;
/** What is still printed; `$3` is now. Ids alone would not do, and narrow it down to what is recent. */
const PRINTED_STILL = `made_at >= $3::timestamptz - interval '${SLIP_HOURS} hours'
  AND order_id >= uuid_v7_floor($3::timestamptz - interval '${SLIP_HOURS + CLOCK_SKEW_HOURS} hours')`;

export interface SlipPlace {
  readonly storeId: string;
  readonly station: string;
}

/**
 * Makes the slips of these orders, one a station, all at once. Those that exist are left alone and cancelled
 * orders get none, so it may run twice, late and in any order.
 * @returns where there is something to print now
 */
export async function makeSlips(tx: Queryable, orders: readonly OrderRef[]): Promise<SlipPlace[]> {
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id).sort();
  const held = holdOrders(tx, orders);
  const made = tx.query<SlipPlace>(
    // In steps, for the reason that `makeTickets` gives.
    `WITH placed AS MATERIALIZED (
       SELECT o.store_id, o.id, o.placed_at, o.number FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) CROSS JOIN LATERAL (
         SELECT * FROM orders o
         WHERE o.store_id = k.store_id AND o.id = k.id AND o.id BETWEEN $3::uuid AND $4::uuid OFFSET 0) o
       WHERE o.status <> 'cancelled'
     ), ordered AS MATERIALIZED (
       SELECT l.store_id, l.order_id, l.item_id, p.placed_at, p.number FROM placed p
       JOIN order_line l ON l.store_id = p.store_id AND l.order_id = p.id AND l.order_id BETWEEN $3::uuid AND $4::uuid
     ), made AS (
       INSERT INTO print_slip (store_id, order_id, station, placed_at, number)
       SELECT DISTINCT o.store_id, o.order_id, i.station, o.placed_at, o.number FROM ordered o
       JOIN item i ON i.store_id = o.store_id AND i.id = o.item_id
       ORDER BY o.store_id, o.order_id, i.station
       ON CONFLICT DO NOTHING RETURNING store_id, station
     )
     SELECT DISTINCT store_id AS "storeId", station FROM made`,
    [orders.map((order) => order.storeId), orders.map((order) => order.id), ids[0], ids.at(-1)],
    // Not prepared: the plan that suits any group, made while the tables are empty, takes forty times as long.
  );
  const [, { rows }] = await Promise.all([held, made]);
  return rows;
}

/** What is printed and waits for nobody is left; what still waits is not printed any more. */
export async function cancelSlips(tx: Queryable, { storeId, id }: OrderRef, nowMs: number): Promise<void> {
  await tx.query(
    'UPDATE print_slip SET done_at = $3 WHERE store_id = $1 AND order_id = $2 AND done_at IS NULL',
    [storeId, id, new Date(nowMs)],
    'cancel-slips',
  );
}

/**
 * Hands out a station's oldest slip that nobody is printing: of the order that the shop took first. Two agents of one station never get the same one, unless
 * the first did not acknowledge it within `holdMs`.
 */
export function takeSlip(
  db: Db,
  { storeId, station }: SlipPlace,
  nowMs: number,
  holdMs: number,
): Promise<PrintSlip | undefined> {
  // Locking, marking and reading are statements of their own; `hold-orders.ts` says why.
  return db.transaction(async (tx) => {
    const { rows: free } = await tx.query<{ id: string }>(
      `SELECT order_id AS id FROM print_slip
       WHERE store_id = $1 AND station = $2 AND done_at IS NULL AND (handed_until IS NULL OR handed_until <= $3
           -- Nobody holds one for so long: it was handed out by a clock that has been set back since.
           OR handed_until > $3::timestamptz + interval '1 minute')
         AND ${PRINTED_STILL}
       ORDER BY placed_at, number LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [storeId, station, new Date(nowMs)],
      'free-slip',
    );
    const next = free[0];
    if (!next) return undefined;
    const { rows: taken } = await tx.query<{ handed: number }>(
      `UPDATE print_slip SET handed_until = $4, handed = handed + 1
       WHERE store_id = $1 AND station = $2 AND order_id = $3 RETURNING handed`,
      [storeId, station, next.id, new Date(nowMs + holdMs)],
      'take-slip',
    );
    return readSlip(tx, { storeId, station }, next.id, taken[0]!.handed);
  });
}

async function readSlip(
  tx: Queryable,
  { storeId, station }: SlipPlace,
  orderId: string,
  copy: number,
): Promise<PrintSlip | undefined> {
  const { rows } = await tx.query<{
    order_id: string;
    number: number;
    table_label: string | null;
    round: number;
    placed_at: Date;
    lines: TicketLine[];
  }>(
    `SELECT o.id AS order_id, o.number, o.table_label, o.placed_at, coalesce(k.round, 1) AS round,
       (SELECT json_agg(json_strip_nulls(json_build_object('itemId', i.id, 'name', json_build_object('ko', i.name_ko,
            'en', coalesce(nullif(i.name_en, ''), i.name_ko)), 'quantity', l.quantity, 'note', n.note,
          'options', coalesce((
            SELECT json_agg((SELECT json_build_object('ko', q.name_ko, 'en', coalesce(nullif(q.name_en, ''), q.name_ko))
                             FROM item_option q WHERE q.store_id = l.store_id AND q.id = c.id))
            FROM jsonb_to_recordset(l.options) AS c (id uuid)
          ), '[]'))) ORDER BY l.line)
        FROM order_line l JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id AND i.station = $2
        LEFT JOIN order_note n ON n.store_id = l.store_id AND n.order_id = l.order_id AND n.line = l.line
        WHERE l.store_id = $1 AND l.order_id = $3) AS lines
     FROM orders o LEFT JOIN ticket k ON k.store_id = $1 AND k.order_id = $3 AND k.station = $2
     WHERE o.store_id = $1 AND o.id = $3`,
    [storeId, station, orderId],
    'read-slip',
  );
  const row = rows[0];
  return (
    row && {
      id: `${row.order_id}:${station}`,
      orderId: row.order_id,
      number: row.number,
      table: row.table_label,
      round: row.round,
      station,
      placedAt: row.placed_at.toISOString(),
      copy,
      // A dish that has moved to another station since is printed there.
      lines: row.lines ?? [],
    }
  );
}

/**
 * When the first slip of a station that somebody holds comes back, in milliseconds since 1970. Only of those that
 * `takeSlip` would hand out: one that it leaves alone must not be waited for.
 */
export async function nextReturnMs(
  db: Queryable,
  { storeId, station }: SlipPlace,
  nowMs: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `SELECT min(handed_until) AS at FROM print_slip
     WHERE store_id = $1 AND station = $2 AND done_at IS NULL AND ${PRINTED_STILL}`,
    [storeId, station, new Date(nowMs)],
    'next-slip-return',
  );
  return rows[0]?.at?.getTime();
}

/** @returns false when there is no such slip; acknowledging twice does no harm */
export async function finishSlip(
  db: Queryable,
  { storeId, station }: SlipPlace,
  orderId: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE print_slip SET done_at = coalesce(done_at, $4), handed_until = NULL
     WHERE store_id = $1 AND order_id = $2 AND station = $3`,
    [storeId, orderId, station, new Date(nowMs)],
    'finish-slip',
  );
  return rowCount === 1;
}
