import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fisherExact } from './counts.ts';
import { seeded } from './seeded.ts';

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) <= 1e-4 * Math.max(expected, 1e-3), `${value}, not ${expected}`);

test('the count test gives the published chances', () => {
  // Fisher's tea (The Design of Experiments, 1935): three of four cups told right, and all four.
  near(fisherExact(3, 4, 1, 4), 34 / 70);
  near(fisherExact(4, 4, 0, 4), 2 / 70);
  // Twins of criminals (Fisher, 1935): 2 of 17 against 10 of 13.
  near(fisherExact(2, 17, 10, 13), 0.0005367);
});

test('few failures among many requests are no difference, and many are', () => {
  assert.ok(fisherExact(15, 344, 15, 478) > 0.3);
  assert.ok(fisherExact(15, 344, 60, 478) < 1e-4);
  assert.equal(fisherExact(0, 100, 0, 100), 1);
  assert.ok(fisherExact(12_000, 1_000_000, 13_000, 1_000_000) < 1e-6);
});

test('of equal servers at most one pair in twenty is called different', () => {
  const random = seeded(7);
  const failures = (): number => Array.from({ length: 400 }, random).filter((x) => x < 0.03).length;
  const called = Array.from({ length: 500 }, () => fisherExact(failures(), 400, failures(), 400)).filter(
    (p) => p < 0.05,
  );
  assert.ok(called.length <= 32, `${called.length} of 500`);
});
