import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CacheSource } from './cache.ts';
import { createEventCache } from './event-cache.ts';
import { counts, handClock, scriptedSource, settle } from './scripted-source.fixture.ts';

function setUp() {
  const source = scriptedSource();
  const clock = handClock();
  const counted = counts();
  const cache = createEventCache({ source, counts: counted, itemsMax: 10, now: clock.now });
  source.set('a', '1');
  return { source, clock, counted, cache };
}

test('a hundred callers of a key that is not there make one question and one load', async () => {
  const { source, cache } = setUp();
  const answers = await Promise.all(Array.from({ length: 100 }, () => cache.read('a')));
  assert.equal(source.questions, 1);
  assert.equal(source.loads, 1);
  assert.ok(answers.every(({ value }) => value === 'value 1'));
});

test('what was known right a moment ago is given at once and asks nobody', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  clock.pass(400);
  assert.deepEqual(cache.peek('a'), { value: 'value 1', outcome: 'hit' });
  await settle();
  assert.equal(source.questions, 1);
});

test('a reader in the second half of the time is answered at once, and the answer is asked about early', async () => {
  const { source, clock, cache, counted } = setUp();
  await cache.read('a');
  for (let round = 0; round < 20; round++) {
    clock.pass(450);
    assert.deepEqual(cache.peek('a'), { value: 'value 1', outcome: 'hit' });
    await settle();
  }
  assert.equal(source.questions, 21);
  assert.equal(source.loads, 1, 'what has not changed is not loaded again');
  assert.equal(counted.miss, 1);
});

test('many keys that are read share one question', async () => {
  const { source, clock, cache } = setUp();
  for (const key of ['b', 'c', 'd']) source.set(key, '1');
  await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.read(key)));
  assert.equal(source.questions, 1);
  clock.pass(500);
  for (const key of ['a', 'b', 'c', 'd']) cache.peek(key);
  await settle();
  assert.equal(source.questions, 2);
});

test('a change that nobody told of is shown within a second', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  clock.pass(899);
  assert.equal(cache.peek('a')?.value, 'value 1', 'still allowed');
  await settle();
  clock.pass(1);
  assert.deepEqual(cache.peek('a'), { value: 'value 2', outcome: 'hit' });
});

test('after the time is over nobody gets the old answer without asking', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  clock.pass(900);
  assert.equal(cache.peek('a'), undefined);
  assert.deepEqual(await cache.read('a'), { value: 'value 2', outcome: 'miss' });
});

test('a change that was heard of is loaded at once, and readers get the old answer marked stale meanwhile', async () => {
  const { source, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  source.held = true;
  cache.invalidate('a');
  await settle();
  assert.deepEqual(cache.peek('a'), { value: 'value 1', outcome: 'stale' });
  source.gates[0]!.open();
  await settle();
  assert.deepEqual(cache.peek('a'), { value: 'value 2', outcome: 'hit' });
});

test('the classic race: an old value that is stored after the invalidation does not cover the new one', async () => {
  const { source, clock, cache } = setUp();
  source.held = true;
  // A reader reads version 1 from the database and is held up on its way back.
  const slow = cache.read('a');
  await settle();
  assert.equal(source.gates.length, 1);
  // Meanwhile it changes, everybody is told, and somebody else has loaded the new one.
  source.set('a', '2');
  clock.pass(10);
  cache.invalidate('a');
  const quick = cache.read('a');
  await settle();
  source.gates[1]!.open();
  assert.equal((await quick).value, 'value 2');
  // Now the slow one comes back.
  source.gates[0]!.open();
  await slow;
  assert.deepEqual(cache.peek('a'), { value: 'value 2', outcome: 'hit' });
});

test('a reader who has to wait is answered by a question that began after they came', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  clock.pass(1_000);
  let release = (): void => {};
  const versions = source.versions;
  source.versions = async (keys) => {
    const answer = await versions(keys);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return answer;
  };
  const early = cache.read('a');
  await settle();
  source.versions = versions;
  source.set('a', '2');
  const late = cache.read('a');
  await settle();
  release();
  assert.equal((await early).value, 'value 1');
  assert.equal((await late).value, 'value 2');
});

