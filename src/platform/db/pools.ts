import { type Db, type DbOptions, openDb } from './pool.ts';

/** What a process's connections are for: each use has a pool of its own, so a flood of one kind of question holds up no other. */
export type DbUse = 'intake' | 'orders' | 'staff' | 'status' | 'stores' | 'menus' | 'public';

export interface DbUseBounds {
  readonly connectionsMax: number;
  /** Questions that wait for one of these connections; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** Unset: that of all. */
  readonly lockTimeoutMs?: number;
}

export type Dbs = Readonly<Record<DbUse, Db>> & { close(): Promise<void> };

/**
 * Opens a bounded pool for each use: bulkheads (M. Nygard, Release It!). One pool with weights would lend idle connections to
 * whoever is busy, and a statement that hangs in a lent one cannot be called back.
 */
export function openDbs(bounds: Readonly<Record<DbUse, DbUseBounds>>, options: DbOptions): Dbs {
  const open = (use: DbUse): Db =>
    openDb({ ...options, ...bounds[use], applicationName: `${options.applicationName ?? 'matjip'}-${use}` });
  const dbs = {
    intake: open('intake'),
    orders: open('orders'),
    staff: open('staff'),
    status: open('status'),
    stores: open('stores'),
    menus: open('menus'),
    public: open('public'),
  };
  return {
    ...dbs,
    async close() {
      await Promise.all(Object.values(dbs).map((db) => db.close()));
    },
  };
}
