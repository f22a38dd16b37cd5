import { importMenu, type MenuFile } from '../menu/file/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { readSeedCatalogue, readStoreIds, type SeedCatalogue } from './catalogue.ts';
import { createBrand, createStore } from './create-store.ts';
import type { Venue } from './order-rows.ts';
import { createRandom, seededId } from './random.ts';

const PLACES = [
  { ko: '강남', en: 'Gangnam' },
  { ko: '홍대', en: 'Hongdae' },
  { ko: '성수', en: 'Seongsu' },
  { ko: '잠실', en: 'Jamsil' },
  { ko: '서면', en: 'Seomyeon' },
  { ko: '해운대', en: 'Haeundae' },
  { ko: '동성로', en: 'Dongseongno' },
  { ko: '구월동', en: 'Guwol' },
  { ko: '둔산', en: 'Dunsan' },
  { ko: '상무', en: 'Sangmu' },
  { ko: '판교', en: 'Pangyo' },
  { ko: '제주', en: 'Jeju' },
] as const;

const PREP_MINUTES = 15;

export interface VenuePlan {
  readonly seed: number;
  readonly menu: MenuFile;
  /** Today, as `YYYY-MM-DD`. */
  readonly today: string;
  /** How many orders each store will have had today. */
  readonly ordersToday: readonly number[];
  readonly nowMs: number;
}

export const brandSlug = (seed: number): string => `seed-${seed}`;

/**
 * Makes a brand with one store for each of `ordersToday`, each store whole or not at all. A store takes its numbers of
 * today before the orders are there, so that a guest who orders meanwhile gets the next one.
 */
export async function makeVenues(db: Db, plan: VenuePlan, onMade: () => void): Promise<Venue[]> {
  const { seed, menu, nowMs, today } = plan;
  const random = createRandom(seed, 0x1d5);
  const newId = () => seededId(random, nowMs);
  const brandId = await createBrand(db, {
    id: newId(),
    slug: brandSlug(seed),
    name: { ko: `씨앗식당 ${seed}`, en: `Seed Kitchen ${seed}` },
  });
  const venues: Venue[] = [];
  let catalogue: SeedCatalogue | undefined;
  for (const [index, lastNumber] of plan.ordersToday.entries()) {
    const id = newId();
    const place = PLACES[index % PLACES.length]!;
    const tables = 16 + random.below(25);
    await db.transaction(async (tx) => {
      await createStore(
        tx,
        brandId,
        {
          id,
          slug: `${brandSlug(seed)}-${String(index + 1).padStart(4, '0')}`,
          name: { ko: `씨앗식당 ${place.ko} ${index + 1}호점`, en: `Seed Kitchen ${place.en} No. ${index + 1}` },
          tables,
          prepMinutes: PREP_MINUTES,
          state: 'open',
          ...(lastNumber > 0 && { day: today, lastNumber }),
        },
        nowMs,
      );
      await importMenu(tx, id, menu, { nowMs, newId });
    });
    catalogue ??= await readSeedCatalogue(db, id);
    venues.push({ catalogue, ids: await readStoreIds(db, id), tables, prepMinutes: PREP_MINUTES });
    onMade();
  }
  return venues;
}