test('a source that fails leaves the old answer, is not asked by every reader, and is found again', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.broken = new Error('connection refused');
  clock.pass(1_000);
  assert.deepEqual(await cache.read('a'), { value: 'value 1', outcome: 'stale' });
  const before = source.questions;
  for (let reader = 0; reader < 1_000; reader++) {
    assert.equal((await cache.read('a')).outcome, 'stale');
    clock.pass(1);
  }
  assert.ok(source.questions - before <= 5, `${source.questions - before} questions in a second`);
  source.broken = undefined;
  source.set('a', '2');
  clock.pass(250);
  await cache.read('a');
  await settle();
  assert.deepEqual(cache.peek('a'), { value: 'value 2', outcome: 'hit' });
});

test('a source that fails with nothing to serve instead is the reader’s error', async () => {
  const { source, cache, counted } = setUp();
  source.broken = new Error('connection refused');
  await assert.rejects(cache.read('a'), /connection refused/);
  assert.equal(counted.blank, 1);
});

test('a load that hangs with nothing to serve instead is told to the reader as “come again”', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, cache } = setUp();
  source.held = true;
  const reader = assert.rejects(cache.read('a'), { type: 'unavailable', retryAfterS: 1 });
  await settle();
  t.mock.timers.tick(2_000);
  await reader;
});

test('a load that hangs leaves the old answer, does not pile up, and does not hang its readers', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.held = true;
  for (let version = 2; version < 30; version++) {
    source.set('a', `${version}`);
    clock.pass(1_000);
    const waiting = Promise.all([cache.read('a'), cache.read('a')]);
    await settle();
    t.mock.timers.tick(2_000);
    for (const { value, outcome } of await waiting) assert.deepEqual([value, outcome], ['value 1', 'stale']);
  }
  assert.ok(source.gates.length <= 2, `${source.gates.length} loads hang`);
  source.held = false;
  for (const gate of source.gates) gate.open();
  await settle();
  clock.pass(1_000);
  await cache.read('a');
  await settle();
  assert.equal(cache.peek('a')?.value, 'value 29');
});

test('a question that hangs does not keep the next one from being asked', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, clock, cache } = setUp();
  await cache.read('a');
  const versions = source.versions;
  source.versions = () => new Promise(() => {});
  clock.pass(1_000);
  const hung = cache.read('a');
  await settle();
  t.mock.timers.tick(2_000);
  assert.equal((await hung).outcome, 'stale');
  source.versions = versions;
  clock.pass(1_000);
  await cache.read('a');
  await settle();
  assert.equal(cache.peek('a')?.outcome, 'hit');
});

test('what does not exist is not found, and what no longer exists leaves the cache', async () => {
  const { source, clock, cache } = setUp();
  await assert.rejects(cache.read('nothing'), { type: 'not-found' });
  source.set('b', '1');
  await cache.read('b');
  source.versions = async () => new Map();
  clock.pass(1_000);
  await assert.rejects(cache.read('b'), { type: 'not-found' });
  assert.equal(cache.peek('b'), undefined);
});

