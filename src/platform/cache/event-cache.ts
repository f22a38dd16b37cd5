import { LRUCache } from 'lru-cache';
import { isEverybodys } from '../concurrency/batcher.ts';
import { DeadlineError, withDeadline } from '../concurrency/deadline.ts';
import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';
import {
  type Cache,
  type CacheAnswer,
  type CacheCounts,
  type CacheSource,
  countedLoad,
  type Monotonic,
  type Versioned,
} from './cache.ts';
import type { Tier } from './tier.ts';

/**
 * A change must be seen within a second. Lower would ask the database more often than twice a second and buy nothing a
 * guest could notice; higher leaves too little of the second for the answer's way.
 */
const SERVE_WITHIN_MS = 900;
const ASK_AFTER_MS = 450;
/** After a failure: soon enough that nobody notices the source is back, seldom enough that it is not in its way. */
const ASK_AGAIN_MS = 250;
/**
 * Longer than any healthy load; after it readers get the old answer, or are told to come again. A page needs two answers, its store
 * and its menu, and is to come within 3 s.
 */
const LOAD_WITHIN_MS = 1_400;
/** Of one key: one that hangs, and one that tries whether it hangs as well. */
const LOADS_MAX = 2;
/** Keys of one question that are not cached: anybody can invent them, and cached ones are never refused. */
const UNKNOWN_KEYS_MAX = 200;
/** A version never changes what it stands for, so this only says how soon the second tier forgets what is over. */
const VERSION_LIFETIME_MS = 10 * 60_000;

export interface EventCacheOptions<T> {
  readonly source: CacheSource<T>;
  readonly counts: CacheCounts;
  readonly itemsMax: number;
  readonly now: Monotonic;
  /** The tier that all processes share; undefined: this process's memory is all there is. */
  readonly tier?: Tier<T> | undefined;
  /** Readers wait no longer for a load. Unset: {@link LOAD_WITHIN_MS}. */
  readonly loadWithinMs?: number | undefined;
}

interface Entry<T> {
  readonly version: string;
  readonly hit: CacheAnswer<T>;
  readonly stale: CacheAnswer<T>;
  /** This was the newest at that moment: what was committed before it is in it. */
  rightAtMs: number;
  /** From then on a read asks whether it still is. */
  askAtMs: number;
  /** A newer one is known of. */
  outdated: boolean;
  /** The last question failed; until `askAtMs` nobody waits for another. */
  failed: boolean;
}

interface Question {
  readonly keys: Set<string>;
  /** Of the keys. */
  unknown: number;
  readonly answer: Promise<{ readonly askedAtMs: number; versionOf(key: string): string | undefined }>;
}

/**
 * The versions of these keys by one question. When a key fails it for all, it is halved until that one stands alone.
 * @returns of one key; throws what that key failed with
 * @throws the error when it is everybody's
 */
async function askIsolated<T>(
  source: CacheSource<T>,
  keys: readonly string[],
): Promise<(key: string) => string | undefined> {
  try {
    const versions = await source.versions(keys);
    return (key) => versions.get(key);
  } catch (error) {
    if (isEverybodys(error) || keys.length === 1) throw error;
    const left = new Set(keys.slice(0, keys.length >> 1));
    const fails = (own: unknown) => {
      if (isEverybodys(own)) throw own;
      return () => {
        throw own;
      };
    };
    const inLeft = await askIsolated(source, [...left]).catch(fails);
    const inRight = await askIsolated(source, keys.slice(left.size)).catch(fails);
    return (key) => (left.has(key) ? inLeft(key) : inRight(key));
  }
}

/**
 * `CACHE_REFRESH=event`: an answer may be given while it was known right less than `SERVE_WITHIN_MS` ago. What is right,
 * the version in the database says. It is asked for all keys at once, early under traffic, at once when a change is
 * heard of; so a message that is lost costs a part of a second and never the truth. Values are kept under their
 * version, so an old one that is stored late is stored where nobody looks any more. Where a version's text carries what
 * changes often, that is patched in without a load.
 */
