import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';

test('a process whose port is taken says so, and leaves nothing open that it had begun', async (t) => {
  const another = createServer().listen(0, '127.0.0.1');
  await once(another, 'listening');
  atEndOf(t, async () => void another.close());
  const { url: databaseUrl } = await testDatabase(t);
  const db = openDb({ ...PATIENT, url: databaseUrl, connectionsMax: 1, applicationName: 'test' });
  atEndOf(t, () => db.close());
  const { port } = another.address() as AddressInfo;
  await assert.rejects(startTestApp(t, { databaseUrl, withJobs: true, env: { PORT: String(port) } }), /EADDRINUSE/);
  await eventually(async () => {
    const { rows } = await db.query(
      `SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'test'`,
    );
    assert.deepEqual(rows, []);
  });
});
