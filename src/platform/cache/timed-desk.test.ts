import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counts, handClock, scriptedSource } from './scripted-source.fixture.ts';
import { createTimedDesk } from './timed-desk.ts';

function setUp(options: { lifetimeMs?: number; singleFlight?: boolean } = {}) {
  const source = scriptedSource();
  const clock = handClock();
  const counted = counts();
  const desk = createTimedDesk({
    source,
    counts: counted,
    itemsMax: 10,
    now: clock.now,
    lifetimeMs: options.lifetimeMs ?? 10_000,
    singleFlight: options.singleFlight ?? true,
  });
  source.set('a', '1');
  return { source, clock, counted, desk };
}

const hundredReaders = (desk: ReturnType<typeof setUp>['desk']) =>
  Promise.all(Array.from({ length: 100 }, () => desk.read('a')));

test('expiry: wrong for up to its lifetime, whatever is heard, and then right', async () => {
  const { source, clock, desk } = setUp();
  await desk.read('a');
  source.set('a', '2');
  desk.heard('a');
  desk.missed();
  clock.pass(9_999);
  assert.deepEqual(desk.peek('a'), { value: 'value 1', outcome: 'hit' });
  clock.pass(1);
  assert.equal(desk.peek('a'), undefined);
  assert.deepEqual(await desk.read('a'), { value: 'value 2', outcome: 'miss' });
});

test('never: loaded once and wrong for ever', async () => {
  const { source, clock, desk } = setUp({ lifetimeMs: Number.POSITIVE_INFINITY });
  await desk.read('a');
  source.set('a', '2');
  clock.pass(1e12);
  assert.deepEqual(await desk.read('a'), { value: 'value 1', outcome: 'hit' });
  assert.equal(source.loads, 1);
});

test('with single flight an expired value is loaded once, however many read it', async () => {
  const { source, clock, desk } = setUp();
  await desk.read('a');
  clock.pass(10_000);
  await hundredReaders(desk);
  assert.equal(source.loads, 2);
});

test('without single flight an expired value is loaded by every reader: the stampede', async () => {
  const { source, clock, desk } = setUp({ singleFlight: false });
  await desk.read('a');
  clock.pass(10_000);
  await hundredReaders(desk);
  assert.equal(source.loads, 101);
});

test('a load that fails leaves the old answer, and the next reader tries again', async () => {
  const { source, clock, desk } = setUp();
  await desk.read('a');
  clock.pass(10_000);
  source.broken = new Error('away');
  assert.deepEqual(await desk.read('a'), { value: 'value 1', outcome: 'stale' });
  source.broken = undefined;
  source.set('a', '2');
  assert.equal((await desk.read('a')).value, 'value 2');
});

test('a load that fails with nothing to serve instead is the reader’s error', async () => {
  const { source, desk } = setUp();
  source.broken = new Error('away');
  await assert.rejects(desk.read('a'), /away/);
});
