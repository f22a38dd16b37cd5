import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RANKING_WINDOWS, type RankingWindow } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import type { HourCount, Place, Ranked, RankingCounts } from '../../src/ranking/ports.ts';
import { KEPT_HOURS, WINDOW_HOURS } from '../../src/ranking/windows.ts';
import { createRandom } from '../model/random.ts';

/** An hour of 2026; nothing here reads a clock. */
const HOUR = 498_000;

/** What adding up hour by hour gives, the plain way. */
function plainTop(counts: ReadonlyMap<string, number>, window: RankingWindow, hour: number): Ranked[] {
  const sumOf = (from: number, to: number): [string, number][] => {
    const sums = new Map<string, number>();
    for (const [key, portions] of counts) {
      const [at, itemId] = key.split(' ') as [string, string];
      if (Number(at) >= from && Number(at) <= to) sums.set(itemId, (sums.get(itemId) ?? 0) + portions);
    }
    return [...sums].filter(([, sum]) => sum > 0).sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1));
  };
  const hours = WINDOW_HOURS[window];
  const before = sumOf(hour - 2 * hours + 1, hour - hours).map(([itemId]) => itemId);
  return sumOf(hour - hours + 1, hour).map(([itemId, count]) => ({
    itemId,
    count,
    rankBefore: before.includes(itemId) ? before.indexOf(itemId) + 1 : null,
  }));
}

/**
 * What every adapter of the ranking's counts must do.
 * @param flush loses everything, as a Redis does that was started again
 */
