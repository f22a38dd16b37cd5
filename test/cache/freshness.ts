import assert from 'node:assert/strict';
// biome-ignore lint/style/noRestrictedImports: writers and readers come at random moments
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../src/platform/id.ts';
import { background } from '../support/background.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import type { Lifetime } from '../support/lifetime.ts';
import type { openShops } from './scene.ts';
import { changeDish, dishOf, menuPath, stockPath, TEAS } from './scene.ts';

export interface FreshnessResult {
  readonly writes: number;
  readonly reads: number;
  /** Portions of a limited dish that were sold meanwhile. */
  readonly sold: number;
  /** Reads that showed a price which had been replaced or a portion that was sold, and since when at most, in milliseconds. */
  readonly stale: number;
  readonly oldestMs: number;
  /** The slowest answer meanwhile: what the machine itself adds to every time. */
  readonly slowestMs: number;
  /** Reads that showed a price and a sold-out flag of two different changes. */
  readonly torn: number;
  /** The last price of each dish that was changed. */
  readonly prices: ReadonlyMap<string, number>;
}

/** Where something is written or read: a process, or what stands in front of some. */
interface Reading {
  readonly client: Client;
}

interface Change {
  readonly price: number;
  readonly ackedMs: number;
}

export const WRITE_EVERY_MS = 60;
const SELL_EVERY_MS = 90;
const READERS_EACH = 2;
const READ_PAUSE_MS = 8;

/**
 * Writes to random dishes and sells tea through random processes while every process is read, and compares every read
 * with what had been acknowledged when it was sent. A dish's prices only rise, its sold-out flag follows the price, and
 * teas only become fewer.
 * @param readFrom unset: every process
 */
export async function watchFreshness(
  t: Lifetime,
  processes: readonly Reading[],
  stores: Awaited<ReturnType<typeof openShops>>['stores'],
  writes: number,
  readFrom: readonly Reading[] = processes,
): Promise<FreshnessResult> {
  const history = new Map<string, Change[]>();
  const prices = new Map<string, number>();
  const result = { writes: 0, reads: 0, sold: 0, stale: 0, oldestMs: 0, slowestMs: 0, torn: 0, prices };
  let testOver = new AbortController().signal;
  const goesOn = (): boolean => result.writes < writes && !testOver.aborted;
  /** When each tea of a store was acknowledged. */
  const teas = new Map<string, number[]>(stores.map((store) => [store.id, []]));
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
      prices.set(dish.id, price);
      result.writes += 1;
      await delay(WRITE_EVERY_MS * Math.random() * 2);
    }
  }

  async function sell(): Promise<void> {
    while (goesOn()) {
      const store = any(stores);
      const order = { lines: [{ itemId: store.dishes.tea.id, quantity: 1 }] };
      const key = newId();
      // A machine that is too busy refuses one in time; it is sent again.
      const { status } = await eventually(async () => {
        const answer = await any(processes).client.order(store.id, order, key);
        assert.notEqual(answer.status, 503);
        return answer;
      }, 'a tea is sold');
      if (status !== 201 && status !== 200) throw new Error(`A tea was answered ${status}.`);
      teas.get(store.id)!.push(Date.now());
      result.sold += 1;
      await delay(SELL_EVERY_MS * Math.random() * 2);
    }
  }

  function missed(sentMs: number, ackedMs: number | undefined): void {
    if (ackedMs === undefined || ackedMs > sentMs) return;
    result.stale += 1;
    result.oldestMs = Math.max(result.oldestMs, sentMs - ackedMs);
  }

  async function read({ client }: Reading): Promise<void> {
    for (let turn = 0; goesOn(); turn++) {
      const store = any(stores);
      const sentMs = Date.now();
      // Now and then the stock alone, as the guest page asks for it.
      const stockOnly = turn % 4 === 0;
      const { status, body } = await client.call(stockOnly ? stockPath(store) : menuPath(store));
      if (status !== 200) throw new Error(`A menu was answered ${status}.`);
      result.reads += 1;
      result.slowestMs = Math.max(result.slowestMs, Date.now() - sentMs);
      const tea = stockOnly ? body.items[0] : dishOf(body, store.dishes.tea.id);
      missed(sentMs, teas.get(store.id)![TEAS - tea.remaining]);
      if (stockOnly) continue;
      for (const dish of [store.dishes.soup, store.dishes.rice]) {
        const shown = dishOf(body, dish.id);
        if (shown.price >= 10_000 && shown.soldOut !== (shown.price % 2 === 0)) result.torn += 1;
        // The first change that had been acknowledged and is not shown.
        missed(sentMs, history.get(dish.id)?.find(({ price }) => price > shown.price)?.ackedMs);
      }
      await delay(READ_PAUSE_MS * Math.random() * 2);
    }
  }

  const crowd = background(t, async (signal) => {
    testOver = signal;
    const readers = readFrom.flatMap((each) => Array.from({ length: READERS_EACH }, () => read(each)));
    await Promise.all([write(), sell(), ...readers]);
  });
  await crowd.ended;
  return result;
}
