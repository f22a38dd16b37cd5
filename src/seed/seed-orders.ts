import type { Day } from './calendar.ts';
import type { DayShape } from './day-shape.ts';
import { createDayInventor } from './invent-day.ts';
import { openOrderLoader } from './load-orders.ts';
import { createOrderRows, type Venue } from './order-rows.ts';
import type { StoreDay } from './plan-days.ts';
import { createRandom } from './random.ts';

/** About 1 MB of rows: small enough to keep every connection fed, large enough that commits do not count. */
const BATCH_ORDERS = 2_000;
/**
 * Postgres does most of the work, and one connection works on one core only: two load 1.7 times as fast as one on two
 * cores; a third was worth nothing there.
 */
const CONNECTIONS = 2;

export interface SeedOrdersOptions {
  readonly url: string;
  readonly seed: number;
  readonly nowMs: number;
  readonly shape: DayShape;
  readonly venues: readonly Venue[];
  /** A day's place is how long ago it is. */
  readonly calendar: readonly Day[];
  readonly plan: Iterable<StoreDay>;
  /** Told how many orders a committed batch had. */
  readonly onLoaded: (orders: number) => void;
}

/** Makes and loads what is planned, day by day, in memory that does not grow with the number of orders. */
export async function seedOrders(options: SeedOrdersOptions): Promise<void> {
  const { url, seed, venues, calendar, onLoaded } = options;
  const inventDay = createDayInventor(options.shape, popularityOf(seed, venues), options.nowMs);
  const loader = await openOrderLoader(url, CONNECTIONS, onLoaded);
  let rows = createOrderRows();
  let batch = 0;
  try {
    for (const { store, daysAgo, orders } of options.plan) {
      const random = createRandom(seed, store, daysAgo);
      for (const _ of inventDay(() => rows, venues[store]!, calendar[daysAgo]!, orders, random)) {
        batch += 1;
        if (batch < BATCH_ORDERS) continue;
        rows = await loader.send(rows, batch);
        batch = 0;
      }
    }
    if (batch > 0) await loader.send(rows, batch);
  } catch (error) {
    await loader.abort();
    throw error;
  }
  await loader.finish();
}

/** The dishes' places in the catalogue in a random order: what is listed first need not sell most. */
function popularityOf(seed: number, [venue]: readonly Venue[]): number[] {
  const random = createRandom(seed, 0x21bf);
  const places = Array.from(venue!.catalogue.items.keys());
  for (let last = places.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [places[last], places[other]] = [places[other]!, places[last]!];
  }
  return places;
}
