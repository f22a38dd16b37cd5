import { createTableBills, createVisitKeys } from '../bill/index.ts';
import { BOUNDS, type Config } from '../config.ts';
import { pacing } from '../kitchen/index.ts';
import { createCatalogues } from '../menu/index.ts';
import {
  createIdempotencyCache,
  createIntake,
  createPlaceTokens,
  createPostgresLineExchange,
  createTakeOrders,
  createVirtualLine,
  makingPartitions,
} from '../order/index.ts';
import { NEVER_LATE, watchLateness } from '../platform/jobs/lateness.ts';
import { lockStores } from '../store/index.ts';
import type { Access } from './access.ts';
import { CACHED_PLACES } from './cached-places.ts';
import type { Caches } from './caches.ts';
import type { Jobs } from './jobs.ts';
import type { AppParts } from './parts.ts';
import type { Platform } from './platform.ts';

/** The hot path behind its routes: the intake of orders, and the line in front of it. */
export type Ordering = ReturnType<typeof openOrdering>;

/** `built` answers all that was let in, after the server has closed. */
export function openOrdering(
  config: Config,
  { secret, waits, lateTickets }: Pick<AppParts, 'secret' | 'waits' | 'lateTickets'>,
  { log, metrics, traces, db, now, notifications }: Platform,
  { stores }: Caches,
  { tableKeys }: Access,
  jobs: Jobs,
  built: AsyncDisposableStack,
) {
  const { announcer } = jobs;
  const visits = createVisitKeys(secret);
  const catalogues = createCatalogues(config.cache === 'off' ? 0 : CACHED_PLACES.prices.itemsMax);
  const takeOrders = createTakeOrders({
    db: db.intake,
    lockStores,
    stores,
    catalogues,
    orderJobs: jobs.orderJobs,
    pacing,
    bills: createTableBills({ announcer, hasLimits: config.limits === 'on', visits, now }),
    tableKeys,
    holds: jobs.holdOrders,
    announcer,
    known: notifications.known,
    now,
  });
  const takingOrders = makingPartitions(takeOrders, db.orders, log);
  const followed = traces ? traces.followGroups(takingOrders) : takingOrders;
  const bounds = BOUNDS.intake[config.intake];
  const intake = createIntake(
    followed,
    waits ? { ...bounds, waitMaxMs: waits.orderWaitMaxMs } : bounds,
    metrics.intake,
  );
  built.defer(() => intake.drain());
  const lateBounds = lateTickets ?? BOUNDS.jobs.lateTickets;
  const isWatched = jobs.ticketKinds.length > 0 && lateBounds !== 'off';
  const watched = isWatched ? watchLateness(db.staff, jobs.ticketKinds, lateBounds, log) : undefined;
  built.defer(async () => watched?.close());
  const tickets = watched ?? NEVER_LATE;
  metrics.jobs.watchTickets(tickets);
  const isTicketLate = (storeId: string) => tickets.isLate(jobs.hasCrowd(storeId) ? 'crowds' : 'others');
  const line = createVirtualLine({
    tokens: createPlaceTokens(secret),
    exchange: notifications.lineExchange ?? createPostgresLineExchange(db.staff),
    capacity: {
      load: (storeId) => (isTicketLate(storeId) ? 1 : intake.loadOf(storeId).expectedMs / BOUNDS.line.fullMs),
      perSecond: () => intake.load().perSecond,
      kitchen(storeId) {
        const store = stores.peek(storeId);
        return store ? store.room : stores.find(storeId).then(({ room }) => room);
      },
    },
    bounds: BOUNDS.line,
    now,
  });
  built.defer(() => line.close());
  const acknowledged = createIdempotencyCache(BOUNDS.replays.keptMax);
  return { visits, catalogues, intake, line, acknowledged, tickets, isTicketLate };
}
