import type { BillView } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';

/**
 * Puts a receipt into a printer's queue, behind what waits there.
 * @param id of the slip; the same again changes nothing
 * @returns false when it was there already
 */
export async function queueReceipt(
  tx: Queryable,
  { storeId, id, station }: { readonly storeId: string; readonly id: string; readonly station: string },
  receipt: BillView,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO print_slip (store_id, order_id, station, placed_at, made_at, number, lines, receipt)
     VALUES ($1, $2, $3, $4, $4, $5, '[]', $6) ON CONFLICT DO NOTHING`,
    [storeId, id, station, new Date(nowMs), receipt.number ?? 0, JSON.stringify(receipt)],
    'queue-receipt',
  );
  return rowCount === 1;
}
