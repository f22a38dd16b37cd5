import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseAway } from '../db/away.ts';
import { spreadRetryAfterS } from '../http/answer/retry-after.ts';
import { Problem } from '../http/problem.ts';

/** How much of it goes into one batch. */
export interface BatcherBounds<T> {
  /** The sizes of a batch's items together; one that is larger by itself goes alone. */
  readonly sizeMax: number;
  /** Items that wait for their batch; past it the answer is `busy`, at once. */
  readonly waitingMax: number;
  /** Whoever would wait for longer, as fast as the last batches went, is told `busy` at once; unset: nobody is, milliseconds. */
  readonly waitMaxMs?: number;
  /** Unset: each counts one. */
  readonly sizeOf?: (item: T) => number;
  /**
   * Every other batch begins with the smallest instead of the oldest: whoever has little waits for two batches at most, and whoever
   * has much is not kept waiting for ever.
   */
  readonly smallFirst?: boolean;
  /**
   * For how long, at most, the next batch gathers after one: `restTimes` as long as that one took, milliseconds. Where everything is quick
   * nobody notices; where it is full, fewer batches do the same work. None rests while there is enough for a whole batch. Unset: none rests.
   */
  readonly restMaxMs?: number;
  /** Unset: as long as the batch took. */
  readonly restTimes?: number;
  /**
   * For how long at least, milliseconds: so a steady stream makes so many batches a second and no more, however many come. Whoever comes after a
   * rest waits for nothing. Unset: a quick batch rests as briefly.
   */
  readonly restMinMs?: number;
}

/** How much of what a batch shows is believed. */
const LEARN = 0.2;

/**
 * While one batch is under way, the next gathers: whoever comes alone waits for nothing, and a crowd makes the batches
 * larger, not the queue longer. For work that costs little more for many than for one.
 * @param run one outcome an item, in their order. When it rejects because the database is away, everybody who waits gets the
 *   error: what is away for one batch is away for the next. When it rejects for another reason, the batch is halved until what is
 *   wrong stands alone, so it may run several times for one item
 */
export function createBatcher<T, R>(
  run: (items: readonly T[]) => Promise<readonly PromiseSettledResult<R>[]>,
  {
    sizeMax,
    waitingMax,
    waitMaxMs = Number.POSITIVE_INFINITY,
    sizeOf = () => 1,
    smallFirst = false,
    restMaxMs = 0,
    restTimes = 1,
    restMinMs = 0,
  }: BatcherBounds<T>,
  nowMs: () => number = () => performance.now(),
  rest: (ms: number) => Promise<unknown> = delay,
): (item: T) => Promise<R> {
  type Waiter = { item: T; resolve: (value: R) => void; reject: (error: unknown) => void };
  let waiting: Waiter[] = [];
  let underway = false;
  let batches = 0;
  /** How long an item took of late, in batches as large as the crowd made them. */
  let itemMs = 0;

  const expectedMs = (): number => (waiting.length > sizeMax / 2 ? waiting.length * itemMs : 0);

  function learn(batch: number, tookMs: number): void {
    itemMs += LEARN * (tookMs / batch - itemMs);
  }

  function takeBatch(): Waiter[] {
    let size = 0;
    let count = 0;
    batches += 1;
    const isSmallFirst = smallFirst && batches % 2 === 0;
    const turn = isSmallFirst ? waiting.toSorted((one, other) => sizeOf(one.item) - sizeOf(other.item)) : waiting;
    while (count < turn.length) {
      size += sizeOf(turn[count]!.item);
      if (count > 0 && size > sizeMax) break;
      count += 1;
    }
    if (!isSmallFirst) return waiting.splice(0, count);
    const batch = new Set(turn.slice(0, count));
    waiting = waiting.filter((waiter) => !batch.has(waiter));
    return [...batch];
  }

  const isWhole = (): boolean => waiting.reduce((size, { item }) => size + sizeOf(item), 0) >= sizeMax;

  const runFor = (batch: readonly Waiter[]) => run(batch.map(({ item }) => item));

  function answer(batch: readonly Waiter[], outcomes: readonly PromiseSettledResult<R>[]): void {
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index]!;
      if (outcome.status === 'fulfilled') resolve(outcome.value);
      else reject(outcome.reason);
    }
  }

  /** One caller's bad value is that caller's: halving finds it in as many steps as the batch's size has binary digits. */
  async function settleFailed(batch: readonly Waiter[], error: unknown): Promise<void> {
    if (isEverybodys(error)) {
      for (const { reject } of batch.concat(waiting.splice(0))) reject(error);
      return;
    }
    if (batch.length === 1) return batch[0]!.reject(error);
    const half = batch.length >> 1;
    for (const part of [batch.slice(0, half), batch.slice(half)]) {
      try {
        answer(part, await runFor(part));
      } catch (own) {
        await settleFailed(part, own);
      }
    }
  }

  async function work(): Promise<void> {
    underway = true;
    while (waiting.length > 0) {
      const batch = takeBatch();
      const fromMs = nowMs();
      try {
        answer(batch, await runFor(batch));
        learn(batch.length, nowMs() - fromMs);
      } catch (error) {
        await settleFailed(batch, error);
      }
      if (restMaxMs > 0 && !isWhole())
        await rest(Math.min(restMaxMs, Math.max(restMinMs, restTimes * (nowMs() - fromMs))));
    }
    underway = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax || expectedMs() > waitMaxMs)
        return reject(new Problem('busy', { retryAfterS: spreadRetryAfterS(1, 3) }));
      waiting.push({ item, resolve, reject });
      if (!underway) void work();
    });
}

/** Not one item's fault: the database is away, or has no connection to give. */
export const isEverybodys = (error: unknown): boolean => error instanceof Problem || isDatabaseAway(error);
