import cluster from 'node:cluster';
import { hostname } from 'node:os';
import { BOUNDS } from '../../config.ts';
import { opsRoutes, switchesOf } from '../../ops/index.ts';
import { createJobDepth } from '../../platform/jobs/depth.ts';
import { jobRoutes } from '../../platform/jobs/routes.ts';
import { startSampling } from '../../platform/telemetry/samples/sampling.ts';
import type { House } from '../house.ts';
import type { Ordering } from '../ordering.ts';

/** @param port that this process listens on, once it does. `built` ends the sampling. */
export function opsRoom(
  house: House,
  { tickets }: Pick<Ordering, 'tickets'>,
  port: () => number,
  built: AsyncDisposableStack,
): void {
  const { config, parts, log, metrics, checks, http, db, jobs, notifications, now } = house;
  jobRoutes(http, { db: db.staff, scheduled: jobs.scheduled, now, log });
  const samples = startSampling(metrics.registry, {
    ...BOUNDS.samples,
    ...(parts.sampleEveryMs && { everyMs: parts.sampleEveryMs }),
  });
  built.defer(async () => samples.close());
  const depth = createJobDepth(db.staff, BOUNDS.jobDepth);
  metrics.jobs.watchDepth(depth);
  opsRoutes(http, {
    samples,
    depth,
    checks,
    areTicketsLate: () => tickets.isLate('crowds') || tickets.isLate('others'),
    switches: switchesOf(config),
    redisVersion: notifications.redisVersion,
    processes: cluster.isWorker ? config.workers : 1,
    nodeName: () => `${hostname()}:${port()}`,
  });
}
