import { BOUNDS, type Config } from '../config.ts';
import type { ReadinessCheck } from '../platform/http/operations/health.ts';
import { watchLive } from '../platform/live/topics.ts';
import { createMetrics } from '../platform/telemetry/metrics.ts';
import { openTraces } from '../platform/telemetry/traces.ts';
import { CACHED_PLACES } from './cached-places.ts';
import { openDatabases } from './databases.ts';
import { connectRedisNotifications, createNotificationsInProcess } from './notifications.ts';
import type { AppParts } from './parts.ts';

/** What every room stands on. */
export type Platform = Awaited<ReturnType<typeof openPlatform>>;

/** Opens the truth, and whoever hears of its changes. `built` closes them. */
export async function openPlatform(config: Config, parts: AppParts, built: AsyncDisposableStack) {
  const { log, databaseUrl } = parts;
  const metrics = createMetrics();
  const traces = config.tracesUrl
    ? await openTraces({ endpoint: config.tracesUrl, ratio: config.tracesShare, bounds: BOUNDS.traces, log })
    : undefined;
  if (traces) built.defer(() => traces.close());
  const { db, replica, now, writesProblem } = await openDatabases(config, parts, built);
  const notifications = config.redisUrl
    ? await connectRedisNotifications(config.redisUrl, db, log)
    : createNotificationsInProcess(databaseUrl, db, config.cache === 'off' ? 0 : CACHED_PLACES.order.itemsMax);
  built.defer(() => notifications.close());
  const live = await notifications.connectHub(watchLive(metrics.live, log));
  built.defer(() => live.close());
  /** What keeps the process from being ready; whoever has a reason adds it. */
  const checks: ReadinessCheck[] = [writesProblem];
  return { log, metrics, traces, db, replica, now, notifications, live, checks };
}
