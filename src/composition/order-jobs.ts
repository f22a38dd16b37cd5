import type { LiveMessage, OrderRef } from '../contract/index.ts';
import type { AwaitPlaced, OrderJobs } from '../order/index.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import { isDatabaseGone } from '../platform/db/away.ts';
import type { Db, Queryable } from '../platform/db/pool.ts';
import { addJobs, type JobHandler } from '../platform/jobs/jobs.ts';
import { createRateByKey, type RateByKey } from '../platform/overload/rate-by-key.ts';

/** Something that happens because orders were placed. It may run twice, late and in any order. */
export interface OrderJob {
  /** Names the kind of job. */
  readonly kind: string;
  readonly handle: OrderEffect;
  /** Done by the same transaction while all goes well; when it fails, each by one of its own, so that none waits for another's fault. */
  readonly also?: readonly OrderEffect[];
}

/** What is done about orders, once for each however often it runs. */
export type OrderEffect = (tx: Queryable, orders: readonly OrderRef[]) => Promise<void>;

const effectsOf = ({ handle, also = [] }: OrderJob): readonly OrderEffect[] => [handle, ...also];

/** `EFFECTS=inline`: all of it inside the order's own transaction, while the guest waits. */
export function createInlineOrderJobs(
  orderJobs: readonly OrderJob[],
  cancelled: OrderJobs['orderCancelled'],
): OrderJobs {
  return {
    sendsAtOnce: false,
    async orderPlaced(tx, orders) {
      await Promise.all(orderJobs.flatMap(effectsOf).map((effect) => effect(tx, orders)));
    },
    // All of it was where the order is.
    orderReplayed: async () => {},
    orderCancelled: cancelled,
  };
}

/**
 * `EFFECTS=queued`: one job a group and kind, put into the job queue by the order's transaction. Orders of a store that has a crowd have jobs
 * of their own, which keep no other store's waiting.
 * @param crowdPerSecond orders of one store in this process from which it has a crowd
 */
export function createQueuedOrderJobs(
  orderJobs: readonly OrderJob[],
  cancelled: OrderJobs['orderCancelled'],
  crowdPerSecond: number,
  rates: RateByKey = createRateByKey(),
): OrderJobs {
  const enqueue: OrderJobs['orderPlaced'] = async (tx, orders) => {
    const crowds = new Set<string>();
    for (const [storeId, ofStore] of Map.groupBy(orders, (order) => order.storeId)) {
      if (rates.count(storeId, ofStore.length) >= crowdPerSecond) crowds.add(storeId);
    }
    const jobs = [...Map.groupBy(orders, ({ storeId }) => crowds.has(storeId))].flatMap(([ofCrowd, its]) => {
      const payload = its.map(({ storeId, id }) => [storeId, id]);
      return orderJobs.map(({ kind }) => ({ kind, payload, ofCrowd }));
    });
    await addJobs(tx, jobs);
  };
  return { sendsAtOnce: true, orderPlaced: enqueue, orderReplayed: enqueue, orderCancelled: cancelled };
}

/** See `restMinMs`, `restMaxMs` and `restTimes` of the batcher. */
export interface OrderBatchBounds {
  readonly gatherMinMs: number;
  readonly gatherMaxMs: number;
  readonly gatherTimes: number;
}

/** Of one transaction: enough that a crowd's many small groups share it, few enough that the kitchen sees them at once. */
const ORDERS_AT_ONCE = 250;

/**
 * How the queued jobs are run. While one transaction of a kind is under way, the jobs that come meanwhile
 * gather for the next. Jobs that fail together are worked through one by one, and a job that fails order by order, so
 * that one bad order keeps nobody else's from the kitchen, and only it is tried again.
 * Where stores are spread over machines each store's are a transaction of their own, which is then one machine's: what it announces is
 * there when it is heard of, and no machine is waited for with another one's rows locked.
 * @param bounds how long jobs gather after a transaction of their kind
 */
