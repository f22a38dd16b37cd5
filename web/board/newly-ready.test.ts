import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newlyReady, sameBoard } from './newly-ready.ts';

test('only what has become ready is called, and one that goes back and comes again is called again', () => {
  const board = { cooking: [3, 4], ready: [1, 2] };
  assert.deepEqual(newlyReady(board, { cooking: [4], ready: [3, 1] }), [3]);
  assert.deepEqual(newlyReady(board, { cooking: [], ready: [2] }), []);
  assert.deepEqual(newlyReady({ cooking: [1], ready: [] }, { cooking: [], ready: [1] }), [1]);
});

test('a board is the same only with the same numbers in the same places', () => {
  assert.equal(sameBoard({ cooking: [1], ready: [2] }, { cooking: [1], ready: [2] }), true);
  assert.equal(sameBoard({ cooking: [1, 2], ready: [] }, { cooking: [2, 1], ready: [] }), false);
  assert.equal(sameBoard({ cooking: [1], ready: [] }, { cooking: [], ready: [1] }), false);
});
