import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findKnee, type Tried } from './find-knee.ts';

const options = {
  serviceLevel: { p99Ms: 100, errorRate: 0.001 },
  from: 50,
  min: 10,
  max: 20_000,
  precision: 0.1,
  attempts: 1,
  triesMax: 20,
};

/** A server with one queue (M/M/1): p99 of the time in it is ln(100) / (capacity − load). */
const queue =
  (capacity: number) =>
  async (rate: number): Promise<Tried> => {
    const p99Ms = rate < capacity ? (Math.log(100) / (capacity - rate)) * 1000 : 60_000;
    return { p99Ms, errorRate: 0, verdict: p99Ms <= 100 ? { kind: 'kept' } : { kind: 'broken', why: 'p99' } };
  };

test('the knee of a simulated server is found within the precision, whatever its capacity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 100, max: 15_000 }), async (capacity) => {
      const knee = capacity - Math.log(100) / 0.1;
      const { ratePerSecond } = await findKnee(options, queue(capacity));
      assert.ok(ratePerSecond! <= knee && ratePerSecond! >= knee / 1.12, `${ratePerSecond} of ${knee}`);
    }),
  );
});

test('a server that bears nothing has no knee', async () => {
  const knee = await findKnee(options, async () => ({
    p99Ms: 500,
    errorRate: 1,
    verdict: { kind: 'broken', why: 'errors' },
  }));
  assert.equal(knee.ratePerSecond, null);
  assert.equal(knee.tried.at(-1)!.rate, options.min);
});

test('a server that bears everything is tried up to the bound and no further', async () => {
  const knee = await findKnee(options, async () => ({ p99Ms: 1, errorRate: 0, verdict: { kind: 'kept' } }));
  assert.equal(knee.ratePerSecond, options.max);
});

test('a load at which the generator was the bottleneck is marked and is not the server’s fault', async () => {
  const knee = await findKnee(options, async (rate) =>
    rate > 1_000
      ? { p99Ms: 300, errorRate: 0, verdict: { kind: 'no verdict', why: 'busy' } }
      : { p99Ms: 10, errorRate: 0, verdict: { kind: 'kept' } },
  );
  assert.ok(knee.ratePerSecond! <= 1_000 && knee.ratePerSecond! > 850);
  assert.ok(knee.tried.filter(({ ok }) => !ok).every(({ generatorLimited }) => generatorLimited));
});

test('one failure beside a noisy neighbour does not lower the knee when a load may be tried twice', async () => {
  const server = queue(1_000);
  let turn = 0;
  const noisy = async (rate: number): Promise<Tried> => {
    turn += 1;
    return turn % 3 === 0
      ? { p99Ms: 400, errorRate: 0, verdict: { kind: 'broken', why: 'somebody else’s work' } }
      : server(rate);
  };
  const { ratePerSecond } = await findKnee({ ...options, attempts: 2, triesMax: 40 }, noisy);
  assert.ok(ratePerSecond! > 850 && ratePerSecond! <= 954, String(ratePerSecond));
});
