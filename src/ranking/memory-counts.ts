import { LRUCache } from 'lru-cache';
import type { RankingWindow } from '../contract/index.ts';
import type { Place, Ranked, RankingCounts } from './ports.ts';
import { KEPT_HOURS, WINDOW_HOURS } from './windows.ts';

type Portions = Map<string, number>;

/** Hours from and to, both included. */
type Hours = readonly [from: number, to: number];

/** A window and the one before it, as they lie when an hour is the running one. */
const hoursOf = (hours: number, at: number): readonly Hours[] => [
  [at - hours + 1, at],
  [at - 2 * hours + 1, at - hours],
];

interface Kept {
  /** The hour that the windows end with. */
  at: number;
  upTo: number;
  ready: boolean;
  /** Tells one life of a place from the next. */
  readonly life: number;
  changes: number;
  readonly buckets: Map<number, Portions>;
  readonly windows: Readonly<Record<RankingWindow, readonly [current: Portions, before: Portions]>>;
}

/**
 * Counts in this process's memory. A store that sells sixty dishes round the clock takes some 2 MB.
 * @param placesMax which was asked for longest ago goes first
 */
export function createMemoryCounts(placesMax: number): RankingCounts {
  const places = new LRUCache<Place, Kept>({ max: placesMax });
  let lives = 0;

  return {
    async add(changes) {
      const behind: Place[] = [];
      for (const { place, seq, counts } of changes) {
        const kept = places.peek(place);
        if (!kept || seq <= kept.upTo) continue;
        if (seq > kept.upTo + 1) behind.push(place);
        else {
          for (const [hour, itemId, portions] of counts) addTo(kept, hour, itemId, portions);
          kept.upTo = seq;
          kept.changes += 1;
        }
      }
      return behind;
    },
    upTo: async (wanted) => wanted.map((place) => places.peek(place)?.upTo),
    async begin(place, hour) {
      const kept = places.get(place) ?? begin(hour, ++lives);
      places.set(place, kept);
      return kept.upTo;
    },
    async set({ place, counts, upTo, readAt, isLast }) {
      const kept = places.peek(place);
      if (!kept || kept.upTo > readAt) return false;
      for (const [hour, itemId, portions] of counts) {
        addTo(kept, hour, itemId, portions - (kept.buckets.get(hour)?.get(itemId) ?? 0));
      }
      kept.upTo = Math.max(kept.upTo, upTo);
      kept.ready ||= isLast;
      kept.changes += 1;
      return true;
    },
    async versions(wanted, hour) {
      return wanted.map((place) => {
        const kept = places.get(place);
        if (!kept?.ready) return undefined;
        if (hour > kept.at) moveTo(kept, hour);
        return `${kept.life}.${kept.changes}`;
      });
    },
    async top(place, window, limit) {
      const kept = places.get(place);
      if (!kept?.ready) return undefined;
      const [current, before] = kept.windows[window];
      return topOf(current, limit).map(([itemId, count]) => ({ itemId, count, rankBefore: rankIn(before, itemId) }));
    },
  };
}

function begin(hour: number, life: number): Kept {
  const pair = (): [Portions, Portions] => [new Map(), new Map()];
  const windows = { hour: pair(), day: pair(), week: pair() };
  return { at: hour, upTo: -1, ready: false, life, changes: 0, buckets: new Map(), windows };
}

function addPortions(portions: Portions, itemId: string, added: number): void {
  const sum = (portions.get(itemId) ?? 0) + added;
  if (sum > 0) portions.set(itemId, sum);
  else portions.delete(itemId);
}

function addTo(kept: Kept, hour: number, itemId: string, added: number): void {
  if (added === 0 || hour <= kept.at - KEPT_HOURS) return;
  let bucket = kept.buckets.get(hour);
  if (!bucket) {
    bucket = new Map();
    kept.buckets.set(hour, bucket);
  }
  addPortions(bucket, itemId, added);
  for (const [window, halves] of Object.entries(kept.windows)) {
    for (const [half, [from, to]] of hoursOf(WINDOW_HOURS[window as RankingWindow], kept.at).entries()) {
      if (hour >= from && hour <= to) addPortions(halves[half]!, itemId, added);
    }
  }
}

/** Adds the hours that come into each window, takes off those that leave it, and forgets what no window needs. */
function moveTo(kept: Kept, hour: number): void {
  for (const [window, halves] of Object.entries(kept.windows)) {
    const hours = WINDOW_HOURS[window as RankingWindow];
    const was = hoursOf(hours, kept.at);
    const is = hoursOf(hours, hour);
    for (const [bucketHour, bucket] of kept.buckets) {
      for (const half of [0, 1] as const) {
        const weight = Number(isWithin(bucketHour, is[half]!)) - Number(isWithin(bucketHour, was[half]!));
        if (weight === 0) continue;
        for (const [itemId, portions] of bucket) addPortions(halves[half], itemId, weight * portions);
      }
    }
  }
  for (const bucketHour of kept.buckets.keys()) if (bucketHour <= hour - KEPT_HOURS) kept.buckets.delete(bucketHour);
  kept.at = hour;
  kept.changes += 1;
}

const isWithin = (hour: number, [from, to]: Hours): boolean => hour >= from && hour <= to;

/** As Redis orders equal scores from the top: the larger text first. */
const isAhead = ([aId, a]: readonly [string, number], [bId, b]: readonly [string, number]): boolean =>
  a > b || (a === b && aId > bId);

function topOf(portions: Portions, limit: number): readonly (readonly [string, number])[] {
  const top: (readonly [string, number])[] = [];
  for (const entry of portions) {
    const last = top.at(-1);
    if (top.length === limit && last && isAhead(last, entry)) continue;
    const place = top.findIndex((other) => isAhead(entry, other));
    top.splice(place < 0 ? top.length : place, 0, entry);
    if (top.length > limit) top.pop();
  }
  return top;
}

function rankIn(portions: Portions, itemId: string): Ranked['rankBefore'] {
  const count = portions.get(itemId);
  if (count === undefined) return null;
  let rank = 1;
  for (const entry of portions) if (isAhead(entry, [itemId, count])) rank += 1;
  return rank;
}
