import { BOUNDS, type Config } from './config.ts';
import {
  createInlineEffects,
  createQueuedEffects,
  effectHandlers,
  type OrderEffect,
  slipMessages,
  ticketMessages,
} from './effects.ts';
import { cancelSlips, cancelTickets, createRecount, forgetOrder, makeSlips, makeTickets } from './kitchen/index.ts';
import { createReturnStock } from './menu/index.ts';
import { type Announcer, type Effects, makePartitions } from './order/index.ts';
import type { Clock } from './platform/clock.ts';
import { type Db, openDb } from './platform/db/pool.ts';
import type { JobHandler, JobLog, JobRunner, ScheduledJob, WorkerPool } from './platform/jobs/jobs.ts';
import { startJobRunner } from './platform/jobs/runner.ts';
import { createCounting, createKeepUp, type RankingCounts } from './ranking/index.ts';
import type { LockStores } from './store/index.ts';
import { createSetAside } from './waitlist/index.ts';
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
}

/** The one channel for work: what follows from an order, and what the clock starts. */
export interface Channel {
  readonly effects: Effects;
  /** Announces, and puts what webhooks want to hear on the channel. */
  readonly announcer: Announcer;
  /** Works it off in this process. */
  start(databaseUrl: string): Promise<JobRunner>;
  close(): Promise<void>;
}

export function createChannel(deps: ChannelDeps): Channel {
  const { config, db, lockStores, announcer, now, log } = deps;
  const deliver = createDeliver(
    {
      timeoutMs: BOUNDS.webhooks.timeoutMs,
      connectionsMax: BOUNDS.webhooks.concurrency * BOUNDS.webhooks.perWebhookMax,
      allowPrivate: config.webhookAllowPrivate === 'on',
    },
    now,
  );
  const inline = config.effects === 'inline';
  const counting = createCounting(createKeepUp(db, deps.rankingCounts, now));
  const effects: OrderEffect[] = [
    {
      kind: 'kitchen-tickets',
      handle: async (tx, orders) => announcer.announce(tx, ticketMessages(await makeTickets(tx, orders))),
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
    ]);
    await announcer.announce(tx, [...ticketMessages([order]), ...slipMessages(voided)]);
  };

  const returnStock = createReturnStock(db, lockStores, announcer, now);
  const recount = createRecount(db, lockStores);
  const setAside = createSetAside(db, announcer, now);
  const scheduled: ScheduledJob[] = [
    {
      kind: 'order-partitions',
      pattern: '17 * * * *',
      backfill: '1d',
      handle: () => makePartitions(db),
    },
    { kind: 'calls-over', pattern: '* * * * *', backfill: '5m', handle: setAside },
    // Every quarter of an hour somewhere begins a day: some countries are 45 minutes off.
    {
      kind: 'stock-return',
      pattern: '*/15 * * * *',
      backfill: '1h',
      handle: async () => {
        await returnStock();
      },
    },
    {
      kind: 'pacing-recount',
      pattern: '*/5 * * * *',
      backfill: '5m',
      handle: async () => {
        await recount();
      },
    },
    {
      kind: 'ranking',
      pattern: '* * * * *',
      backfill: '1m',
      handle: () => counting.everyMinute(db),
    },
  ];

  return {
    effects: inline ? createInlineEffects(effects, orderCancelled) : createQueuedEffects(effects, orderCancelled),
    announcer: {
      async announce(tx, messages) {
        await Promise.all([announcer.announce(tx, messages), sendMoved(tx, messages)]);
      },
    },
    async start(databaseUrl) {
      // Connections of its own: a crowd of jobs takes none from the requests. What a crash of the database undoes of a job is
      // done again, because the end of the job is undone with it.
      const openWith = (connectionsMax: number, handlers: (working: Db) => Record<string, JobHandler>) => () => {
        const working = openDb({
          url: databaseUrl,
          connectionsMax,
          acquireTimeoutMs: BOUNDS.dbAcquireTimeoutMs,
          statementTimeoutMs: BOUNDS.dbStatementTimeoutMs,
          idleInTransactionMs: BOUNDS.jobs.idleInTransactionMs,
          applicationName: 'matjip-work',
          waitsForDisk: false,
          lockTimeoutMs: BOUNDS.jobs.lockTimeoutMs,
          onIdleError: (error) => log.warn({ message: 'An idle database connection was lost.', reason: error.message }),
        });
        return { handlers: handlers(working), close: () => working.close() };
      };
      const { jobs, webhooks } = BOUNDS;
      const pools: WorkerPool[] = [
        {
          name: 'orders',
          open: openWith(jobs.connectionsMax, (working) => effectHandlers(working, effects)),
          scheduled,
          concurrency: jobs.concurrency,
          standstillMs: jobs.standstillMs,
        },
        // Other people's servers have workers of their own: the kitchen waits for none of them.
        {
          name: 'webhooks',
          open: openWith(webhooks.connectionsMax, (working) => deliveryHandlers(working, deliver, webhooks)),
          concurrency: webhooks.concurrency,
          standstillMs: webhooks.standstillMs,
        },
      ];
      const runner = startJobRunner(databaseUrl, pools, log, jobs);
      // What fell due while nothing ran is done now rather than at the next full quarter.
      for (const job of scheduled) {
        await job.handle().catch((error: Error) => log.error({ message: `${job.kind} failed`, reason: error.message }));
      }
      return runner;
    },
    close: () => deliver.close(),
  };
}
