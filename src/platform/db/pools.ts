import pg from 'pg';
import { hangUp } from './hang-up.ts';
import { type Db, type DbOptions, openDb } from './pool.ts';
import { createSilenceBreaker, type SilenceBounds } from './silence-breaker.ts';

/** What a process's connections are for: each use has a pool of its own, so a flood of one kind of question holds up no other. */
export type DbUse = 'intake' | 'orders' | 'staff' | 'status' | 'stores' | 'menus' | 'public';

export interface DbUseBounds {
  readonly connectionsMax: number;
  /** Questions that wait for one of these connections; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** Unset: that of all. */
  readonly lockTimeoutMs?: number;
  /** Unset: that of all. */
  readonly idleInTransactionMs?: number;
}

export type Dbs = Readonly<Record<DbUse, Db>> & { close(): Promise<void> };

export interface DbsOptions extends DbOptions {
  readonly silence: SilenceBounds;
  readonly log: { warn(details: object): void; info(details: object): void };
}

/**
 * Opens a bounded pool for each use: bulkheads (M. Nygard, Release It!). One pool with weights would lend idle connections to
 * whoever is busy, and a statement that hangs in a lent one cannot be called back. When the database says nothing to any of them,
 * all know.
 */
export function openDbs(bounds: Readonly<Record<DbUse, DbUseBounds>>, { silence, log, ...options }: DbsOptions): Dbs {
  const breaker = createSilenceBreaker(silence, () => probe(options.url, silence), log);
  const open = (use: DbUse): Db =>
    openDb({ ...options, ...bounds[use], breaker, applicationName: `${options.applicationName ?? 'matjip'}-${use}` });
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
      breaker.close();
      await Promise.all(Object.values(dbs).map((db) => db.close()));
    },
  };
}

/** Asks the database for a word, over a connection of its own. @throws Error when it gives none */
async function probe(url: string, { tickMs, ticksMax }: SilenceBounds): Promise<void> {
  const withinMs = tickMs * ticksMax;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT');
  } finally {
    hangUp(client);
  }
}
