import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, chmod, copyFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { findProgram } from '../support/programs.ts';
import { makeStore } from '../support/store.ts';
import { asPostgres, postgresFolder, startSystemPostgres } from '../support/system-postgres.ts';

const folder = await postgresFolder({ after });
const script = join(folder, 'backup.sh');
await copyFile(fileURLToPath(new URL('../../deploy/backup.sh', import.meta.url)), script);
await chmod(script, 0o755);
const PATH = `${dirname(findProgram('postgres'))}:${process.env.PATH}`;
/** @returns what it said, or the error with its exit code in `code` */
const backup = async (url: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(script, args, { ...asPostgres, env: { PATH, DATABASE_URL: url } })).stdout.trim();

const archive = join(folder, 'archive');
const server = await startSystemPostgres(
  { after },
  { settings: { archive_mode: 'on', archive_command: `PATH=${PATH} ${script} wal ${archive} %p %f` } },
);
const at = (database: string, of = server): string => of.url.replace(/postgres$/, database);

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The rows of every table of ours, each as a number that any change of a row changes. */
async function contents(url: string): Promise<Record<string, string>> {
  const tables = await query(
    url,
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await query(
      url,
      `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(r::text, 0)), 0) AS is FROM "${name}" r`,
    );
    sums[name as string] = row!.is as string;
  }
  return sums;
}

await query(server.url, 'CREATE DATABASE matjip');
const url = at('matjip');
await migrate({ url });
const app = await startTestApp({ after }, { databaseUrl: url });
const store = await makeStore(app.db, { soup: { price: 9_000, remaining: 1_000 } });
const orders = async (count: number) => {
  const lines = [{ itemId: store.dishes.soup.id, quantity: 1 }];
  for (let placed = 0; placed < count; placed += 1)
    assert.equal((await app.client.order(store.id, { lines })).status, 201);
};

test('a dump is restored into an empty database, row by row the same, and takes orders', async (t) => {
  await orders(5);
  const file = await backup(url, 'dump', join(folder, 'dumps'));
  await query(server.url, 'CREATE DATABASE restored');
  await backup(at('restored'), 'restore', file);
  assert.deepEqual(await contents(at('restored')), await contents(url));
  const again = await startTestApp(t, { databaseUrl: at('restored') });
  const placed = await again.client.order(store.id, { lines: [{ itemId: store.dishes.soup.id, quantity: 1 }] });
  assert.deepEqual([placed.status, placed.body.number], [201, 6]);
  // Never on top of something, and never what was changed since.
  await assert.rejects(backup(at('restored'), 'restore', file), { code: 1, stderr: /restore into an empty one/ });
  await appendFile(file, 'x');
  await assert.rejects(backup(at('restored'), 'restore', file), { code: 1, stderr: /is not what was written/ });
  await assert.rejects(backup(url, 'dump'), { code: 2 });
});

test('a base and the log since then give back every acknowledged order, after the data is gone', async (t) => {
  const base = await backup(at('matjip'), 'base', archive);
  await orders(7);
  const before = await contents(url);
  // What is not archived yet is what a cluster that burns loses; here the last segment is given out of hand.
  const [{ name }] = (await query(server.url, 'SELECT pg_walfile_name(pg_switch_wal()) AS name')) as [{ name: string }];
  await eventually(async () => (await readdir(join(archive, 'wal'))).includes(name), 'the log is archived');
  const data = join(folder, 'rewound');
  await backup(url, 'rewind', archive, base, data);
  const rewound = await startSystemPostgres(t, { data, settings: { archive_mode: 'off' } });
  const there = at('matjip', rewound);
  await eventually(async () => {
    const [row] = await query(there, 'SELECT pg_is_in_recovery() AS recovers');
    assert.equal(row!.recovers, false);
  });
  assert.deepEqual(await contents(there), before);
  const db = openDb({ url: there, connectionsMax: 1 });
  t.after(() => db.close());
  assert.equal((await db.query('SELECT FROM orders')).rowCount, 12);
  await backup(url, 'prune', archive, '30');
  assert.ok((await readdir(archive)).includes(base.split('/').at(-1)!));
});
