import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { type DbUse, openDbs, shareConnections } from '../../src/platform/db/pools.ts';
import { newId } from '../../src/platform/id.ts';
import { openShop } from '../events/shop.ts';
import { background } from '../support/background.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { captureLog } from '../support/log.ts';
import { testDatabase } from '../support/postgres.ts';
import { startPgbouncer } from '../support/services.ts';

const PROCESSES = 50;
/** `default_pool_size` of deploy/pgbouncer.ini. */
const POOL_SIZE = 40;

const totalOf = (bounds: typeof BOUNDS.db | ReturnType<typeof shareConnections>): number =>
  Object.values(bounds).reduce((sum, { connectionsMax }) => sum + connectionsMax, 0);

test('a process has at most the connections that it is given, and each use has one', () => {
  assert.equal(totalOf(BOUNDS.db), readConfig({}).databaseConnections);
  for (let total = 7; total <= 29; total += 1) {
    const shared = shareConnections(BOUNDS.db, total);
    assert.ok(totalOf(shared) <= total, `${totalOf(shared)} of ${total}`);
    assert.ok(Object.values(shared).every(({ connectionsMax }) => connectionsMax >= 1));
  }
  assert.deepEqual(shareConnections(BOUNDS.db, 29), BOUNDS.db);
  assert.throws(() => readConfig({ DATABASE_CONNECTIONS: '6' }), /DATABASE_CONNECTIONS=6: .* 7 to 29/);
});

test('of fifty processes Postgres sees the connections of the pooler, and every question is answered', async (t) => {
  const { url } = await testDatabase();
  // Shaking hands with so many takes a busy machine longer than a request would wait.
  const bouncer = await startPgbouncer(t, url, { 'query_wait_timeout = 3': 'query_wait_timeout = 0' });
  const { log } = captureLog();
  const silence = { ...BOUNDS.dbSilence, ticksMax: Number.POSITIVE_INFINITY };
  const options = { url: bouncer.url, pooled: true, acquireTimeoutMs: 0, statementTimeoutMs: 0, silence, log };
  const bounds = shareConnections(BOUNDS.db, 7);
  const processes = Array.from({ length: PROCESSES }, () => openDbs(bounds, options));
  t.after(async () => void (await Promise.all(processes.map((dbs) => dbs.close()))));
  const direct = new pg.Client({ connectionString: url });
  await direct.connect();
  atEndOf(t, () => direct.end());
  let most = 0;
  const counting = background(t, async (signal) => {
    while (!signal.aborted) {
      const { rows } = await direct.query(
        `SELECT count(*)::int AS open FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      most = Math.max(most, rows[0].open);
    }
  });
  const uses = Object.entries(bounds) as [DbUse, { connectionsMax: number }][];
  const answers = await Promise.all(
    processes.flatMap((dbs, process) =>
      uses.flatMap(([use, { connectionsMax }]) =>
        Array.from({ length: connectionsMax }, async () => {
          const { rows } = await dbs[use].query<{ process: number }>('SELECT $1::int AS process', [process], 'ask');
          return rows[0]!.process === process;
        }),
      ),
    ),
  );
  await counting.end();
  assert.equal(answers.length, PROCESSES * totalOf(bounds));
  assert.ok(answers.every((isRight) => isRight));
  t.diagnostic(`${answers.length} connections to the pooler, ${most} to Postgres`);
  assert.ok(most <= POOL_SIZE, `${most} connections`);
});

test('through the pooler a transaction has the time-outs of its use, and the next one has its own', async (t) => {
  const { url } = await testDatabase();
  const bouncer = await startPgbouncer(t, url);
  const open = (lockTimeoutMs: number, idleInTransactionMs: number) => {
    const db = openDb({ url: bouncer.url, pooled: true, connectionsMax: 1, lockTimeoutMs, idleInTransactionMs });
    t.after(() => db.close());
    return db;
  };
  const read = `SELECT current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') AS is`;
  const inTransaction = (db: ReturnType<typeof open>) =>
    db.transaction(async (tx) => (await tx.query<{ is: string }>(read, [], 'read')).rows[0]!.is);
  const [intake, others] = [open(1_000, 4_000), open(3_000, 6_000)];
  for (let times = 0; times < 3; times += 1) {
    assert.equal(await inTransaction(intake), '1s 4s');
    assert.equal(await inTransaction(others), '3s 6s');
    // A single statement has those of the pooler's connection.
    assert.equal((await others.query<{ is: string }>(read)).rows[0]!.is, '2s 5s');
  }
  await assert.rejects(
    intake.transaction((tx) => tx.query('SELECT FROM nowhere')),
    /nowhere/,
  );
  assert.equal(await inTransaction(intake), '1s 4s');
});

test('a whole shop works through the pooler: orders of the last portions, replays, tickets, cancels, a changed menu', async (t) => {
  const { url } = await testDatabase();
  const bouncer = await startPgbouncer(t, url);
  const shop = await openShop(t, {
    databaseUrl: url,
    env: { DATABASE_POOLER_URL: bouncer.url, DATABASE_CONNECTIONS: '10' },
  });
  const { client, db } = shop.api;
  const { stew } = shop.store.dishes;
  await db.query('INSERT INTO stock (store_id, item_id, offered) VALUES ($1, $2, 20)', [shop.store.id, stew.id]);
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => newId()).map((key) =>
      eventually(async () => {
        const answer = await client.order(shop.store.id, { lines: [{ itemId: stew.id, quantity: 1 }] }, key);
        // A database that stood still for seconds, as on a machine that did: the page sends it again.
        assert.notEqual(answer.status, 503, JSON.stringify(answer.body));
        return answer;
      }),
    ),
  );
  const isTaken = ({ status }: { status: number }) => status === 201 || status === 200;
  assert.equal(answers.filter(isTaken).length, 20);
  assert.equal(answers.filter(({ status, body }) => status === 409 && body.type === 'sold-out').length, 40);
  const placed = answers.find(isTaken)!.body;
  const again = await client.order(shop.store.id, { lines: [{ itemId: stew.id, quantity: 1 }] }, placed.id);
  assert.deepEqual([again.status, again.body.number], [200, placed.number]);
  const ticket = await shop.ticketOf(placed.id, 'soup');
  assert.equal((await shop.advance(ticket, 'cooking')).status, 200);
  await eventually(async () => {
    const { body } = await shop.call(`/orders/${placed.id}`, { token: placed.token });
    assert.equal(body.status, 'cooking');
  });
  const taken = await client.call(`/api/v1/stores/${shop.store.id}/orders/${placed.id}`, {
    method: 'DELETE',
    token: shop.kitchenKey,
  });
  assert.equal(taken.body.status, 'cancelled');
});
