import type { FastifyBaseLogger } from 'fastify';
import { openJobsAlone } from './composition/jobs-alone.ts';
import { BOUNDS, type Config, ConfigError } from './config.ts';
import { migrate } from './platform/db/migrate.ts';
import { openDb } from './platform/db/pool.ts';
import { prepareJobs } from './platform/jobs/prepare.ts';
import { untilStopped } from './platform/processes/graceful-shutdown.ts';
import { startPatiently } from './platform/processes/retry-start.ts';
import { createLog } from './platform/telemetry/log.ts';
import { openTraces } from './platform/telemetry/traces.ts';

export interface Worker {
  /** Finishes the jobs under way, takes no new ones. */
  close(): Promise<void>;
}

/**
 * Runs the jobs in a process that serves nobody. When a part of it cannot be started, those before it are closed again.
 * @throws the database's error when it cannot be reached
 */
export async function startWork(config: Config, databaseUrl: string, log: FastifyBaseLogger): Promise<Worker> {
  const built = new AsyncDisposableStack();
  try {
    await build(config, databaseUrl, log, built);
    return { close: () => built.disposeAsync() };
  } catch (error) {
    await built.disposeAsync();
    throw error;
  }
}

/** `built` closes its parts in the reverse order. */
async function build(
  config: Config,
  databaseUrl: string,
  log: FastifyBaseLogger,
  built: AsyncDisposableStack,
): Promise<void> {
  const db = openDb({
    url: databaseUrl,
    connectionsMax: BOUNDS.work.connectionsMax,
    statementTimeoutMs: BOUNDS.dbStatementTimeoutMs,
    applicationName: 'matjip-work',
    onIdleError: (error) => log.warn({ reason: error.message }, 'An idle database connection was lost.'),
  });
  built.defer(() => db.close());
  const traces = config.tracesUrl
    ? await openTraces({ endpoint: config.tracesUrl, ratio: config.tracesShare, bounds: BOUNDS.traces, log })
    : undefined;
  built.defer(async () => traces?.close());
  const jobs = await openJobsAlone({ config, db, databaseUrl, log, traces }, built);
  const runner = await jobs.start(databaseUrl);
  built.defer(() => runner.stop());
}

/** Longer than any job may take, shorter than the patience of a supervisor. */
const CLOSE_WITHIN_MS = 20_000;

/**
 * `matjip work`: runs the jobs until SIGINT or SIGTERM.
 * @throws ConfigError without a database of its own: the embedded one belongs to the process that serves
 */
export async function work(config: Config): Promise<void> {
  const { databaseUrl } = config;
  if (!databaseUrl) throw new ConfigError('DATABASE_URL: a worker apart needs the address of the database it shares.');
  const log = createLog(config.logLevel);
  const worker = await startPatiently(async () => {
    await migrate({ url: databaseUrl, log: (line) => log.info(line) });
    await prepareJobs(databaseUrl);
    return startWork(config, databaseUrl, log);
  }, log);
  log.info('Working.');
  await untilStopped(log, () => worker.close(), CLOSE_WITHIN_MS);
}
