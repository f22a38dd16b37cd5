import { openDb, type Queryable } from './pool.ts';

export interface ReplicaBounds {
  readonly connectionsMax: number;
  readonly waitingMax: number;
  /** What it answers may be so old; older, and the primary is asked. */
  readonly lagMaxMs: number;
  /** How often it is looked at while it is asked, so how much older than that an answer can be. */
  readonly lookEveryMs: number;
  readonly statementTimeoutMs: number;
}

export interface ReplicaOptions {
  readonly url: string;
  readonly primary: Queryable;
  readonly bounds: ReplicaBounds;
  readonly log: { warn(details: object): void; info(details: object): void };
}

export interface Replica extends Queryable {
  close(): Promise<void>;
}

/**
 * Reads that may be a little old: a streaming replica answers them while it is at most `lagMaxMs` behind, and the primary when it is
 * not, does not answer, fails, or follows nobody any more. Single statements that only read; nobody's own order is read here.
 * @throws (from `query`) what the primary throws
 */
export function openReplica({ url, primary, bounds, log }: ReplicaOptions): Replica {
  const db = openDb({
    url,
    connectionsMax: bounds.connectionsMax,
    waitingMax: bounds.waitingMax,
    acquireTimeoutMs: bounds.statementTimeoutMs,
    statementTimeoutMs: bounds.statementTimeoutMs,
    applicationName: 'matjip-replica',
  });
  let known: { readonly fault: string | undefined; readonly atMs: number } | undefined;
  let looking: Promise<void> | undefined;

  function note(fault: string | undefined): void {
    if (fault && !known?.fault)
      log.warn({ message: 'The replica is left alone; the primary answers for it.', reason: fault });
    if (!fault && known?.fault) log.info({ message: 'The replica answers again.' });
    known = { fault, atMs: performance.now() };
  }

  async function isFresh(): Promise<boolean> {
    if (!known || performance.now() - known.atMs > bounds.lookEveryMs) {
      looking ??= faultOf(primary, db, bounds.lagMaxMs)
        .catch((error: Error) => error.message)
        .then(note)
        .finally(() => {
          looking = undefined;
        });
      await looking;
    }
    return known?.fault === undefined;
  }

  return {
    async query(text, values, name) {
      if (!(await isFresh())) return primary.query(text, values, name);
      try {
        return await db.query(text, values, name);
      } catch (error) {
        // What is wrong with the statement itself is wrong there, too.
        note((error as Error).message);
        return primary.query(text, values, name);
      }
    },
    close: () => db.close(),
  };
}

/**
 * How far behind is by the primary's clock and log: the time of the last commit that was replayed, or nothing when all that the primary had
 * written was. (By the replica alone, one that is cut off looks as if nothing happened.)
 * @returns what speaks against asking the replica, in words
 */
async function faultOf(primary: Queryable, replica: Queryable, lagMaxMs: number): Promise<string | undefined> {
  const wrote = await primary.query<{ lsn: string; ms: number }>(
    'SELECT pg_current_wal_lsn()::text AS lsn, (extract(epoch FROM clock_timestamp()) * 1000)::float AS ms',
    [],
    'wrote',
  );
  const { lsn, ms } = wrote.rows[0]!;
  const replayed = await replica.query<{ follows: boolean; all: boolean | null; ms: number | null }>(
    `SELECT pg_is_in_recovery() AS follows, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), $1::pg_lsn) >= 0 AS all,
       (extract(epoch FROM pg_last_xact_replay_timestamp()) * 1000)::float AS ms`,
    [lsn],
    'replayed',
  );
  const { follows, all, ms: lastMs } = replayed.rows[0]!;
  if (!follows) return 'it is no replica (any more)';
  if (all) return undefined;
  if (lastMs === null) return 'it has replayed nothing yet';
  const behindMs = ms - lastMs;
  return behindMs > lagMaxMs ? `it is ${(behindMs / 1_000).toFixed(0)} s behind` : undefined;
}
