import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, handClock, scriptedSource } from './scripted-source.fixture.ts';
import { createTimedCache } from './timed-cache.ts';

function setUp(options: { lifetimeMs?: number; singleFlight?: boolean } = {}) {
  const source = scriptedSource();
  const clock = handClock();
  const counted = counts();
  const cache = createTimedCache({
    source,
    counts: counted,
    itemsMax: 10,
    now: clock.now,
    lifetimeMs: options.lifetimeMs ?? 10_000,
    singleFlight: options.singleFlight ?? true,
  });
  source.set('a', '1');
  return { source, clock, counted, cache };
}

const hundredReaders = (cache: ReturnType<typeof setUp>['cache']) =>
  Promise.all(Array.from({ length: 100 }, () => cache.read('a')));

test('expiry: wrong for up to its lifetime, whatever is heard, and then right', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  cache.invalidate('a');
  cache.invalidateAll();
  clock.pass(9_999);
  assert.deepEqual(cache.peek('a'), { value: 'value 1', outcome: 'hit' });
  clock.pass(1);
  assert.equal(cache.peek('a'), undefined);
  assert.deepEqual(await cache.read('a'), { value: 'value 2', outcome: 'miss' });
});

test('never: loaded once and wrong for ever', async () => {
  const { source, clock, cache } = setUp({ lifetimeMs: Number.POSITIVE_INFINITY });
  await cache.read('a');
  source.set('a', '2');
  clock.pass(1e12);
  assert.deepEqual(await cache.read('a'), { value: 'value 1', outcome: 'hit' });
  assert.equal(source.loads, 1);
});

test('with single flight an expired value is loaded once, however many read it', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  clock.pass(10_000);
  await hundredReaders(cache);
  assert.equal(source.loads, 2);
});

test('without single flight an expired value is loaded by every reader: the stampede', async () => {
  const { source, clock, cache } = setUp({ singleFlight: false });
  await cache.read('a');
  clock.pass(10_000);
  await hundredReaders(cache);
  assert.equal(source.loads, 101);
});

test('a load that fails leaves the old answer, and the next reader tries again', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  clock.pass(10_000);
  source.broken = new Error('away');
  assert.deepEqual(await cache.read('a'), { value: 'value 1', outcome: 'stale' });
  source.broken = undefined;
  source.set('a', '2');
  assert.equal((await cache.read('a')).value, 'value 2');
});

test('a load that fails with nothing to serve instead is the reader’s error', async () => {
  const { source, cache } = setUp();
  source.broken = new Error('away');
  await assert.rejects(cache.read('a'), /away/);
});
