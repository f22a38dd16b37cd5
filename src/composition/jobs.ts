import { billMessages, type createEnter, createOrderCancelled, tableOrders } from '../bill/index.ts';
import { BOUNDS, type Config } from '../config.ts';
import type { OrderRef } from '../contract/index.ts';
import { cancelSlips, cancelTickets, forgetOrder, isPrinted, sendToKitchen } from '../kitchen/index.ts';
import { copyPhotosHandlers, createFetchPhoto, createMakePhoto } from '../menu/index.ts';
import {
  type ChangeLineJobs,
  createAwaitPlaced,
  createCancelOrder,
  type OrderJobs,
  type TakeOffJobs,
} from '../order/index.ts';
import type { Payments, readSandboxKeys } from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import { createCoalesced } from '../platform/concurrency/coalesce.ts';
import { type Db, type DbOptions, openDb, type Queryable } from '../platform/db/pool.ts';
import { parseOutgoingUrl, publicLookup } from '../platform/http/addresses/outgoing-address.ts';
import { type BatchJob, createBatch } from '../platform/jobs/batch.ts';
import { addJobs, type JobHandler, type JobLog, type JobRunner, type WorkerPool } from '../platform/jobs/jobs.ts';
import { startJobRunner } from '../platform/jobs/runner.ts';
import type { Announcer } from '../platform/live/announcer.ts';
import { createRateByKey, type RateByKey } from '../platform/overload/rate-by-key.ts';
import type { Traces } from '../platform/telemetry/traces.ts';
import { createCatchUp, createCounting, type RankingCounts } from '../ranking/index.ts';
import { perOrderRollup, scheduledRollup } from '../sales/index.ts';
import type { LockStores } from '../store/index.ts';
import {
  createDeliver,
  createSendPlacedInline,
  deliveryHandlers,
  sendMoved,
  sendPlacedQueued,
} from '../webhook/index.ts';
import {
  createInlineOrderJobs,
  createQueuedOrderJobs,
  type OrderJob,
  orderJobHandlers,
  slipMessages,
  ticketMessages,
} from './order-jobs.ts';
import { createOrdersWithoutJobs } from './orders-without-jobs.ts';
import { createPaymentJobs } from './payments.ts';
import { batchJobs } from './scheduled-jobs.ts';
import { createTakeOffJobs } from './take-off.ts';
import { createReleaseUnseen } from './unseen-orders.ts';

export interface JobsDeps {
  readonly config: Config;
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  /** Where what sells is counted for those who read it. */
  readonly rankingCounts: RankingCounts;
  readonly now: Clock;
  readonly log: JobLog;
  /** Told of figures of the books that were not what the orders say. */
  readonly wrongFigures?: (count: number) => void;
  /** Where this process listens; undefined: nowhere (yet). */
  readonly ownUrl?: () => string | undefined;
  /** Follows orders into their jobs; unset: nobody does. */
  readonly traces?: Pick<Traces, 'followJobs'> | undefined;
  /** How long whoever takes money may take to answer; unset: as `BOUNDS` says. */
  readonly providerWithinMs?: number;
}

/** All jobs: what follows from an order, and what the clock starts. */
export interface Jobs {
  readonly orderJobs: OrderJobs;
  /** The kinds of jobs that make tickets; none, where the order's own transaction makes them. */
  readonly ticketKinds: readonly string[];
  /** Whether jobs of this store's orders would be a crowd's now, as far as this process knows. */
  hasCrowd(storeId: string): boolean;
  /** Announces, and puts what webhooks want to hear into the job queue. */
  readonly announcer: Announcer;
  /** What follows from portions that staff take off an order, or change. */
  readonly takeOff: TakeOffJobs & ChangeLineJobs;
  /** Changes a bill by one entry, with what follows from it. */
  readonly enter: ReturnType<typeof createEnter>;
  readonly payments: Payments;
  /** What follows from orders that wait for their money before anybody cooks them. */
  readonly holdOrders: (tx: Queryable, orders: readonly OrderRef[]) => Promise<void>;
  /** The provider to try the shop with; undefined: it is switched off. */
  readonly sandbox:
    | { readonly keys: () => ReturnType<typeof readSandboxKeys>; readonly noticesDue: () => void }
    | undefined;
  /** All that the clock starts. */
  readonly scheduled: readonly BatchJob[];
  /** Works it off in this process. */
  start(databaseUrl: string): Promise<JobRunner>;
  close(): Promise<void>;
}

/** The kind of job that makes tickets and slips. */
const KITCHEN = 'kitchen';
/** The same of the version before. */
const FORMER_KITCHEN = ['kitchen-tickets', 'print-slips'];

