import { listMonths, type MonthHere } from '../archive/index.ts';
import { auditBills, type BillDifference, createEndVisits } from '../bill/index.ts';
import { BOUNDS } from '../config.ts';
import { createRecount } from '../kitchen/index.ts';
import { createReturnStock, createTurnMenus, sweepPhotos } from '../menu/index.ts';
import { makePartitions } from '../order/index.ts';
import { type Payments, sayDifference } from '../payment/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/pool.ts';
import type { BatchJob, RunReport } from '../platform/jobs/batch.ts';
import type { Announcer } from '../platform/live/announcer.ts';
import { type Counting, forgetHours } from '../ranking/index.ts';
import { type Audited, auditDays, closeDays, postDue, rebuildDays } from '../sales/index.ts';
import { forgetSessions } from '../staff/index.ts';
import type { LockStores } from '../store/index.ts';
import { createForgetNames, createSetAside } from '../waitlist/index.ts';
import { dropLeftDeliveries } from '../webhook/index.ts';
import type { createOrdersWithoutJobs, WITHOUT_JOBS } from './orders-without-jobs.ts';

export interface BatchDeps {
  /** For what takes the locks of stores, whose orders wait meanwhile. */
  readonly db: Db;
  /** For the books, which no order waits for: closing a day takes longer than a request may. */
  readonly booksDb: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  readonly counting: Counting;
  readonly now: Clock;
  /** Told of figures of the books that were not what the orders say. */
  readonly wrongFigures: (count: number) => void;
  readonly payments: Payments;
  readonly releaseUnseen: () => Promise<number>;
  readonly ordersWithoutJobs: ReturnType<typeof createOrdersWithoutJobs>;
  /** False: nobody takes payments by phone, and there are no books to compare with. */
  readonly hasProvider: boolean;
  /** Of the sandbox, where it is the provider. */
  readonly sendNotices: (() => Promise<number>) | undefined;
}

