import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLoad } from './health.ts';

const level = { p99Ms: 100, errorRate: 0.001 };
const calm = {
  attempted: 10_000,
  answered: 10_000,
  errors: {},
  timeoutMs: 1_000,
  p99Ms: 40,
  generator: { processes: 1, cpuShare: 0.3, sendLagP99Ms: 2, dropped: 0 },
};
const kind = (more: Partial<typeof calm>) => judgeLoad({ ...calm, ...more }, level).kind;

test('a load within the service level is kept, one past it is broken', () => {
  assert.equal(kind({}), 'kept');
  assert.equal(kind({ p99Ms: 100.1 }), 'broken');
  assert.equal(kind({ errors: { timeout: 10 } }), 'kept');
  assert.equal(kind({ errors: { timeout: 5, '500': 6 } }), 'broken');
});

test('a generator that was itself the bottleneck gives no verdict against the server', () => {
  const busy = { ...calm.generator, cpuShare: 0.97 };
  const late = { ...calm.generator, sendLagP99Ms: 30 };
  assert.equal(kind({ p99Ms: 300, generator: busy }), 'no verdict');
  assert.equal(kind({ p99Ms: 300, generator: late }), 'no verdict');
  assert.equal(kind({ errors: { 'not sent': 500 }, generator: late }), 'no verdict');
  assert.equal(kind({ attempted: 0, answered: 0 }), 'no verdict');
});

test('a server that does not answer is to blame, though the requests left a little late', () => {
  const late = { ...calm.generator, sendLagP99Ms: 30 };
  assert.equal(kind({ errors: { timeout: 500 }, generator: late }), 'broken');
  assert.equal(kind({ errors: { timeout: 500 }, generator: { ...late, sendLagP99Ms: 300 } }), 'no verdict');
});

test('what was kept in spite of a late generator was kept', () => {
  assert.equal(kind({ generator: { ...calm.generator, cpuShare: 0.97, sendLagP99Ms: 30 } }), 'kept');
});
