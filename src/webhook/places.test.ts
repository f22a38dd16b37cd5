import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlaces } from './places.ts';

const LONG_MS = 60_000;

test('as many as there are places go on at once, each key by itself', async () => {
  const places = createPlaces(2);
  assert.ok(await places.take('a', 0));
  assert.deepEqual(places.full(), []);
  assert.ok(await places.take('a', 0));
  assert.deepEqual(places.full(), ['a']);
  assert.equal(await places.take('a', 1), false);
  assert.ok(await places.take('b', 0));
});

test('a place that comes free goes to whoever waited longest, and is not counted twice', async () => {
  const places = createPlaces(1);
  await places.take('a', 0);
  const order: string[] = [];
  const waits = ['first', 'second'].map(async (who) => {
    assert.ok(await places.take('a', LONG_MS));
    order.push(who);
    places.release('a');
  });
  places.release('a');
  await Promise.all(waits);
  assert.deepEqual(order, ['first', 'second']);
  assert.deepEqual(places.full(), []);
  assert.ok(await places.take('a', 0));
});

test('who gave up waiting is not handed a place', async () => {
  const places = createPlaces(1);
  await places.take('a', 0);
  assert.equal(await places.take('a', 1), false);
  places.release('a');
  assert.ok(await places.take('a', 0));
});