/** All that the clock starts. Each of them looks for what is to be done rather than for what time it is, so a run that was missed is caught up by the next. */
export function batchJobs(deps: BatchDeps): BatchJob[] {
  const { db, booksDb, lockStores, announcer, counting, now, wrongFigures, payments } = deps;
  const returnStock = createReturnStock(db, lockStores, announcer, now);
  const turnMenus = createTurnMenus(db, lockStores, announcer, now);
  const recount = createRecount(db, lockStores);
  const endVisits = createEndVisits(db, lockStores, announcer, now);
  const setAside = createSetAside(db, announcer, now);
  const forgetNames = createForgetNames(db, now);
  const post = async () => `${await postDue(booksDb, BOUNDS.batch.postingsMax)} postings`;
  const report = ({ days, differences }: Audited) => {
    wrongFigures(differences.length);
    return { did: `${days} days of stores, ${differences.length} differences`, alert: alertOf(differences) };
  };
  const reconcile = async (from: Date, to: Date): Promise<RunReport> => {
    if (!deps.hasProvider) return { did: 'no provider' };
    const { compared, differences, strangers } = await payments.reconcile(from, to);
    const lines = [
      ...differences.map(sayDifference),
      ...strangers.map((key) => `payment ${key}: the provider took money for no store of ours`),
    ];
    return {
      did: `${compared} payments, ${lines.length} differences`,
      alert: lines.length === 0 ? undefined : lines.slice(0, DIFFERENCES_SHOWN_MAX).join('\n'),
    };
  };
  return [
    {
      kind: 'sales-rollup',
      pattern: '* * * * *',
      backfill: '1d',
      about: 'posts to the books what was sold and cancelled since; with days: makes their books anew',
      run: async () => ({ did: await post() }),
      runAgain: async (range) => {
        const posted = await post();
        return { did: `${posted}, ${await rebuildDays(booksDb, range)} days of stores made anew` };
      },
    },
    {
      // After the quarter in which somewhere a day has begun.
      kind: 'sales-close',
      pattern: '5,20,35,50 * * * *',
      backfill: '1d',
      about: 'closes the days that are over: compares each figure with the orders and stamps the day',
      run: async () => {
        await post();
        return report(await closeDays(booksDb, now, BOUNDS.batch.runMs));
      },
    },
    {
      kind: 'sales-audit',
      pattern: '40 * * * *',
      backfill: '1d',
      about: 'compares the books with the orders, today and yesterday first, then what was not looked at for longest',
      run: async () => report(await auditDays(booksDb, now, BOUNDS.batch.runMs)),
    },
    {
      // After the quarter in which somewhere a day has begun.
      kind: 'bill-visits',
      pattern: '1,16,31,46 * * * *',
      backfill: '1d',
      about: 'ends the visits that a business day left open; what is due stays on the list',
      run: async () => ({ did: `${await endVisits()} visits` }),
    },
    {
      kind: 'bill-audit',
      pattern: '25 * * * *',
      backfill: '1d',
      about: 'compares bills of the last two days with their orders and entries',
      run: async () => {
        const found = await auditBills(booksDb, new Date(now() - AUDITED_BILLS_MS));
        return { did: `${found.length} differences`, alert: billAlert(found) };
      },
    },
    {
      kind: 'payments',
      pattern: '* * * * *',
      backfill: '5m',
      about: 'asks about payments by phone that nobody heard of, sends refunds, cancels what nobody paid in time',
      atStart: true,
      run: async () => {
        await deps.sendNotices?.();
        const { asked, unpaid, refunds, failed } = await payments.sweep();
        const did = `${asked} asked about, ${refunds} refunds, ${unpaid} orders cancelled`;
        return { did: failed ? `${did}; the provider did not always answer` : did };
      },
    },
    {
      kind: 'unseen-orders',
      pattern: '* * * * *',
      backfill: '5m',
      about:
        'gives back limited dishes of tables that nobody of the shop has had to do with, long after they were promised',
      run: async () => ({ did: `${await deps.releaseUnseen()} orders cancelled` }),
    },
    {
      kind: 'orders-without-jobs' satisfies typeof WITHOUT_JOBS,
      pattern: '* * * * *',
      backfill: '5m',
      about:
        'on a cluster: gives orders their jobs again that its coordinator lost by dying in the middle of a commit; with days: looks at those',
      atStart: true,
      run: deps.ordersWithoutJobs.run,
      runAgain: deps.ordersWithoutJobs.runAgain,
    },
    {
      // When every store's day is over or young, and before anybody counts the till.
      kind: 'payment-reconcile',
      pattern: '30 20 * * *',
      backfill: '1d',
      about: "compares payments by phone with the provider's books; with days: those days",
      run: async () => reconcile(new Date(now() - RECONCILED_MS), new Date(now())),
      runAgain: async ({ from, to }) => reconcile(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)),
    },
    {
      // Every quarter of an hour somewhere begins a day: some countries are 45 minutes off.
      kind: 'stock-return',
      pattern: '*/15 * * * *',
      backfill: '1h',
      about: 'gives dishes with a daily limit their portions where a day begins',
      atStart: true,
      run: async () => ({ did: `${await returnStock()} stores` }),
    },
    {
      kind: 'menu-turns',
      pattern: '* * * * *',
      backfill: '5m',
      about: 'shows what is served from now on where a dish’s hours begin or end, in menus that nobody reads just now',
      atStart: true,
      run: async () => ({ did: `${await turnMenus()} menus` }),
    },
    {
      kind: 'calls-over',
      pattern: '* * * * *',
      backfill: '5m',
      about: 'sets aside who was called from the waiting line and did not come',
      atStart: true,
      run: async () => {
        await setAside();
        return { did: 'looked through' };
      },
    },
    {
      kind: 'line-names',
      pattern: '10 * * * *',
      backfill: '1d',
      about: 'forgets names in the waiting line whose day is over',
      run: async () => ({ did: `${await forgetNames()} names` }),
    },
    {
      kind: 'pacing-recount',
      pattern: '*/5 * * * *',
      backfill: '5m',
      about: 'counts anew what kitchens have to do',
      atStart: true,
      run: async () => ({ did: `${await recount()} stores` }),
    },
    {
      kind: 'ranking',
      pattern: '* * * * *',
      backfill: '1m',
      about: 'gives brands and everybody what stores counted, and makes good what was lost on the way',
      atStart: true,
      run: async () => {
        await counting.everyMinute(db);
        return { did: 'kept up' };
      },
    },
    {
      kind: 'ranking-hours',
      pattern: '50 * * * *',
      backfill: '1d',
      about: 'forgets counts that no ranking reads any more',
      run: async () => ({ did: `${await forgetHours(db)} counts` }),
    },
    {
      kind: 'webhook-leftovers',
      pattern: '55 * * * *',
      backfill: '1d',
      about: 'throws away what paused webhooks were not told for a week',
      run: async () => ({ did: `${await dropLeftDeliveries(db)} deliveries` }),
    },
    {
      kind: 'staff-sessions',
      pattern: '45 * * * *',
      backfill: '1d',
      about: 'throws away sessions and invitations of the staff whose time is over',
      run: async () => {
        const { sessions, invitations } = await forgetSessions(db);
        return { did: `${sessions} sessions, ${invitations} invitations` };
      },
    },
    {
      kind: 'photo-sweep',
      pattern: '40 * * * *',
      backfill: '1d',
      about: 'throws away photos of dishes that no menu has shown for a month',
      run: async () => ({ did: `${await sweepPhotos(booksDb)} photos` }),
    },
    {
      kind: 'order-partitions',
      pattern: '17 * * * *',
      backfill: '1d',
      about: "makes the next months' partitions, at the stores' night, and says which months can be archived",
      atStart: true,
      run: async () => {
        await makePartitions(db);
        return monthsReport(await listMonths(db), now());
      },
    },
  ];
}

