import type { FastifyBaseLogger } from 'fastify';
import { BOUNDS, type Config } from './config.ts';
import {
  createInlineEffects,
  createQueuedEffects,
  effectHandlers,
  type OrderEffect,
  ticketMessages,
} from './effects.ts';
import { cancelTickets, createAdvanceTicket, kitchenRoutes, makeTickets } from './kitchen/index.ts';
import {
  createCatalogues,
  createChangeItem,
  createMenuDesk,
  createOpenDesk,
  menuRoutes,
  type ReadyMenu,
} from './menu/index.ts';
import {
  createCancelOrder,
  createGuestTokens,
  createIntake,
  createTakeOrders,
  lockOrder,
  orderRoutes,
  setOrderStatus,
} from './order/index.ts';
import { pageRoutes } from './pages.ts';
import { createMemoryCache, noCache } from './platform/cache/create-cache.ts';
import { systemClock } from './platform/clock.ts';
import { openDb } from './platform/db/pool.ts';
import { apiDocs } from './platform/http/api-docs.ts';
import { healthRoutes } from './platform/http/health.ts';
import { createHttpServer } from './platform/http/server.ts';
import { startJobRunner } from './platform/jobs/jobs.ts';
import { announce } from './platform/live/announcer.ts';
import { createEventStreams } from './platform/live/event-streams.ts';
import { connectLiveHub } from './platform/live/live-hub.ts';
import { createMetrics } from './platform/metrics.ts';
import { createAccess } from './staff/index.ts';
import { createLockStores, createStoreDirectory, type Store, storeRoutes } from './store/index.ts';

/** What a process needs beside its configuration: where the truth is, and the keys. */
export interface AppParts {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly adminKey: string;
  readonly log: FastifyBaseLogger;
  /** Whether this process also works the job channel off. */
  readonly withJobs: boolean;
}

export interface App {
  /** Where it listens. */
  readonly url: string;
  kitchenKey(storeId: string): string;
  /** Finishes what is under way, takes nothing new. */
  close(): Promise<void>;
}

/** Builds one stateless API process by hand, in the order in which the parts need each other, and listens. */
export async function startApp(config: Config, parts: AppParts): Promise<App> {
  const { log } = parts;
  const now = systemClock;
  const metrics = createMetrics();

  // The truth, and who hears of its changes.
  const db = openDb({
    url: parts.databaseUrl,
    connectionsMax: BOUNDS.dbConnectionsMax,
    acquireTimeoutMs: BOUNDS.dbAcquireTimeoutMs,
    statementTimeoutMs: BOUNDS.dbStatementTimeoutMs,
    onIdleError: (error) => log.warn({ reason: error.message }, 'An idle database connection was lost.'),
  });
  const announcer = { announce };
  const live = await connectLiveHub(parts.databaseUrl, log);
  const streams = createEventStreams(BOUNDS.streams);

  // What is kept on the desk.
  const caching = config.cache !== 'off';
  const cache = caching ? createMemoryCache() : noCache;
  const stores = createStoreDirectory(db, cache.place<Store | null>({ name: 'store', lifetimeMs: 1_000 }));
  const lockStores = createLockStores(false);
  const desk = caching
    ? createMenuDesk(db, now, cache.place<ReadyMenu>({ name: 'menu', lifetimeMs: 10_000 }))
    : createOpenDesk(db);
  live.subscribe('menu', (message) => desk.heard(message.storeId));
  const access = createAccess(parts.adminKey, parts.secret);

  // Ordering and cooking, apart.
  const orderCancelled: Parameters<typeof createInlineEffects>[1] = async (tx, order) => {
    await cancelTickets(tx, order, now());
    await announce(tx, ticketMessages([order]));
  };
  const effects: OrderEffect[] = [
    {
      kind: 'kitchen-tickets',
      handle: async (tx, orders) => announce(tx, ticketMessages(await makeTickets(tx, orders))),
    },
  ];
  const orderEffects =
    config.effects === 'inline'
      ? createInlineEffects(effects, orderCancelled)
      : createQueuedEffects(effects, orderCancelled);
  const takeOrders = createTakeOrders({
    db,
    lockStores,
    stores,
    catalogues: createCatalogues(caching),
    effects: orderEffects,
    announcer,
    now,
  });
  const intake = createIntake(takeOrders, BOUNDS.intake[config.intake], metrics.intake);
  const cancelOrder = createCancelOrder({ db, lockStores, effects: orderEffects, announcer, now });
  const advanceTicket = createAdvanceTicket(
    db,
    {
      async lock(tx, ref) {
        const order = await lockOrder(tx, ref);
        return (
          order && {
            status: order.status,
            moveTo: (status, atMs) => setOrderStatus(tx, order, status, atMs, announcer),
          }
        );
      },
    },
    announcer,
    now,
  );

  // The doors.
  const http = createHttpServer({
    logger: log,
    bodyBytesMax: BOUNDS.bodyBytesMax,
    requestTimeoutMs: BOUNDS.requestTimeoutMs,
  });
  await apiDocs(http);
  healthRoutes(http, db, metrics);
  storeRoutes(http, db, stores);
  menuRoutes(http, { stores, desk, access, changeItem: createChangeItem(db, lockStores, announcer, now) });
  orderRoutes(http, {
    db,
    stores,
    intake,
    cancelOrder,
    tokens: createGuestTokens(parts.secret),
    isStaff: (request, storeId) => access.roleOf(request, storeId) !== undefined,
    live,
    streams,
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  kitchenRoutes(http, { db, stores, access, advanceTicket, live, streams });
  await pageRoutes(http, stores, desk);

  // The channel.
  const jobs = parts.withJobs
    ? await startJobRunner(parts.databaseUrl, effectHandlers(db, effects), [], log)
    : undefined;

  const url = await http.listen({ port: config.port, host: config.host });
  return {
    url,
    kitchenKey: access.kitchenKey,
    async close() {
      streams.close();
      await http.close();
      await intake.drain();
      await jobs?.stop();
      await live.close();
      await cache.close();
      await db.close();
    },
  };
}
