import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { kneeOf as kneeByLooks, lookForKnee } from '../../rehearsal/crowd/find-knee.ts';
import type { LedgerVerdict } from '../../rehearsal/crowd/verify-ledger.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import type { BenchRow } from '../support/row.ts';
import type { OverloadOptions } from './options.ts';
import { generatorLimit, type OverloadResult, printHead, printLoad, rowsOf, type Step } from './rows.ts';
import { type MeasuredLoad, openStage, type Stage, type StageOptions } from './stage.ts';

/** As many as came with the measurement that this bench repeats; fewer hide what is looked for, because they wait by themselves. */
const PHONES = 12_000;
const MULTIPLES = [0.5, 1, 2, 5, 10];
const SECONDS = 20;
/** Offered once more when all is over. */
const AFTER = 0.5;
/** At the knee this share is useful. */
export const KNEE_USEFUL = 0.99;
const LOOK_S = 5;
const SEARCH = { from: 2_000, min: 100, max: 60_000, looks: { first: 14, further: 0 } };
/** A look is short: a queue that grows to half a second in it passes the second soon after. */
const LOOK_P99_MAX_MS = 500;
/** What a queue that grows slowly still hides shows in the whole time, for which the knee must hold; else it is lowered. */
const LOWER_BY = 0.9;
const CONFIRMATIONS_MAX = 4;
/** Between two loads, so that none has to do with the one before; it is also how long recovery may take. */
const REST_MS = 5_000;
const FIRST_ORDERS_PER_S = 1_000;

/** Useful answers against offered load, to ten times what the server bears, by people who give up when they are refused. */
export const benchOverload = (database: BenchDatabase, options: OverloadOptions): Promise<BenchRow[]> =>
  runOverload(database, options, { retry: 'never' });

/** The same by people who come back when they are told to. */
const MULTIPLES_RETRYING = [2, 5];
export const benchOverloadRetries = async (database: BenchDatabase, options: OverloadOptions): Promise<BenchRow[]> => {
  const rows: BenchRow[] = [];
  for (const retry of ['as told', 'at once'] as const) {
    rows.push(...(await runOverload(database, { multiples: MULTIPLES_RETRYING, ...options }, { retry })));
  }
  return rows;
};

export async function runOverload(
  database: BenchDatabase,
  options: OverloadOptions,
  stageOptions: Omit<StageOptions, 'phones'>,
): Promise<BenchRow[]> {
  const { multiples = MULTIPLES, seconds = SECONDS, phones = PHONES } = options;
  const startedAt = new Date().toISOString();
  const stage = await openStage(database, { phones, ...stageOptions });
  try {
    // Everybody has ordered once, so that there is an order of one's own to look at.
    await stage.offer(FIRST_ORDERS_PER_S, phones / FIRST_ORDERS_PER_S, { menu: 0, order: 1, status: 0 });
    printHead(phones, stageOptions.retry);
    const atKnee = await kneeOf(stage, options.knee, seconds);
    const steps: Step[] = [];
    const result = (orders: LedgerVerdict | null): OverloadResult => ({
      kind: 'matjip-overload',
      startedAt,
      processor: cpus()[0]?.model ?? 'unknown',
      phones,
      retry: stageOptions.retry,
      inFront: stageOptions.inFront ? 'nginx' : 'nothing',
      kneePerSecond: atKnee.offeredPerSecond,
      steps,
      orders,
    });
    const keep = (so: OverloadResult): OverloadResult => {
      if (options.out) writeFileSync(options.out, `${JSON.stringify(so, undefined, 1)}\n`);
      return so;
    };
    const measure = async (multiple: number, isAfter: boolean) => {
      const isKnee = multiple === 1 && !isAfter;
      if (!isKnee) await delay(REST_MS);
      const load = isKnee ? atKnee : await stage.offer(multiple * atKnee.offeredPerSecond, seconds);
      printLoad(isAfter ? `${multiple} × after` : `${multiple} ×`, load);
      steps.push({ multiple, isAfter, load });
      keep(result(null));
    };
    if (!multiples.includes(1)) await measure(1, false);
    for (const multiple of multiples) await measure(multiple, false);
    await measure(AFTER, true);
    return rowsOf(keep(result(await stage.verify())), atKnee);
  } finally {
    await stage.close();
  }
}

/** The load at the knee, for the whole time: the highest one of which 99 % are useful. */
async function kneeOf(stage: Stage, given: number | undefined, seconds: number): Promise<MeasuredLoad> {
  if (given !== undefined) return stage.offer(given, seconds);
  let rate = (await searchKnee(stage)) ?? SEARCH.min;
  for (let attempt = 1; ; attempt++) {
    await delay(REST_MS);
    const load = await stage.offer(rate, seconds);
    if (usefulShare(load) >= KNEE_USEFUL || attempt === CONFIRMATIONS_MAX) return load;
    printLoad('no knee', load);
    rate = Math.round(rate * LOWER_BY);
  }
}

async function searchKnee(stage: Stage): Promise<number | null> {
  const serviceLevel = { p99Ms: 1_000, errorRate: 1 - KNEE_USEFUL };
  const options = { ...SEARCH, serviceLevel };
  const looks = await lookForKnee(options, [], async (rate) => {
    const load = await stage.offer(rate, LOOK_S);
    printLoad('look', load);
    const share = usefulShare(load);
    const limit = generatorLimit(load);
    const verdict =
      share >= KNEE_USEFUL && (load.rightMs.p99 ?? 0) <= LOOK_P99_MAX_MS
        ? ({ kind: 'kept' } as const)
        : limit
          ? ({ kind: 'no verdict', why: limit } as const)
          : ({ kind: 'broken', why: `${(share * 100).toFixed(1)} % were useful, p99 ${load.rightMs.p99} ms` } as const);
    return { p99Ms: load.rightMs.p99 ?? Number.POSITIVE_INFINITY, errorRate: 1 - share, verdict };
  });
  return kneeByLooks(options, looks).ratePerSecond;
}

export const usefulShare = ({ total }: MeasuredLoad): number => total.useful / Math.max(1, total.planned);
