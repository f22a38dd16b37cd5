import cluster from 'node:cluster';
import { hostname } from 'node:os';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import {
  billRoutes,
  couponRoutes,
  createChangeBill,
  createMoveTables,
  createTableActions,
  createTableBills,
  createVisitKeys,
  guestBillRoutes,
  moveRoutes,
  visitRoutes,
} from './bill/index.ts';
import { callRoutes } from './call/index.ts';
import { CACHED_PLACES } from './composition/cached-places.ts';
import { createJobs } from './composition/jobs.ts';
import { connectRedisNotifications, createNotificationsInProcess } from './composition/notifications.ts';
import { movedMessages, slipMessages } from './composition/order-jobs.ts';
import { BOUNDS, type Config } from './config.ts';
import {
  boardRoutes,
  changeTicketTable,
  createAdvanceTicket,
  createNextSlip,
  createSetPacing,
  createTickLine,
  isPrinted,
  kitchenRoutes,
  noteMoved,
  pacing,
  pacingRoutes,
  printingRoutes,
  queueReceipt,
} from './kitchen/index.ts';
import {
  copyMenu,
  createCatalogues,
  createChangeItem,
  createMakePhoto,
  createMenuFastPath,
  createMenuSource,
  createPushTo,
  createTurnMenus,
  menuCodec,
  menuFileRoutes,
  menuPushRoutes,
  menuRoutes,
  photoRoutes,
} from './menu/index.ts';
import { opsRoutes, switchesOf } from './ops/index.ts';
import {
  changeTable,
  createCancelOrder,
  createChangeLine,
  createIdempotencyCache,
  createIntake,
  createLinedIntake,
  createLineFastPath,
  createPlaceOrder,
  createPlaceTokens,
  createPostgresLineExchange,
  createSoldOutGate,
  createTakeOff,
  createTakeOrders,
  createVirtualLine,
  lockOrder,
  makingPartitions,
  orderRoutes,
  readOrders,
  setOrderStatus,
} from './order/index.ts';
import { pageRoutes, readablePage } from './pages/index.ts';
import { paymentRoutes, sandboxRoutes } from './payment/index.ts';
import { createCaches } from './platform/cache/create-caches.ts';
import { followDatabaseClock } from './platform/db/database-clock.ts';
import { openDbs, shareConnections } from './platform/db/pools.ts';
import { openReplica } from './platform/db/replica.ts';
import { createWriteWatch } from './platform/db/watch-writes.ts';
import { listen } from './platform/http/acceptors.ts';
import { apiDocs } from './platform/http/api-docs.ts';
import { createClientOf, trustProxies } from './platform/http/client-of.ts';
import { boundConnections } from './platform/http/connection-bounds.ts';
import type { Asked } from './platform/http/fast-path/request-head.ts';
import { createGuestTokens } from './platform/http/guest-tokens.ts';
import { healthRoutes, type ReadinessCheck } from './platform/http/health.ts';
import { separateOperations } from './platform/http/ops-port.ts';
import { createPublicAddress } from './platform/http/public-address.ts';
import { timeRequests } from './platform/http/request-times.ts';
import { createHttpServer } from './platform/http/server.ts';
import { strictTransport } from './platform/http/strict-transport.ts';
import { createJobDepth } from './platform/jobs/depth.ts';
import { jobRoutes } from './platform/jobs/routes.ts';
import { createKeyedSemaphore } from './platform/keyed-semaphore.ts';
import { createEventStreams, type EventStreamBounds } from './platform/live/event-streams.ts';
import { watchLive } from './platform/live/topics.ts';
import { createMetrics } from './platform/metrics.ts';
import { installOverloadControl } from './platform/overload/overload-control.ts';
import { startSampling } from './platform/samples/sampling.ts';
import type { Secret } from './platform/signature.ts';
import { openTraces } from './platform/traces/traces.ts';
import { createBrandSource, createRankingSource, rankingRoutes } from './ranking/index.ts';
import { salesRoutes } from './sales/index.ts';
import {
  createAccess,
  createChangeStaff,
  createInvitations,
  createIsSecure,
  createPasswords,
  createPins,
  createSessionSource,
  createSessions,
  createSignIn,
  createStreamTickets,
  endWithSessions,
  holdToPermissions,
  invitationRoutes,
  pinRoutes,
  staffRoutes,
  writeLog,
} from './staff/index.ts';
import {
  createSetState,
  createSetUp,
  createStoreDirectory,
  createStoreListSource,
  createStoreSource,
  createTableKeys,
  lockStores,
  settingsRoutes,
  storeRoutes,
  toStoreView,
} from './store/index.ts';
import {
  createFollowParties,
  createJoinLine,
  createMoveParty,
  createReadDoor,
  createRecentPaces,
  createSetLineState,
  createSharedParties,
  createViewParties,
  doorRoutes,
  hallRoutes,
  waitlistRoutes,
} from './waitlist/index.ts';
import { webhookRoutes } from './webhook/index.ts';

