import { BOUNDS, type Config } from '../config.ts';
import { followDatabaseClock } from '../platform/db/database-clock.ts';
import { openDbs, shareConnections } from '../platform/db/pools.ts';
import { openReplica } from '../platform/db/replica.ts';
import { createWriteWatch } from '../platform/db/watch-writes.ts';
import type { AppParts } from './parts.ts';

/** The truth: a pool of connections for each use, a copy that may be behind, and the clock by which all processes go. */
export async function openDatabases(
  config: Config,
  { databaseUrl, log, waits }: Pick<AppParts, 'databaseUrl' | 'log' | 'waits'>,
  built: AsyncDisposableStack,
) {
  const { orders, inlineOrders, others } = BOUNDS.dbIdleInTransactionMs;
  const intake = {
    ...BOUNDS.db.intake,
    ...(waits && { lockTimeoutMs: waits.lockTimeoutMs }),
    idleInTransactionMs: config.effects === 'inline' ? inlineOrders : orders,
  };
  const pools = openDbs(shareConnections({ ...BOUNDS.db, intake }, config.databaseConnections), {
    url: config.databasePoolerUrl ?? databaseUrl,
    pooled: config.databasePoolerUrl !== undefined,
    acquireTimeoutMs: waits?.acquireTimeoutMs ?? BOUNDS.dbAcquireTimeoutMs,
    statementTimeoutMs: waits?.statementTimeoutMs ?? BOUNDS.requestStatementTimeoutMs,
    lockTimeoutMs: waits?.lockTimeoutMs ?? BOUNDS.dbLockTimeoutMs,
    idleInTransactionMs: others,
    silence: waits?.silence ?? BOUNDS.dbSilence,
    log,
    onIdleError: (error) => log.warn({ reason: error.message }, 'An idle database connection was lost.'),
  });
  built.defer(() => pools.close());
  const writes = createWriteWatch(BOUNDS.dbWrites, log);
  const db = {
    ...pools,
    intake: writes.watch(pools.intake),
    orders: writes.watch(pools.orders),
    staff: writes.watch(pools.staff),
  };
  const replicaUrl = config.databaseReplicaUrl;
  const replica = replicaUrl && openReplica({ url: replicaUrl, primary: db.staff, bounds: BOUNDS.replica, log });
  if (replica) built.defer(() => replica.close());
  const clock = await followDatabaseClock(db.staff, BOUNDS.databaseClock, log);
  built.defer(async () => clock.close());
  return { db, replica: replica || undefined, now: clock.now, writesProblem: () => writes.problem() };
}
