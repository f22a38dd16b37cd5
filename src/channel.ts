import { batchJobs } from './batch.ts';
import { billMessages, billsOf, createOrderCancelled } from './bill/index.ts';
import { BOUNDS, type Config } from './config.ts';
import {
  createInlineEffects,
  createQueuedEffects,
  effectHandlers,
  type OrderEffect,
  slipMessages,
  ticketMessages,
} from './effects.ts';
import { cancelSlips, cancelTickets, forgetOrder, makeSlips, makeTickets } from './kitchen/index.ts';
import type { Announcer, Effects } from './order/index.ts';
import type { Clock } from './platform/clock.ts';
import { type Db, type DbOptions, openDb } from './platform/db/pool.ts';
import { type BatchJob, createBatch } from './platform/jobs/batch.ts';
import { addJobs, type JobLog, type JobRunner, type WorkerPool } from './platform/jobs/jobs.ts';
import { startJobRunner } from './platform/jobs/runner.ts';
import { createCounting, createKeepUp, type RankingCounts } from './ranking/index.ts';
import { perOrderRollup, scheduledRollup } from './sales/index.ts';
import type { LockStores } from './store/index.ts';
import {
  createDeliver,
  createSendPlacedInline,
  deliveryHandlers,
  sendMoved,
  sendPlacedQueued,
} from './webhook/index.ts';

export interface ChannelDeps {
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
}

/** The one channel for work: what follows from an order, and what the clock starts. */
export interface Channel {
  readonly effects: Effects;
  /** Announces, and puts what webhooks want to hear on the channel. */
  readonly announcer: Announcer;
  /** All that the clock starts. */
  readonly scheduled: readonly BatchJob[];
  /** Works it off in this process. */
  start(databaseUrl: string): Promise<JobRunner>;
  close(): Promise<void>;
}

export function createChannel(deps: ChannelDeps): Channel {
  const { config, db, lockStores, announcer, now, log, wrongFigures = () => {} } = deps;
  const deliver = createDeliver(
    {
      timeoutMs: BOUNDS.webhooks.timeoutMs,
      connectionsMax: BOUNDS.webhooks.concurrency * BOUNDS.webhooks.perWebhookMax,
      allowPrivate: config.webhookAllowPrivate === 'on',
    },
    now,
  );
  const inline = config.effects === 'inline';
  const offBill = createOrderCancelled(announcer, now);
  const counting = createCounting(createKeepUp(db, deps.rankingCounts, now));
  const effects: OrderEffect[] = [
    {
      kind: 'kitchen-tickets',
      // The hall and the table's phones hear of their bill together with the kitchen, and not while the guest waits.
      handle: async (tx, orders) => {
        const [made, bills] = await Promise.all([makeTickets(tx, orders), billsOf(tx, orders)]);
        await announcer.announce(tx, [...ticketMessages(made), ...billMessages(bills)]);
      },
    },
    {
      kind: 'print-slips',
      handle: async (tx, orders) => announcer.announce(tx, slipMessages(await makeSlips(tx, orders))),
    },
    { kind: 'ranking-counts', handle: counting.placed },
    { kind: 'webhooks', handle: inline ? createSendPlacedInline(db, deliver) : sendPlacedQueued },
  ];
  const orderCancelled: Effects['orderCancelled'] = async (tx, order) => {
    const nowMs = now();
    await forgetOrder(tx, order);
    const [voided] = await Promise.all([
      cancelSlips(tx, order, nowMs),
      cancelTickets(tx, order, nowMs),
      counting.cancelled(tx, order),
      offBill(tx, order),
    ]);
    await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(voided)]);
  };

  const rollup = config.rollup === 'per-order' ? perOrderRollup : scheduledRollup;
  const follow = inline
    ? createInlineEffects(effects, orderCancelled)
    : createQueuedEffects(effects, orderCancelled, BOUNDS.jobs.crowdPerSecond);

  const batchOn = (booksDb: Db): BatchJob[] =>
    batchJobs({ db, booksDb, lockStores, announcer, counting, now, wrongFigures });
  const scheduled = batchOn(db);

  return {
    effects: {
      async orderPlaced(tx, orders) {
        await Promise.all([follow.orderPlaced(tx, orders), rollup.placed(tx, orders)]);
      },
      async orderCancelled(tx, order) {
        await Promise.all([follow.orderCancelled(tx, order), rollup.cancelled(tx, order)]);
      },
    },
    announcer: {
      async announce(tx, messages) {
        await Promise.all([announcer.announce(tx, messages), sendMoved(tx, messages)]);
      },
    },
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
                ...effectHandlers(working, effects),
                ...createBatch(booksDb, batchOn(booksDb), log).handlers,
              },
              close: async () => void (await Promise.all([working.close(), booksDb.close()])),
            };
          },
          scheduled,
          concurrency: jobs.concurrency,
          standstillMs: jobs.standstillMs,
        },
        // Other people's servers have workers of their own: the kitchen waits for none of them.
        {
          name: 'webhooks',
          open() {
            const working = open(webhooks.connectionsMax);
            return { handlers: deliveryHandlers(working, deliver, webhooks), close: () => working.close() };
          },
          concurrency: webhooks.concurrency,
          standstillMs: webhooks.standstillMs,
        },
      ];
      const runner = startJobRunner(databaseUrl, pools, log, jobs);
      // What fell due while nothing ran is done now rather than at the next full quarter.
      const atStart = scheduled.filter((job) => job.atStart).map(({ kind }) => ({ kind, payload: null, key: kind }));
      await addJobs(db, atStart).catch((error: Error) =>
        log.error({ message: 'What is done at the start could not be put on the channel.', reason: error.message }),
      );
      return runner;
    },
    close: () => deliver.close(),
  };
}