export function createEventCache<T>({
  source,
  counts,
  itemsMax,
  now,
  tier,
  loadWithinMs = LOAD_WITHIN_MS,
}: EventCacheOptions<T>): Cache<T> {
  const entries = new LRUCache<string, Entry<T>>({ max: itemsMax });
  const loads = new Map<string, Map<string, Promise<Versioned<T>>>>();
  let asking: Promise<unknown> = Promise.resolve();
  let next: Question | undefined;

  /** The answer to a question that begins after this call; callers who come meanwhile share the next one. @throws Problem `busy` */
  async function ask(key: string): Promise<Awaited<Question['answer']>> {
    if (!next) {
      const keys = new Set<string>();
      const before = asking;
      const answer = (async () => {
        await before;
        next = undefined;
        return { askedAtMs: now(), versionOf: await askIsolated(source, [...keys]) };
      })();
      next = { keys, unknown: 0, answer };
      asking = before.then(() => withDeadline(answer, loadWithinMs, 'A question for versions')).catch(() => {});
    }
    if (!next.keys.has(key)) {
      const isUnknown = !entries.get(key);
      if (isUnknown && next.unknown >= UNKNOWN_KEYS_MAX)
        throw new Problem('busy', { retryAfterS: spreadRetryAfterS(1, 3) });
      next.unknown += Number(isUnknown);
      next.keys.add(key);
    }
    return next.answer;
  }

  /** The value at exactly this version, where patching can make it of that one. */
  function patch({ value, version: from }: Versioned<T>, version: string): Versioned<T> | undefined {
    if (from === version) return { value, version };
    const patched = source.patching?.apply(value, version);
    return patched && { value: patched, version };
  }

  function load(key: string, version: string): Promise<Versioned<T>> {
    const base = source.patching?.base(version) ?? version;
    const running = loads.get(key) ?? new Map<string, Promise<Versioned<T>>>();
    const same = running.get(base);
    if (same) return same;
    if (running.size >= LOADS_MAX) return Promise.reject(new DeadlineError('Too many loads of this are under way.'));
    const fromSource = () => countedLoad(counts, now, () => source.load(key, version));
    const started = tier ? tier.read(`{${key}}@${base}`, VERSION_LIFETIME_MS, fromSource) : fromSource();
    loads.set(key, running.set(base, started));
    const done = () => {
      running.delete(base);
      if (running.size === 0) loads.delete(key);
    };
    started.then(done, done);
    return started;
  }

  function put(key: string, { version, value }: Versioned<T>, rightAtMs: number): void {
    const entry = entries.get(key);
    // Two loads may end in the wrong order; the later question's answer stands.
    if (entry && entry.rightAtMs > rightAtMs) return;
    entries.set(key, {
      version,
      hit: { value, outcome: 'hit' },
      stale: { value, outcome: 'stale' },
      rightAtMs,
      askAtMs: rightAtMs + ASK_AFTER_MS,
      outdated: false,
      failed: false,
    });
  }

  /** Makes sure that what is cached is the newest. */
  async function lookAfter(key: string): Promise<CacheAnswer<T>> {
    const { askedAtMs, versionOf } = await ask(key);
    const version = versionOf(key);
    if (version === undefined) {
      entries.delete(key);
      throw new Problem('not-found');
    }
    const entry = entries.get(key);
    if (entry?.version !== version) {
      const patched = entry && patch({ value: entry.hit.value, version: entry.version }, version);
      if (patched) {
        put(key, patched, askedAtMs);
        return { value: patched.value, outcome: 'hit' };
      }
      if (entry) entry.outdated = true;
      const loaded = await load(key, version);
      // It may come from another process' load, or from one that began before this question.
      const value = patch(loaded, version) ?? loaded;
      put(key, value, askedAtMs);
      return { value: value.value, outcome: 'miss' };
    }
    if (askedAtMs > entry.rightAtMs) {
      entry.rightAtMs = askedAtMs;
      entry.askAtMs = askedAtMs + ASK_AFTER_MS;
      entry.outdated = false;
      entry.failed = false;
      entries.set(key, entry);
    }
    return entry.hit;
  }

  /** Looks after a key; a failure leaves the old answer in place and a note that nobody need wait for another. */
  async function refresh(key: string): Promise<CacheAnswer<T>> {
    const entry = entries.get(key);
    if (entry) entry.askAtMs = now() + loadWithinMs + ASK_AGAIN_MS;
    try {
      return await withDeadline(lookAfter(key), loadWithinMs, 'The newest version');
    } catch (error) {
      const left = entries.get(key);
      if (left) {
        left.failed = true;
        left.askAtMs = now() + ASK_AGAIN_MS;
      }
      throw error;
    }
  }

  const refreshQuietly = (key: string): void => void refresh(key).catch(() => {});

  function peek(key: string): CacheAnswer<T> | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    const nowMs = now();
    if (nowMs - entry.rightAtMs >= SERVE_WITHIN_MS) return undefined;
    if (nowMs >= entry.askAtMs) refreshQuietly(key);
    if (entry.outdated) {
      counts.stale += 1;
      return entry.stale;
    }
    counts.hit += 1;
    return entry.hit;
  }

  function staleOf(entry: Entry<T>): CacheAnswer<T> {
    counts.stale += 1;
    return entry.stale;
  }

  return {
    peek,
    async read(key) {
      const cached = peek(key);
      if (cached) return cached;
      const old = entries.get(key);
      if (old?.failed) {
        if (now() >= old.askAtMs) refreshQuietly(key);
        return staleOf(old);
      }
      try {
        const answer = await refresh(key);
        counts[answer.outcome] += 1;
        return answer;
      } catch (error) {
        const left = entries.get(key);
        // The source is away or overloaded: yesterday's menu is better than none.
        if (left && !(error instanceof Problem)) return staleOf(left);
        counts.blank += 1;
        if (error instanceof DeadlineError) throw new Problem('unavailable', { retryAfterS: 1, cause: error });
        throw error;
      }
    },
    invalidate(key) {
      const entry = entries.get(key);
      if (!entry) return;
      entry.outdated = true;
      refreshQuietly(key);
    },
    invalidateAll() {
      for (const entry of entries.values()) entry.askAtMs = 0;
    },
    close: () => {},
  };
}
