import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';

export interface SemaphoreBounds {
  /** Of one key at once. */
  readonly underwayMax: number;
  /** Of one key that wait; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** How long each waits for its turn; after it the answer is `busy`, and the work is never begun. */
  readonly waitMsMax: number;
}

/** Runs work when it is its key's turn, in the order in which it came. @throws Problem `busy`, or what the work throws */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * So much work of one key at once: changes of one store take its lock anyway, so more at once would only wait inside Postgres, each with
 * a connection that other stores' changes need. A store whose row is held then delays only itself.
 */
export function createKeyedSemaphore({ underwayMax, waitingMax, waitMsMax }: SemaphoreBounds): InTurn {
  const keys = new Map<string, { underway: number; readonly waiting: Set<() => void> }>();
  const busy = (): Problem => new Problem('busy', { retryAfterS: spreadRetryAfterS(1, 3) });

  /** Resolves when it is the caller's turn, which whoever ends hands over. */
  function waitIn(waiting: Set<() => void>): Promise<void> {
    if (waiting.size >= waitingMax) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(begin);
        reject(busy());
      }, waitMsMax);
      waiting.add(begin);
    });
  }

  return async (key, work) => {
    let turns = keys.get(key);
    if (!turns) {
      turns = { underway: 0, waiting: new Set() };
      keys.set(key, turns);
    }
    if (turns.underway < underwayMax) turns.underway += 1;
    else await waitIn(turns.waiting);
    try {
      return await work();
    } finally {
      const [next] = turns.waiting;
      if (next) {
        turns.waiting.delete(next);
        next();
      } else {
        turns.underway -= 1;
        if (turns.underway === 0) keys.delete(key);
      }
    }
  };
}

/** The same work, done when it is the turn of the store that it is about. @throws Problem `busy`, or what the work throws */
export const inItsTurn =
  <Store extends { readonly id: string }, Rest extends readonly unknown[], T>(
    inTurn: InTurn,
    work: (store: Store, ...rest: Rest) => Promise<T>,
  ) =>
  (store: Store, ...rest: Rest): Promise<T> =>
    inTurn(store.id, () => work(store, ...rest));