export function countsSuite(name: string, counts: RankingCounts, flush: () => Promise<void>): void {
  const newPlace = (): Place => `store/${newId()}`;
  const [a, b, c] = [newId(), newId(), newId()].sort() as [string, string, string];

  async function keep(place: Place, all: readonly HourCount[] = [], seq = 0, hour = HOUR): Promise<void> {
    await counts.begin(place, hour);
    assert.ok(await counts.set({ place, counts: all, upTo: seq, readAt: seq, isLast: true }));
  }
  const top = async (place: Place, window: RankingWindow = 'hour', limit = 50) =>
    (await counts.top(place, window, limit))?.map(({ itemId, count, rankBefore }) => [itemId, count, rankBefore]);
  const add = (place: Place, seq: number, ...of: HourCount[]) => counts.add([{ place, seq, counts: of }]);

  test(`${name}: what nobody reads is not kept, and not missed`, async () => {
    const place = newPlace();
    assert.deepEqual(await add(place, 7, [HOUR, a, 1]), []);
    assert.deepEqual(await counts.upTo([place]), [undefined]);
    assert.deepEqual(await counts.versions([place], HOUR), [undefined]);
    assert.equal(await counts.top(place, 'hour', 10), undefined);
    assert.equal(await counts.set({ place, counts: [], upTo: 7, readAt: 7, isLast: true }), false);
  });

  test(`${name}: a change is counted once however often it comes, and one that is missing is said`, async () => {
    const place = newPlace();
    await keep(place);
    for (let times = 0; times < 3; times += 1) assert.deepEqual(await add(place, 1, [HOUR, a, 2], [HOUR, b, 1]), []);
    assert.deepEqual(await top(place), [
      [a, 2, null],
      [b, 1, null],
    ]);
    assert.deepEqual(await add(place, 3, [HOUR, b, 5]), [place]);
    assert.deepEqual(await add(place, 2, [HOUR, b, 2]), []);
    // The third was told once and lost; it comes with the truth.
    assert.deepEqual(await counts.upTo([place]), [2]);
    await keep(place, [[HOUR, b, 8]], 3);
    assert.deepEqual(await top(place), [
      [b, 8, null],
      [a, 2, null],
    ]);
  });

  test(`${name}: cancelled portions are taken back, and a dish without any is not there`, async () => {
    const place = newPlace();
    await keep(place);
    await add(place, 1, [HOUR, a, 2], [HOUR, b, 3]);
    await add(place, 2, [HOUR, b, -1], [HOUR, a, -2]);
    assert.deepEqual(await top(place), [[b, 2, null]]);
  });

  test(`${name}: equal counts are in the order of their ids, the larger first, and a limit cuts`, async () => {
    const place = newPlace();
    await keep(place, [
      [HOUR, a, 1],
      [HOUR, c, 1],
      [HOUR, b, 1],
    ]);
    assert.deepEqual(await top(place), [
      [c, 1, null],
      [b, 1, null],
      [a, 1, null],
    ]);
    assert.deepEqual(await top(place, 'hour', 2), [
      [c, 1, null],
      [b, 1, null],
    ]);
  });

  test(`${name}: a truth older than what is known is refused, and parts of it are not served as the whole`, async () => {
    const place = newPlace();
    assert.equal(await counts.begin(place, HOUR), -1);
    assert.ok(await counts.set({ place, counts: [[HOUR, a, 4]], upTo: 3, readAt: 5, isLast: false }));
    assert.deepEqual(await counts.versions([place], HOUR), [undefined]);
    assert.equal(await top(place), undefined);
    assert.equal(await counts.begin(place, HOUR), 3);
    // The next change comes between two parts: the last part knows it too.
    assert.deepEqual(await add(place, 4, [HOUR, b, 2]), []);
    assert.ok(await counts.set({ place, counts: [[HOUR, b, 9]], upTo: 5, readAt: 5, isLast: true }));
    assert.deepEqual(await top(place), [
      [b, 9, null],
      [a, 4, null],
    ]);
    assert.equal(await counts.set({ place, counts: [[HOUR, b, 2]], upTo: 4, readAt: 4, isLast: true }), false);
  });

  test(`${name}: places know nothing of each other, also when a brand has a store’s id`, async () => {
    const id = newId();
    const [one, other]: [Place, Place] = [`store/${id}`, `wide/${id}`];
    await keep(one);
    await keep(other);
    await counts.add([
      { place: one, seq: 1, counts: [[HOUR, a, 1]] },
      { place: other, seq: 1, counts: [[HOUR, b, 1]] },
    ]);
    assert.deepEqual([await top(one), await top(other)], [[[a, 1, null]], [[b, 1, null]]]);
  });

  test(`${name}: equal versions mean equal rankings: an hour that begins and each change make another`, async () => {
    const place = newPlace();
    const version = async (hour: number) => (await counts.versions([place], hour))[0];
    await keep(place, [[HOUR, a, 1]]);
    const first = await version(HOUR);
    assert.equal(await version(HOUR), first);
    await add(place, 1, [HOUR, a, 1]);
    const second = await version(HOUR);
    const third = await version(HOUR + 1);
    await flush();
    await keep(place, [[HOUR, a, 1]]);
    assert.equal(new Set([first, second, third, await version(HOUR)]).size, 4);
  });

  test(`${name}: whatever comes in whichever order, windows are their hours added up`, async () => {
    const random = createRandom(26);
    const dishes = Array.from({ length: 12 }, () => newId());
    const place = newPlace();
    /** The truth, as Postgres has it: portions by hour and dish, and by which change they came last. */
    const truth = new Map<string, number>();
    const changed = new Map<string, number>();
    let seq = 0;
    let hour = HOUR;

    async function catchUp(): Promise<void> {
      const after = await counts.begin(place, hour);
      const rows = [...truth]
        .map(([key, portions]) => ({ key, portions, at: Number(key.split(' ')[0]), last: changed.get(key)! }))
        .filter(({ last, at }) => last > after && at > hour - KEPT_HOURS)
        .sort((x, y) => x.last - y.last);
      const half = rows.length >> 1;
      for (const part of [rows.slice(0, half), rows.slice(half)]) {
        const isLast = part === undefined || part[0] === rows[half];
        const set = await counts.set({
          place,
          counts: part.map(({ key, portions, at }): HourCount => [at, key.split(' ')[1]!, portions]),
          upTo: isLast ? seq : Math.max(after, (rows[half]?.last ?? 0) - 1),
          readAt: seq,
          isLast,
        });
        assert.ok(set);
      }
    }

    for (let step = 0; step < 600; step += 1) {
      if (random.chance(0.1)) hour += random.pick([1, 1, 1, 2, 5, 24, 30, 200]);
      const sold = new Map<string, number>();
      for (let lines = random.between(1, 4); lines > 0; lines -= 1) {
        const at = hour - random.pick([0, 0, 0, 1, 2, 25, 50, 170]);
        const key = `${at} ${random.pick(dishes)}`;
        const known = (truth.get(key) ?? 0) + (sold.get(key) ?? 0);
        const portions = random.chance(0.3) ? -random.between(0, known) : random.between(1, 9);
        sold.set(key, (sold.get(key) ?? 0) + portions);
      }
      seq += 1;
      for (const [key, portions] of sold) {
        truth.set(key, (truth.get(key) ?? 0) + portions);
        changed.set(key, seq);
      }
      const change = {
        place,
        seq,
        counts: [...sold].map(([key, n]): HourCount => [Number(key.split(' ')[0]), key.split(' ')[1]!, n]),
      };
      // Now and then the change is lost, or comes twice, or everything is lost.
      if (random.chance(0.02)) await flush();
      if (!random.chance(0.1)) await counts.add([change]);
      if (random.chance(0.2)) await counts.add([change]);
      if (!random.chance(0.2)) continue;
      const known = await counts.upTo([place]);
      if (known[0] !== seq || !(await counts.versions([place], hour))[0]) await catchUp();
      await counts.versions([place], hour);
      for (const window of RANKING_WINDOWS) {
        assert.deepEqual(await counts.top(place, window, 50), plainTop(truth, window, hour), `${window} at ${step}`);
      }
    }
    assert.ok(seq > 500);
  });
}
