/** The baseline of the intake: the same route, checks and answer, with a transaction that touches nothing. */
import pino from 'pino';
import { BOUNDS } from '../../src/config.ts';
import { pacing } from '../../src/kitchen/index.ts';
import { createCatalogues } from '../../src/menu/index.ts';
import { decide } from '../../src/order/decide.ts';
import { createIdempotencyCache, createIntake, createPlaceOrder, orderRoutes } from '../../src/order/index.ts';
import { createTimedCache } from '../../src/platform/cache/timed-cache.ts';
import { businessDay, systemClock } from '../../src/platform/clock.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { createGuestTokens } from '../../src/platform/http/access/guest-tokens.ts';
import { createKeyOf } from '../../src/platform/http/request/idempotency-key.ts';
import { createHttpServer } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/telemetry/metrics.ts';
import { createStoreDirectory, createStoreSource } from '../../src/store/index.ts';

const db = openDb({ url: process.env.DATABASE_URL!, connectionsMax: 1 });
const stores = createStoreDirectory(
  createTimedCache({
    source: createStoreSource({ db, pacing, now: systemClock }),
    counts: createMetrics().cache.place('store', 'memory'),
    itemsMax: 10,
    now: systemClock,
    lifetimeMs: Number.POSITIVE_INFINITY,
    singleFlight: true,
  }),
);
const catalogues = createCatalogues(10);
const OPEN = { state: 'open', by: 'hand', reason: null, untilMs: null } as const;
const numbers = new Map<string, number>();

const intake = createIntake(async (group) => {
  const storeId = group[0]!.storeId;
  const store = await stores.find(storeId);
  const catalogue = catalogues.kept(storeId) ?? (await catalogues.load(db, [storeId])).get(storeId)!;
  const lastNumber = numbers.get(storeId) ?? 0;
  numbers.set(storeId, lastNumber + group.length);
  const nowMs = systemClock();
  const pace = pacing.begin(store, OPEN, undefined, nowMs);
  const today = businessDay(nowMs, store.timeZone, store.dayStartsHour);
  return decide(group, {
    heads: new Map([[storeId, { store, pace, day: today, lastNumber, catalogue }]]),
    existing: new Map(),
    stock: new Map(),
    nowMs,
    tableRefusal: () => undefined,
    today: () => today,
  }).decisions;
}, BOUNDS.intake.grouped);

const http = createHttpServer({
  logger: pino({ level: 'error' }),
  bodyBytesMax: BOUNDS.bodyBytesMax,
  requestTimeoutMs: BOUNDS.requestTimeoutMs,
  closeWithinMs: 5_000,
  problems: { counted() {} },
});
const absent = () => {
  throw new Error('The baseline takes orders and nothing else.');
};
orderRoutes(http, {
  db: { status: db },
  stores,
  line: {
    read: () => undefined,
    give: () => undefined,
    look: absent,
    mayEnter: () => true,
    came: () => {},
    tick: absent,
    close: absent,
  },
  placeOrder: createPlaceOrder({
    db,
    intake,
    soldOut: { hasCrowd: () => false, refuses: async () => undefined, refused: () => {} },
    acknowledged: createIdempotencyCache(BOUNDS.replays.keptMax),
    now: systemClock,
    bounds: BOUNDS.replays,
  }),
  cancelOrder: absent,
  noteCancel: absent,
  takeOff: absent,
  changeLine: absent,
  actorOf: absent,
  tokens: createGuestTokens('bench-secret-bench-secret', 'order'),
  clientOf: (request) => request.ip,
  isStaff: () => false,
  snapshots: { read: absent, moved: absent, rewritten: absent },
  live: { subscribe: absent, onGap: absent, close: absent },
  streams: { open: absent, count: 0, close: absent },
  keyOf: createKeyOf(systemClock, BOUNDS.keyClockSkewMs),
});
const url = await http.listen({ port: 0, host: '127.0.0.1' });
console.log(JSON.stringify({ port: Number(new URL(url).port) }));
process.once('SIGTERM', () => process.exit(0));
