import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';

const first = await startTestApp({ after }, { withJobs: true });

test('a process whose port is taken says so, and leaves nothing open that it had begun', async (t) => {
  const sessions = async () =>
    (
      await first.db.query<{ n: number }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'test'`,
      )
    ).rows[0]!.n;
  const { port } = new URL(first.app.url);
  const before = await eventually(async () => {
    const count = await sessions();
    assert.ok(count > 0);
    return count;
  });
  await assert.rejects(
    startTestApp(t, { databaseUrl: first.databaseUrl, withJobs: true, env: { PORT: port } }),
    /EADDRINUSE/,
  );
  await eventually(async () => assert.ok((await sessions()) <= before, `${await sessions()} of ${before}`));
});
