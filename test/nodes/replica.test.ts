import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { BOUNDS } from '../../src/config.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { openReplica } from '../../src/platform/db/replica.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { captureLog } from '../support/log.ts';
import { makeStore } from '../support/store.ts';
import { postgresFolder, runPostgres, startSystemPostgres } from '../support/system-postgres.ts';

const primary = await startSystemPostgres({ after });
const data = join(await postgresFolder({ after }), 'data');
await runPostgres('pg_basebackup', [
  '--dbname',
  primary.url,
  '--pgdata',
  data,
  '--write-recovery-conf',
  '--checkpoint',
  'fast',
]);
const streaming = await startSystemPostgres({ after }, { data, settings: { hot_standby: 'on' } });
await migrate({ url: primary.url });

const connect = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  after(() => client.end());
  return client;
};
const onPrimary = await connect(primary.url);
const onReplica = await connect(streaming.url);
const caughtUp = async () => {
  const { rows } = await onPrimary.query('SELECT pg_current_wal_lsn()::text AS lsn');
  await eventually(async () => {
    const replayed = await onReplica.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS all', [rows[0].lsn]);
    return replayed.rows[0].all as boolean;
  }, 'the replica has replayed everything');
};

test('the replica answers while it is little behind, and the primary when it is more', async (t) => {
  const db = openDb({ url: primary.url, connectionsMax: 2 });
  t.after(() => db.close());
  const { log, lines } = captureLog();
  const open = (lagMaxMs: number) => {
    const replica = openReplica({
      url: streaming.url,
      primary: db,
      bounds: { ...BOUNDS.replica, lagMaxMs, lookEveryMs: 0 },
      log,
    });
    t.after(() => replica.close());
    return async () => (await replica.query<{ here: boolean }>('SELECT pg_is_in_recovery() AS here')).rows[0]!.here;
  };
  const [patient, strict] = [open(3_600_000), open(0)];
  await caughtUp();
  assert.equal(await patient(), true);
  assert.equal(await strict(), true);
  await onReplica.query('SELECT pg_wal_replay_pause()');
  await eventually(async () => {
    const { rows } = await onReplica.query('SELECT pg_get_wal_replay_pause_state() AS is');
    assert.equal(rows[0].is, 'paused');
  });
  await onPrimary.query('CREATE TABLE IF NOT EXISTS written (n int)');
  assert.equal(await strict(), false);
  assert.equal(await patient(), true);
  assert.ok(lines.some((line) => line.includes('s behind')));
  await onReplica.query('SELECT pg_wal_replay_resume()');
  await caughtUp();
  assert.equal(await strict(), true);
});

test('sales are read from the replica; whoever ordered reads the order at once, however far behind that is', async (t) => {
  const app = await startTestApp(t, { databaseUrl: primary.url, env: { DATABASE_REPLICA_URL: streaming.url } });
  const store = await makeStore(app.db, { soup: { price: 9_000 } });
  await caughtUp();
  const sales = async () => {
    const path = `/api/v1/stores/${store.id}/sales?from=2026-01-01&to=2026-01-02&by=day`;
    const { status, body } = await app.client.call(path, { token: ADMIN_KEY });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const readsThere = async () => {
    const { rows } = await onReplica.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'matjip-replica'",
    );
    return rows[0].n as number;
  };
  assert.equal(await readsThere(), 0);
  await sales();
  assert.ok((await readsThere()) > 0);
  await onReplica.query('SELECT pg_wal_replay_pause()');
  const placed = await app.client.order(store.id, { lines: [{ itemId: store.dishes.soup.id, quantity: 1 }] });
  assert.equal(placed.status, 201);
  const path = `/api/v1/stores/${store.id}/orders/${placed.body.id}`;
  const { status, body } = await app.client.call(path, { token: placed.body.token });
  assert.deepEqual([status, body.number], [200, placed.body.number]);
  await onReplica.query('SELECT pg_wal_replay_resume()');
  await sales();
});

test('a replica that dies, or follows nobody any more, is left to the primary', async (t) => {
  const db = openDb({ url: primary.url, connectionsMax: 2 });
  t.after(() => db.close());
  const { log, lines } = captureLog();
  const replica = openReplica({
    url: streaming.url,
    primary: db,
    bounds: { ...BOUNDS.replica, lookEveryMs: 60_000 },
    log,
  });
  t.after(() => replica.close());
  const here = async () => (await replica.query<{ here: boolean }>('SELECT pg_is_in_recovery() AS here')).rows[0]!.here;
  await caughtUp();
  assert.equal(await here(), true);
  await streaming.stop();
  // Its last look was good, so the first question finds out, and is answered all the same.
  assert.equal(await here(), false);
  assert.equal(await here(), false);
  assert.equal(lines.filter((line) => line.includes('left alone')).length, 1);
  const second = openReplica({ url: primary.url, primary: db, bounds: BOUNDS.replica, log });
  t.after(() => second.close());
  assert.equal((await second.query<{ here: boolean }>('SELECT pg_is_in_recovery() AS here')).rows[0]!.here, false);
  assert.ok(lines.some((line) => line.includes('no replica')));
});
