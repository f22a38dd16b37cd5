import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineTellers } from './line-tellers.ts';

const ROOM = 10;
/** As long as one that was heard is believed. */
const FRESH_MS = 4_000;

/** Two processes in front of one kitchen that have heard each other at 0; the first is the older. */
function openPair(): [LineTellers, LineTellers] {
  const pair: [LineTellers, LineTellers] = [new LineTellers('a'), new LineTellers('b')];
  const tellers = new Map(['a', 'b'].map((teller) => [teller, { turn: 1, came: 0 }]));
  for (const each of pair) each.hear(tellers, 0, 0);
  return pair;
}
const parts = (pair: readonly LineTellers[], nowMs: number) => pair.map((each) => each.partOf(ROOM, nowMs));

test('of two processes the older lets in the whole room, also when an answer to one of them or to both was lost', () => {
  const pair = openPair();
  assert.deepEqual(parts(pair, 0), [ROOM, 0]);
  pair[1].notHeard();
  assert.deepEqual(parts(pair, 1_000), [ROOM, 0]);
  pair[0].notHeard();
  assert.deepEqual(parts(pair, FRESH_MS), [ROOM, 0]);
});

test('when nobody has been heard for so long that the other may be gone each lets in its part', () => {
  const pair = openPair();
  for (const each of pair) each.notHeard();
  assert.deepEqual(parts(pair, FRESH_MS + 1), [ROOM / 2, ROOM / 2]);
});

test('a process that stood still itself lets in nobody before it is heard again, and one that never heard anybody is alone', () => {
  const pair = openPair();
  assert.deepEqual(parts(pair, FRESH_MS + 1), [0, 0]);
  const alone = new LineTellers('c');
  alone.notHeard();
  assert.equal(alone.partOf(ROOM, 0), ROOM);
});
