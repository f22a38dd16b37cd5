import pg from 'pg';
import type { JobLog } from './jobs.ts';

/** The workers of one lane, as the database knows them. */
export interface Workers {
  readonly id: string;
  /** Has so many of them look for jobs now. */
  nudge(count: number): void;
}

/** How this process says which workers of it live, frees the jobs of those that don't, and sees what falls due. */
export interface Presence {
  /** Says that workers of this process live, until the process ends, however it ends. */
  readonly join: (workers: Workers) => void;
  /** Says that workers of this process are no more. */
  readonly part: (workers: Workers) => void;
  leave(): Promise<void>;
}

export interface PresenceBounds {
  /** How often dead workers are looked for. A job of a killed worker waits at most this and `youngMs`. */
  readonly sweepMs: number;
  /** A worker that has just started may hold jobs for so long before its lock is taken. */
  readonly youngMs: number;
}

export const PRESENCE_BOUNDS: PresenceBounds = { sweepMs: 5_000, youngMs: 5_000 };

/** A job that nobody was told of waits at most this; every process asks so often, also when there is nothing to do. */
const DUE_MS = 2_000;

/*
 * One small question for all lanes and their workers, in place of a poll by each: of pauses that are over nobody is told, of new
 * jobs not who has just lost the connection by which he listens.
 */
const COUNT_DUE = `
  SELECT count(*)::int AS due FROM (
    SELECT FROM graphile_worker._private_jobs WHERE is_available AND run_at <= now() LIMIT 50
  ) jobs`;

/** One connection's silence for so long is its end. */
const SILENCE_MS = 10_000;

const RECONNECT_MS = 1_000;

/** One half of the two numbers of our advisory locks: no other lock has it. */
const LOCK_SPACE = 0x6d61746a;

/** The id of a worker's lock. */
const LOCK = `${LOCK_SPACE}, hashtext(worker)`;

/*
 * A worker holds a session's advisory lock. Postgres lets it go when the session ends, which is at once when the
 * process is killed and after half a minute when its machine is gone; so whoever can take the lock knows that the
 * worker is dead. A heartbeat table would cost a write a second for ever and be wrong about a worker that was slow.
 * A job keeps the try that it had begun, because the job itself may be what kills its workers.
 */
const SWEEP = `
  WITH dead AS (
    SELECT worker FROM (
      SELECT locked_by AS worker FROM graphile_worker._private_jobs
      WHERE locked_at < now() - $2 * interval '1 millisecond'
      UNION
      SELECT locked_by FROM graphile_worker._private_job_queues
      WHERE locked_at < now() - $2 * interval '1 millisecond'
    ) holders
    WHERE worker <> ALL ($1::text[]) AND pg_try_advisory_xact_lock(${LOCK})
  ), freed AS (
    SELECT graphile_worker.force_unlock_workers(workers)
    FROM (SELECT array_agg(worker) AS workers FROM dead) found WHERE workers IS NOT NULL
  )
  SELECT (SELECT array_agg(worker) FROM dead) AS workers FROM freed`;

/** @throws the database's error when it cannot be reached */
export async function announcePresence(
  url: string,
  log: JobLog,
  { sweepMs, youngMs }: PresenceBounds,
): Promise<Presence> {
  const lanes = new Map<string, Workers>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let left = false;
  let sweptMs = Number.NEGATIVE_INFINITY;

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: SILENCE_MS,
      keepAlive: true,
      application_name: 'matjip-presence',
    });
    next.on('error', () => drop(next));
    await next.connect();
    // The server asks whether this machine still lives: without it a lost machine would be believed for two hours.
    await next.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    client = next;
    for (const worker of lanes.keys()) lock(next, worker);
  }

  /** One statement at a time: the driver no longer queues them for its callers. */
  let turn: Promise<unknown> = Promise.resolve();
  function ask<R extends pg.QueryResultRow>(on: pg.Client, text: string, values: unknown[] = [], name?: string) {
    const answer = turn.then(() => on.query<R>({ text, values, ...(name && { name }) }));
    turn = answer.catch(() => {});
    return answer;
  }

  function lock(on: pg.Client, worker: string): void {
    ask(on, `SELECT pg_advisory_lock(${LOCK}) FROM (SELECT $1::text AS worker) this`, [worker]).catch(() => drop(on));
  }

  /** Closed and not only forgotten: what it may still be waiting for would be a lock that nobody gives back. */
  function drop(lost: pg.Client): void {
    if (client === lost) client = undefined;
    lost.end().catch(() => {});
  }

  async function sweep(on: pg.Client): Promise<void> {
    sweptMs = performance.now();
    const { rows } = await ask<{ workers: string[] | null }>(on, SWEEP, [[...lanes.keys()], youngMs]);
    if (rows[0]?.workers) log.warn({ message: 'Workers died; their jobs are free again.', workers: rows[0].workers });
  }

  async function look(): Promise<void> {
    let pauseMs = Math.min(sweepMs, DUE_MS);
    try {
      if (!client) await connect();
      if (performance.now() - sweptMs >= sweepMs) await sweep(client!);
      const { rows } = await ask<{ due: number }>(client!, COUNT_DUE, [], 'count-due');
      const { due } = rows[0]!;
      if (due > 0) for (const lane of lanes.values()) lane.nudge(due);
    } catch (error) {
      if (client) drop(client);
      pauseMs = RECONNECT_MS;
      log.debug({ message: 'The look for dead workers failed.', reason: (error as Error).message });
    }
    if (!left) timer = setTimeout(look, pauseMs);
    else if (client) drop(client);
  }

  await connect();
  // At once: where processes die within seconds of their start, nobody would live to see a later sweep.
  void look();
  return {
    join(workers) {
      lanes.set(workers.id, workers);
      if (client) lock(client, workers.id);
    },
    part({ id }) {
      if (!lanes.delete(id)) return;
      const unlock = `SELECT pg_advisory_unlock(${LOCK}) FROM (SELECT $1::text AS worker) this`;
      if (client) ask(client, unlock, [id]).catch(() => {});
    },
    async leave() {
      left = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
