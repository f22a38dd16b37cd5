import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { atEndOf, type Lifetime } from '../../../../test/support/lifetime.ts';
import { createBacklog } from './backlog.ts';

function backlogOf(t: Lifetime, costMs: number) {
  let nowMs = 0;
  const served: number[] = [];
  const expired: number[] = [];
  const backlog = createBacklog<number>({
    now: () => nowMs,
    turnMs: () => 10,
    waitMaxMs: 500,
    serve(item) {
      served.push(item);
      backlog.spend(costMs);
    },
    expire: (item) => expired.push(item),
  });
  atEndOf(t, async () => backlog.close());
  return {
    backlog,
    served,
    expired,
    passed(ms: number) {
      nowMs += ms;
    },
    now: () => nowMs,
  };
}

test('a turn has so much time and no more, and the next has it again', async (t) => {
  const { backlog } = backlogOf(t, 1);
  assert.ok(backlog.hasTime);
  backlog.spend(9);
  assert.ok(backlog.hasTime);
  backlog.spend(1);
  assert.ok(!backlog.hasTime);
  await turn();
  assert.ok(backlog.hasTime);
});

test('what there was no time for is done in later turns, the newest first, and all of it when nothing new comes', async (t) => {
  const { backlog, served, expired } = backlogOf(t, 4);
  for (let item = 1; item <= 7; item += 1) backlog.push(item, 0);
  const turns = [];
  while (served.length < 7) {
    await turn();
    turns.push(served.length);
  }
  assert.deepEqual(served, [7, 6, 5, 4, 3, 2, 1]);
  assert.deepEqual(turns, [3, 6, 7]);
  assert.deepEqual(expired, []);
});

test('a turn that is taken for several has time again, and serves what waits', (t) => {
  const { backlog, served } = backlogOf(t, 4);
  for (let item = 1; item <= 7; item += 1) backlog.push(item, 0);
  backlog.spend(10);
  assert.ok(!backlog.hasTime);
  backlog.endTurn();
  assert.deepEqual(served, []);
  assert.ok(backlog.hasTime);
  backlog.endTurn();
  assert.deepEqual(served, [7, 6, 5]);
});

test('what comes in a turn goes before what waits, and what has waited too long is given up', async (t) => {
  const { backlog, served, expired, passed, now } = backlogOf(t, 4);
  for (let item = 0; item < 3; item += 1) backlog.push(item, now());
  for (let turns = 0; turns < 6; turns += 1) {
    // A flood: each turn is full before the backlog has its time.
    backlog.spend(12);
    await turn();
    passed(100);
  }
  assert.deepEqual(served, []);
  backlog.push(9, now());
  await turn();
  assert.deepEqual([served, expired], [[9], [0, 1, 2]]);
});
