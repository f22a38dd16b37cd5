import type { OrderRef } from '../contract/index.ts';
import { type OrderedWithin, readWithoutTickets } from '../kitchen/index.ts';
import type { OrderJobs } from '../order/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import type { BatchRange, RunReport } from '../platform/jobs/batch.ts';
import { lastDone } from '../platform/jobs/batch-runs.ts';
import { stillQueued } from '../platform/jobs/still-queued.ts';

export const WITHOUT_JOBS = 'orders-without-jobs';

export interface OrdersWithoutJobsDeps {
  readonly db: Db;
  /** Puts all jobs of orders into the job queue again; each comes to the same end if it was done already. */
  readonly enqueue: OrderJobs['orderReplayed'];
  /** The kind of job that makes tickets. */
  readonly ticketsKind: string;
  readonly now: Clock;
  readonly bounds: {
    /** An order that is younger may still be on its way to the kitchen. */
    readonly graceMs: number;
    /** Looked at once more before the last run. */
    readonly againMs: number;
    /** And no further back than this. */
    readonly backMaxMs: number;
    readonly pageMax: number;
    readonly pagesMax: number;
  };
}

/**
 * Gives orders their jobs again that have neither a ticket nor a job that would make one. There are such on a cluster alone: an order that lies on one machine
 * is committed there before the coordinator commits its jobs, and a coordinator may die in between (ADR 111). On one machine nothing is
 * asked. It may be killed anywhere and run beside itself: jobs of an order do nothing twice.
 */
export function createOrdersWithoutJobs({ db, enqueue, ticketsKind, now, bounds }: OrdersWithoutJobsDeps) {
  async function sweep(within: OrderedWithin): Promise<RunReport> {
    const found: OrderRef[] = [];
    let after: OrderRef | undefined;
    for (let page = 0; page === 0 || after; page += 1) {
      if (page === bounds.pagesMax)
        throw new Error(
          `More than ${bounds.pagesMax * bounds.pageMax} orders have no ticket yet: the jobs are late, and what is lost cannot be told from them.`,
        );
      const orders = await readWithoutTickets(db, within, bounds.pageMax, after);
      after = orders.length === bounds.pageMax ? orders.at(-1) : undefined;
      if (orders.length === 0) break;
      const ids = orders.map(({ id }) => id);
      const queued = await stillQueued(db, ticketsKind, ids);
      const lost = orders.filter(({ id }) => !queued.has(id));
      if (lost.length > 0) await db.transaction((tx) => enqueue(tx, lost));
      found.push(...lost);
    }
    return {
      did: `${found.length} orders`,
      alert: found.length > 0 ? `Orders came late to the kitchen: ${named(found)}` : undefined,
    };
  }

  const unlessOneMachine = async (within: () => Promise<OrderedWithin>): Promise<RunReport> =>
    db.isSharded ? sweep(await within()) : { did: 'all stores are on one machine' };

  return {
    /** Since the last run that came to a good end. */
    run: () =>
      unlessOneMachine(async () => {
        const nowMs = now();
        const last = (await lastDone(db, WITHOUT_JOBS))?.getTime() ?? 0;
        const fromMs = Math.max(Math.min(last, nowMs) - bounds.againMs, nowMs - bounds.backMaxMs);
        return { from: new Date(fromMs), placedBefore: new Date(nowMs - bounds.graceMs) };
      }),
    /** Of these days, by the time inside the orders' keys, UTC. */
    runAgain: ({ from, to }: BatchRange) =>
      unlessOneMachine(async () => ({
        from: new Date(`${from}T00:00:00Z`),
        until: new Date(`${to}T00:00:00Z`),
        placedBefore: new Date(now() - bounds.graceMs),
      })),
  };
}

/** A line of a log holds these. */
const NAMED_MAX = 10;

const named = (orders: readonly OrderRef[]): string =>
  orders
    .slice(0, NAMED_MAX)
    .map(({ storeId, id }) => `${id} of store ${storeId}`)
    .join(', ') + (orders.length > NAMED_MAX ? ` and ${orders.length - NAMED_MAX} more` : '');
