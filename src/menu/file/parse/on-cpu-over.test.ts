import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onCpuOver } from './on-cpu-over.ts';

/** A thread that has used so many milliseconds of the processor at each look. */
const thread = (...usedMs: readonly number[]) => {
  let looks = 0;
  return {
    get looks() {
      return looks;
    },
    cpuUsage: async () => ({ user: usedMs[Math.min(looks++, usedMs.length - 1)]! * 1_000, system: 0 }),
  };
};

test('a thread that uses up to its bound goes on however long it takes, and past it is told once', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let over = 0;
  const slow = thread(10, 20, 20);
  onCpuOver(slow, 20, () => (over += 1));
  for (let look = 0; look < 1_000; look += 1) t.mock.timers.tick(250);
  await new Promise(setImmediate);
  assert.deepEqual([slow.looks, over], [1_000, 0]);

  onCpuOver(thread(20, 21), 20, () => (over += 1));
  for (let look = 0; look < 4; look += 1) {
    t.mock.timers.tick(250);
    await new Promise(setImmediate);
  }
  assert.equal(over, 1);
});

test('a thread that has ended, or that nobody watches any more, is asked no more', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const ended = onCpuOver({ cpuUsage: () => Promise.reject(new Error('not running')) }, 1, assert.fail);
  t.mock.timers.tick(250);
  await new Promise(setImmediate);
  ended();
  const watched = thread(100);
  onCpuOver(watched, 1, assert.fail)();
  t.mock.timers.tick(1_000);
  assert.equal(watched.looks, 0);
});
