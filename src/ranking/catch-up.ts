import type { Clock } from '../platform/clock.ts';
import { createSingleFlight } from '../platform/concurrency/single-flight.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { CountChange, Place, RankingCounts } from './ports.ts';
import { listPlaces, readCounts, readHeads } from './read-counts.ts';
import { hourOf, KEPT_HOURS } from './windows.ts';

/** Somebody else may know later changes than we read, or the place may be flushed meanwhile; so often in a row is a fault. */
const TRIES_MAX = 5;

export interface CatchUp {
  /** Tells the counts of changes that were committed, and catches up what lacks an earlier one. Never throws: it may be lost. */
  committed(changes: readonly CountChange[]): Promise<void>;
  /** Reads what a place lacks from Postgres. @throws the database's error or that of Redis */
  catchUp(place: Place): Promise<void>;
  /** Catches up those of these places that are kept and lack something. @throws as `catchUp` */
  check(places: readonly Place[]): Promise<void>;
  /** The same for every place that has counts. */
  checkAll(): Promise<void>;
}

/** Keeps counts equal to Postgres, whatever was lost on the way. */
export function createCatchUp(db: Queryable, counts: RankingCounts, now: Clock): CatchUp {
  async function catchUpOnce(place: Place): Promise<boolean> {
    const hour = hourOf(now());
    const after = await counts.begin(place, hour);
    for await (const part of readCounts(db, place, after, hour - KEPT_HOURS + 1)) {
      if (!(await counts.set(part))) return false;
    }
    return true;
  }

  const catchUp = createSingleFlight(async (place) => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) if (await catchUpOnce(place as Place)) return;
    throw new Error(`The ranking of ${place} changes faster than it can be read.`);
  });

  async function check(places: readonly Place[]): Promise<void> {
    const known = await counts.upTo(places);
    const kept = places.filter((_, index) => known[index] !== undefined);
    if (kept.length === 0) return;
    const seqs = new Map(places.map((place, index) => [place, known[index]]));
    const heads = await readHeads(db, kept);
    for (const [index, place] of kept.entries()) if (seqs.get(place)! < heads[index]!) await catchUp(place);
  }

  return {
    async committed(changes) {
      try {
        for (const place of await counts.add(changes)) await catchUp(place);
      } catch {
        // Redis or Postgres is away: the next change, the next check or the next reader finds what is missing.
      }
    },
    catchUp,
    check,
    async checkAll() {
      await check(await listPlaces(db));
    },
  };
}
