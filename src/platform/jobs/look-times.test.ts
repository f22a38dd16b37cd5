import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLookTimes } from './look-times.ts';

const POLL_MS = 2_500;

test('whoever is told of jobs all the time looks fifty times a second at most, and at once who was told of none for a while', () => {
  let now = 0;
  const times = createLookTimes(POLL_MS, () => now);
  const looks: number[] = [];
  const look = (): void => {
    looks.push(now);
    times.began();
    times.ended();
  };
  assert.equal(times.dueInMs(), 0);
  look();
  assert.equal(times.dueInMs(), POLL_MS);
  // An order each 7 ms for a second, and one half a second after the last.
  for (; now < 1_000; now += 1) {
    if (now % 7 === 0) times.soon();
    if (times.dueInMs() === 0) look();
  }
  assert.ok(looks.length > 40 && looks.length <= 50, `${looks.length}`);
  while (times.dueInMs() > 0) now += 1;
  look();
  now += 500;
  assert.ok(times.dueInMs() > 0);
  times.soon();
  assert.equal(times.dueInMs(), 0);
});

test('what is told while it looks is looked for once more, after the rest', () => {
  let now = 0;
  const times = createLookTimes(POLL_MS, () => now);
  times.began();
  times.soon();
  now = 3;
  times.ended();
  assert.deepEqual([times.lookedAtMs, times.dueInMs()], [3, 20]);
  times.began();
  now = 60;
  times.ended();
  assert.equal(times.dueInMs(), POLL_MS);
});
