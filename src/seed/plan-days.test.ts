import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UUID_V7_PATTERN } from '../contract/common.ts';
import { idTimeMs } from '../platform/id.ts';
import { createDayShape } from './day-shape.ts';
import { daysBack, planDays } from './plan-days.ts';
import { createPicker, createRandom, seededId, zipfWeights } from './random.ts';

test('a plan has exactly the orders asked for, oldest day first', () => {
  const sizes = fc.record({
    seed: fc.nat(),
    stores: fc.integer({ min: 1, max: 40 }),
    orders: fc.nat(200_000),
    weekday: fc.nat(6),
    shareOfToday: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(sizes, (options) => {
      const cells = [...planDays(options)];
      assert.equal(
        cells.reduce((sum, cell) => sum + cell.orders, 0),
        options.orders,
      );
      const places = cells.map((cell) => -cell.daysAgo * options.stores + cell.store);
      assert.ok(places.every((place, at) => at === 0 || place > places[at - 1]!));
      assert.ok(cells.every((cell) => cell.daysAgo <= daysBack(options)));
    }),
    { numRuns: 100 },
  );
});

test('days stay below 400 orders a store until two years are full', () => {
  const plan = (stores: number, orders: number) => [
    ...planDays({ seed: 3, stores, orders, weekday: 6, shareOfToday: 0.5 }),
  ];
  assert.ok(plan(20, 200_000).every((cell) => cell.orders <= 400));
  const full = plan(1, 1_000_000);
  assert.equal(Math.max(...full.map((cell) => cell.daysAgo)), 729);
  assert.ok(Math.max(...full.map((cell) => cell.orders)) > 400);
});

test('a day has two peaks, and nothing comes before it opens or after what is asked', () => {
  const shape = createDayShape();
  const random = createRandom(5);
  const hours = new Array<number>(24).fill(0);
  for (let drawn = 0; drawn < 50_000; drawn += 1) hours[Math.floor(shape.draw(random) / 60)]! += 1;
  const [lunch, pause, dinner] = [hours[12]!, hours[15]!, hours[18]!];
  assert.ok(lunch > 4 * pause && dinner > 4 * pause, `${hours}`);
  assert.equal(
    hours
      .slice(0, 10)
      .concat(hours.slice(23))
      .reduce((sum, count) => sum + count),
    0,
  );
  for (let drawn = 0; drawn < 1_000; drawn += 1) assert.ok(shape.draw(random, 750.5) <= 750.5);
  assert.equal(shape.before(0), 0);
  assert.equal(shape.before(24 * 60), 1);
  assert.equal(shape.before(30 * 60), 1, 'after midnight the day is over');
});

test('the same seed gives the same numbers, another gives others', () => {
  const draw = (...seed: number[]) => {
    const random = createRandom(...seed);
    return Array.from({ length: 5 }, () => random.bits());
  };
  assert.deepEqual(draw(1, 2), draw(1, 2));
  assert.equal(new Set([...draw(1, 2), ...draw(2, 1), ...draw(1, 3), ...draw(0, 0)]).size, 20);
});

test('few dishes sell most', () => {
  const pick = createPicker(zipfWeights(50));
  const random = createRandom(9);
  const counts = new Array<number>(50).fill(0);
  for (let drawn = 0; drawn < 100_000; drawn += 1) counts[pick(random)]! += 1;
  assert.ok(Math.abs(counts[0]! / counts[1]! - 2) < 0.15, `${counts}`);
  assert.ok(counts.slice(0, 10).reduce((sum, count) => sum + count) > 60_000);
  assert.ok(counts.every((count) => count > 0));
});

test('a seeded id is a UUIDv7 of its moment', () => {
  const moment = Date.parse('2026-06-01T03:00:00.123Z');
  const ids = Array.from({ length: 1_000 }, (_, at) => seededId(createRandom(at), moment + at));
  assert.ok(ids.every((id, at) => new RegExp(UUID_V7_PATTERN).test(id) && idTimeMs(id) === moment + at));
  assert.equal(new Set(ids).size, 1_000);
});
