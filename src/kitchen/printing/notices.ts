import type { PrintSlip } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { newId } from '../../platform/id.ts';
import type { OrderRef } from '../ports.ts';
import type { KeptLine } from '../station-lines.ts';
import type { SlipPlace } from './slip-id.ts';

/** What a slip says that orders nothing, as it is kept with the slip. */
export interface Notice extends Pick<PrintSlip, 'moved' | 'changed'> {
  readonly kind: 'moved' | 'changed';
  /** The first order that it is about. */
  readonly orderId: string;
  readonly table: string | null;
}

/** What a station has on paper of some orders. */
interface OnPaper {
  readonly station: string;
  readonly orderId: string;
  readonly number: number;
  readonly table: string | null;
  readonly lines: readonly KeptLine[];
  /** It was handed out and is not void, so it is or may be on paper. */
  readonly isHanded: boolean;
  /** Nobody has carried it out. */
  readonly isOpen: boolean;
  /** It waits, and then says what is so by now. */
  readonly isWaiting: boolean;
}

/**
 * Tells each station that has orders on paper that their guests sit elsewhere, by one slip a station: a kitchen without a screen would carry
 * them to the old table. What is not printed yet says the new table anyway, and what was served is told to nobody.
 *
 * In the transaction that moves them. An agent that takes one of these slips meanwhile holds it: this waits, and sees that it was taken.
 * @returns where there is something to print now
 */
export async function noteMoved(
  tx: Queryable,
  storeId: string,
  orderIds: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
  nowMs: number,
): Promise<SlipPlace[]> {
  const slips = await holdSlips(tx, storeId, orderIds);
  const told = Map.groupBy(
    slips.filter(({ isHanded, isOpen }) => isHanded && isOpen),
    ({ station }) => station,
  );
  for (const [station, its] of told) {
    const [{ orderId, number }] = its as [OnPaper];
    const moved = { from, numbers: its.map((slip) => slip.number) };
    await putNotice(tx, { storeId, station }, { kind: 'moved', orderId, table: to, moved }, number, nowMs);
  }
  // An agent that came while these were held has passed them by.
  const waiting = slips.filter(({ isWaiting }) => isWaiting).map(({ station }) => station);
  return [...new Set([...told.keys(), ...waiting])].map((station) => ({ storeId, station }));
}

/**
 * Takes portions off a line on paper: what is not printed yet is printed as it is now, or not at all when nothing of it is left; who has it
 * on paper is told by a slip of its own what is not to be made.
 * @returns where there is something to print now
 */
export async function noteFewer(
  tx: Queryable,
  { storeId, id }: OrderRef,
  { line, from, to }: { readonly line: number; readonly from: number; readonly to: number },
  nowMs: number,
): Promise<SlipPlace[]> {
  const slip = (await holdSlips(tx, storeId, [id])).find(({ lines }) => lines.some((each) => each.line === line));
  if (!slip) return [];
  const { station, table, number } = slip;
  const lines = slip.lines.map((each) => (each.line === line ? { ...each, quantity: to } : each));
  const isEmpty = lines.every(({ quantity }) => quantity === 0);
  await tx.query(
    `UPDATE print_slip SET lines = $4, done_at = CASE WHEN $5 THEN coalesce(done_at, $6) ELSE done_at END
     WHERE store_id = $1 AND order_id = $2 AND station = $3`,
    [storeId, id, station, JSON.stringify(lines), isEmpty, new Date(nowMs)],
    'take-off-slip',
  );
  if (slip.isHanded) {
    const was = slip.lines.find((each) => each.line === line)!;
    const changed = { name: was.name, ...howMade(was), from, to };
    await putNotice(tx, { storeId, station }, { kind: 'changed', orderId: id, table, changed }, number, nowMs);
  }
  return slip.isHanded || slip.isWaiting ? [{ storeId, station }] : [];
}

/**
 * Changes how a line is made that may be on paper: what is not printed yet is printed so; who has it on paper, and has not carried it out, is told by
 * a slip of its own how it is made now.
 * @returns where there is something to print now
 */
export async function noteMadeOtherwise(
  tx: Queryable,
  { storeId, id }: OrderRef,
  place: number,
  made: (line: KeptLine) => KeptLine,
  nowMs: number,
): Promise<SlipPlace[]> {
  const slip = (await holdSlips(tx, storeId, [id])).find(({ lines }) => lines.some(({ line }) => line === place));
  if (!slip) return [];
  const { station, table, number } = slip;
  const was = slip.lines.find(({ line }) => line === place)!;
  // The paper that follows says how it was.
  const { before: _, ...is } = made(was);
  const lines = slip.lines.map((each) => (each === was ? is : each));
  await tx.query(
    'UPDATE print_slip SET lines = $4 WHERE store_id = $1 AND order_id = $2 AND station = $3',
    [storeId, id, station, JSON.stringify(lines)],
    'change-slip-line',
  );
  const isTold = slip.isHanded && slip.isOpen;
  if (isTold) {
    const { name, quantity } = is;
    const changed = { name, ...howMade(is), from: quantity, to: quantity, before: howMade(was) };
    await putNotice(tx, { storeId, station }, { kind: 'changed', orderId: id, table, changed }, number, nowMs);
  }
  return isTold || slip.isWaiting ? [{ storeId, station }] : [];
}

const howMade = ({ options, note }: KeptLine) => ({ options, ...(note !== undefined && { note }) });

/** The slips of some orders, held until the transaction ends; the statement that waits is one of its own (ADR 9). */
async function holdSlips(tx: Queryable, storeId: string, orderIds: readonly string[]): Promise<OnPaper[]> {
  if (orderIds.length === 0) return [];
  const ids = [...orderIds].sort();
  const wanted = [storeId, ids, ids[0], ids.at(-1)];
  await tx.query(
    `SELECT FROM print_slip WHERE store_id = $1 AND order_id = ANY($2::uuid[]) AND order_id BETWEEN $3::uuid AND $4::uuid
     ORDER BY order_id, station FOR UPDATE`,
    wanted,
    'hold-slips',
  );
  const { rows } = await tx.query<OnPaper>(
    `SELECT p.station, p.order_id AS "orderId", p.number, o.table_label AS "table", p.lines,
       p.handed > 0 AND NOT p.voided AS "isHanded",
       coalesce(t.status, o.status) IN ('placed', 'cooking', 'ready') AS "isOpen",
       p.done_at IS NULL AS "isWaiting"
     FROM print_slip p
     JOIN orders o ON o.store_id = $1 AND o.id = p.order_id AND o.id BETWEEN $3::uuid AND $4::uuid
     LEFT JOIN ticket t ON t.store_id = $1 AND t.order_id = p.order_id AND t.station = p.station
       AND t.order_id BETWEEN $3::uuid AND $4::uuid
     WHERE p.store_id = $1 AND p.order_id = ANY($2::uuid[]) AND p.order_id BETWEEN $3::uuid AND $4::uuid
     ORDER BY p.number, p.order_id, p.station`,
    wanted,
    'slips-of-orders',
  );
  return rows;
}

async function putNotice(
  tx: Queryable,
  { storeId, station }: SlipPlace,
  notice: Notice,
  number: number,
  nowMs: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO print_slip (store_id, order_id, station, placed_at, made_at, number, lines, notice)
     VALUES ($1, $2, $3, $4, $4, $5, '[]', $6)`,
    [storeId, newId(nowMs), station, new Date(nowMs), number, JSON.stringify(notice)],
    'put-notice',
  );
}
