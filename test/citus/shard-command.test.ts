import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  shardAddNodeCommand,
  shardInitCommand,
  shardIsolateCommand,
  shardPlanCommand,
  shardRebalanceCommand,
  shardStatusCommand,
} from '../../src/commands/shard.ts';
import { lockableTogether } from '../../src/platform/db/citus/lockable-together.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { openShop } from '../events/shop.ts';
import { WITHOUT_CITUS } from '../support/citus.ts';
import { testDatabase } from '../support/postgres.ts';
import { shardedDatabase } from '../support/sharded.ts';
import { EVERYTHING, everything } from './everything.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const skip = WITHOUT_CITUS ? false : 'CITUS_URL is set: there is Citus here';

test('on a Postgres without Citus each command says what is missing, and changes nothing', { skip }, async (t) => {
  const { url } = await testDatabase(t);
  const config = { databaseUrl: url, home: '/nowhere' };
  const node = { host: '127.0.0.1', port: 5433 };
  for (const run of [
    () => shardInitCommand(config),
    () => shardAddNodeCommand(config, node),
    () => shardRebalanceCommand(config),
    () => shardIsolateCommand(config, 'gangnam'),
    () => shardStatusCommand(config),
  ]) {
    await assert.rejects(run(), /This Postgres has no Citus.*shared_preload_libraries.*DATABASE_URL/s);
  }
  const db = openDb({ url, connectionsMax: 1 });
  t.after(() => db.close());
  await db.transaction(async (tx) => assert.equal(tx.isSharded, false));
});

test('without DATABASE_URL it says that the embedded Postgres cannot, and starts none', async () => {
  await assert.rejects(shardStatusCommand({ databaseUrl: undefined, home: '/nowhere' }), /DATABASE_URL is not set/);
});

test('the plan names the place of each table and needs no Citus', { skip }, async (t) => {
  const { url } = await testDatabase(t);
  const lines: string[] = [];
  await shardPlanCommand({ databaseUrl: url, home: '/nowhere' }, { log: (line) => lines.push(line) });
  const text = lines.join('\n');
  assert.match(text, /Whole on every machine: brand, photo, photo_file, photo_source, ranking_dish, store\./);
  assert.match(text, /By store, .*: .*\bcategory, .*\border_line\b.*\bstore_head\b/);
  assert.match(text, /coordinator only: .*\bbatch_job\b.*\branking_wide_hour\b/);
  assert.match(text, /graphile_worker/);
});

test('the plan of a schema that cannot be distributed says why, and fails', { skip }, async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 1 });
  t.after(() => db.close());
  await db.query('CREATE TABLE voucher (store_id uuid NOT NULL, code text PRIMARY KEY)');
  await assert.rejects(
    shardPlanCommand({ databaseUrl: url, home: '/nowhere' }, { log: () => {} }),
    /cannot be distributed:\nvoucher_pkey is unique over \(code\)/,
  );
});

test('`matjip shard status` ends with 1 where there is no Citus; an address that is none, or parts that nobody may have, with 2', {
  skip,
}, async (t) => {
  const { url } = await testDatabase(t);
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [MAIN, 'shard', ...args],
        { env: { ...process.env, DATABASE_URL: url } },
        (error, _, stderr) => resolve({ code: error?.code ?? 0, stderr }),
      );
    });
  const [status, address, none, tooMany, most] = await Promise.all([
    run('status'),
    run('add-node', 'no address'),
    run('init', '--parts', '0'),
    run('init', '--parts', '257'),
    run('init', '--parts', '256'),
  ]);
  for (const { code, stderr } of [none, tooMany]) {
    assert.equal(code, 2);
    assert.match(stderr, /From 1 to 256 parts are allowed/);
  }
  assert.match(most.stderr, /^This Postgres has no Citus/);
  assert.equal(status.code, 1);
  assert.match(status.stderr, /^This Postgres has no Citus/);
  assert.equal(address.code, 2);
  assert.match(address.stderr, /A machine is needed, such as 10\.0\.0\.12:5432/);
});

test('a connection asks the database whether stores are spread over machines; then each is locked by itself', {
  skip,
}, async (t) => {
  const db = openDb({ url: await shardedDatabase(), connectionsMax: 1, lockTimeoutMs: 1_500 });
  t.after(() => db.close());
  await db.transaction(async (tx) => {
    assert.deepEqual(lockableTogether(tx, ['b', 'a', 'b']), [['a'], ['b']]);
    // The machine that has the row is told how long it may be waited for.
    const { rows } = await tx.query<{ wait: string; told: string }>(
      `SELECT current_setting('lock_timeout') AS wait, current_setting('citus.propagate_set_commands') AS told`,
    );
    assert.deepEqual(rows, [{ wait: '1500ms', told: 'local' }]);
  });
  assert.deepEqual(lockableTogether({ isSharded: false }, ['b', 'a', 'b']), [['a', 'b']]);
});

test('a shop does everything store by store, as it does where stores are spread over machines', { skip }, async (t) => {
  await everything(await openShop(t, { databaseUrl: await shardedDatabase(), env: EVERYTHING }));
});
