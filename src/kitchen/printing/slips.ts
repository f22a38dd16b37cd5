import type { BillView, PrintSlip } from '../../contract/index.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from '../clock-skew.ts';
import type { OrderRef } from '../ports.ts';
import { type KeptLine, toTicketLine } from '../station-lines.ts';
import type { Notice } from './notices.ts';
import { type SlipId, type SlipPlace, slipId } from './slip-id.ts';

/** Slips older than this are not printed any more: a printer that was off for a week must not print the week. */
const SLIP_HOURS = 12;
/**
 * What is still printed; `$3` is now. Ids alone would not do, and narrow it down to what is recent; the time of the order begins where
 * the index does, so that a printer that was off for a month is not looked for what nobody printed in it.
 */
const PRINTED_STILL = `made_at >= $3::timestamptz - interval '${SLIP_HOURS} hours'
  AND placed_at >= $3::timestamptz - interval '${SLIP_HOURS + 2 * CLOCK_SKEW_HOURS} hours'
  AND order_id >= uuid_v7_floor($3::timestamptz - interval '${SLIP_HOURS + CLOCK_SKEW_HOURS} hours')`;

/**
 * What nobody has printed is not printed any more. What was handed out is or may be on paper: its place gets a void slip,
 * which goes before everything that was ordered later.
 * @returns where there is a void slip to print
 */
export async function cancelSlips(tx: Queryable, { storeId, id }: OrderRef, nowMs: number): Promise<SlipPlace[]> {
  // Whoever hands the slip out meanwhile holds its row: this waits and sees that it was handed out.
  const { rows } = await tx.query<{ station: string; voided: boolean }>(
    `UPDATE print_slip SET voided = handed > 0, handed = 0, handed_until = NULL,
       made_at = CASE WHEN handed > 0 THEN $3 ELSE made_at END,
       done_at = CASE WHEN handed > 0 THEN NULL ELSE coalesce(done_at, $3) END
     WHERE store_id = $1 AND order_id = $2 AND NOT voided RETURNING station, voided`,
    [storeId, id, new Date(nowMs)],
    'cancel-slips',
  );
  return rows.filter(({ voided }) => voided).map(({ station }) => ({ storeId, station }));
}

/**
 * Whether a station has the order on paper: then the kitchen has begun it as far as its guest is concerned. A kitchen
 * that works from paper alone moves no ticket, so the paper is all that can be known.
 */
export async function isPrinted(tx: Queryable, { storeId, id }: OrderRef): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM print_slip
     WHERE store_id = $1 AND order_id = $2 AND NOT voided AND handed > 0 AND done_at IS NOT NULL LIMIT 1`,
    [storeId, id],
    'is-printed',
  );
  return rowCount === 1;
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
  // Locking, marking and reading are statements of their own; `lock-orders.ts` says why.
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
    number: number;
    table_label: string | null;
    round: number;
    placed_at: Date;
    voided: boolean;
    lines: KeptLine[];
    receipt: BillView | null;
    notice: Notice | null;
  }>(
    `SELECT coalesce(o.number, p.number) AS number, o.table_label, coalesce(o.placed_at, p.placed_at) AS placed_at, coalesce(k.round, 1) AS round, p.voided, p.lines, p.receipt, p.notice
     FROM print_slip p LEFT JOIN orders o ON o.store_id = $1 AND o.id = $3
     LEFT JOIN ticket k ON k.store_id = $1 AND k.order_id = $3 AND k.station = $2
     WHERE p.store_id = $1 AND p.station = $2 AND p.order_id = $3`,
    [storeId, station, orderId],
    'read-slip',
  );
  const row = rows[0];
  const { notice, receipt } = row ?? {};
  return (
    row && {
      id: slipId({ orderId, station, voided: row.voided }),
      kind: receipt ? 'receipt' : (notice?.kind ?? (row.voided ? 'void' : 'order')),
      orderId: notice?.orderId ?? orderId,
      number: row.number,
      table: (receipt ?? notice)?.table ?? row.table_label,
      round: row.round,
      station,
      placedAt: row.placed_at.toISOString(),
      copy,
      // What was taken off is not to be cooked.
      lines: row.lines.filter(({ quantity }) => quantity > 0).map(toTicketLine),
      ...(receipt && { receipt }),
      ...(notice?.moved && { moved: notice.moved }),
      ...(notice?.changed && { changed: notice.changed }),
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

/**
 * @returns false when there is no such slip; acknowledging twice does no harm, and acknowledging what was voided meanwhile
 * leaves the void slip to be printed
 */
export async function finishSlip(
  db: Queryable,
  storeId: string,
  { orderId, station, voided }: SlipId,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE print_slip SET done_at = CASE WHEN voided = $5 THEN coalesce(done_at, $4) ELSE done_at END,
       handed_until = CASE WHEN voided = $5 THEN NULL ELSE handed_until END
     WHERE store_id = $1 AND order_id = $2 AND station = $3 AND (voided OR NOT $5)`,
    [storeId, orderId, station, new Date(nowMs), voided],
    'finish-slip',
  );
  return rowCount === 1;
}
