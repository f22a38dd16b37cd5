import type { StoreLogDetails, StoreLogKind, StoreLogLine } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { idTimeMs, newId } from '../platform/id.ts';

/** What somebody did that changes what a store charges. */
export interface StoreDeed {
  readonly what: Exclude<StoreLogKind, 'signed-in' | 'sign-in-refused'>;
  readonly by: string;
  readonly details: StoreLogDetails;
}

/** More in one transaction are said by a `menu-changed` with how many rows there were. */
const DEEDS_MAX = 50;

/** Writes down what was done in a store, in the transaction that does it. @param deeds the first {@link DEEDS_MAX} of them */
export async function writeStoreLog(
  tx: Queryable,
  storeId: string,
  deeds: readonly StoreDeed[],
  nowMs: number,
): Promise<void> {
  if (deeds.length === 0) return;
  const rows = deeds
    .slice(0, DEEDS_MAX)
    .map(({ what, by, details }) => ({ store_id: storeId, id: newId(nowMs), what, by_whom: by, details }));
  await tx.query(
    `INSERT INTO store_log (store_id, id, what, by_whom, details)
     SELECT store_id, id, what, by_whom, details
     FROM jsonb_to_recordset($1::jsonb) AS d (store_id uuid, id uuid, what text, by_whom text, details jsonb)`,
    [JSON.stringify(rows)],
    'write-store-log',
  );
}

type Row = Pick<StoreLogLine, 'id' | 'what' | 'by' | 'details'>;

/**
 * What was done in a store, and who of those who have a role there signed in or was refused; the newest first.
 * @param before the last line of the page before
 */
export async function readStoreLog(
  db: Queryable,
  store: { readonly id: string },
  limit: number,
  before: string | null,
): Promise<StoreLogLine[]> {
  // Apart, since the one lies with its store and the other with nobody.
  const [deeds, signIns] = await Promise.all([
    db.query<Row>(
      `SELECT id, what, by_whom AS by, details FROM store_log
       WHERE store_id = $1 AND ($2::uuid IS NULL OR id < $2::uuid) ORDER BY id DESC LIMIT $3`,
      [store.id, before, limit],
      'read-store-log',
    ),
    db.query<Row>(
      `SELECT l.id, CASE l.what WHEN 'signed in' THEN 'signed-in' ELSE 'sign-in-refused' END AS what, l.by_whom AS by,
         '{}'::jsonb AS details FROM staff_log l
       WHERE l.what IN ('signed in', 'sign-in refused', 'sign-in locked') AND ($2::uuid IS NULL OR l.id < $2::uuid)
         AND l.by_whom IN (SELECT p.login FROM staff p JOIN staff_role r ON r.staff_id = p.id
           WHERE r.store_id = $1 OR r.brand_id = (SELECT brand_id FROM store WHERE id = $1))
       ORDER BY l.id DESC LIMIT $3`,
      [store.id, before, limit],
      'sign-ins-of-store',
    ),
  ]);
  return [...deeds.rows, ...signIns.rows]
    .sort((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, limit)
    .map((row) => ({ ...row, at: new Date(idTimeMs(row.id)).toISOString() }));
}
