import type { Config } from '../config.ts';
import { lockStores } from '../store/index.ts';
import { createJobs, type Jobs } from './jobs.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/**
 * Makes the jobs of one API process, and runs them where it is the one that does. `built` ends them.
 * @param ownUrl where this process listens; undefined: nowhere yet
 */
export async function openJobs(
  config: Config,
  { withJobs, databaseUrl, waits }: Pick<AppParts, 'withJobs' | 'databaseUrl' | 'waits'>,
  { log, metrics, traces, db, now, notifications, checks }: Platform,
  ownUrl: () => string | undefined,
  built: AsyncDisposableStack,
): Promise<Jobs> {
  const jobs = createJobs({
    config,
    db: db.staff,
    lockStores,
    announcer: notifications.announcer,
    rankingCounts: notifications.ranking.shared ?? notifications.ranking.own,
    now,
    log,
    wrongFigures: metrics.sales.wrongFigures,
    ownUrl,
    traces,
    ...(waits && { providerWithinMs: waits.providerWithinMs }),
  });
  built.defer(() => jobs.close());
  if (withJobs && config.work === 'on') {
    const runner = await jobs.start(databaseUrl);
    built.defer(() => runner.stop());
    metrics.jobs.watch(runner.health);
    checks.push(() => runner.health().find(({ problem }) => problem)?.problem);
  }
  return jobs;
}
