import type { Queryable } from '../../platform/db/pool.ts';
import { type Bill, findBill } from '../bills.ts';

/** A table that is on a bill: its own row, which holds the table, and whether it is the bill's own or one that was merged into it. */
export interface Seat {
  readonly id: string;
  readonly table: string;
}

/** The open tables of a bill, its own first. */
export async function seatsOf(db: Queryable, storeId: string, billId: string): Promise<Seat[]> {
  const { rows } = await db.query<Seat>(
    `SELECT id, table_label AS "table" FROM bill
     WHERE store_id = $1 AND (id = $2 OR merged_into = $2) AND closed_at IS NULL AND table_label IS NOT NULL
     ORDER BY id <> $2, table_label`,
    [storeId, billId],
    'seats-of-bill',
  );
  return rows;
}

/** The bill that a table's row stands for: itself, or the one that it was merged into. */
export async function mainOf(db: Queryable, bill: Bill | undefined): Promise<Bill | undefined> {
  return bill?.mergedInto ? findBill(db, bill.storeId, bill.mergedInto) : bill;
}

/** The visits of tables that were merged into a bill end with it. Under the store's lock. */
export async function closeMerged(
  tx: Queryable,
  bills: readonly { readonly storeId: string; readonly billId: string }[],
  at: Date,
): Promise<void> {
  if (bills.length === 0) return;
  await tx.query(
    `UPDATE bill SET closed_at = $3, version = version + 1
     WHERE store_id = ANY($1::uuid[]) AND merged_into = ANY($2::uuid[]) AND closed_at IS NULL`,
    [[...new Set(bills.map(({ storeId }) => storeId))], bills.map(({ billId }) => billId), at],
    'close-merged-tables',
  );
}

/**
 * A visit that has just ended by mistake goes on, with all tables that were on its bill; where other guests sit at one of them by now it
 * stays ended, and its bill is paid from the list of what is not settled. Under the store's lock.
 */
export async function reopenVisit(
  tx: Queryable,
  { storeId, id, closedAt }: { readonly storeId: string; readonly id: string; readonly closedAt: Date },
): Promise<void> {
  await tx.query(
    `WITH ended AS (
       SELECT id, table_label FROM bill WHERE store_id = $1 AND (id = $2 OR merged_into = $2) AND closed_at = $3
     )
     UPDATE bill SET closed_at = NULL, version = version + 1 WHERE store_id = $1 AND id IN (SELECT id FROM ended)
       AND NOT EXISTS (SELECT FROM bill o JOIN ended e USING (table_label) WHERE o.store_id = $1 AND o.closed_at IS NULL)`,
    [storeId, id, closedAt],
    'reopen-visit',
  );
}
