import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENT, testDatabase } from '../../../test/support/postgres.ts';
import { openDb } from '../db/pool.ts';
import { addJobs } from './jobs.ts';
import { createLateness, type Lateness } from './lateness.ts';
import { prepareJobs } from './prepare.ts';
import { readDueMs } from './queue.ts';

const BOUNDS = { lateMs: 20_000, caughtUpMs: 5_000, forgetMs: 30_000 };

/** Looks every four seconds by a clock that is moved by hand. */
function scene() {
  let nowMs = 0;
  const lateness = createLateness(BOUNDS, () => nowMs);
  return {
    lateness,
    pass: (ms: number) => {
      nowMs += ms;
    },
    look: (others: number, crowds = 0) => {
      nowMs += 4_000;
      lateness.heard({ others, crowds });
    },
  };
}

const lateLanes = (lateness: Lateness) => (['crowds', 'others'] as const).filter((lane) => lateness.isLate(lane));

test('jobs are late from the bound on, seen twice, and not a millisecond before it', () => {
  const { lateness, look } = scene();
  look(BOUNDS.lateMs - 1);
  look(BOUNDS.lateMs - 1);
  assert.deepEqual(lateLanes(lateness), []);
  look(BOUNDS.lateMs);
  assert.deepEqual(lateLanes(lateness), [], 'what a dead worker left is old when it is found, and is taken at once');
  look(BOUNDS.lateMs);
  assert.deepEqual(lateLanes(lateness), ['others']);
});

test('what was late is so until it has caught up, and then by itself no more', () => {
  const { lateness, look } = scene();
  look(60_000);
  look(64_000);
  look(BOUNDS.lateMs - 1);
  look(BOUNDS.caughtUpMs + 1);
  assert.deepEqual(lateLanes(lateness), ['others'], 'between the two nothing changes');
  look(BOUNDS.caughtUpMs);
  assert.deepEqual(lateLanes(lateness), []);
  look(BOUNDS.lateMs - 1);
  look(BOUNDS.lateMs - 1);
  assert.deepEqual(lateLanes(lateness), []);
});

test('workers that are away for ten seconds, as while they are replaced, are no reason', () => {
  const { lateness, look } = scene();
  for (const dueMs of [3_000, 7_000, 11_000, 15_000, 0]) {
    look(dueMs);
    assert.deepEqual(lateLanes(lateness), []);
  }
});

test('a crowd’s jobs that are late say nothing of the others’, nor the others’ of a crowd’s', () => {
  const { lateness, look } = scene();
  look(0, 30_000);
  look(0, 34_000);
  assert.deepEqual(lateLanes(lateness), ['crowds']);
  look(25_000, 0);
  look(25_000, 0);
  assert.deepEqual(lateLanes(lateness), ['others']);
});

test('when nothing is heard any more what was heard counts for a while, and then nothing is late; one look begins anew', () => {
  const { lateness, look, pass } = scene();
  look(60_000);
  look(64_000);
  pass(BOUNDS.forgetMs);
  assert.deepEqual(lateLanes(lateness), ['others']);
  pass(1);
  assert.deepEqual([lateLanes(lateness), lateness.dueMs()], [[], { crowds: 0, others: 0 }]);
  look(120_000);
  assert.deepEqual(lateLanes(lateness), []);
  look(124_000);
  assert.deepEqual(lateLanes(lateness), ['others']);
});

test('the oldest job is told of each, of these kinds only, and of none that waits for later, is under way or is dead', async (t) => {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 1 });
  t.after(() => db.close());
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
  const due = async () => {
    const { crowds, others } = await readDueMs(db, ['cook', 'cook-of-old']);
    return [Math.floor(crowds / 10_000), Math.floor(others / 10_000)];
  };
  assert.deepEqual(await due(), [0, 0]);
  await addJobs(db, [
    { kind: 'count', payload: null, runAt: ago(905) },
    { kind: 'cook', payload: null, runAt: ago(35) },
    { kind: 'cook-of-old', payload: null, runAt: ago(55) },
    { kind: 'cook', payload: null, runAt: ago(805), key: 'under way' },
    { kind: 'cook', payload: null, runAt: ago(705), key: 'dead' },
    { kind: 'cook', payload: null, runAt: ago(-3_600) },
    { kind: 'cook', payload: null, runAt: ago(25), ofCrowd: true },
    { kind: 'cook', payload: null, runAt: ago(75), ofCrowd: true },
    { kind: 'count', payload: null, runAt: ago(605), ofCrowd: true },
  ]);
  await db.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody' WHERE key = 'under way'`,
  );
  await db.query(`UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE key = 'dead'`);
  assert.deepEqual(await due(), [7, 5]);
});
