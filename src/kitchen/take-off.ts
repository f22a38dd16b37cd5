import type { Queryable } from '../platform/db/pool.ts';
import { hasPacing, removePortions } from './pacing/queries.ts';
import type { OrderRef } from './ports.ts';
import { noteFewer } from './printing/notices.ts';
import type { SlipPlace } from './printing/slip-id.ts';
import type { KeptLine } from './station-lines.ts';

/** Portions of one line that are taken off an order. */
export interface FewerPortions {
  readonly order: OrderRef;
  /** Its place in the order, from 1. */
  readonly line: number;
  readonly itemId: string;
  readonly from: number;
  readonly to: number;
}

/** Where a line of an order is cooked. */
interface Cooked {
  readonly station: string;
  /** Of its ticket; null: it has none yet, and will have one as it is by then. */
  readonly lines: readonly KeptLine[] | null;
  readonly isOpen: boolean;
}

/**
 * The kitchen has fewer to make: its ticket says how many and how many there were, what waits to be printed is printed so, and who has it on
 * paper gets a slip that says what is not to be made. In the transaction that holds the order, so no ticket of it is being made or moved.
 * @returns where there is something to print now
 */
export async function takeOffKitchen(tx: Queryable, fewer: FewerPortions, nowMs: number): Promise<SlipPlace[]> {
  const { order, line, from, to } = fewer;
  const { storeId, id } = order;
  for (const { station, lines, isOpen } of await cookedAt(tx, fewer)) {
    if (lines) {
      const left = lines.map((each) =>
        each.line === line ? { ...each, quantity: to, was: each.was ?? each.quantity } : each,
      );
      await tx.query(
        `UPDATE ticket SET version = version + 1, lines = $4 WHERE store_id = $1 AND order_id = $2 AND station = $3`,
        [storeId, id, station, JSON.stringify(left)],
        'take-off-ticket',
      );
    }
    if (isOpen && (await hasPacing(tx, storeId))) await removePortions(tx, [{ storeId, station, portions: from - to }]);
  }
  return noteFewer(tx, order, { line, from, to }, nowMs);
}

/** The ticket that has the line; or, before there is any, the station of its dish. */
async function cookedAt(tx: Queryable, { order: { storeId, id }, line, itemId }: FewerPortions): Promise<Cooked[]> {
  const { rows } = await tx.query<Cooked>(
    `SELECT station, lines, status IN ('placed', 'cooking') AS "isOpen" FROM ticket WHERE store_id = $1 AND order_id = $2
     UNION ALL
     SELECT station, NULL, true FROM item WHERE store_id = $1 AND id = $3
       AND NOT EXISTS (SELECT FROM ticket WHERE store_id = $1 AND order_id = $2)`,
    [storeId, id, itemId],
    'cooked-at',
  );
  return rows.filter(({ lines }) => lines === null || lines.some((each) => each.line === line));
}
