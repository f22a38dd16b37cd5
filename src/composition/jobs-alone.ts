import { BOUNDS, type Config } from '../config.ts';
import { followDatabaseClock } from '../platform/db/database-clock.ts';
import { lockStores } from '../store/index.ts';
import { createJobs, type Jobs, type JobsDeps } from './jobs.ts';
import { connectRedisNotifications, createNotificationsInProcess } from './notifications.ts';

interface AloneDeps extends Pick<JobsDeps, 'db' | 'log' | 'traces'> {
  readonly config: Config;
  readonly databaseUrl: string;
}

/** The jobs, and what they stand on, in a process that serves nobody: `matjip work`, or a command. `built` closes them. */
export async function openJobsAlone(
  { config, db, databaseUrl, log, traces }: AloneDeps,
  built: AsyncDisposableStack,
): Promise<Jobs> {
  const reads = { status: db, public: db, menus: db };
  const notifications = config.redisUrl
    ? await connectRedisNotifications(config.redisUrl, reads, log)
    : createNotificationsInProcess(databaseUrl, reads);
  built.defer(() => notifications.close());
  const clock = await followDatabaseClock(db, BOUNDS.databaseClock, log);
  built.defer(async () => clock.close());
  const jobs = createJobs({
    config,
    db,
    lockStores,
    announcer: notifications.announcer,
    rankingCounts: notifications.ranking.shared ?? notifications.ranking.own,
    now: clock.now,
    log,
    traces,
  });
  built.defer(() => jobs.close());
  return jobs;
}
