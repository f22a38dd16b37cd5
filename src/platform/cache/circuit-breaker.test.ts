import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BreakerEvents, withCircuitBreaker } from './circuit-breaker.ts';
import { handClock } from './scripted-source.fixture.ts';
import { RefusedByTier, type SecondTier } from './second-tier.ts';

function setUp() {
  const clock = handClock();
  const told: string[] = [];
  const inner = { calls: 0, get: async (): Promise<string | undefined> => 'value' };
  const tier = {
    name: 'redis',
    get: () => {
      inner.calls += 1;
      return inner.get();
    },
  } as unknown as SecondTier;
  const events: BreakerEvents = {
    answered: (command) => void told.push(`answered ${command}`),
    failed: (reason) => void told.push(`failed ${reason}`),
    spared: () => void told.push('spared'),
  };
  return { clock, told, inner, breaking: withCircuitBreaker(tier, events, clock.now) };
}

test('a command that is not answered in time fails, and the next ones are spared', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { inner, told, breaking } = setUp();
  inner.get = () => new Promise(() => {});
  const asked = assert.rejects(breaking.get('a'), /longer than 50 ms/);
  t.mock.timers.tick(50);
  await asked;
  for (let reader = 0; reader < 100; reader++) await assert.rejects(breaking.get('a'), /away/);
  assert.equal(inner.calls, 1);
  assert.equal(breaking.isAway, true);
  assert.deepEqual(told.slice(0, 2), ['failed timeout', 'spared']);
});

test('after a second one command tries, the others are spared until it is answered', async () => {
  const { inner, clock, breaking } = setUp();
  inner.get = async () => {
    throw new Error('connection refused');
  };
  await assert.rejects(breaking.get('a'), /refused/);
  let answer = (_value: string): void => {};
  inner.get = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  clock.pass(1_000);
  const trying = breaking.get('a');
  await assert.rejects(breaking.get('a'), /away/);
  answer('back');
  assert.equal(await trying, 'back');
  inner.get = async () => 'value';
  assert.equal(await breaking.get('a'), 'value');
  assert.equal(breaking.isAway, false);
});

test('a refusal is an answer: the tier is not away', async () => {
  const { inner, told, breaking } = setUp();
  inner.get = async () => {
    throw new RefusedByTier('OOM command not allowed');
  };
  for (let reader = 0; reader < 5; reader++) await assert.rejects(breaking.get('a'), /OOM/);
  assert.equal(inner.calls, 5);
  assert.equal(breaking.isAway, false);
  assert.deepEqual([...new Set(told)], ['failed refused']);
});
