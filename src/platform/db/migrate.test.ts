import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { emptyDatabase } from '../../../test/support/postgres.ts';
import { migrate } from './migrate.ts';
import { openDb } from './pool.ts';

async function folderWith(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'matjip-migrations-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'tuning'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), `-- Up Migration\n\n${sql}\n`);
  return folder;
}

async function tablesOf(url: string): Promise<string[]> {
  const db = openDb({ url, connectionsMax: 1 });
  const { rows } = await db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_name NOT LIKE 'migration%' ORDER BY 1`,
  );
  await db.close();
  return rows.map(({ name }) => name);
}

const TWO = {
  '000001_one.sql': 'CREATE TABLE one (id int); SELECT pg_sleep(0.1);',
  '000002_two.sql': 'CREATE TABLE two (id int);',
  'tuning/000101_fast.sql': 'CREATE INDEX one_id ON one (id);',
};

test('what is new is applied in order, tuning last, and once', async (t) => {
  const { url } = await emptyDatabase();
  const folder = await folderWith(t, TWO);
  assert.deepEqual(await migrate({ url, folder, tuning: false }), ['000001_one', '000002_two']);
  assert.deepEqual(await migrate({ url, folder }), ['000101_fast']);
  assert.deepEqual(await migrate({ url, folder }), []);
  assert.deepEqual(await tablesOf(url), ['one', 'two']);
});

test('of several processes that start together one migrates, and the others wait', async (t) => {
  const { url } = await emptyDatabase();
  const folder = await folderWith(t, TWO);
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate({ url, folder })));
  assert.deepEqual(applied.flat().sort(), ['000001_one', '000002_two', '000101_fast']);
});

test('a migration that fails is named, undone as a whole, and stops those after it', async (t) => {
  const { url } = await emptyDatabase();
  const folder = await folderWith(t, {
    '000001_good.sql': 'CREATE TABLE good (id int);',
    '000002_bad.sql': 'CREATE TABLE bad (id int); SELECT nonsense;',
    '000003_after.sql': 'CREATE TABLE after (id int);',
  });
  await assert.rejects(migrate({ url, folder }), /000002_bad\.sql failed.*nonsense/);
  assert.deepEqual(await tablesOf(url), ['good']);
});
