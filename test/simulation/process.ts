import { createQueuedOrderJobs, orderJobHandlers, ticketMessages } from '../../src/composition/order-jobs.ts';
import { BOUNDS } from '../../src/config.ts';
import type { LiveMessage } from '../../src/contract/index.ts';
import { pacing } from '../../src/kitchen/pacing/pacing.ts';
import { type OrderToCook, sendToKitchen } from '../../src/kitchen/send-to-kitchen.ts';
import { cancelTickets } from '../../src/kitchen/tickets.ts';
import { createCancelOrder } from '../../src/order/cancel-order.ts';
import { toCandidate } from '../../src/order/candidate.ts';
import { createIdempotencyCache } from '../../src/order/idempotency-cache.ts';
import { createIntake } from '../../src/order/intake/intake.ts';
import { followOrder } from '../../src/order/order-stream.ts';
import { createPlaceOrder, type Placed } from '../../src/order/place-order.ts';
import { lockOrder, setOrderStatus } from '../../src/order/progress.ts';
import { createSharedEvents } from '../../src/order/snapshot-cache.ts';
import { createTakeOrders } from '../../src/order/take-orders.ts';
import { openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { freeJobs } from '../../src/platform/jobs/queue.ts';
import { startWorkerPool } from '../../src/platform/jobs/worker-pool.ts';
import { announce } from '../../src/platform/live/announcer.ts';
import type { EventStream } from '../../src/platform/live/event-streams.ts';
import { createTopics } from '../../src/platform/live/topics.ts';
import { lockStores } from '../../src/store/lock-stores.ts';
import type { Store } from '../../src/store/queries.ts';
import { createJoinLine } from '../../src/waitlist/join-line.ts';
import { createMemoryPlaces } from '../../src/waitlist/line/memory-places.ts';
import type { Waiting } from '../../src/waitlist/line/places.ts';
import { createMoveParty } from '../../src/waitlist/move-party.ts';
import type { Party } from '../../src/waitlist/parties.ts';
import type { Action } from '../../src/waitlist/rules.ts';
import { createSetAside } from '../../src/waitlist/set-aside.ts';
import { CATALOGUE, STORES } from './scene.ts';

export interface ProcessOptions {
  readonly name: string;
  readonly intake: 'grouped' | 'direct';
  readonly now: () => number;
}

/** The product's parts as one process has them, with nothing in common with another but the database and what it is told. */
export interface SimulatedProcess {
  readonly name: string;
  order(storeId: string, key: string, portions: Readonly<Record<string, number>>): Promise<Placed>;
  cancel(storeId: string, key: string): Promise<unknown>;
  /** A cook's tap; the order may be further already. */
  cook(storeId: string, key: string): Promise<void>;
  join(storeId: string, id: string, size: number): Promise<Party>;
  /** @param id unset: the first who waits */
  move(storeId: string, id: string | undefined, action: Action): Promise<Party>;
  setAside(): Promise<void>;
  places(storeId: string, parties: readonly Waiting[]): Promise<(number | undefined)[]>;
  /** A guest's open page. */
  follow(storeId: string, key: string, afterSeq: number, onEvent: (seq: number) => void): EventStream;
  freeJobs(): Promise<unknown>;
  hear(pack: string): void;
  gap(): void;
}

const JOB_BOUNDS = {
  silenceMs: 3_000,
  idleMs: 10_000,
  pollMs: 1_000,
  writeWithinMs: 5,
  crowdShare: 1 / 2,
  stopMs: 1_000,
  reconnectMs: [50, 1_000],
} as const;
/** Small, so that a handful of orders makes groups of both kinds. */
const FEW = { ownFrom: 3, groupsMax: 2 };
const SILENT = { info() {}, warn() {}, error() {}, debug() {} };
/** As much of a store as an order at the counter and a line at the door ask for. */
const storeOf = (id: string) => STORES.find((store) => store.id === id) as unknown as Store;
const unused = (): never => {
  throw new Error('Nothing of the kind is in the simulation.');
};

export function startProcess({ name, intake: kind, now }: ProcessOptions): SimulatedProcess {
  const url = `postgres://${name}@simulated/matjip`;
  const options = { url, connectionsMax: 3, acquireTimeoutMs: 3_000, statementTimeoutMs: 5_000 };
  const db = openDb(options);
  const workDb = openDb({ ...options, connectionsMax: 2, waitsForDisk: false });
  const announcer = { announce };
  const hub = createTopics();
  const bills = { read: unused, begin: unused, write: unused };
  const stores = {
    find: async (id: string) => storeOf(id),
    knownIdIn: () => undefined,
    peek: () => undefined,
    changed: () => {},
  };
  const tickets = {
    kind: 'kitchen',
    handle: async (tx: Queryable, orders: readonly OrderToCook[]) =>
      announce(tx, ticketMessages((await sendToKitchen(tx, orders)).orders)),
  };
  const orderJobs = createQueuedOrderJobs([tickets], (tx, order) => cancelTickets(tx, order, now()), 5);
  const takeOrders = createTakeOrders({
    db,
    lockStores,
    stores,
    orderJobs,
    pacing,
    bills,
    announcer,
    now,
    catalogues: { kept: () => CATALOGUE, load: async () => new Map() },
    tableKeys: { refusal: unused } as never,
  });
  const bounds = BOUNDS.intake[kind];
  const intake = createIntake(takeOrders, { ...bounds, ...(kind === 'grouped' && FEW) });
  const placeOrder = createPlaceOrder({
    db,
    intake,
    now,
    acknowledged: createIdempotencyCache(100),
    soldOut: { refuses: async () => undefined, refused() {}, hasCrowd: () => false },
    bounds: { retryAgeMs: 0, lookUpsMax: 50, waitingMax: 1_000, refusalWaitMs: 50, lookUpWithinMs: 60 },
  });
  const cancelOrder = createCancelOrder({ db, lockStores, orderJobs, announcer, isBegun: async () => false, now });
  const joinLine = createJoinLine({ db, announcer, now, bounds: { waitingMax: 50, groupMax: 5, joiningMax: 100 } });
  const moveParty = createMoveParty({ db, announcer, now });
  const places = createMemoryPlaces(db);
  const readEvents = createSharedEvents(db);
  hub.subscribe('waitlist', (message: LiveMessage) => message.kind === 'waitlist' && places.moved(message));
  startWorkerPool(
    url,
    {
      name: 'cooking',
      concurrency: 2,
      standstillMs: 10_000,
      open: () => ({ handlers: orderJobHandlers(workDb, [tickets]), close: async () => {} }),
    },
    JOB_BOUNDS,
    SILENT,
  );
  return {
    name,
    order(storeId, key, portions) {
      const lines = Object.entries(portions).map(([itemId, quantity]) => ({ itemId, quantity }));
      return placeOrder(toCandidate(storeId, key, { lines }), {});
    },
    cancel: (storeId, key) => cancelOrder(storeOf(storeId), key, 'staff'),
    cook: (storeId, key) =>
      db.transaction(async (tx) => {
        const order = await lockOrder(tx, { storeId, id: key });
        if (order?.status === 'placed') await setOrderStatus(tx, order, 'cooking', now(), announcer);
        else if (order?.status === 'cooking') await setOrderStatus(tx, order, 'ready', now(), announcer);
      }),
    join: async (storeId, id, size) => (await joinLine(storeOf(storeId), { id, size, name: null })).party,
    move: (storeId, id, action) => moveParty(storeOf(storeId), id, action),
    setAside: createSetAside(db, announcer, now),
    places: async (storeId, parties) => (await places.of(storeId, parties)).map((place) => place?.ahead),
    follow(storeId, key, afterSeq, onEvent) {
      const stream = openStream(onEvent);
      followOrder(readEvents, { ...hub, close: async () => {} }, stream, { storeId, id: key }, afterSeq);
      return stream;
    },
    freeJobs: () => freeJobs(workDb),
    hear: hub.hear,
    gap: hub.gap,
  };
}

function openStream(onEvent: (seq: number) => void): EventStream {
  const closing: (() => void)[] = [];
  let closed = false;
  return {
    send: (event, _, id) => void (event === 'status' && onEvent(id!)),
    flushed: async () => {},
    onClose: (listener) => void closing.push(listener),
    get closed() {
      return closed;
    },
    end() {
      closed = true;
      for (const close of closing) close();
    },
  };
}
