import { setTimeout as delay } from 'node:timers/promises';
import { type BentoCache, errors } from 'bentocache';
import type { CacheCounts, Versioned } from './cache.ts';
import type { LoaderLocks } from './loader-locks.ts';

/** A value and how long ago, in milliseconds, its load began, in whichever process that was. */
export interface Dated<T> extends Versioned<T> {
  readonly ageMs: number;
}

/** One place's values in the tiers beneath the cache. Losing them costs a load; an error there is nobody's error. */
export interface Tier<T> {
  /**
   * What is there, or what `load` makes: in the whole cluster one process loads a key, the others wait for it, for a
   * bounded time, after which they load for themselves.
   * @param lifetimeMs Infinity: until it is pushed out
   * @throws what `load` throws
   */
  read(key: string, lifetimeMs: number, load: () => Promise<Versioned<T>>): Promise<Dated<T>>;
  /** What is there, and nothing else. */
  find(key: string): Promise<Dated<T> | undefined>;
  store(key: string, lifetimeMs: number, value: Versioned<T>): Promise<void>;
}

/** How a place's values travel. */
export interface Codec<T> {
  /** Moves on with every change of the format, because processes of two releases share the tier. */
  readonly format: number;
  encode(value: T): Promise<string>;
  /** @throws when the text is not what `encode` makes */
  decode(text: string): Promise<T>;
}

/** As BentoCache keeps it. */
interface Envelope {
  readonly fromMs: number;
  readonly version: string;
  readonly text: string;
}

/** Two good loads long. Whoever waits longer helps themselves: the loader may be dead. */
const WAIT_FOR_LOADER_MS = 1_000;
const LOOK_EVERY_MS = 10;

type Store = ReturnType<BentoCache<never>['namespace']>;

export interface TierOptions<T> {
  /** BentoCache's layers for this place. */
  readonly store: Store;
  readonly codec: Codec<T>;
  readonly locks: LoaderLocks;
  readonly counts: Pick<CacheCounts, 'hit' | 'miss'>;
}

export function createTier<T>({ store, codec, locks, counts }: TierOptions<T>): Tier<T> {
  const ttl = (lifetimeMs: number) => (lifetimeMs === Number.POSITIVE_INFINITY ? null : lifetimeMs);
  const seal = async ({ version, value }: Versioned<T>, fromMs: number): Promise<Envelope> => ({
    fromMs,
    version,
    text: await codec.encode(value),
  });
  async function open({ fromMs, version, text }: Envelope): Promise<Dated<T>> {
    if (!Number.isFinite(fromMs) || typeof version !== 'string' || typeof text !== 'string') {
      throw new Error('This is no value of this cache.');
    }
    // Clocks of two machines differ; a value from the future was made now.
    return { version, value: await codec.decode(text), ageMs: Math.max(0, Date.now() - fromMs) };
  }
  const peek = (key: string): Promise<Envelope | undefined> => store.get<Envelope>({ key });

  return {
    async read(key, lifetimeMs, load) {
      let mine: Versioned<T> | undefined;
      let release = async (): Promise<void> => {};

      const loadOnce = async (): Promise<{ envelope: Envelope; stored: boolean }> => {
        const untilMs = performance.now() + WAIT_FOR_LOADER_MS;
        for (;;) {
          const lock = await locks.take(key);
          if (lock) release = lock.release;
          else await delay(LOOK_EVERY_MS);
          // With the lock as well: whoever had it before may have stored it since this process looked.
          const theirs = await peek(key);
          if (theirs) return { envelope: theirs, stored: true };
          if (lock || performance.now() >= untilMs) break;
        }
        const fromMs = Date.now();
        mine = await load();
        return { envelope: await seal(mine, fromMs), stored: false };
      };

      try {
        const envelope = await store.getOrSet<Envelope>({
          key,
          ttl: ttl(lifetimeMs),
          grace: false,
          factory: async (context) => {
            const { envelope, stored } = await loadOnce();
            context.setOptions({ skipL2Write: stored });
            // Its time began with the load, wherever that was, and not when it came here.
            if (Number.isFinite(lifetimeMs)) context.setTtl(Math.max(1, envelope.fromMs + lifetimeMs - Date.now()));
            return envelope;
          },
        });
        counts[mine ? 'miss' : 'hit'] += 1;
        return mine ? { ...mine, ageMs: 0 } : await open(envelope);
      } catch (error) {
        if (error instanceof errors.E_FACTORY_ERROR) throw error.cause;
        // The tier said something that nobody understands: as good as nothing.
        return { ...(await load()), ageMs: 0 };
      } finally {
        // Only now: the value is stored, so whoever comes next finds it.
        release().catch(() => {});
      }
    },

    async find(key) {
      try {
        const envelope = await peek(key);
        counts[envelope ? 'hit' : 'miss'] += 1;
        return envelope && (await open(envelope));
      } catch {
        return undefined;
      }
    },

    async store(key, lifetimeMs, value) {
      await store.set({ key, value: await seal(value, Date.now()), ttl: ttl(lifetimeMs), grace: false });
    },
  };
}
