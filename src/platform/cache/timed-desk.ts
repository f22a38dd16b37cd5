import { Problem } from '../http/problem.ts';
import {
  countedLoad,
  type Desk,
  type DeskAnswer,
  type DeskCounts,
  type DeskSource,
  type Monotonic,
  type Versioned,
} from './desk.ts';
import { Kept } from './kept.ts';
import type { Tier } from './tier.ts';

export interface TimedDeskOptions<T> {
  readonly source: DeskSource<T>;
  readonly counts: DeskCounts;
  readonly itemsMax: number;
  readonly now: Monotonic;
  /** How long a value is used after its load began. Infinity: for ever. */
  readonly lifetimeMs: number;
  /** False only to show what happens without it: every reader of an expired value loads for itself. */
  readonly singleFlight: boolean;
  readonly tier?: Tier<T> | undefined;
}

/**
 * `CACHE_REFRESH=expiry` and, with an endless lifetime, `never`: the textbook's cache. It asks nobody whether a value is
 * still right, so it is wrong for up to its lifetime; here to be measured against `event`.
 */
export function createTimedDesk<T>(options: TimedDeskOptions<T>): Desk<T> {
  const { source, counts, now, lifetimeMs, singleFlight, tier } = options;
  const desk = new Kept<{ readonly answer: DeskAnswer<T>; readonly fromMs: number }>(options.itemsMax);
  const flights = new Map<string, Promise<T>>();

  async function load(key: string): Promise<T> {
    const startedMs = now();
    const fromSource = () => countedLoad(counts, now, () => source.load(key));
    const loaded: Versioned<T> & { readonly ageMs?: number } =
      tier && singleFlight ? await tier.read(key, lifetimeMs, fromSource) : await fromSource();
    // What the second tier had grew old there as well.
    desk.put(key, { answer: { value: loaded.value, outcome: 'hit' }, fromMs: startedMs - (loaded.ageMs ?? 0) });
    return loaded.value;
  }

  function loadOnce(key: string): Promise<T> {
    const flight = flights.get(key);
    if (flight && singleFlight) return flight;
    const started = load(key);
    flights.set(key, started);
    const done = () => void flights.delete(key);
    started.then(done, done);
    return started;
  }

  function peek(key: string): DeskAnswer<T> | undefined {
    const entry = desk.get(key);
    if (!entry || now() - entry.fromMs >= lifetimeMs) return undefined;
    counts.hit += 1;
    return entry.answer;
  }

  return {
    peek,
    async read(key) {
      const cached = peek(key);
      if (cached) return cached;
      try {
        const value = await loadOnce(key);
        counts.miss += 1;
        return { value, outcome: 'miss' };
      } catch (error) {
        const old = desk.get(key);
        if (old && !(error instanceof Problem)) {
          counts.stale += 1;
          return { value: old.answer.value, outcome: 'stale' };
        }
        counts.blank += 1;
        throw error;
      }
    },
    heard: () => {},
    missed: () => {},
    close: () => {},
  };
}