export function createJobs(deps: JobsDeps): Jobs {
  const { config, db, lockStores, announcer, now, log, wrongFigures = () => {} } = deps;
  const deliver = createDeliver(
    {
      timeoutMs: BOUNDS.webhooks.timeoutMs,
      connectionsMax: BOUNDS.webhooks.concurrency * BOUNDS.webhooks.perWebhookMax,
      allowPrivate: config.webhookAllowPrivate === 'on',
    },
    now,
  );
  const allowPrivate = config.webhookAllowPrivate === 'on';
  const fetchPhoto = createFetchPhoto(
    { ...BOUNDS.photos.copies, bytesMax: BOUNDS.photos.bytesMax },
    { parse: (text) => parseOutgoingUrl(text, allowPrivate), ...(!allowPrivate && { lookup: publicLookup }) },
  );
  const makePhoto = createMakePhoto(BOUNDS.photos);
  const inline = config.effects === 'inline';
  const offBill = createOrderCancelled(announcer, now);
  const counts = createCounting(createCatchUp(db, deps.rankingCounts, now));
  const sendPlaced = inline ? createSendPlacedInline(db, deliver) : sendPlacedQueued;
  const cooking: OrderJob = {
    kind: KITCHEN,
    // The hall and the table's phones hear of their bill together with the kitchen, and not while the guest waits.
    async handle(tx, orders) {
      const ofTables = await tableOrders(tx, orders);
      const rounds = new Map(ofTables.map(({ orderId, round }) => [orderId, round]));
      const made = await sendToKitchen(
        tx,
        orders.map((order) => ({ ...order, round: rounds.get(order.id) ?? 1 })),
      );
      await announcer.announce(tx, [
        ...ticketMessages(made.orders),
        ...billMessages(ofTables),
        ...slipMessages(made.slips),
      ]);
    },
  };
  const counting: OrderJob = { kind: 'ranking-and-webhooks', handle: counts.placed, also: [sendPlaced] };
  const allOrderJobs = [cooking, counting];
  const orderCancelled: OrderJobs['orderCancelled'] = async (tx, order) => {
    const nowMs = now();
    await forgetOrder(tx, order);
    const [voided] = await Promise.all([
      cancelSlips(tx, order, nowMs),
      cancelTickets(tx, order, nowMs),
      counts.cancelled(tx, order),
      offBill(tx, order).then(() => payments.orderCancelled(tx, order)),
    ]);
    await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(voided)]);
  };

  const rollup = config.rollup === 'per-order' ? perOrderRollup : scheduledRollup;
  const rates = createRateByKey();
  const following = (of: readonly OrderJob[], its?: RateByKey): OrderJobs =>
    inline
      ? createInlineOrderJobs(of, orderCancelled)
      : createQueuedOrderJobs(of, orderCancelled, BOUNDS.jobs.crowdPerSecond, its);
  const [follow, followHeld, followReleased] = [
    following(allOrderJobs, rates),
    following([counting]),
    following([cooking]),
  ];
  const orderJobs: OrderJobs = {
    sendsAtOnce: follow.sendsAtOnce && rollup.sendsAtOnce,
    async orderPlaced(tx, orders) {
      await Promise.all([follow.orderPlaced(tx, orders), rollup.placed(tx, orders)]);
    },
    orderReplayed: follow.orderReplayed,
    async orderCancelled(tx, order) {
      await Promise.all([follow.orderCancelled(tx, order), rollup.cancelled(tx, order)]);
    },
  };

  const tellAll: Announcer = {
    async announce(tx, messages) {
      await Promise.all([announcer.announce(tx, messages), sendMoved(tx, messages)]);
    },
  };

  const { payments, enter, provider, keys, sendNotices } = createPaymentJobs({
    config,
    db,
    lockStores,
    orderJobs,
    announcer: tellAll,
    now,
    released: followReleased.orderPlaced,
    ownUrl: () => deps.ownUrl?.(),
    providerWithinMs: deps.providerWithinMs ?? BOUNDS.payments.timeoutMs,
  });
  const releaseUnseen = createReleaseUnseen({
    db,
    payments,
    now,
    bounds: BOUNDS.unseenOrders,
    cancel: createCancelOrder({ db, lockStores, orderJobs, announcer: tellAll, isBegun: isPrinted, now }),
  });
  const noticing = sendNotices && createCoalesced(sendNotices);

  const batchOn = (booksDb: Db): BatchJob[] =>
    batchJobs({
      ...{
        db,
        booksDb,
        lockStores,
        announcer,
        counting: counts,
        now,
        wrongFigures,
        payments,
        releaseUnseen,
        sendNotices,
      },
      ordersWithoutJobs: createOrdersWithoutJobs({
        ...{
          db: booksDb,
          enqueue: orderJobs.orderReplayed,
          ticketsKind: KITCHEN,
          now,
          bounds: BOUNDS.ordersWithoutJobs,
        },
      }),
      hasProvider: provider !== undefined,
    });
  const scheduled = batchOn(db);

  return {
    orderJobs,
    ticketKinds: inline ? [] : [KITCHEN, ...FORMER_KITCHEN],
    hasCrowd: (storeId) => rates.read(storeId) >= BOUNDS.jobs.crowdPerSecond,
    takeOff: createTakeOffJobs({ announcer, counting: counts, payments, now }),
    enter,
    payments,
    async holdOrders(tx, orders) {
      await Promise.all([
        payments.hold(tx, orders, BOUNDS.payments.holdMs),
        followHeld.orderPlaced(tx, orders),
        rollup.placed(tx, orders),
      ]);
    },
    sandbox: noticing && { keys, noticesDue: noticing.ask },
    announcer: tellAll,
    scheduled,
    async start(databaseUrl) {
      // Connections of its own: a crowd of jobs takes none from the requests. What a crash of the database undoes of a job is
      // done again, because the end of the job is undone with it.
      const open = (connectionsMax: number, rest: Partial<DbOptions> = {}) =>
        openDb({
          url: databaseUrl,
          connectionsMax,
          acquireTimeoutMs: BOUNDS.dbAcquireTimeoutMs,
          statementTimeoutMs: BOUNDS.dbStatementTimeoutMs,
          idleInTransactionMs: BOUNDS.dbIdleInTransactionMs.others,
          applicationName: 'matjip-work',
          waitsForDisk: false,
          lockTimeoutMs: BOUNDS.jobs.lockTimeoutMs,
          onIdleError: (error) => log.warn({ message: 'An idle database connection was lost.', reason: error.message }),
          ...rest,
        });
      const { batch, jobs, webhooks } = BOUNDS;
      const pools: WorkerPool[] = [
        {
          name: 'orders',
          open() {
            const working = open(jobs.connectionsMax);
            const booksDb = open(batch.connectionsMax, batch);
            return {
              handlers: {
                ...followed(
                  formerKinds(orderJobHandlers(working, allOrderJobs, jobs, createAwaitPlaced(lockStores))),
                  deps.traces,
                ),
                ...createBatch(booksDb, batchOn(booksDb), log).handlers,
              },
              close: async () => void (await Promise.all([working.close(), booksDb.close()])),
            };
          },
          scheduled,
          concurrency: jobs.concurrency,
          standstillMs: jobs.standstillMs,
        },
        // Other people's servers, webhooks' and photos', have workers of their own: the kitchen waits for none of them.
        {
          name: 'webhooks',
          open() {
            const working = open(webhooks.connectionsMax);
            return {
              handlers: {
                ...deliveryHandlers(working, deliver, webhooks),
                ...copyPhotosHandlers({
                  db: working,
                  lockStores,
                  announcer,
                  fetchPhoto,
                  makePhoto,
                  bounds: { ...BOUNDS.photos, ...BOUNDS.photos.copies },
                }),
              },
              close: () => working.close(),
            };
          },
          concurrency: webhooks.concurrency,
          standstillMs: webhooks.standstillMs,
        },
      ];
      const runner = startJobRunner(databaseUrl, pools, log, jobs);
      // What fell due while nothing ran is done now rather than at the next full quarter.
      const atStart = scheduled.filter((job) => job.atStart).map(({ kind }) => ({ kind, payload: null, key: kind }));
      await addJobs(db, atStart).catch((error: Error) =>
        log.error({ message: 'What is done at the start could not be put into the job queue.', reason: error.message }),
      );
      return runner;
    },
    async close() {
      await Promise.all([payments.close(), noticing?.idle()]);
      await Promise.all([deliver.close(), fetchPhoto.close(), provider?.close()]);
    },
  };
}

type Handlers = Readonly<Record<string, JobHandler>>;

/**
 * What the version before put into the job queue is done by whoever does it now, which changes nothing where it was done: it had a kind
 * for each of the four. A name that it knows is given to nothing new, or one that still runs would do half of it.
 */
const formerKinds = (handlers: Handlers): Handlers => ({
  ...handlers,
  ...Object.fromEntries(FORMER_KITCHEN.map((kind) => [kind, handlers[KITCHEN]!])),
  'ranking-counts': handlers['ranking-and-webhooks']!,
  webhooks: handlers['ranking-and-webhooks']!,
});

const followed = (handlers: Handlers, traces: Pick<Traces, 'followJobs'> | undefined): Handlers =>
  traces
    ? Object.fromEntries(Object.entries(handlers).map(([kind, handler]) => [kind, traces.followJobs(kind, handler)]))
    : handlers;
