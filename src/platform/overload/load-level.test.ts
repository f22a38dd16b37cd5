import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoadLevel } from './load-level.ts';

/** Turns of one length, one after another, for so long. */
function run(load: ReturnType<typeof createLoadLevel>, fromMs: number, forMs: number, turnMs: number): number {
  let nowMs = fromMs;
  while (nowMs < fromMs + forMs) {
    nowMs += turnMs;
    load.turned(turnMs, nowMs);
  }
  return nowMs;
}
const create = () => createLoadLevel({ targetMs: 40, windowMs: 100, patienceMs: 300 });

test('a burst leaves nothing out, a queue that stands does, the longer the more', () => {
  const load = create();
  let nowMs = run(load, 0, 1_000, 10) + 250;
  load.turned(250, nowMs);
  nowMs = run(load, nowMs, 200, 10);
  assert.equal(load.level, 0);
  nowMs = run(load, nowMs, 1_000, 80);
  const after1s = load.level;
  assert.ok(after1s > 0.1 && after1s < 1);
  run(load, nowMs, 2_000, 80);
  assert.ok(load.level > after1s);
});

test('the longer the queue the faster it rises, and not past 1', () => {
  const [short, long] = [create(), create()];
  run(short, 0, 1_000, 60);
  run(long, 0, 1_000, 240);
  assert.ok(long.level > short.level);
  run(long, 1_000, 60_000, 1_000);
  assert.equal(long.level, 1);
});

test('it falls to nothing when the queue is gone, and more slowly than it rose', () => {
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
});

test('a process that starts, or has no core, is not full: long turns with a handful of requests leave nothing out', () => {
  const load = createLoadLevel({ targetMs: 40, windowMs: 100, patienceMs: 300 });
  for (let nowMs = 0; nowMs < 5_000; nowMs += 350) load.turned(350, nowMs, 3);
  assert.equal(load.level, 0);
  for (let nowMs = 5_000; nowMs < 10_000; nowMs += 350) load.turned(350, nowMs, 300);
  assert.ok(load.level > 0.5);
});
