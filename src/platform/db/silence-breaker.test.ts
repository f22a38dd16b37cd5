import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { createSilenceBreaker, type SilenceBreaker } from './silence-breaker.ts';

const BOUNDS = { tickMs: 100, ticksMax: 5 };
const SILENCE_MS = BOUNDS.tickMs * BOUNDS.ticksMax;
const log = { warn() {}, info() {} };

let breaker: SilenceBreaker;
let probes: PromiseWithResolvers<void>[];
let hungUp: number;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  probes = [];
  hungUp = 0;
  breaker = createSilenceBreaker(
    BOUNDS,
    () => {
      const probe = Promise.withResolvers<void>();
      probes.push(probe);
      return probe.promise;
    },
    log,
  );
  breaker.onSilence(() => {
    hungUp += 1;
  });
});

const never = () => new Promise<never>(() => {});
/** All that was settled is noticed. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const says = { message: /says nothing/ };

test('whoever waits for a database that says nothing hears it together, whenever they asked, and connections are hung up', async () => {
  const first = breaker.ask(never());
  mock.timers.tick(SILENCE_MS - BOUNDS.tickMs);
  const last = breaker.ask(never());
  const turn = breaker.wait(never());
  assert.equal(hungUp, 0);
  mock.timers.tick(BOUNDS.tickMs);
  for (const each of [first, last, turn]) await assert.rejects(each, says);
  assert.equal(hungUp, 1);
});

test('who comes later hears at once, until a probe is answered', async () => {
  breaker.ask(never()).catch(() => {});
  mock.timers.tick(SILENCE_MS);
  assert.throws(() => breaker.check(), says);
  probes[0]!.reject(new Error('still frozen'));
  await settled();
  assert.throws(() => breaker.check(), says);
  mock.timers.tick(BOUNDS.tickMs);
  await settled();
  probes[1]!.resolve();
  await settled();
  breaker.check();
  assert.equal(await breaker.ask(Promise.resolve('again')), 'again');
});

test('one answer, also an error, is a word: a database that refuses is not silent, and one statement that hangs is that one', async () => {
  breaker.ask(never()).catch(() => {});
  for (let times = 0; times < 10; times += 1) {
    mock.timers.tick(SILENCE_MS - BOUNDS.tickMs);
    const refused = breaker.ask(Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })));
    await assert.rejects(refused, { message: 'refused' });
  }
  breaker.check();
});

test('that whoever asked gave up waiting is no word', async () => {
  breaker.ask(never()).catch(() => {});
  mock.timers.tick(SILENCE_MS - BOUNDS.tickMs);
  await assert.rejects(breaker.ask(Promise.reject(new Error('timeout expired'))), { message: 'timeout expired' });
  mock.timers.tick(BOUNDS.tickMs);
  assert.throws(() => breaker.check(), says);
});

test('while nothing is asked, and while one waits only for a connection, nobody can be silent', async () => {
  assert.equal(await breaker.ask(Promise.resolve(1)), 1);
  breaker.wait(never()).catch(() => {});
  mock.timers.tick(10 * SILENCE_MS);
  breaker.check();
});
