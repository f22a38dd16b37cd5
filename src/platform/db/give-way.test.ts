import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { atEndOf } from '../../../test/support/lifetime.ts';
import { PATIENT, testDatabase } from '../../../test/support/postgres.ts';
import { openDb } from './pool.ts';

/** Others' processes have no titles here. */
const skip = process.platform !== 'linux' || process.env.CITUS_URL !== undefined;

test('of one process’ connections only those give way that are to, in and out of transactions', { skip }, async (t) => {
  const { url } = await testDatabase();
  const of = (givesWay: boolean) => {
    const db = openDb({ ...PATIENT, url, givesWay });
    atEndOf(t, () => db.close());
    return db;
  };
  const jobs = of(true);
  const guests = of(false);
  const priorityOf = (rows: readonly { pid: number }[]): number => getPriority(rows[0]!.pid);
  const PID = 'SELECT pg_backend_pid() AS pid';
  const [job, inTransaction, guest] = await Promise.all([
    jobs.query<{ pid: number }>(PID),
    jobs.transaction((tx) => tx.query<{ pid: number }>(PID)),
    guests.query<{ pid: number }>(PID),
  ]);
  const own = getPriority();
  assert.deepEqual(
    [job, inTransaction, guest].map(({ rows }) => priorityOf(rows) > own),
    [true, true, false],
  );
});
