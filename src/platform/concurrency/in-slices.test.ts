import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSlices } from './in-slices.ts';

const turn = () => new Promise(setImmediate);
const BOUNDS = { atLeast: 3, share: 0.5 };

test('a few pieces are done at once', async () => {
  const done: number[] = [];
  const all = inSlices([1, 2, 3], (item) => done.push(item), BOUNDS);
  assert.deepEqual(done, [1, 2, 3]);
  await all;
  await inSlices([], () => assert.fail(), BOUNDS);
});

test('many are done over several turns, a share of those that are left in each, in their order', async () => {
  const done: number[] = [];
  const items = Array.from({ length: 24 }, (_, at) => at);
  const sizes: number[] = [];
  let isDone = false;
  void inSlices(items, (item) => done.push(item), BOUNDS).then(() => {
    isDone = true;
  });
  for (; !isDone; await turn()) sizes.push(done.length);
  assert.deepEqual(
    [...new Set(sizes)].filter((size) => size < 24),
    [12, 18, 21],
  );
  assert.deepEqual(done, items);
});
