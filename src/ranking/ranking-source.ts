import { LRUCache } from 'lru-cache';
import { RANKING_WINDOWS, type RankingView, type RankingWindow } from '../contract/index.ts';
import type { CacheSource } from '../platform/cache/cache.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { ReadyBody } from '../platform/http/answer/ready-body.ts';
import { createCatchUp } from './catch-up.ts';
import { createDishNames, type DishNames } from './dish-names.ts';
import type { Place, RankingCounts } from './ports.ts';
import { hourOf } from './windows.ts';

const TYPE = 'application/json; charset=utf-8';

/** What a ranking is cached under. */
export const rankingKey = (place: Place, window: RankingWindow, limit: number): string => `${place}?${window}&${limit}`;

function readKey(key: string): { place: Place; window: RankingWindow; limit: number } {
  const [place, asked = ''] = key.split('?');
  const [window, limit] = asked.split('&');
  return { place: place as Place, window: RANKING_WINDOWS.find((each) => each === window)!, limit: Number(limit) };
}

export interface RankingSourceDeps {
  readonly db: Queryable;
  /** Counts that all processes share and that those who count keep up; undefined: there is no Redis. */
  readonly shared: RankingCounts | undefined;
  /** This process's own: what is read while there are no shared ones. */
  readonly own: RankingCounts;
  /** How often this process asks Postgres whether its own counts are right, for all places that are read by one statement. */
  readonly checkEveryMs: number;
  readonly now: Clock;
}

/**
 * Rankings for a cache. Their version comes from the counts, so reading costs Postgres nothing where Redis is, and one
 * look at the numbers of the last changes every `checkEveryMs` where it is not. What is not kept, or was flushed, is read from Postgres by
 * whoever asks first.
 */
export function createRankingSource({ db, shared, own, checkEveryMs, now }: RankingSourceDeps): CacheSource<ReadyBody> {
  const names = createDishNames(db);
  const sources = {
    shared: shared && { counts: shared, catchUp: createCatchUp(db, shared, now) },
    own: { counts: own, catchUp: createCatchUp(db, own, now) },
  };
  type Source = (typeof sources)['own'];
  const checkedAtMs = new LRUCache<Place, number>({ max: PLACES_CHECKED_MAX });

  async function checkOwn(places: readonly Place[]): Promise<void> {
    const nowMs = performance.now();
    const due = places.filter((place) => nowMs - (checkedAtMs.get(place) ?? Number.NEGATIVE_INFINITY) >= checkEveryMs);
    if (due.length === 0) return;
    for (const place of due) checkedAtMs.set(place, nowMs);
    try {
      await sources.own.catchUp.check(due);
    } catch (error) {
      for (const place of due) checkedAtMs.delete(place);
      throw error;
    }
  }

  async function versionsOf({ counts, catchUp }: Source, places: readonly Place[], prefix: string) {
    const hour = hourOf(now());
    const versions = new Map((await counts.versions(places, hour)).map((version, at) => [places[at]!, version]));
    const missing = places.filter((place) => versions.get(place) === undefined);
    if (missing.length > 0) {
      await Promise.all(missing.map((place) => catchUp.catchUp(place)));
      for (const [at, version] of (await counts.versions(missing, hour)).entries()) versions.set(missing[at]!, version);
    }
    return (place: Place): string => `${prefix}${versions.get(place)}`;
  }

  async function versionOfPlaces(places: readonly Place[]): Promise<(place: Place) => string> {
    if (sources.shared) {
      try {
        return await versionsOf(sources.shared, places, SHARED);
      } catch {
        // Redis is away, or the database is: then so it will turn out in a moment.
      }
    }
    await checkOwn(places);
    return versionsOf(sources.own, places, OWN);
  }

  return {
    async versions(keys) {
      const versionOf = await versionOfPlaces([...new Set(keys.map((key) => readKey(key).place))]);
      return new Map(keys.map((key) => [key, versionOf(readKey(key).place)]));
    },
    async load(key, version) {
      const { place, window, limit } = readKey(key);
      const known = version ?? (await versionOfPlaces([place]))(place);
      const { counts } = known.startsWith(SHARED) ? sources.shared! : sources.own;
      const view = await toView(names, counts, place, window, limit);
      return { version: known, value: new ReadyBody(TYPE, Buffer.from(JSON.stringify(view))) };
    },
  };
}

/** Marks a version by whose counts it is of. */
const SHARED = 's';
const OWN = 'o';
/** Places of which the moment of the last check is kept; one that is forgotten is checked once more. */
const PLACES_CHECKED_MAX = 10_000;

async function toView(
  names: DishNames,
  counts: RankingCounts,
  place: Place,
  window: RankingWindow,
  limit: number,
): Promise<RankingView> {
  const top = await counts.top(place, window, limit);
  if (!top) throw new Error(`The ranking of ${place} went away while it was read.`);
  const called = await names(
    place,
    top.map(({ itemId }) => itemId),
  );
  return {
    window,
    items: top.flatMap(({ itemId, count, rankBefore }, index) => {
      const name = called.get(itemId);
      if (!name) return [];
      return [{ rank: index + 1, itemId, name, count, movement: rankBefore === null ? null : rankBefore - index - 1 }];
    }),
  };
}