/** What a process needs beside its configuration: where the truth is, and the keys. */
export interface AppParts {
  readonly databaseUrl: string;
  readonly secret: Secret;
  readonly adminKey: string;
  readonly log: FastifyBaseLogger;
  /** The only process of its node: it listens by itself. Several share what the first of them listens on. */
  readonly alone?: boolean;
  /** Whether this process also runs the jobs. */
  readonly withJobs: boolean;
  /** Unset: as `BOUNDS` says. Tests take fewer, so that they need not open thousands of streams to see them full. */
  readonly streamPlaces?: EventStreamBounds['places'];
  /** Unset: as `BOUNDS` says. Tests do not wait five seconds for a point of a chart. */
  readonly sampleEveryMs?: number;
  /** Unset: as `BOUNDS` says. The bench has one without, to show what it is worth. */
  readonly soldOutCrowd?: { readonly crowdPerSecond: number; readonly crowdMs: number };
}

export interface App {
  /** Where it listens. */
  readonly url: string;
  /** Where operations are, if they have a port of their own. */
  readonly opsUrl: string | undefined;
  kitchenKey(storeId: string): string;
  /** Finishes what is under way, takes nothing new. */
  close(): Promise<void>;
}

/** Starts one stateless API process. When a part of it cannot be built, those before it are closed again. */
export async function startApp(config: Config, parts: AppParts): Promise<App> {
  const built = new AsyncDisposableStack();
  try {
    return await build(config, parts, built);
  } catch (error) {
    await built.disposeAsync();
    throw error;
  }
}

