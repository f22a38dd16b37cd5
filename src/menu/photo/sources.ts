import { PHOTOS, type PhotoCopy } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { addJobs } from '../../platform/jobs/jobs.ts';

/** Fetches what menus name of other servers. */
export const COPY_KIND = 'photo-copies';

/** A photo at somebody else's address. */
export interface PhotoSource {
  readonly address: string;
  readonly askedBy: string;
  readonly tries: number;
}

/** What is at an address of another server, rather than a path of this one. */
export const isElsewhere = (photo: string): boolean => /^https?:/i.test(photo);

/** Whoever edits dishes all afternoon does not knock at a dead server each time. */
const ANEW_AFTER = `interval '1 hour'`;

/**
 * Has the photos fetched that a menu names and nobody has yet, in the transaction that writes the menu. One that was given up is tried
 * anew when a menu names it an hour later.
 */
export async function askForCopies(tx: Queryable, storeId: string, photos: Iterable<string>): Promise<void> {
  const addresses = [...new Set(photos)].filter(isElsewhere).sort();
  if (addresses.length === 0) return;
  const { rows } = await tx.query(
    `INSERT INTO photo_source AS s (address, asked_by) SELECT a, $1 FROM unnest($2::text[]) AS a ORDER BY a
     ON CONFLICT (address) DO UPDATE SET due_at = excluded.due_at, tries = 0
     WHERE s.photo_id IS NULL AND s.due_at = 'infinity' AND excluded.used_at - s.used_at > ${ANEW_AFTER}
     RETURNING 1`,
    [storeId, addresses],
    'ask-for-copies',
  );
  if (rows.length > 0) await lookForCopies(tx);
}

/** @param runAt unset: now */
export const lookForCopies = (tx: Queryable, runAt?: Date): Promise<void> =>
  addJobs(tx, [
    { kind: COPY_KIND, payload: null, key: runAt ? `${COPY_KIND} later` : COPY_KIND, ...(runAt && { runAt }) },
  ]);

/** Some that are due, the longest waiting first. */
export async function findDueSources(db: Queryable, limit: number): Promise<PhotoSource[]> {
  const { rows } = await db.query<PhotoSource>(
    `SELECT address, asked_by AS "askedBy", tries FROM photo_source
     WHERE photo_id IS NULL AND due_at <= now() ORDER BY due_at LIMIT $1`,
    [limit],
    'due-photos',
  );
  return rows;
}

/** Takes one for `holdMs`; a process that dies loses it by the time. @returns false when somebody else has it */
export async function claimSource(db: Queryable, address: string, holdMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE photo_source SET due_at = now() + $2 * interval '1 millisecond'
     WHERE address = $1 AND photo_id IS NULL AND due_at <= now()`,
    [address, holdMs],
    'claim-photo',
  );
  return rowCount > 0;
}

export async function noteCopied(tx: Queryable, address: string, photoId: string): Promise<void> {
  await tx.query(
    'UPDATE photo_source SET photo_id = $2, problem = NULL WHERE address = $1',
    [address, photoId],
    'copied',
  );
}

/** @param pauseMs null: it is given up */
export async function noteFailed(
  db: Queryable,
  address: string,
  problem: string,
  pauseMs: number | null,
): Promise<void> {
  const again = pauseMs === null ? "'infinity'" : "now() + $3 * interval '1 millisecond'";
  await db.query(
    `UPDATE photo_source SET tries = tries + 1, problem = $2, used_at = now(), due_at = ${again} WHERE address = $1`,
    [address, problem, ...(pauseMs === null ? [] : [pauseMs])],
    pauseMs === null ? 'copy-given-up' : 'copy-failed',
  );
}

/** Those that came and of which menus have not been told. */
export async function findUnreported(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ address: string }>(
    'SELECT address FROM photo_source WHERE photo_id IS NOT NULL AND NOT told ORDER BY address LIMIT 1000',
    [],
    'untold-photos',
  );
  return rows.map(({ address }) => address);
}

export async function noteReported(db: Queryable, addresses: readonly string[]): Promise<void> {
  await db.query('UPDATE photo_source SET told = true WHERE address = ANY ($1::text[])', [addresses], 'told-photos');
}

/** When the next is due; undefined: none is. */
export async function nextDueSource(db: Queryable): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `SELECT min(due_at) AS at FROM photo_source WHERE photo_id IS NULL AND due_at < 'infinity'`,
    [],
    'next-photo',
  );
  return rows[0]?.at ?? undefined;
}

/** The stores whose menus name one of these addresses. */
export async function storesShowing(db: Queryable, addresses: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT DISTINCT store_id AS id FROM item WHERE photo = ANY ($1::text[]) AND NOT archived ORDER BY store_id',
    [addresses],
    'stores-showing',
  );
  return rows.map(({ id }) => id);
}

/** What became of the addresses that a store's menu names. */
export async function listCopies(db: Queryable, storeId: string): Promise<PhotoCopy[]> {
  const { rows } = await db.query<{ address: string; photo: string | null; isOver: boolean; problem: string | null }>(
    `SELECT s.address, '${PHOTOS}' || s.photo_id AS photo, s.due_at = 'infinity' AS "isOver", s.problem
     FROM photo_source s WHERE s.address IN (SELECT i.photo FROM item i WHERE i.store_id = $1 AND NOT i.archived)
     ORDER BY s.address`,
    [storeId],
    'copies-of-store',
  );
  return rows.map(({ address, photo, isOver, problem }) => ({
    address,
    state: photo ? 'copied' : isOver ? 'failed' : 'waiting',
    ...(photo && { photo }),
    ...(problem !== null && { problem }),
  }));
}
