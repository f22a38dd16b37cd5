import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Arrivals, type SlotCounts, slotOf } from './arrivals.ts';

const NOW_MS = 1_795_000_000_000;

test('who came first is let in first, one by one, also within a second', () => {
  const line = new Arrivals();
  const guests = Array.from({ length: 10 }, (_, guest) => NOW_MS + guest * 0.001);
  for (const atMs of guests) line.arrive(atMs);
  assert.deepEqual(
    guests.map((atMs) => line.aheadOf(atMs)),
    guests.map((_, guest) => guest),
  );
  for (let admitted = 1; admitted <= 10; admitted++) {
    line.admit(1, NOW_MS + 500);
    assert.equal(guests.filter((atMs) => atMs < line.markMs).length, admitted);
  }
  assert.equal(line.waiting, 0);
});

test('whoever comes after the line was empty waits for the next turn, and is not let in with those before', () => {
  const line = new Arrivals();
  line.arrive(NOW_MS);
  line.admit(5, NOW_MS + 100);
  line.arrive(NOW_MS + 200);
  assert.ok(NOW_MS + 200 >= line.markMs);
  assert.equal(line.waiting, 1);
  line.admit(5, NOW_MS + 300);
  assert.ok(NOW_MS + 200 < line.markMs);
});

test('who does not come is passed: the mark does not wait', () => {
  const line = new Arrivals();
  for (let second = 0; second < 100; second++) line.arrive(NOW_MS + second * 1_000);
  line.forget(NOW_MS + 50_000);
  assert.equal(line.waiting, 50);
  assert.equal(line.aheadOf(NOW_MS + 60_000), 10);
});

test('however guests come and are let in, the mark never goes back, nobody is passed over, and nobody is counted twice', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('arrive' as const), afterMs: fc.integer({ min: 0, max: 700 }) }),
    fc.record({ kind: fc.constant('admit' as const), count: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const line = new Arrivals();
      const came: number[] = [];
      let nowMs = NOW_MS;
      let markMs = 0;
      let admitted = 0;
      for (const each of steps) {
        if (each.kind === 'arrive') {
          nowMs = Math.max(nowMs + each.afterMs, (came.at(-1) ?? 0) + 0.001);
          came.push(nowMs);
          line.arrive(nowMs);
        } else {
          nowMs += 1;
          for (const count of line.admit(each.count, nowMs).values()) admitted += count;
        }
        assert.ok(line.markMs >= markMs);
        markMs = line.markMs;
        const isIn = came.map((atMs) => atMs < markMs);
        assert.equal(isIn.filter(Boolean).length, admitted);
        assert.equal(isIn.indexOf(false) === -1 ? came.length : isIn.indexOf(false), admitted);
        assert.equal(line.waiting, came.length - admitted);
      }
    }),
  );
});

test('processes that add up what they have seen agree on who waits, whatever the order in which they hear of it', () => {
  const one = new Arrivals();
  const other = new Arrivals();
  const all = new Map<number, { arrived: number; admitted: number }>();
  const tell = (slot: number, arrived: number, admitted: number) => {
    const known = all.get(slot) ?? { arrived: 0, admitted: 0 };
    all.set(slot, { arrived: known.arrived + arrived, admitted: known.admitted + admitted });
  };
  for (let guest = 0; guest < 1_000; guest++) {
    const atMs = NOW_MS + guest * 7.3;
    (guest % 3 ? one : other).arrive(atMs);
    tell(slotOf(atMs), 1, 0);
  }
  const none: SlotCounts = new Map();
  for (const line of [other, one]) line.replace(all, none, NOW_MS + 8_000);
  assert.deepEqual([one.waiting, other.waiting], [1_000, 1_000]);
  for (const [slot, count] of one.admit(300, NOW_MS + 8_000)) tell(slot, 0, count);
  other.replace(all, none, NOW_MS + 8_000);
  assert.equal(other.waiting, 700);
  // Each knows a sample of a second's guests, so they differ by some milliseconds.
  assert.ok(Math.abs(one.markMs - other.markMs) < 50, `${one.markMs - other.markMs}`);
  assert.ok(Math.abs(one.markMs - (NOW_MS + 300 * 7.3)) < 50);
});
