import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StatedState } from '../ports.ts';
import { idleStation } from './group-pace.ts';
import {
  fullness,
  type KitchenPace,
  LEVELS,
  learnDone,
  OPEN,
  promise,
  returnMinutes,
  roomOf,
  type StationPace,
  stateNow,
} from './rules.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 10);
const MINUTE_MS = 60_000;

const station = (changes: Partial<StationPace> = {}): StationPace => ({
  ...idleStation('grill'),
  capacity: 20,
  ...changes,
});

const kitchen = (open: number, changes: Partial<KitchenPace> = {}): KitchenPace => ({
  strategy: 'load',
  prepMinutes: 15,
  correction: null,
  spread: null,
  stations: [station({ open })],
  ...changes,
});

const byHand = (state: StatedState['state'], untilMs: number | null = null): StatedState => ({
  state,
  by: 'hand',
  reason: null,
  untilMs,
});

test('a kitchen that fills up makes its store busy and then paused, and takes both back lower than it set them', () => {
  let stated = OPEN;
  const seen: [number, string][] = [];
  for (const open of [10, 15, 16, 19, 20, 30, 15, 14, 15, 11, 10, 15, 0]) {
    stated = stateNow(stated, kitchen(open), NOW_MS);
    seen.push([open, stated.state]);
  }
  assert.deepEqual(seen, [
    [10, 'open'],
    [15, 'open'],
    [16, 'busy'],
    [19, 'busy'],
    [20, 'paused'],
    [30, 'paused'],
    [15, 'paused'],
    [14, 'busy'],
    [15, 'busy'],
    [11, 'busy'],
    [10, 'open'],
    [15, 'open'],
    [0, 'open'],
  ]);
});

test('between two pauses of any kitchen at least three tenths of it were cooked: it does not flap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 50, maxLength: 400 }),
      (capacity, steps) => {
        let open = 0;
        let stated = OPEN;
        let cookedSincePause = Number.POSITIVE_INFINITY;
        for (const step of steps) {
          open = Math.max(0, open + step);
          if (step < 0) cookedSincePause -= step;
          const before = stated.state;
          stated = stateNow(stated, kitchen(0, { stations: [station({ capacity, open })] }), NOW_MS);
          const full = open / capacity;
          if (before !== 'paused' && stated.state === 'paused') {
            assert.ok(full >= LEVELS.pausedFrom);
            assert.ok(cookedSincePause >= (LEVELS.pausedFrom - LEVELS.pausedUntil) * capacity - 1e-9);
            cookedSincePause = 0;
          }
          if (before === 'paused' && stated.state !== 'paused') assert.ok(full <= LEVELS.pausedUntil);
          if (before === 'busy' && stated.state === 'open') assert.ok(full <= LEVELS.busyUntil);
          // Looking again changes nothing.
          assert.equal(
            stateNow(stated, kitchen(0, { stations: [station({ capacity, open })] }), NOW_MS).state,
            stated.state,
          );
        }
      },
    ),
  );
});

test('what a person says holds against any load until their time is over, and then the load decides', () => {
  const untilMs = NOW_MS + 10 * MINUTE_MS;
  for (const open of [0, 18, 40]) {
    for (const state of ['open', 'busy', 'paused'] as const) {
      assert.equal(stateNow(byHand(state, untilMs), kitchen(open), untilMs - 1).state, state);
      const after = stateNow(byHand(state, untilMs), kitchen(open), untilMs);
      assert.equal(after.state, stateNow(OPEN, kitchen(open), untilMs).state);
    }
    assert.equal(stateNow(byHand('paused'), kitchen(open), NOW_MS + 1e9).state, 'paused');
  }
  // A person who opens without a time gives the store back to the load.
  assert.equal(stateNow(byHand('open'), kitchen(20), NOW_MS).state, 'paused');
  assert.equal(stateNow(byHand('paused', untilMs), undefined, untilMs).state, 'open');
});

test('a pause names the minute in which the kitchen is expected to be ready for more', () => {
  const full = kitchen(20);
  // 20 portions in 15 minutes, and 6 of them until there is room.
  assert.equal(returnMinutes(full), 4.5);
  assert.equal(stateNow(OPEN, full, NOW_MS).untilMs, NOW_MS + 5 * MINUTE_MS);
  assert.equal(stateNow(OPEN, full, NOW_MS + 20_000).untilMs, NOW_MS + 5 * MINUTE_MS);
});

test('fixed promises what the store says, by load what lies in front, learned at the rate that was seen', () => {
  const portions = new Map([['grill', 2]]);
  const slow = [station({ open: 11, workMinutes: 60, donePortions: 30, baseMinutes: 6 })];
  const learned = { strategy: 'learned', stations: slow } as const;
  assert.equal(promise(kitchen(11, { strategy: 'fixed' }), OPEN, portions), 15);
  // Twenty in a quarter of an hour.
  assert.equal(promise(kitchen(11), OPEN, portions), Math.round(15 + 13 / (20 / 15)));
  assert.equal(promise(kitchen(11), OPEN, new Map([['drinks', 9]])), 15);
  // Half a portion a minute was seen; what the capacity says counts as three portions of it.
  const rate = (30 + 3) / (60 + 3 / (20 / 15));
  assert.equal(promise(kitchen(0, learned), OPEN, portions), Math.round(13 / rate));
  assert.equal(promise(kitchen(0, { ...learned, correction: 1.1 }), OPEN, portions), Math.round((13 / rate) * 1.1));
  const idle = [station({ open: 0, workMinutes: 60, donePortions: 30, baseMinutes: 6 })];
  assert.equal(promise(kitchen(0, { ...learned, stations: idle }), OPEN, portions), 6);
  assert.equal(promise(kitchen(0, { strategy: 'fixed' }), byHand('busy'), portions), 23);
  assert.equal(promise(kitchen(100_000), OPEN, portions), 240);
});