test('after missed messages everything is asked about at its next reading', async () => {
  const { source, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  cache.invalidateAll();
  assert.equal(cache.peek('a')?.value, 'value 1');
  await settle();
  assert.equal(cache.peek('a')?.value, 'value 2');
});

test('the cache holds no more than it may, and drops what nobody reads', async () => {
  const { source, cache } = setUp();
  for (let index = 0; index < 30; index++) {
    source.set(`k${index}`, '1');
    await cache.read(`k${index}`);
  }
  assert.equal(cache.peek('k0'), undefined);
  assert.equal(cache.peek('k29')?.outcome, 'hit');
});

/** Versions `base+small`: the small part is patched, another base is loaded. */
function patching() {
  const parts = setUp();
  const applied: string[] = [];
  const source: CacheSource<string> = {
    ...parts.source,
    patching: {
      base: (version) => version.split('+')[0]!,
      apply(value, version) {
        if (value.split('+')[0] !== `value ${version.split('+')[0]}`) return undefined;
        applied.push(version);
        return `value ${version}`;
      },
    },
  };
  const cache = createEventCache({ source, counts: parts.counted, itemsMax: 10, now: parts.clock.now });
  parts.source.set('a', '1+1');
  return { ...parts, cache, applied };
}

test('a change that can be patched in costs the question and no load, heard of or not', async () => {
  const { source, clock, cache, counted } = patching();
  await cache.read('a');
  source.set('a', '1+2');
  clock.pass(900);
  assert.deepEqual(await cache.read('a'), { value: 'value 1+2', outcome: 'hit' });
  source.set('a', '1+3');
  cache.invalidate('a');
  await settle();
  assert.deepEqual(cache.peek('a'), { value: 'value 1+3', outcome: 'hit' });
  assert.deepEqual([counted.loads, counted.miss], [1, 1]);
  source.set('a', '2+3');
  clock.pass(900);
  assert.deepEqual(await cache.read('a'), { value: 'value 2+3', outcome: 'miss' });
  assert.equal(counted.loads, 2);
});

test('callers of one base share its load, and each gets at least what the question after their call said', async () => {
  const { source, cache, counted } = patching();
  source.held = true;
  const early = cache.read('a');
  await settle();
  // The load has read 1+1 and is held up; meanwhile the small part moves on.
  source.set('a', '1+2');
  const late = cache.read('a');
  await settle();
  assert.equal(source.gates.length, 1);
  source.gates[0]!.open();
  assert.equal((await early).value, 'value 1+1');
  assert.equal((await late).value, 'value 1+2');
  assert.equal(cache.peek('a')?.value, 'value 1+2');
  assert.equal(counted.loads, 1);
});

test('a key that cannot be asked for fails its own readers, and the others of its question get their answers', async () => {
  const { source, clock, cache } = setUp();
  const keys = ['b', 'c', 'd', 'e', 'f'];
  for (const key of keys) source.set(key, '1');
  const ask = source.versions;
  source.versions = async (asked) => {
    if (asked.includes('poison')) throw new Error('invalid byte sequence');
    return ask(asked);
  };
  await cache.read('a');
  clock.pass(500);
  cache.peek('a');
  const outcomes = await Promise.allSettled(['b', 'c', 'poison', 'd', 'e', 'f'].map((key) => cache.read(key)));
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.value : outcome.reason.message)),
    ['value 1', 'value 1', 'invalid byte sequence', 'value 1', 'value 1', 'value 1'],
  );
  // What was asked about early in that question is known right again, and not stale.
  clock.pass(500);
  assert.equal(cache.peek('a')?.outcome, 'hit');
});

test('a database that is away is asked once for all who share the question', async () => {
  const { source, cache } = setUp();
  source.broken = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => cache.read(key)));
  assert.equal(source.questions, 1);
});

test('keys that anybody invents are bounded, and those that lie in the cache are looked after beside them', async () => {
  const { source, clock, cache } = setUp();
  await cache.read('a');
  source.set('a', '2');
  clock.pass(1_000);
  const invented = Array.from({ length: 500 }, (_, index) => cache.read(`invented ${index}`));
  const honest = cache.read('a');
  const refused = (await Promise.allSettled(invented)).map((each) => each.status === 'rejected' && each.reason.type);
  assert.equal(refused.filter((type) => type === 'busy').length, 300);
  assert.equal(refused.filter((type) => type === 'not-found').length, 200);
  assert.equal((await honest).value, 'value 2');
  assert.equal(source.questions, 2);
});
