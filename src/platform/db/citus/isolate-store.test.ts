import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitPoints } from './isolate-store.ts';

test('a part is divided in front of a store and behind it, and at its ends once', () => {
  const part = { lowest: -10, highest: 10 };
  assert.deepEqual(splitPoints({ ...part, hash: 3 }), [2, 3]);
  assert.deepEqual(splitPoints({ ...part, hash: -10 }), [-10]);
  assert.deepEqual(splitPoints({ ...part, hash: 10 }), [9]);
  assert.deepEqual(splitPoints({ lowest: 3, highest: 4, hash: 4 }), [3]);
});
