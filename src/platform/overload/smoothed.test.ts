import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSmoothed } from './smoothed.ts';

test('what jumps between nothing and all is half, however often it is looked at, and what lasts is what it is', () => {
  for (const stepMs of [1, 10, 100]) {
    let nowMs = 0;
    const smoothed = createSmoothed(5_000, () => nowMs);
    let value = 0;
    for (let step = 0; step * stepMs < 60_000; step += 1) {
      nowMs += stepMs;
      value = smoothed(step % 2);
    }
    assert.ok(Math.abs(value - 0.5) < 0.02, `${stepMs}: ${value}`);
    nowMs += 60_000;
    assert.ok(smoothed(0) < 0.001);
    nowMs += 60_000;
    assert.ok(smoothed(1) > 0.999);
  }
});

test('a moment is no load: of a second of all, a memory of five shows a fifth and forgets it', () => {
  let nowMs = 0;
  const smoothed = createSmoothed(5_000, () => nowMs);
  nowMs = 1_000;
  const seen = smoothed(1);
  assert.ok(seen > 0.15 && seen < 0.2, `${seen}`);
  nowMs += 5_000;
  assert.ok(smoothed(0) < 0.4 * seen);
});
