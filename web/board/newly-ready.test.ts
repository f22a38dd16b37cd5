import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newlyReady, sameBoard, toLabels } from './newly-ready.ts';

const calledOf = (...boards: Parameters<typeof newlyReady>) => newlyReady(...boards).map(({ number }) => number);

test('only what has become ready is called, and one that goes back and comes again is called again', () => {
  const board = { cooking: [3, 4], ready: [1, 2] };
  assert.deepEqual(calledOf(board, { cooking: [4], ready: [3, 1] }), [3]);
  assert.deepEqual(calledOf(board, { cooking: [], ready: [2] }), []);
  assert.deepEqual(calledOf({ cooking: [1], ready: [] }, { cooking: [], ready: [1] }), [1]);
});

test('a board is the same only with the same numbers in the same places', () => {
  assert.equal(sameBoard({ cooking: [1], ready: [2] }, { cooking: [1], ready: [2] }), true);
  assert.equal(sameBoard({ cooking: [1, 2], ready: [] }, { cooking: [2, 1], ready: [] }), false);
  assert.equal(sameBoard({ cooking: [1], ready: [] }, { cooking: [], ready: [1] }), false);
});

test('today’s number 1 is called although yesterday’s still hangs there, and both are shown', () => {
  assert.deepEqual(newlyReady({ cooking: [], ready: [7, 1] }, { cooking: [], ready: [1, 7, 1] }), [
    { number: 1, nth: 2 },
  ]);
  assert.deepEqual(toLabels([1, 7, 1]), [
    { number: 1, nth: 2 },
    { number: 7, nth: 1 },
    { number: 1, nth: 1 },
  ]);
});