test('more in front never makes a promise shorter, whatever is known of the kitchen', () => {
  const known = fc.record({
    strategy: fc.constantFrom('fixed', 'load', 'learned'),
    prepMinutes: fc.integer({ min: 1, max: 240 }),
    baseMinutes: fc.option(fc.double({ min: 0, max: 120, noNaN: true })),
    correction: fc.option(fc.double({ min: 0.5, max: 2, noNaN: true })),
    capacity: fc.option(fc.integer({ min: 1, max: 10_000 })),
    workMinutes: fc.double({ min: 0, max: 1_000, noNaN: true }),
    donePortions: fc.double({ min: 0, max: 1_000, noNaN: true }),
    doneTickets: fc.double({ min: 0, max: 1_000, noNaN: true }),
  });
  fc.assert(
    fc.property(known, fc.nat(5_000), fc.nat(5_000), fc.integer({ min: 1, max: 99 }), (of, open, more, own) => {
      const at = (count: number) =>
        promise({ ...of, spread: null, stations: [station({ ...of, open: count })] }, OPEN, new Map([['grill', own]]));
      assert.ok(at(open) <= at(open + more));
      assert.ok(at(open) >= 1 && at(open) <= 240 && Number.isInteger(at(open)));
    }),
  );
});

test('the rate is learned from tickets that waited, the base from those that did not, and nothing from one that was forgotten', () => {
  const at = (minutes: number) => NOW_MS + minutes * MINUTE_MS;
  const of = ({ workMinutes, donePortions, baseMinutes }: StationPace) => [workMinutes, donePortions, baseMinutes];
  const first = learnDone(station(), { portions: 2, placedAtMs: at(0), nowMs: at(8) });
  assert.deepEqual([...of(first), first.lastDoneAtMs], [0, 0, 8, at(8)]);
  const waited = learnDone(first, { portions: 2, placedAtMs: at(3), nowMs: at(10) });
  assert.deepEqual(of(waited), [2, 2, 8]);
  const idle = learnDone(waited, { portions: 1, placedAtMs: at(20), nowMs: at(30) });
  assert.deepEqual([...of(idle), idle.lastDoneAtMs], [2, 2, 8.1, at(30)]);
  const forgotten = learnDone(idle, { portions: 1, placedAtMs: at(5), nowMs: at(300) });
  assert.deepEqual(of(forgotten), of(idle));
});

test('portions that are ready at once are all counted, whichever of them is written down first', () => {
  const at = (second: number) => NOW_MS + second * 1_000;
  let seen = learnDone(station(), { portions: 1, placedAtMs: at(-60), nowMs: at(0) });
  // Four each second, of which the first to be written is the last of them.
  for (let second = 1; second <= 60; second++) {
    for (const late of [0.003, 0.002, 0.001, 0]) {
      seen = learnDone(seen, { portions: 1, placedAtMs: at(-60), nowMs: at(second + late) });
    }
  }
  const perMinute = seen.donePortions / seen.workMinutes;
  assert.ok(perMinute > 230 && perMinute < 250, String(perMinute));
});

test('a kitchen knows how many orders it has room for by how large they have been, and when it takes some again to the second', () => {
  const seen = { capacity: 20, donePortions: 100, doneTickets: 97 };
  const room = (open: number, stated: StatedState) =>
    roomOf(kitchen(0, { prepMinutes: 10, stations: [station({ ...seen, open })] }), stated)!;
  // Orders of little more than one portion each; before any was seen, of two.
  const { perMinute, ...free } = room(14, OPEN);
  assert.deepEqual(free, { orders: 5, wave: 5, closedMinutes: 0, untilMs: null });
  assert.equal(perMinute.toFixed(2), '1.92');
  assert.equal(roomOf(kitchen(14), OPEN)!.orders, 3);
  const full = stateNow(OPEN, kitchen(20), NOW_MS);
  const { orders, closedMinutes, untilMs } = room(20, full);
  assert.deepEqual([orders, closedMinutes, untilMs], [0, 3, null]);
  const paused = room(20, byHand('paused', NOW_MS + MINUTE_MS));
  assert.deepEqual([paused.orders, paused.closedMinutes, paused.untilMs], [0, 0, NOW_MS + MINUTE_MS]);
});

test('the fullest of the stations that have a capacity counts', () => {
  const stations = [station({ open: 10 }), station({ capacity: null, open: 900 }), station({ capacity: 4, open: 3 })];
  assert.equal(fullness(kitchen(0, { stations })), 0.75);
  assert.equal(fullness(undefined), 0);
});
