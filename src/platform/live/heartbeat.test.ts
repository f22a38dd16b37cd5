import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import { startHeartbeat } from './heartbeat.ts';

const BOUND = { tickMs: 500, askAfter: 4, lostAfter: 8 };

test('silence is asked about, and then is the end of the connection, also the second time', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const told: string[] = [];
  const heartbeat = startHeartbeat(
    ['a'],
    BOUND,
    async (line) => told.push(`ask ${line}`),
    () => told.push('lost'),
  );
  t.mock.timers.tick(1_999);
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  assert.deepEqual(told, ['ask a']);
  t.mock.timers.tick(2_000);
  assert.deepEqual(told, ['ask a', 'lost']);
  t.mock.timers.tick(4_000);
  assert.deepEqual(told, ['ask a', 'lost', 'ask a', 'lost']);
  heartbeat.stop();
  t.mock.timers.tick(10_000);
  assert.equal(told.length, 4);
});

test('each line is watched for itself, and one that is heard is not asked about', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const told: string[] = [];
  const heartbeat = startHeartbeat(
    ['a', 'b'],
    BOUND,
    async (line) => told.push(`ask ${line}`),
    () => told.push('lost'),
  );
  for (let second = 0; second < 4; second += 1) {
    t.mock.timers.tick(1_000);
    heartbeat.heard('a');
  }
  assert.deepEqual(told, ['ask b', 'lost']);
  heartbeat.stop();
});

test('where nothing can be said, silence is no fault of the line', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let lost = 0;
  const heartbeat = startHeartbeat(
    ['a'],
    BOUND,
    () => Promise.reject(new Error('Redis is away.')),
    () => {
      lost += 1;
    },
  );
  for (let tick = 0; tick < 40; tick += 1) {
    t.mock.timers.tick(500);
    await new Promise(setImmediate);
  }
  assert.equal(lost, 0);
  heartbeat.stop();
});

test('a deaf connection is noticed within five seconds', () => {
  const { tickMs, lostAfter } = BOUNDS.live.heartbeat;
  assert.ok((lostAfter + 1) * tickMs <= 5_000);
});
