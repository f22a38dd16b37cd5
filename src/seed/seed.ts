import type { Config } from '../config.ts';
import { withDatabase } from '../platform/db/commands/with-database.ts';
import type { Db } from '../platform/db/pool.ts';
import { rebuildDays } from '../sales/index.ts';
import { readCalendar } from './calendar.ts';
import { createDayShape } from './day-shape.ts';
import { importDemo, readDemoMenu } from './demo.ts';
import { ITEMS_MAX, inventMenu } from './invent-menu.ts';
import { brandSlug, makeVenues } from './make-venues.ts';
import { daysBack, planDays } from './plan-days.ts';
import { type ProgressLine, showProgress } from './progress.ts';
import { createRandom } from './random.ts';
import { seedOrders } from './seed-orders.ts';

export interface SeedOptions {
  readonly stores?: number | undefined;
  /** Dishes a store. */
  readonly items?: number | undefined;
  /** Over all stores. */
  readonly orders?: number | undefined;
  /** The same seed at the same moment makes the same data; without one the next free number is taken. */
  readonly seed?: number | undefined;
  readonly nowMs?: number | undefined;
  readonly log?: ((line: string) => void) | undefined;
  readonly progress?: typeof showProgress;
}

/** What may be asked for, and what is meant when only other sizes are given. */
export const SEED_SIZES = {
  stores: { min: 1, max: 10_000, usual: 1 },
  items: { min: 1, max: ITEMS_MAX, usual: 50 },
  /** Ten million take 19 GB and five minutes. */
  orders: { min: 0, max: 100_000_000, usual: 0 },
  seed: { min: 1, max: 1_000_000_000, usual: undefined },
} as const;

/** A size out of `SEED_SIZES`: wrong use, not a failure. */
export class SeedSizeError extends Error {
  override readonly name = 'SeedSizeError';
}

/**
 * `matjip seed`: without sizes the demo franchise, with any of them a brand of that size.
 * @throws SeedSizeError before anything is touched; Error when this seed was used here before
 */
export async function seedCommand(
  config: Pick<Config, 'databaseUrl' | 'home'>,
  options: SeedOptions = {},
): Promise<void> {
  const { log = console.log } = options;
  checkSizes(options);
  const { stores, items, orders } = options;
  await withDatabase(config, async (db, url) => {
    if (stores !== undefined || items !== undefined || orders !== undefined) return seed(db, url, options);
    const made = await importDemo(db, options.nowMs === undefined ? {} : { nowMs: options.nowMs });
    log(made.length > 0 ? `Made the demo stores ${made.join(', ')}.` : 'Nothing to do: there are stores already.');
  });
}

function checkSizes(options: SeedOptions): void {
  for (const [name, { min, max }] of Object.entries(SEED_SIZES)) {
    const value = options[name as keyof typeof SEED_SIZES];
    if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
      throw new SeedSizeError(`--${name}: a whole number from ${min} to ${max} is needed.`);
    }
  }
}

/** Makes a brand `seed-…` with its stores, menus and past orders. */
async function seed(db: Db, url: string, options: SeedOptions): Promise<void> {
  const { nowMs = Date.now(), log = console.log, progress = showProgress } = options;
  const {
    stores = SEED_SIZES.stores.usual,
    items = SEED_SIZES.items.usual,
    orders = SEED_SIZES.orders.usual,
  } = options;
  const number = await freeSeed(db, options.seed);
  const startedMs = Date.now();

  const shape = createDayShape();
  const calendar = await readCalendar(db, nowMs, daysBack({ stores, orders }));
  const today = calendar[0]!;
  const planned = {
    seed: number,
    stores,
    orders,
    weekday: new Date(today.date).getUTCDay(),
    shareOfToday: shape.before((nowMs - today.midnightMs) / 60_000),
  };
  const ordersToday = new Array<number>(stores).fill(0);
  for (const cell of planDays(planned)) {
    if (cell.daysAgo === 0) ordersToday[cell.store] = cell.orders;
  }

  const menu = inventMenu((await readDemoMenu()).rows, items, createRandom(number, 0x3e2));
  const venues = await watched(progress(stores, 'stores'), (add) =>
    makeVenues(db, { seed: number, menu, today: today.date, ordersToday, nowMs }, () => add(1)),
  );
  if (orders > 0) {
    const [from, to] = [calendar.at(-1)!.midnightMs, nowMs].map((ms) => new Date(ms).toISOString());
    // A day's books are made where all that may belong to it is here: an id may be a day off its order.
    await db.query('SELECT ensure_order_partitions($1::date - 3, $2::date)', [from, to]);
    await watched(progress(orders, 'orders'), (onLoaded) =>
      seedOrders({ url, seed: number, nowMs, shape, venues, calendar, plan: planDays(planned), onLoaded }),
    );
  }
  // Fresh tables have no statistics, and the first guests should not pay for that.
  await db.query('ANALYZE');
  if (orders > 0) {
    const range = { from: calendar.at(-1)!.date, to: dayAfter(today.date) };
    const storeIds = venues.map(({ ids }) => ids.text);
    await watched(progress(calendar.length * stores, 'days of books'), (add) =>
      rebuildDays(db, range, { storeIds, onDay: () => add(1) }),
    );
  }
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  log(
    `Made ${brandSlug(number)}: ${stores} stores of ${items} dishes and ${orders} orders over ${calendar.length} days, in ${seconds} s.`,
  );
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 24 * 3_600_000).toISOString().slice(0, 10);

async function watched<T>(line: ProgressLine, work: (add: (count: number) => void) => Promise<T>): Promise<T> {
  try {
    return await work(line.add);
  } finally {
    line.stop();
  }
}

async function freeSeed(db: Db, wanted: number | undefined): Promise<number> {
  const { rows } = await db.query<{ seed: number }>(
    `SELECT substr(slug, 6)::bigint AS seed FROM brand WHERE slug ~ '^seed-[0-9]{1,10}$' ORDER BY seed`,
  );
  const used = rows.map((row) => row.seed);
  if (wanted === undefined) return (used.at(-1) ?? 0) + 1;
  if (used.includes(wanted)) throw new Error(`Seed ${wanted} was used in this database before: choose another --seed.`);
  return wanted;
}