export function orderJobHandlers(
  db: Db,
  orderJobs: readonly OrderJob[],
  { gatherMinMs, gatherMaxMs, gatherTimes }: OrderBatchBounds = { gatherMinMs: 0, gatherMaxMs: 0, gatherTimes: 1 },
  awaitPlaced: AwaitPlaced = async () => {},
): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {};
  for (const orderJob of orderJobs) {
    const effects = effectsOf(orderJob);
    const handleTogether = (orders: readonly OrderRef[], some: readonly OrderEffect[]) =>
      db.transaction(async (tx) => {
        if (tx.isSharded) await awaitPlaced(tx, orders);
        await Promise.all(some.map((effect) => effect(tx, orders)));
      });
    const handle = async (orders: readonly OrderRef[], some = effects) => {
      if (!db.isSharded) return handleTogether(orders, some);
      // One after the other: a kind of job has one connection.
      for (const [, its] of Map.groupBy(orders, ({ storeId }) => storeId)) await handleTogether(its, some);
    };
    /** @throws the first that failed, when the others are done */
    const handleApart = async (order: OrderRef) => {
      const outcomes = await settleEach(effects, (effect) => handle([order], [effect]));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    };
    const handleOne = async (order: OrderRef) => {
      try {
        return await handle([order]);
      } catch (error) {
        if (effects.length === 1 || isDatabaseGone(error)) throw error;
        return handleApart(order);
      }
    };
    const handleJob = async (orders: readonly OrderRef[]): Promise<unknown> => {
      const [first] = orders;
      if (orders.length === 1) return handleOne(first!);
      try {
        return await handle(orders);
      } catch (error) {
        if (isDatabaseGone(error)) throw error;
        return settleEach(orders, handleOne);
      }
    };
    const share = createBatcher<readonly OrderRef[], unknown>(
      async (jobs) => {
        if (jobs.length === 1) return settleEach(jobs, handleJob);
        try {
          await handle(eachOnce(jobs.flat()));
          return jobs.map(() => ({ status: 'fulfilled', value: undefined }));
        } catch (error) {
          if (isDatabaseGone(error)) throw error;
          return settleEach(jobs, handleJob);
        }
      },
      {
        sizeMax: ORDERS_AT_ONCE,
        waitingMax: Number.POSITIVE_INFINITY,
        sizeOf: (orders) => orders.length,
        // A store's one order does not wait behind a crowd's thousands.
        smallFirst: true,
        restMaxMs: gatherMaxMs,
        restTimes: gatherTimes,
        restMinMs: gatherMinMs,
      },
    );
    handlers[orderJob.kind] = (payload) =>
      share((payload as [string, string][]).map(([storeId, id]) => ({ storeId, id })));
  }
  return handlers;
}

async function settleEach<T, R>(items: readonly T[], one: (item: T) => Promise<R>) {
  const outcomes: PromiseSettledResult<R>[] = [];
  for (const item of items) outcomes.push(...(await Promise.allSettled([one(item)])));
  return outcomes;
}

/** Two jobs of one order may meet in a batch: one was done by a worker that was believed dead. */
const eachOnce = (orders: readonly OrderRef[]): OrderRef[] => [
  ...new Map(orders.map((order) => [`${order.storeId} ${order.id}`, order])).values(),
];

/** What orders that got tickets are announced as: one message a store. */
export function ticketMessages(orders: readonly OrderRef[]): LiveMessage[] {
  const stores = Map.groupBy(orders, (order) => order.storeId);
  // A notification holds 7.9 kB, which is 190 ids; a message must fit into one.
  const ORDERS_MAX = 150;
  const messages: LiveMessage[] = [];
  for (const [storeId, refs] of stores) {
    for (let start = 0; start < refs.length; start += ORDERS_MAX) {
      messages.push({ kind: 'tickets', storeId, orderIds: refs.slice(start, start + ORDERS_MAX).map(({ id }) => id) });
    }
  }
  return messages;
}

/** What new slips are announced as: one message a store. */
export function slipMessages(places: readonly { storeId: string; station: string }[]): LiveMessage[] {
  const stores = Map.groupBy(places, (place) => place.storeId);
  return [...stores].map(([storeId, of]) => ({ kind: 'slips', storeId, stations: of.map(({ station }) => station) }));
}

/** What orders that got another table are announced as: to the kitchen, and to the phones of their guests. */
export function movedMessages(storeId: string, orderIds: readonly string[], table: string): LiveMessage[] {
  return ticketMessages(orderIds.map((id) => ({ storeId, id }))).flatMap((tickets) =>
    tickets.kind === 'tickets' ? [tickets, { kind: 'moved' as const, storeId, orderIds: tickets.orderIds, table }] : [],
  );
}
