import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import { createLoadLevel } from './load-level.ts';

type Load = ReturnType<typeof createLoadLevel>;

/** Turns of one length, one after another, for so long. */
function run(load: Load, fromMs: number, forMs: number, turnMs: number): number {
  let nowMs = fromMs;
  while (nowMs < fromMs + forMs) {
    nowMs += turnMs;
    load.turned(turnMs, nowMs);
  }
  return nowMs;
}
const create = () => createLoadLevel(BOUNDS.overload);

test('a burst leaves nothing out, a queue that stands does, the longer the more', () => {
  const load = create();
  let nowMs = run(load, 0, 1_000, 5) + 150;
  load.turned(150, nowMs);
  assert.equal(load.pressureAt(150), 0);
  nowMs = run(load, nowMs, 200, 5);
  assert.equal(load.level, 0);
  nowMs = run(load, nowMs, 1_000, 40);
  const after1s = load.level;
  assert.ok(after1s > 0.1 && after1s < 1);
  run(load, nowMs, 2_000, 40);
  assert.ok(load.level > after1s);
});

test('the longer the queue the faster it rises, and not past 1', () => {
  const [short, long] = [create(), create()];
  run(short, 0, 1_000, 60);
  run(long, 0, 1_000, 240);
  assert.ok(long.level > short.level);
  run(long, 1_000, 60_000, 1_000);
  assert.equal(long.level, 1);
  assert.equal(long.pressureAt(1_000), 1);
});

test('it falls to nothing when the queue is gone', () => {
  const load = create();
  let nowMs = run(load, 0, 3_000, 160);
  const high = load.level;
  nowMs = run(load, nowMs, 1_000, 5);
  assert.ok(load.level > 0 && load.level < high);
  run(load, nowMs, 5_000, 5);
  assert.equal(load.level, 0);
});

test('one short turn in a window means that the queue was worked off', () => {
  const load = create();
  let nowMs = 0;
  for (let times = 0; times < 50; times += 1) {
    for (const tookMs of [90, 5]) {
      nowMs += tookMs;
      load.turned(tookMs, nowMs);
    }
  }
  assert.equal(load.level, 0);
  assert.equal(load.standingMs, 5);
  assert.equal(load.pressureAt(90), 0);
});

test('one long turn, in which garbage was collected or others had the core, is no queue that stands', () => {
  const load = create();
  let nowMs = run(load, 0, 1_000, 20);
  for (let times = 0; times < 20; times += 1) {
    for (const tookMs of [200, ...Array.from({ length: 25 }, () => 20)]) {
      nowMs += tookMs;
      load.turned(tookMs, nowMs);
      assert.equal(load.level, 0);
    }
  }
});

test('a process that starts, or has no core, is not full: long turns with a handful of requests leave nothing out', () => {
  const load = create();
  for (let nowMs = 0; nowMs < 5_000; nowMs += 350) load.turned(350, nowMs, 3);
  assert.equal(load.level, 0);
  assert.equal(load.pressureAt(200), 0);
  for (let nowMs = 5_000; nowMs < 10_000; nowMs += 350) load.turned(350, nowMs, 300);
  assert.ok(load.level > 0.5);
});

test('where turns get longer and none is short, what is refused is refused in the turn that is too long, before the level knows', () => {
  const load = create();
  let nowMs = 0;
  // As measured when twice came what a process bears; the level is set with the last of them.
  for (const tookMs of [2, 3, 4, 7, 8, 9, 20, 20, 20, 32, 58, 57, 92]) {
    nowMs += tookMs;
    load.turned(tookMs, nowMs, 200);
  }
  assert.ok(load.level < 0.2, `${load.level}`);
  assert.ok(load.pressureAt(92) > 0.6, `${load.pressureAt(92)}`);
  assert.ok(load.pressureAt(40) < 0.2);
  // And it is over with the next turn that is short.
  load.turned(5, nowMs + 5, 20);
  assert.ok(load.pressureAt(92) < 0.2);
});

test('turns as a process has them that just bears its load leave next to nothing out', () => {
  const load = create();
  // Measured at the knee, half a second of the busiest: a database has the core in between, and now and then the loop sleeps.
  const turns = [28, 14, 30, 54, 28, 16, 47, 29, 10, 23, 21, 28, 13, 33, 18, 31, 25, 62, 15, 29, 24, 17, 0];
  let nowMs = 0;
  let pressure = 0;
  let count = 0;
  for (let times = 0; times < 100; times += 1) {
    for (const tookMs of turns) {
      nowMs += tookMs;
      load.turned(tookMs, nowMs, 100);
      pressure += load.pressureAt(tookMs);
      count += 1;
    }
  }
  assert.ok(pressure / count < 0.025, `${pressure / count}`);
});