/** Yesterday and today, so that what was under way yesterday is looked at when it is over. */
const RECONCILED_MS = 2 * 24 * 3_600_000;
const AUDITED_BILLS_MS = 2 * 24 * 3_600_000;

const billAlert = (found: readonly BillDifference[]): string | undefined =>
  found.length === 0
    ? undefined
    : `${found.length} sums of bills are not what their orders and entries say; nothing was changed.\n${found
        .slice(0, DIFFERENCES_SHOWN_MAX)
        .map(
          (each) => `store ${each.storeId}, bill ${each.billId}, ${each.what}: ${each.stored}; counted ${each.counted}`,
        )
        .join('\n')}`;

/** Longer than an archive takes: then somebody's was killed. */
const ARCHIVING_MS = 3_600_000;

function monthsReport(months: readonly MonthHere[], nowMs: number): RunReport {
  const finished = months.filter(({ archive, isFinished }) => archive === null && isFinished).length;
  const old = Math.max(0, finished - BOUNDS.archive.monthsKept);
  const half = months.filter(
    ({ archive, tables }) => archive && tables.length > 0 && nowMs - archive.begunAt.getTime() > ARCHIVING_MS,
  );
  return {
    did: `they are there${old > 0 ? `; ${old} months can be archived: 'matjip archive write'` : ''}`,
    alert:
      half.length > 0
        ? `Half archived: ${half.map(({ month }) => month).join(', ')}; run 'matjip archive write' again.`
        : undefined,
  };
}

/** More are counted: the first few name what is wrong. */
const DIFFERENCES_SHOWN_MAX = 10;

function alertOf(differences: Audited['differences']): string | undefined {
  if (differences.length === 0) return undefined;
  const shown = differences
    .slice(0, DIFFERENCES_SHOWN_MAX)
    .map(
      ({ storeId, day, what, books, orders }) => `store ${storeId}, ${day}, ${what}: books ${books}; orders ${orders}`,
    );
  return `${differences.length} figures of the books were not what the orders say, and were set right.\n${shown.join('\n')}`;
}
