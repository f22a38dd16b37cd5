import type { Queryable } from '../../platform/db/pool.ts';
import { readHead } from '../parties.ts';
import type { Waiting } from './places.ts';

/** A whole line at one moment, in its order. */
export interface Line {
  readonly version: number;
  readonly waiting: readonly (Waiting & { readonly position: number })[];
}

/** The line of one version, from one statement, so that nothing changes while it is read. */
export async function readLine(db: Queryable, storeId: string): Promise<Line> {
  const { rows } = await db.query<{ version: number; id: string | null; size: number; position: number }>(
    `SELECT h.version, p.id, p.size, p.position FROM waitlist_head h
     LEFT JOIN party p ON p.store_id = $1 AND p.state = 'waiting' AND p.id >= uuid_v7_floor(now() - interval '3 days')
     WHERE h.store_id = $1 ORDER BY p.position`,
    [storeId],
    'read-line',
  );
  return {
    version: rows[0]?.version ?? 0,
    waiting: rows.flatMap(({ id, size, position }) => (id === null ? [] : [{ id, size, position }])),
  };
}

/** What a copy is compared with: one small row. */
export interface LineMark {
  readonly version: number;
  readonly waiting: number;
}

export const readMark = async (db: Queryable, storeId: string): Promise<LineMark> => readHead(db, storeId);
