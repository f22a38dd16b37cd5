import { Problem } from './http/problem.ts';

/** How much of it goes into one batch. */
export interface GatherBounds<T> {
  /** The sizes of a batch's items together; one that is larger by itself goes alone. */
  readonly sizeMax: number;
  /** Items that wait for their batch; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** Unset: each counts one. */
  readonly sizeOf?: (item: T) => number;
}

/**
 * While one batch is under way, the next gathers: whoever comes alone waits for nothing, and a crowd makes the batches
 * larger, not the queue longer. For work that costs little more for many than for one.
 * @param run one outcome an item, in their order; when it rejects, everybody who waits gets the error: what is away for one
 *   batch is away for the next
 */
export function gather<T, R>(
  run: (items: readonly T[]) => Promise<readonly PromiseSettledResult<R>[]>,
  { sizeMax, waitingMax, sizeOf = () => 1 }: GatherBounds<T>,
): (item: T) => Promise<R> {
  type Waiter = { item: T; resolve: (value: R) => void; reject: (error: unknown) => void };
  const waiting: Waiter[] = [];
  let underway = false;

  function takeBatch(): Waiter[] {
    let size = 0;
    let count = 0;
    while (count < waiting.length) {
      size += sizeOf(waiting[count]!.item);
      if (count > 0 && size > sizeMax) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }

  async function work(): Promise<void> {
    underway = true;
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        const outcomes = await run(batch.map(({ item }) => item));
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[index]!;
          if (outcome.status === 'fulfilled') resolve(outcome.value);
          else reject(outcome.reason);
        }
      } catch (error) {
        for (const { reject } of batch.concat(waiting.splice(0))) reject(error);
      }
    }
    underway = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax) return reject(new Problem('busy', { retryAfterS: 1 }));
      waiting.push({ item, resolve, reject });
      if (!underway) void work();
    });
}
