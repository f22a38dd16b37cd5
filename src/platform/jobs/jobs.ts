import { Logger, run, runMigrations, type TaskList } from 'graphile-worker';
import type { Queryable } from '../db/pool.ts';

/** Work of one kind. It may run more than once and out of order, so it must come to the same end. */
export type JobHandler = (payload: unknown) => Promise<void>;

/** A kind of work that the clock starts. `pattern` is a cron line in UTC. */
export interface ScheduledJob {
  readonly kind: string;
  readonly pattern: string;
  readonly handle: () => Promise<void>;
}

export interface JobLog {
  info(details: object): void;
  warn(details: object): void;
  error(details: object): void;
  debug(details: object): void;
}

export interface JobRunner {
  /** Lets the jobs under way finish, takes no new ones. */
  stop(): Promise<void>;
}

/** More at once would only queue for the database's few cores. */
const CONCURRENCY = 4;

/** Puts work on the channel: it exists if and only if the transaction commits. */
export async function addJob(tx: Queryable, kind: string, payload: unknown): Promise<void> {
  await tx.query('SELECT graphile_worker.add_job($1, $2::json)', [kind, JSON.stringify(payload)], 'add-job');
}

/** Makes the channel's tables, or brings them up to date. */
export const prepareJobs = (url: string): Promise<void> =>
  runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });

/** Works the channel off until stopped; told of new work by the database, not by asking. */
export async function startJobRunner(
  url: string,
  handlers: Readonly<Record<string, JobHandler>>,
  scheduled: readonly ScheduledJob[],
  log: JobLog,
): Promise<JobRunner> {
  const taskList: TaskList = {};
  for (const [kind, handle] of Object.entries(handlers)) taskList[kind] = (payload) => handle(payload);
  for (const job of scheduled) taskList[job.kind] = () => job.handle();
  const runner = await run({
    connectionString: url,
    maxPoolSize: CONCURRENCY + 2,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    taskList,
    crontab: scheduled.map((job) => `${job.pattern} ${job.kind}`).join('\n'),
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ message });
      else if (level === 'warning') log.warn({ message });
      else log.debug({ message });
    }),
  });
  return { stop: () => runner.stop() };
}
