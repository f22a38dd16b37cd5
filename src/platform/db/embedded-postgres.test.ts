import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './embedded/home-lock.ts';
import { readPostmaster } from './embedded/postmaster.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { openDb } from './pool.ts';

async function newHome(t: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'matjip-home-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  return home;
}

async function query<R extends object>(url: string, text: string): Promise<R[]> {
  const db = openDb({ url, connectionsMax: 1 });
  try {
    return (await db.query<R>(text)).rows;
  } finally {
    await db.close();
  }
}

/** Another process that runs a Postgres on `home` and does not stop it. */
async function startOwner(t: TestContext, home: string) {
  const module = new URL('./embedded-postgres.ts', import.meta.url).href;
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)};
    await startEmbeddedPostgres({ home: ${JSON.stringify(home)} });
    console.log('running');
    setInterval(() => {}, 1_000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => owner.kill('SIGKILL'));
  await once(owner.stdout, 'data');
  return owner;
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(10);
}

const folderOf = (home: string) => join(home, 'postgres');

test('data, password and port survive a stop and a start', async (t) => {
  const home = await newHome(t);
  const first = await startEmbeddedPostgres({ home });
  await query(first.url, 'CREATE TABLE dish AS SELECT 1 AS id');
  await first.stop();
  assert.equal(readPostmaster(folderOf(home)), undefined);
  const second = await startEmbeddedPostgres({ home });
  t.after(second.stop);
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, 'SELECT id FROM dish'), [{ id: 1 }]);
});

test('it is durable, listens on this machine only, and wants a password that only its owner can read', async (t) => {
  const home = await newHome(t);
  const { url, stop } = await startEmbeddedPostgres({ home });
  t.after(stop);
  const [settings] = await query(
    url,
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
            current_setting('listen_addresses') AS listen_addresses, current_setting('server_encoding') AS encoding`,
  );
  const wanted = { fsync: 'on', synchronous_commit: 'on', listen_addresses: '127.0.0.1', encoding: 'UTF8' };
  assert.deepEqual(settings, wanted);
  assert.equal((await stat(join(home, 'postgres.password'))).mode & 0o777, 0o600);
  const stranger = new URL(url);
  stranger.password = 'guess';
  await assert.rejects(query(stranger.href, 'SELECT 1'), { code: '28P01' });
});

test('a second process on the same home is refused, or joins when it asks to', async (t) => {
  const home = await newHome(t);
  const owner = await startOwner(t, home);
  await assert.rejects(startEmbeddedPostgres({ home }), new RegExp(`in use .*process ${owner.pid}.*MATJIP_HOME`));
  const joined = await startEmbeddedPostgres({ home, join: true });
  assert.deepEqual(await query(joined.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  await joined.stop();
  assert.deepEqual(await query(joined.url, 'SELECT 1 AS one'), [{ one: 1 }], 'the owner’s Postgres runs on');
});

test('a killed process leaves no Postgres behind, and its home can be used again', async (t) => {
  const home = await newHome(t);
  const owner = await startOwner(t, home);
  const { pid } = readPostmaster(folderOf(home))!;
  owner.kill('SIGKILL');
  await gone(pid);
  const next = await startEmbeddedPostgres({ home });
  t.after(next.stop);
  assert.deepEqual(await query(next.url, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('a Postgres that was killed recovers what it had committed', async (t) => {
  const home = await newHome(t);
  const owner = await startOwner(t, home);
  const joined = await startEmbeddedPostgres({ home, join: true });
  await query(joined.url, 'CREATE TABLE dish AS SELECT 1 AS id');
  const { pid } = readPostmaster(folderOf(home))!;
  process.kill(pid, 'SIGKILL');
  owner.kill('SIGKILL');
  await gone(pid);
  const next = await startEmbeddedPostgres({ home });
  t.after(next.stop);
  assert.deepEqual(await query(next.url, 'SELECT id FROM dish'), [{ id: 1 }]);
});

test('two first starts at once make one Postgres', async (t) => {
  const home = await newHome(t);
  const starts = await Promise.allSettled([startOwner(t, home), startEmbeddedPostgres({ home, join: true })]);
  // Whichever of the two was first holds the home; the one that may join always has a Postgres.
  const joined = starts[1];
  assert.equal(joined.status, 'fulfilled');
  if (joined.status === 'fulfilled') {
    t.after(joined.value.stop);
    assert.deepEqual(await query(joined.value.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  }
});

test('an interrupted first start leaves nothing that a second could trip over', async (t) => {
  const home = await newHome(t);
  await mkdir(join(home, 'postgres.new', 'data'), { recursive: true });
  await writeFile(join(home, 'postgres.new', 'data', 'PG_VERSION'), 'half');
  const { stop } = await startEmbeddedPostgres({ home });
  await stop();
  await assert.rejects(stat(join(home, 'postgres.new')), { code: 'ENOENT' });
});

for (const [name, damage, reason] of [
  ['the version is garbage', (home: string) => writeFile(join(folderOf(home), 'PG_VERSION'), 'garbage'), /PG_VERSION/],
  ['a file is missing', (home: string) => rm(join(folderOf(home), 'global'), { recursive: true }), /global/],
  ['the password is missing', (home: string) => rm(join(home, 'postgres.password')), /postgres\.password is missing/],
] as const) {
  test(`a damaged home is named and left alone: ${name}`, async (t) => {
    const home = await newHome(t);
    await (await startEmbeddedPostgres({ home })).stop();
    await damage(home);
    await assert.rejects(startEmbeddedPostgres({ home }), (error: Error) => {
      assert.match(error.message, reason);
      assert.match(error.message, /move .* away .* or set MATJIP_HOME/);
      assert.ok(!error.message.includes('\n'), error.message);
      return true;
    });
    assert.ok((await stat(folderOf(home))).isDirectory());
    assert.equal(readPostmaster(folderOf(home)), undefined);
  });
}

test('a home that is a file, or cannot be written, is refused in one line', async (t) => {
  const folder = await newHome(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  await assert.rejects(startEmbeddedPostgres({ home: file }), /is no folder: .*MATJIP_HOME/);
  if (process.getuid?.() !== 0) {
    await chmod(folder, 0o500);
    await assert.rejects(startEmbeddedPostgres({ home: join(folder, 'new') }), /cannot be written: .*MATJIP_HOME/);
  } else {
    // Nothing but a file system that takes no files stops root.
    await assert.rejects(startEmbeddedPostgres({ home: '/proc/matjip' }), /MATJIP_HOME/);
  }
});

test('the log begins anew when it has grown large', async (t) => {
  const home = await newHome(t);
  await writeFile(join(home, 'postgres.log'), 'x'.repeat(11 * 1024 * 1024));
  const { stop } = await startEmbeddedPostgres({ home });
  await stop();
  assert.ok((await readFile(join(home, 'postgres.log'))).length < 100_000);
});
