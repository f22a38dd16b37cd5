import type { CallView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

export interface CallBounds {
  /** A table that was answered calls again after so long. */
  readonly againMs: number;
  /** Of one store that nobody has answered. */
  readonly openMax: number;
}

interface CallRow {
  readonly id: string;
  readonly table: string;
  readonly called_at: Date;
  readonly seen_at: Date | null;
}

const COLUMNS = 'id, table_label AS "table", called_at, seen_at';

const toView = ({ id, table, called_at, seen_at }: CallRow): CallView => ({
  id,
  table,
  state: seen_at ? 'coming' : 'waiting',
  calledAt: called_at.toISOString(),
});

/**
 * Calls the staff to a table; one that has called and waits does not call twice.
 * @returns `isNew` false: the call that waits already, or the same that was sent again. undefined: it is too soon, or too many wait
 */
export async function placeCall(
  db: Queryable,
  call: { readonly storeId: string; readonly table: string; readonly id: string; readonly nowMs: number },
  { againMs, openMax }: CallBounds,
): Promise<{ readonly call: CallView; readonly isNew: boolean } | undefined> {
  const { storeId, table, id, nowMs } = call;
  // Of two at once past the bound both may pass; it is there so that nobody fills a screen.
  const { rowCount: open } = await db.query(
    'SELECT FROM table_call WHERE store_id = $1 AND seen_at IS NULL LIMIT $2',
    [storeId, openMax],
    'count-open-calls',
  );
  if ((open ?? 0) < openMax) {
    const made = await db.query<CallRow>(
      `INSERT INTO table_call AS c (store_id, table_label, id, called_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (store_id, table_label) DO UPDATE SET id = excluded.id, called_at = excluded.called_at,
         seen_at = NULL, seen_by = NULL
       WHERE c.seen_at IS NOT NULL AND c.id <> excluded.id AND c.called_at <= $5 RETURNING ${COLUMNS}`,
      [storeId, table, id, new Date(nowMs), new Date(nowMs - againMs)],
      'place-call',
    );
    if (made.rows[0]) return { call: toView(made.rows[0]), isNew: true };
  }
  const { rows: known } = await db.query<CallRow>(
    `SELECT ${COLUMNS} FROM table_call
     WHERE store_id = $1 AND table_label = $2 AND (seen_at IS NULL OR id = $3)`,
    [storeId, table, id],
    'call-of-table',
  );
  return known[0] && { call: toView(known[0]), isNew: false };
}

/** @returns undefined when there is none, or the table has called anew since */
export async function findCall(db: Queryable, storeId: string, id: string): Promise<CallView | undefined> {
  const { rows } = await db.query<CallRow>(
    `SELECT ${COLUMNS} FROM table_call WHERE store_id = $1 AND id = $2`,
    [storeId, id],
    'find-call',
  );
  return rows[0] && toView(rows[0]);
}

/** Those that nobody has answered, the longest waiting first; there are at most `openMax`. */
export async function openCalls(db: Queryable, storeId: string): Promise<CallView[]> {
  const { rows } = await db.query<CallRow>(
    `SELECT ${COLUMNS} FROM table_call WHERE store_id = $1 AND seen_at IS NULL ORDER BY called_at, id`,
    [storeId],
    'open-calls',
  );
  return rows.map(toView);
}

/** Somebody comes: the first who says so is written down. @returns undefined when there is no such call; `isNew` false: somebody has said so before */
export async function answerCall(
  db: Queryable,
  storeId: string,
  id: string,
  by: string,
  at: Date,
): Promise<{ readonly call: CallView; readonly isNew: boolean } | undefined> {
  const { rows } = await db.query<CallRow>(
    `UPDATE table_call SET seen_at = $3, seen_by = $4 WHERE store_id = $1 AND id = $2 AND seen_at IS NULL
     RETURNING ${COLUMNS}`,
    [storeId, id, at, by],
    'answer-call',
  );
  if (rows[0]) return { call: toView(rows[0]), isNew: true };
  const call = await findCall(db, storeId, id);
  return call && { call, isNew: false };
}

/** Whether somebody of the shop has answered the table's call since: then they know who sits there. */
export async function isAnsweredSince(db: Queryable, storeId: string, table: string, since: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    'SELECT FROM table_call WHERE store_id = $1 AND table_label = $2 AND seen_at >= $3',
    [storeId, table, since],
    'is-answered-since',
  );
  return rowCount === 1;
}
