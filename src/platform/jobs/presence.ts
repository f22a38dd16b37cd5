import pg from 'pg';
import type { JobLog } from './jobs.ts';

/** How this process says which workers of it live, frees the jobs of those that don't, and sees what falls due. */
export interface Presence {
  /** Says that a worker of this process lives, until the process ends, however it ends. */
  readonly join: (worker: string) => void;
  /** Says that a worker of this process is no more. */
  readonly part: (worker: string) => void;
  leave(): Promise<void>;
}

export interface PresenceBounds {
  /** How often dead workers are looked for. A job of a killed worker waits at most this and `youngMs`. */
  readonly sweepMs: number;
  /** A worker that has just started may hold jobs for so long before its lock is taken. */
  readonly youngMs: number;
}

export const PRESENCE_BOUNDS: PresenceBounds = { sweepMs: 10_000, youngMs: 5_000 };

/** A job whose pause is over waits at most this; every process asks so often, also when there is nothing to do. */
const DUE_MS = 2_000;

/*
 * One small question for all lanes and their workers, in place of a poll by each: whoever is idle is woken as if the
 * jobs had just been added.
 */
const WAKE_DUE = `
  SELECT pg_notify('jobs:insert', json_build_object('r', random(), 'count', due)::text)
  FROM (SELECT count(*) AS due FROM (
    SELECT FROM graphile_worker._private_jobs
    WHERE is_available AND run_at <= now() AND run_at > now() - interval '${3 * DUE_MS} milliseconds' LIMIT 50
  ) jobs) found WHERE due > 0`;

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
  SELECT pg_notify('jobs:insert', '{"r":0,"count":1}'), (SELECT array_agg(worker) FROM dead) AS workers FROM freed`;

/** @throws the database's error when it cannot be reached */
export async function announcePresence(
  url: string,
  log: JobLog,
  { sweepMs, youngMs }: PresenceBounds,
): Promise<Presence> {
  const workers: string[] = [];
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let left = false;
  let sweptMs = Number.NEGATIVE_INFINITY;

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'matjip-presence' });
    next.on('error', () => {
      if (client === next) client = undefined;
    });
    await next.connect();
    // The server asks whether this machine still lives: without it a lost machine would be believed for two hours.
    await next.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    client = next;
    for (const worker of workers) lock(next, worker);
  }

  /** One statement at a time: the driver no longer queues them for its callers. */
  let turn: Promise<unknown> = Promise.resolve();
  function ask<R extends pg.QueryResultRow>(on: pg.Client, text: string, values: unknown[] = [], name?: string) {
    const answer = turn.then(() => on.query<R>({ text, values, ...(name && { name }) }));
    turn = answer.catch(() => {});
    return answer;
  }

  function lock(on: pg.Client, worker: string): void {
    ask(on, `SELECT pg_advisory_lock(${LOCK}) FROM (SELECT $1::text AS worker) this`, [worker]).catch(() => {
      if (client === on) client = undefined;
    });
  }

  async function look(): Promise<void> {
    let pauseMs = Math.min(sweepMs, DUE_MS);
    try {
      if (!client) await connect();
      await ask(client!, WAKE_DUE, [], 'wake-due');
      if (performance.now() - sweptMs < sweepMs) return;
      sweptMs = performance.now();
      const { rows } = await ask<{ workers: string[] | null }>(client!, SWEEP, [workers, youngMs]);
      if (rows[0]?.workers) {
        log.warn({ message: 'Workers died; their jobs are free again.', workers: rows[0].workers });
      }
    } catch (error) {
      client?.end().catch(() => {});
      client = undefined;
      pauseMs = RECONNECT_MS;
      log.debug({ message: 'The look for dead workers failed.', reason: (error as Error).message });
    } finally {
      if (!left) timer = setTimeout(look, pauseMs);
    }
  }

  await connect();
  // At once: where processes die within seconds of their start, nobody would live to see a later sweep.
  void look();
  return {
    join(worker) {
      workers.push(worker);
      if (client) lock(client, worker);
    },
    part(worker) {
      const at = workers.indexOf(worker);
      if (at < 0) return;
      workers.splice(at, 1);
      const unlock = `SELECT pg_advisory_unlock(${LOCK}) FROM (SELECT $1::text AS worker) this`;
      if (client) ask(client, unlock, [worker]).catch(() => {});
    },
    async leave() {
      left = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
