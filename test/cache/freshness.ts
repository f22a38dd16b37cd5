import type { ApiProcess } from '../support/processes.ts';
import type { openShops } from './scene.ts';
import { changeDish, dishOf, menuPath } from './scene.ts';

export interface FreshnessResult {
  readonly writes: number;
  readonly reads: number;
  /** Reads that showed a price which had been replaced, and how long ago at most, in milliseconds. */
  readonly stale: number;
  readonly oldestMs: number;
  /** Reads that showed a price and a sold-out flag of two different changes. */
  readonly torn: number;
}

interface Change {
  readonly price: number;
  readonly ackedMs: number;
}

/** On a machine that hardly comes to it, it goes on until at least so much has happened. */
const WRITES_MIN = 20;
const WRITE_EVERY_MS = 60;
const READERS_EACH = 2;
const READ_PAUSE_MS = 8;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Writes to random dishes through random processes while every process is read, and compares every read with what had
 * been acknowledged when it was sent. A dish's prices only rise, and its sold-out flag follows the price.
 */
export async function watchFreshness(
  processes: readonly ApiProcess[],
  stores: Awaited<ReturnType<typeof openShops>>['stores'],
  durationMs: number,
): Promise<FreshnessResult> {
  const untilMs = Date.now() + durationMs;
  const history = new Map<string, Change[]>();
  const result = { writes: 0, reads: 0, stale: 0, oldestMs: 0, torn: 0 };
  const goesOn = (): boolean => Date.now() < untilMs || result.writes < WRITES_MIN;
  const any = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

  async function write(): Promise<void> {
    for (let turn = 1; goesOn(); turn++) {
      const store = any(stores);
      const dish = any([store.dishes.soup, store.dishes.rice]);
      const price = 10_000 + turn;
      await changeDish(any(processes).client, store.id, dish.id, { price, soldOut: price % 2 === 0 });
      const changes = history.get(dish.id) ?? [];
      changes.push({ price, ackedMs: Date.now() });
      history.set(dish.id, changes);
      result.writes += 1;
      await pause(WRITE_EVERY_MS * Math.random() * 2);
    }
  }

  async function read({ client }: ApiProcess): Promise<void> {
    while (goesOn()) {
      const store = any(stores);
      const sentMs = Date.now();
      const { status, body } = await client.call(menuPath(store));
      if (status !== 200) throw new Error(`A menu was answered ${status}.`);
      result.reads += 1;
      for (const dish of [store.dishes.soup, store.dishes.rice]) {
        const shown = dishOf(body, dish.id);
        if (shown.price >= 10_000 && shown.soldOut !== (shown.price % 2 === 0)) result.torn += 1;
        // The first change that had been acknowledged and is not shown.
        const missed = history.get(dish.id)?.find(({ price, ackedMs }) => price > shown.price && ackedMs <= sentMs);
        if (!missed) continue;
        result.stale += 1;
        result.oldestMs = Math.max(result.oldestMs, sentMs - missed.ackedMs);
      }
      await pause(READ_PAUSE_MS * Math.random() * 2);
    }
  }

  await Promise.all([write(), ...processes.flatMap((each) => Array.from({ length: READERS_EACH }, () => read(each)))]);
  return result;
}
