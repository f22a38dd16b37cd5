import pg from 'pg';
import { closeAtOnce } from './close-at-once.ts';
import { type Db, type DbOptions, openDb } from './pool.ts';
import { createSilenceBreaker, type SilenceBounds } from './silence-breaker.ts';

/** What a process's connections are for: each use has a pool of its own, so a flood of one kind of question holds up no other. */
export type DbUse = 'intake' | 'orders' | 'staff' | 'status' | 'stores' | 'menus' | 'public';

export interface DbUseBounds {
  readonly connectionsMax: number;
  /** Unset: none is kept open. */
  readonly connectionsMin?: number;
  /** Questions that wait for one of these connections; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** Unset: that of all. */
  readonly lockTimeoutMs?: number;
  readonly byIndexOnly?: boolean;
  /** Unset: that of all. */
  readonly idleInTransactionMs?: number;
}

export type Dbs = Readonly<Record<DbUse, Db>> & { close(): Promise<void> };

export interface DbsOptions extends DbOptions {
  readonly silence: SilenceBounds;
  readonly log: { warn(details: object): void; info(details: object): void };
}

/**
 * The uses' connections made fewer, so that together they are at most `total`: each keeps one, and has its share of what is left.
 * @throws RangeError when there are not enough for one each
 */
export function shareConnections(
  bounds: Readonly<Record<DbUse, DbUseBounds>>,
  total: number,
): Readonly<Record<DbUse, DbUseBounds>> {
  const uses = Object.entries(bounds) as [DbUse, DbUseBounds][];
  const left = total - uses.length;
  if (left < 0) throw new RangeError(`${total} connections are not enough for ${uses.length} uses.`);
  const wanted = uses.reduce((sum, [, { connectionsMax }]) => sum + connectionsMax - 1, 0);
  const share = Math.min(1, left / wanted);
  const shared = uses.map(([use, each]) => [
    use,
    { ...each, connectionsMax: 1 + Math.floor((each.connectionsMax - 1) * share) },
  ]);
  return Object.fromEntries(shared) as Record<DbUse, DbUseBounds>;
}

/**
 * Opens a bounded pool for each use: bulkheads (M. Nygard, Release It!). One pool with weights would lend idle connections to
 * whoever is busy, and a statement that hangs in a lent one cannot be called back. When the database says nothing to any of them,
 * all know.
 */
export function openDbs(bounds: Readonly<Record<DbUse, DbUseBounds>>, { silence, log, ...options }: DbsOptions): Dbs {
  const breaker = createSilenceBreaker(silence, () => probe(options.url, silence), log);
  const sharding = { isSharded: false };
  const open = (use: DbUse): Db =>
    openDb({
      ...options,
      ...bounds[use],
      breaker,
      sharding,
      applicationName: `${options.applicationName ?? 'matjip'}-${use}`,
    });
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
    closeAtOnce(client);
  }
}
