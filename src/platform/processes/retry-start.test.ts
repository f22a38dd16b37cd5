import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseSilent } from '../db/silence-breaker.ts';
import { START_TRIES_MAX, startPatiently } from './retry-start.ts';

/** A start that fails by each of these, and then succeeds. */
function starts(failures: readonly Error[]) {
  let tried = 0;
  const told: object[] = [];
  const start = async () => {
    const error = failures[tried++];
    if (error) throw error;
    return 'serves';
  };
  return { run: () => startPatiently(start, { warn: (details) => told.push(details) }), tried: () => tried, told };
}
const slow = () => new Error('Connection terminated due to connection timeout');

test('a start that the database was too slow for is tried again, and each time is told', async () => {
  const once = starts([slow(), new DatabaseSilent(), new Error('timeout exceeded when trying to connect')]);
  assert.equal(await once.run(), 'serves');
  assert.deepEqual([once.tried(), once.told.length], [4, 3]);
});

test('what is set up wrongly is said at once, and so is a machine that never answers, after so many tries', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const wrong = starts([refused]);
  await assert.rejects(wrong.run(), refused);
  assert.equal(wrong.tried(), 1);
  const never = starts(Array.from({ length: START_TRIES_MAX }, slow));
  await assert.rejects(never.run(), /timeout/);
  assert.deepEqual([never.tried(), never.told.length], [START_TRIES_MAX, START_TRIES_MAX - 1]);
});
