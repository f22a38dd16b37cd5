import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createExternalCache } from './external-cache.ts';
import { counts, handClock, scriptedSource, settle } from './scripted-source.fixture.ts';

const PERIOD_MS = 10_000;

function setUp(t: TestContext, refresher = true) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const source = scriptedSource();
  source.set('a', '1');
  const clock = handClock();
  const counted = counts();
  const cache = createExternalCache({
    source,
    counts: counted,
    itemsMax: 10,
    now: clock.now,
    periodMs: PERIOD_MS,
    refresher,
  });
  t.after(() => cache.close());
  const pass = async (ms: number) => {
    clock.pass(ms);
    t.mock.timers.tick(ms);
    await settle();
  };
  return { source, counted, cache, pass };
}

test('a refresher fills ahead, and no number of readers loads anything', async (t) => {
  const { source, cache } = setUp(t);
  await settle();
  for (let reader = 0; reader < 1_000; reader++) assert.equal((await cache.read('a')).value, 'value 1');
  assert.equal(source.loads, 1);
});

test('it is wrong for up to a period, whatever is heard', async (t) => {
  const { source, cache, pass } = setUp(t);
  await settle();
  source.set('a', '2');
  cache.invalidate('a');
  await pass(PERIOD_MS - 1);
  assert.equal((await cache.read('a')).value, 'value 1');
  await pass(1);
  assert.equal((await cache.read('a')).value, 'value 2');
});

test('without a refresher it is blank, and says so', async (t) => {
  const { cache, source, counted } = setUp(t, false);
  await assert.rejects(cache.read('a'), { type: 'unavailable' });
  assert.equal(source.loads, 0);
  assert.equal(counted.blank, 1);
});

test('a source that fails for three periods leaves it blank, and it comes back by itself', async (t) => {
  const { source, cache, pass } = setUp(t);
  await settle();
  source.broken = new Error('away');
  await pass(PERIOD_MS);
  await pass(PERIOD_MS);
  assert.equal((await cache.read('a')).value, 'value 1');
  await pass(PERIOD_MS);
  await assert.rejects(cache.read('a'), { type: 'unavailable' });
  source.broken = undefined;
  await pass(PERIOD_MS);
  assert.equal((await cache.read('a')).value, 'value 1');
});
