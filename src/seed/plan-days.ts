import { createRandom } from './random.ts';

/** One store's day in a plan. */
export interface StoreDay {
  /** The store's place in its list. */
  readonly store: number;
  /** Days before today; 0 is today. */
  readonly daysAgo: number;
  readonly orders: number;
}

export interface DayPlanOptions {
  readonly seed: number;
  readonly stores: number;
  readonly orders: number;
  /** Today's day of the week, 0 is Sunday. */
  readonly weekday: number;
  /** The share of today's orders that would have come by now. */
  readonly shareOfToday: number;
}

/** On average; with a busy store's busy Saturday at 1.75 times that, a day stays below 400 orders. */
const ORDERS_A_STORE_DAY = 220;
/** Two years of partitions. What does not fit makes the days fuller. */
const DAYS_MAX = 730;
/** Sunday first; they average one. */
const WEEKDAYS = [1.1, 0.8, 0.85, 0.9, 0.95, 1.15, 1.25];

/** How many days before today the orders reach back. */
export const daysBack = ({ stores, orders }: Pick<DayPlanOptions, 'stores' | 'orders'>): number =>
  Math.min(DAYS_MAX - 1, Math.ceil(orders / (stores * ORDERS_A_STORE_DAY)));

/**
 * Shares the orders out among stores and days, oldest day first, exactly as many as asked for. Busy stores stay busy,
 * weekends are fuller. Holds nothing in memory but one number a store.
 */
export function* planDays(options: DayPlanOptions): Generator<StoreDay> {
  let total = 0;
  for (const { weight } of weighDays(options)) total += weight;
  let passed = 0;
  let planned = 0;
  for (const { store, daysAgo, weight } of weighDays(options)) {
    passed += weight;
    // The rounded running total, so that fractions are carried over and none is lost.
    const until = total === 0 ? 0 : Math.round((passed / total) * options.orders);
    if (until > planned) yield { store, daysAgo, orders: until - planned };
    planned = until;
  }
}

function* weighDays({ seed, stores, orders, weekday, shareOfToday }: DayPlanOptions) {
  const stream = createRandom(seed, 0xda15);
  const popularity = Float64Array.from({ length: stores }, () => 0.7 + 0.6 * stream.unit());
  for (let daysAgo = daysBack({ stores, orders }); daysAgo >= 0; daysAgo -= 1) {
    const ofWeek = WEEKDAYS[(((weekday - daysAgo) % 7) + 7) % 7]!;
    for (let store = 0; store < stores; store += 1) {
      const chance = 0.92 + 0.16 * stream.unit();
      yield { store, daysAgo, weight: popularity[store]! * ofWeek * chance * (daysAgo === 0 ? shareOfToday : 1) };
    }
  }
}