/** Builds it by hand, in the order in which the parts need each other, and listens. `built` closes them in the reverse order. */
async function build(config: Config, parts: AppParts, built: AsyncDisposableStack): Promise<App> {
  const { log } = parts;
  const metrics = createMetrics();
  const checks: ReadinessCheck[] = [];
  const traces = config.tracesUrl
    ? await openTraces({ endpoint: config.tracesUrl, ratio: config.tracesShare, bounds: BOUNDS.traces, log })
    : undefined;
  if (traces) built.defer(() => traces.close());

  // The truth, and who hears of its changes.
  const { orders, inlineOrders, others } = BOUNDS.dbIdleInTransactionMs;
  const intakeBounds = {
    ...BOUNDS.db.intake,
    idleInTransactionMs: config.effects === 'inline' ? inlineOrders : orders,
  };
  const pools = openDbs(shareConnections({ ...BOUNDS.db, intake: intakeBounds }, config.databaseConnections), {
    url: config.databasePoolerUrl ?? parts.databaseUrl,
    pooled: config.databasePoolerUrl !== undefined,
    acquireTimeoutMs: BOUNDS.dbAcquireTimeoutMs,
    statementTimeoutMs: BOUNDS.requestStatementTimeoutMs,
    lockTimeoutMs: BOUNDS.dbLockTimeoutMs,
    idleInTransactionMs: others,
    silence: BOUNDS.dbSilence,
    log,
    onIdleError: (error) => log.warn({ reason: error.message }, 'An idle database connection was lost.'),
  });
  built.defer(() => pools.close());
  const writes = createWriteWatch(BOUNDS.dbWrites, log);
  const db = {
    ...pools,
    intake: writes.watch(pools.intake),
    orders: writes.watch(pools.orders),
    staff: writes.watch(pools.staff),
  };
  checks.push(() => writes.problem());
  const replicaUrl = config.databaseReplicaUrl;
  const replica = replicaUrl && openReplica({ url: replicaUrl, primary: db.staff, bounds: BOUNDS.replica, log });
  if (replica) built.defer(() => replica.close());
  const clock = await followDatabaseClock(db.staff, BOUNDS.databaseClock, log);
  built.defer(async () => clock.close());
  const { now } = clock;
  const notifications = config.redisUrl
    ? await connectRedisNotifications(config.redisUrl, db, log)
    : createNotificationsInProcess(parts.databaseUrl, db);
  built.defer(() => notifications.close());
  const live = await notifications.connectHub(watchLive(metrics.live, log));
  built.defer(() => live.close());

  // What is cached.
  const caches = createCaches({
    cache: config.cache,
    refresh: config.cacheRefresh,
    url: config.cacheUrl,
    ttlMs: config.cacheTtlMs,
    singleFlight: config.cacheSingleFlight === 'on',
    // In memory each process fills its own cache; into a shared tier one is enough.
    refresher: config.cacheRefresher === 'on' && (config.cache === 'memory' || parts.withJobs),
    metrics: metrics.cache,
  });
  built.defer(() => caches.close());
  const { menu, stores: storeList, store, prices, ranking, brand, session } = CACHED_PLACES;
  const stores = createStoreDirectory(
    caches.freshCache({ name: 'store', ...store }, createStoreSource({ db: db.stores, pacing, now })),
  );
  const storeListCache = caches.freshCache(
    { name: 'stores', ...storeList },
    createStoreListSource({ db: db.public, pacing, now }),
  );
  const menuCache = caches.cache(
    { name: 'menu', ...menu, codec: menuCodec },
    createMenuSource(db.menus, createTurnMenus(db.staff, lockStores, notifications.announcer, now)),
  );
  const rankingCache = caches.freshCache(
    { name: 'ranking', ...ranking },
    createRankingSource({ db: db.public, ...notifications.ranking, checkEveryMs: BOUNDS.ranking.checkEveryMs, now }),
  );
  const brands = caches.freshCache({ name: 'brand', ...brand }, createBrandSource(db.public));
  live.subscribe('menu', (message) => menuCache.invalidate(message.storeId));
  live.onGap(() => menuCache.invalidateAll());
  const isSecure = createIsSecure(config.publicUrl);
  const sessions = createSessions(
    caches.freshCache({ name: 'session', ...session }, createSessionSource(db.staff)),
    isSecure,
  );
  const { secret } = parts;
  const tickets = createStreamTickets({ db: db.staff, secret, now, livesS: BOUNDS.streamTicketS });
  const access = createAccess(parts.adminKey, secret, sessions, tickets);

  // Ordering and cooking, apart: what follows from an order goes into the job queue.
  let listening: string | undefined;
  const jobs = createJobs({
    config,
    db: db.staff,
    lockStores,
    announcer: notifications.announcer,
    rankingCounts: notifications.ranking.shared ?? notifications.ranking.own,
    now,
    log,
    wrongFigures: metrics.sales.wrongFigures,
    ownUrl: () => listening,
    traces,
  });
  built.defer(() => jobs.close());
  if (parts.withJobs && config.work === 'on') {
    const runner = await jobs.start(parts.databaseUrl);
    built.defer(() => runner.stop());
    metrics.jobs.watch(runner.health);
    checks.push(() => runner.health().find(({ problem }) => problem)?.problem);
  }
  const { announcer, orderJobs } = jobs;
  const tableKeys = createTableKeys(parts.secret);
  const visits = createVisitKeys(parts.secret);
  const catalogues = createCatalogues(config.cache === 'off' ? 0 : prices.itemsMax);
  const takeOrders = createTakeOrders({
    db: db.intake,
    lockStores,
    stores,
    catalogues,
    orderJobs,
    pacing,
    bills: createTableBills({ announcer, hasLimits: config.limits === 'on', visits, now }),
    tableKeys,
    holds: jobs.holdOrders,
    announcer,
    now,
  });
  const takingOrders = makingPartitions(takeOrders, db.orders, log);
  const intake = createIntake(
    traces ? traces.followGroups(takingOrders) : takingOrders,
    BOUNDS.intake[config.intake],
    metrics.intake,
  );
  built.defer(() => intake.drain());
  const line = createVirtualLine({
    tokens: createPlaceTokens(parts.secret),
    exchange: notifications.lineExchange ?? createPostgresLineExchange(db.staff),
    capacity: {
      load: (storeId) => intake.loadOf(storeId).expectedMs / BOUNDS.line.fullMs,
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
  // Whoever changes a store waits for its turn here and not with a connection.
  const cancelInTurn = createKeyedSemaphore(BOUNDS.storeTurns.cancels);
  const changeInTurn = createKeyedSemaphore(BOUNDS.storeTurns.itemChanges);
  const cancel = createCancelOrder({ db: db.orders, lockStores, orderJobs, announcer, isBegun: isPrinted, now });
  const takeOff = createTakeOff({ db: db.staff, lockStores, announcer, jobs: jobs.takeOff, now });
  const changeLine = createChangeLine({ db: db.staff, lockStores, announcer, catalogues, jobs: jobs.takeOff, now });
  const billInTurn = createKeyedSemaphore(BOUNDS.storeTurns.bills);
  const changeBill = createChangeBill({ db: db.staff, lockStores, enter: jobs.enter });
  const tableActions = createTableActions({ db: db.staff, lockStores, announcer, now });
  const moveTables = createMoveTables({
    db: db.staff,
    lockStores,
    announcer,
    async ordersMoved(tx, storeId, orderIds, moved) {
      await changeTable(tx, storeId, orderIds, moved.to);
      await changeTicketTable(tx, storeId, orderIds, moved.to);
      const slips = slipMessages(await noteMoved(tx, storeId, orderIds, moved, now()));
      await announcer.announce(tx, [...movedMessages(storeId, orderIds, moved.to), ...slips]);
    },
    now,
  });
  const change = createChangeItem(db.staff, lockStores, announcer, now);
  const advanceTicket = createAdvanceTicket(
    db.staff,
    {
      async lock(tx, ref) {
        const order = await lockOrder(tx, ref);
        return (
          order && {
            status: order.status,
            promisedAtMs: Date.parse(order.promisedAt),
            moveTo: (status, atMs) => setOrderStatus(tx, order, status, atMs, announcer),
          }
        );
      },
    },
    announcer,
    now,
  );

  // Waiting, apart from ordering: a line has a lock of its own.
  const { places } = notifications;
  const joinLine = createJoinLine({ db: db.orders, announcer: notifications.announcer, now, bounds: BOUNDS.waitlist });
  const guestMoveInTurn = createKeyedSemaphore(BOUNDS.storeTurns.guestMoves);
  const hallMoveInTurn = createKeyedSemaphore(BOUNDS.storeTurns.hallMoves);
  const guestMove = createMoveParty({ db: db.orders, announcer: notifications.announcer, now });
  const hallMove = createMoveParty({ db: db.staff, announcer: notifications.announcer, now });
  const readParties = createSharedParties(db.status);
  const pacesOf = createRecentPaces(db.status, now);
  const viewParties = createViewParties(places, pacesOf);

  // The doors.
  const trustProxy = trustProxies(config.trustProxy);
  const clientOf = createClientOf(trustProxy);
  const http = createHttpServer({
    logger: log,
    bodyBytesMax: BOUNDS.bodyBytesMax,
    requestTimeoutMs: BOUNDS.requestTimeoutMs,
    closeWithinMs: BOUNDS.closeWithinMs,
    problems: metrics.problems,
    slowHeads: BOUNDS.slowHeads,
    trustProxy,
    rewriteUrl: readablePage,
  });
  const boundedClientOf = config.limits === 'on' ? clientOf : undefined;
  boundConnections(http.server, BOUNDS.connections, { isProxy: trustProxy, clientOf: boundedClientOf, log });
  built.defer(() => http.close());
  const streams = endWithSessions(
    createEventStreams(
      { ...BOUNDS.streams, ...(parts.streamPlaces && { places: parts.streamPlaces }) },
      boundedClientOf,
    ),
    sessions,
    BOUNDS.streams.sessionsEveryMs,
  );
  built.defer(async () => streams.close());
  metrics.streams.watch(() => streams.count);
  timeRequests(http, metrics.requests);
  traces?.followRequests(http);
  strictTransport(http, isSecure);
  holdToPermissions(http, stores, access, sessions, tickets);
  const opsPort = config.opsPort === undefined ? undefined : separateOperations(http, BOUNDS.opsPort);
  await apiDocs(http);
  healthRoutes(http, db.staff, metrics, checks);
  const setState = createSetState(db.staff, lockStores, pacing, now);
  storeRoutes(http, {
    list: storeListCache,
    stores,
    setState: (store, asked) => changeInTurn(store.id, () => setState(store, asked)),
  });
  const address = createPublicAddress(config);
  const setUp = createSetUp({ db: db.staff, lockStores, pacing, copyMenu, writeLog, now });
  const nameOf = (request: FastifyRequest) => sessions.of(request)?.name ?? 'key';
  settingsRoutes(http, {
    stores,
    setUp,
    tableKeys,
    nameOf,
    base: address.base,
    sheetInTurn: createKeyedSemaphore(BOUNDS.sheetTurns),
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  menuRoutes(http, {
    stores,
    menuCache,
    access,
    changeItem: (store, ...of) => changeInTurn(store.id, () => change(store, ...of)),
  });
  menuFileRoutes(http, {
    db: db.staff,
    stores,
    changed: (storeId) => menuCache.invalidate(storeId),
    inTurn: createKeyedSemaphore(BOUNDS.storeTurns.menuFiles),
    now,
  });
  menuPushRoutes(http, {
    db: db.staff,
    stores,
    access,
    pushTo: createPushTo({ db: db.staff, lockStores, announcer: notifications.announcer, log: writeLog, now }),
    inTurn: changeInTurn,
    changed: (storeId) => menuCache.invalidate(storeId),
    nameOf: (request) => sessions.of(request)?.name ?? 'key',
  });
  photoRoutes(http, {
    db: { public: db.public, staff: db.staff },
    stores,
    makePhoto: createMakePhoto(BOUNDS.photos),
    bounds: BOUNDS.photos,
  });
  const acknowledged = createIdempotencyCache(BOUNDS.replays.keptMax);
  orderRoutes(http, {
    db: { status: db.status },
    stores,
    line,
    placeOrder: createPlaceOrder({
      db: db.orders,
      intake: createLinedIntake(intake, line),
      acknowledged,
      soldOut: createSoldOutGate(notifications.soldOut, parts.soldOutCrowd ?? BOUNDS.soldOut),
      now,
      bounds: BOUNDS.replays,
      observer: metrics.intake,
    }),
    cancelOrder: (store, ...of) => cancelInTurn(store.id, () => cancel(store, ...of)),
    takeOff: (store, ...of) => cancelInTurn(store.id, () => takeOff(store, ...of)),
    changeLine: (store, ...of) => cancelInTurn(store.id, () => changeLine(store, ...of)),
    actorOf: (request, storeId) => ({ role: access.roleOf(request, storeId) ?? 'hall', name: nameOf(request) }),
    tokens: createGuestTokens(parts.secret, 'order'),
    clientOf: config.limits === 'on' ? (request) => clientOf(request.raw) : undefined,
    isStaff: (request, storeId) => access.roleOf(request, storeId) !== undefined,
    snapshots: notifications.snapshots,
    live,
    streams,
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  const orderTokens = createGuestTokens(parts.secret, 'order');
  const isStaff = (request: FastifyRequest, storeId: string) => access.roleOf(request, storeId) !== undefined;
  billRoutes(http, {
    db: db.staff,
    stores,
    readOrders,
    visits,
    actorOf: (request, storeId) => ({
      role: access.roleOf(request, storeId) ?? 'hall',
      name: nameOf(request),
    }),
    change: (store, ...of) => billInTurn(store.id, () => changeBill(store, ...of)),
    tables: {
      open: (store, ...of) => billInTurn(store.id, () => tableActions.open(store, ...of)),
      allow: (store, ...of) => billInTurn(store.id, () => tableActions.allow(store, ...of)),
    },
    printReceipt: ({ storeId, id, station }, receipt) =>
      db.staff.transaction(async (tx) => {
        const isNew = await queueReceipt(tx, { storeId, id, station }, receipt, now());
        await notifications.announcer.announce(tx, [{ kind: 'slips', storeId, stations: [station] }]);
        return isNew;
      }),
    live,
    streams,
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  moveRoutes(http, {
    db: db.staff,
    stores,
    readOrders,
    visits,
    nameOf,
    moves: {
      move: (store, ...of) => billInTurn(store.id, () => moveTables.move(store, ...of)),
      merge: (store, ...of) => billInTurn(store.id, () => moveTables.merge(store, ...of)),
      split: (store, ...of) => billInTurn(store.id, () => moveTables.split(store, ...of)),
    },
  });
  couponRoutes(http, { db: db.staff, stores, now, keyClockSkewMs: BOUNDS.keyClockSkewMs });
  guestBillRoutes(http, {
    db: db.status,
    stores,
    readOrders,
    visits,
    tokens: orderTokens,
    tableKeys,
    isStaff,
    live,
    streams,
  });
  visitRoutes(http, {
    db: db.status,
    stores,
    tableKeys,
    visits,
    clientOf: (request) => clientOf(request.raw),
    bounds: BOUNDS.visitCodes,
    now,
  });
  callRoutes(http, {
    db: { calls: db.orders, status: db.status, staff: db.staff },
    inTurn: createKeyedSemaphore(BOUNDS.storeTurns.calls),
    stores,
    tableKeys,
    announcer: notifications.announcer,
    nameOf,
    bounds: BOUNDS.calls,
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  const payInTurn = createKeyedSemaphore(BOUNDS.payments.turns);
  const { payments } = jobs;
  paymentRoutes(http, {
    db: db.staff,
    stores,
    payments: jobs.sandbox && {
      ...payments,
      start: (store, ...of) => payInTurn(store.id, () => payments.start(store, ...of)),
    },
    ...{ tokens: orderTokens, isStaff, base: address.base, now, keyClockSkewMs: BOUNDS.keyClockSkewMs },
  });
  if (jobs.sandbox) sandboxRoutes(http, { db: db.staff, ...jobs.sandbox, now });
  kitchenRoutes(http, {
    db: db.staff,
    stores,
    advanceTicket,
    tickLine: createTickLine(db.staff, jobs.announcer),
    live,
    streams,
  });
  pacingRoutes(http, { db: db.staff, stores, setPacing: createSetPacing(db.staff, lockStores) });
  printingRoutes(http, {
    db: db.staff,
    stores,
    nextSlip: createNextSlip(db.staff, notifications.slipSignal, now),
    now,
  });
  rankingRoutes(http, { stores, cache: rankingCache, brands });
  boardRoutes(http, { stores, boardCache: notifications.boardCache, live, streams });
  waitlistRoutes(http, {
    stores,
    tokens: createGuestTokens(parts.secret, 'party'),
    isStaff: (request, storeId) => access.roleOf(request, storeId) !== undefined,
    join: joinLine,
    move: (store, ...of) => guestMoveInTurn(store.id, () => guestMove(store, ...of)),
    read: readParties,
    view: viewParties,
    follow: createFollowParties({ live, read: readParties, view: viewParties }),
    streams,
    now,
    keyClockSkewMs: BOUNDS.keyClockSkewMs,
  });
  hallRoutes(http, {
    db: db.staff,
    stores,
    move: (store, ...of) => hallMoveInTurn(store.id, () => hallMove(store, ...of)),
    view: viewParties,
    setState: createSetLineState(db.staff, notifications.announcer),
    now,
  });
  doorRoutes(http, {
    stores,
    readDoor: createReadDoor({ db: db.public, places, pacesOf, live }),
    live,
    streams,
  });
  webhookRoutes(http, { db: db.staff, stores, allowPrivate: config.webhookAllowPrivate === 'on' });
  salesRoutes(http, { db: replica || db.staff, stores, now, bounds: BOUNDS.sales });
  jobRoutes(http, {
    db: db.staff,
    scheduled: jobs.scheduled,
    now,
    log,
  });
  const samples = startSampling(metrics.registry, {
    ...BOUNDS.samples,
    ...(parts.sampleEveryMs && { everyMs: parts.sampleEveryMs }),
  });
  built.defer(async () => samples.close());
  const depth = createJobDepth(db.staff, BOUNDS.jobDepth);
  metrics.jobs.watchDepth(depth);
  let port = config.port;
  opsRoutes(http, {
    samples,
    depth,
    checks,
    switches: switchesOf(config),
    redisVersion: notifications.redisVersion,
    processes: cluster.isWorker ? config.workers : 1,
    nodeName: () => `${hostname()}:${port}`,
  });
  const passwords = createPasswords(createKeyedSemaphore(BOUNDS.signIn.turns));
  const clientTurns = createKeyedSemaphore(BOUNDS.signIn.clientTurns);
  // One address never takes the others' turns.
  const inClientsTurn = <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> =>
    clientTurns(clientOf(request.raw), work);
  const signIn = createSignIn(db.staff, passwords, BOUNDS.signIn, now);
  staffRoutes(http, {
    db: db.staff,
    stores,
    access,
    sessions,
    tickets,
    signIn: (request, ...of) => inClientsTurn(request, () => signIn(...of)),
    staff: createChangeStaff(db.staff, passwords, sessions.changed, now),
    isSecure,
  });
  invitationRoutes(http, {
    stores,
    access,
    sessions,
    invitations: createInvitations({ db: db.staff, passwords, bounds: BOUNDS.invitations, now }),
    inClientsTurn,
    isSecure,
    base: address.base,
  });
  const pins = createPins({ db: db.staff, passwords, bounds: BOUNDS.pin, now, changed: sessions.changed });
  pinRoutes(http, { db: db.staff, stores, sessions, pins });
  await pageRoutes(http, { stores, menuCache, storeView: toStoreView, base: address.base });

  const menuFastPath = createMenuFastPath(menuCache);
  const clientOfAsked = (asked: Asked) =>
    clientOf({
      headers: { 'x-forwarded-for': asked.header('x-forwarded-for') },
      socket: { remoteAddress: asked.peer },
    });
  const lineFastPath = createLineFastPath(line, stores.knownIdIn, config.limits === 'on' ? clientOfAsked : undefined);
  const overload = installOverloadControl({
    server: http.server,
    ready: (asked) => menuFastPath(asked) ?? lineFastPath.ready(asked),
    isProxy: (address) => trustProxy(address, 0),
    line: lineFastPath,
    orderQueue: intake.loadOf,
    storeIdOf: ({ url }) => stores.knownIdIn(url),
    isStaff: (asked) => access.isProved(asked, stores.knownIdIn(asked.url)),
    isReplay: (asked) => acknowledged.knows(asked.header('idempotency-key') ?? ''),
    isOn: config.overload === 'on',
    bounds: { ...BOUNDS.overload, silenceMs: BOUNDS.slowHeads.headersTimeoutMs },
    metrics: metrics.overload,
    times: metrics.requests,
  });
  http.addHook('preClose', async () => overload.close());
  const at = { host: config.host, exclusive: parts.alone ?? false };
  const url = await listen(http, { ...at, port: config.port });
  const opsUrl = await opsPort?.listen({ ...at, port: config.opsPort! });
  listening = url;
  address.listensAt(url);
  port = Number(new URL(url).port);
  return { url, opsUrl, kitchenKey: access.kitchenKey, close: () => built.disposeAsync() };
}
