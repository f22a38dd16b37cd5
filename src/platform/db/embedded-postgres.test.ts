import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startNode } from '../../../test/support/child.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { readyHome } from '../../../test/support/ready-home.ts';
import { isAlive } from './embedded/home-lock.ts';
import { readPostmaster } from './embedded/postmaster.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { openDb } from './pool.ts';

/**
 * A home of its own for one test, and a way to start on it; all that was started is stopped before the home goes.
 * @param make how the home is made; unset: a copy of one that is there already
 */
async function newHome(t: TestContext, make = readyHome) {
  const home = await make();
  const stops: (() => Promise<void>)[] = [];
  t.after(async () => {
    const running = readPostmaster(folderOf(home));
    for (const stop of stops.reverse()) await stop();
    if (running) await gone(running.pid);
    await rm(home, { recursive: true, force: true });
  });
  const start = async (options: { join?: boolean } = {}) => {
    const postgres = await startEmbeddedPostgres({ home, ...options });
    stops.push(postgres.stop);
    return postgres;
  };
  /** Another process that runs a Postgres on this home and does not stop it. */
  const startOwner = async () => {
    const module = new URL('./embedded-postgres.ts', import.meta.url).href;
    const code = `
      import { startEmbeddedPostgres } from ${JSON.stringify(module)};
      const { url } = await startEmbeddedPostgres({ home: ${JSON.stringify(home)}, join: true });
      console.log(url);
      setInterval(() => {}, 1_000);`;
    const owner = startNode({ after: (end) => void stops.push(end) }, ['--input-type=module', '-e', code]);
    const [url] = await owner.says(/^postgres:.*$/m);
    return { pid: owner.pid, url, kill: () => owner.kill('SIGKILL') };
  };
  return { home, start, startOwner };
}

async function query<R extends object>(url: string, text: string): Promise<R[]> {
  const db = openDb({ url, connectionsMax: 1 });
  try {
    return (await db.query<R>(text)).rows;
  } finally {
    await db.close();
  }
}

const emptyHome = () => mkdtemp(join(tmpdir(), 'matjip-home-'));

const gone = (pid: number): Promise<unknown> => eventually(() => !isAlive(pid));

const folderOf = (home: string) => join(home, 'postgres');

test('data, password and port survive a stop and a start', async (t) => {
  const { home, start } = await newHome(t);
  const first = await start();
  await query(first.url, 'CREATE TABLE dish AS SELECT 1 AS id');
  await first.stop();
  assert.equal(readPostmaster(folderOf(home)), undefined);
  const second = await start();
  assert.equal(second.url, first.url);
  assert.deepEqual(await query(second.url, 'SELECT id FROM dish'), [{ id: 1 }]);
});

test('it is durable, listens on this machine only, and wants a password that only its owner can read', async (t) => {
  const { home, start } = await newHome(t, emptyHome);
  const { url } = await start();
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
  const { start, startOwner } = await newHome(t, emptyHome);
  const owner = await startOwner();
  await assert.rejects(start(), new RegExp(`in use .*process ${owner.pid}.*MATJIP_HOME`));
  const joined = await start({ join: true });
  assert.equal(joined.url, owner.url);
  await joined.stop();
  assert.deepEqual(await query(owner.url, 'SELECT 1 AS one'), [{ one: 1 }], 'the owner’s Postgres runs on');
});

test('two first starts at once make one Postgres', async (t) => {
  const { startOwner } = await newHome(t, emptyHome);
  const [one, other] = await Promise.all([startOwner(), startOwner()]);
  assert.match(one.url, /^postgres:/);
  assert.equal(one.url, other.url);
});

test('a killed process leaves no Postgres behind, and its home can be used again', async (t) => {
  const { home, start, startOwner } = await newHome(t);
  const owner = await startOwner();
  const { pid } = readPostmaster(folderOf(home))!;
  await owner.kill();
  await gone(pid);
  const next = await start();
  assert.deepEqual(await query(next.url, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('a Postgres that was killed recovers what it had committed', async (t) => {
  const { home, start, startOwner } = await newHome(t);
  const owner = await startOwner();
  await query(owner.url, 'CREATE TABLE dish AS SELECT 1 AS id');
  const { pid } = readPostmaster(folderOf(home))!;
  process.kill(pid, 'SIGKILL');
  await owner.kill();
  await gone(pid);
  const next = await start();
  assert.deepEqual(await query(next.url, 'SELECT id FROM dish'), [{ id: 1 }]);
});

test('an interrupted first start leaves nothing that a second could trip over', async (t) => {
  const { home, start } = await newHome(t, emptyHome);
  await mkdir(join(home, 'postgres.new', 'data'), { recursive: true });
  await writeFile(join(home, 'postgres.new', 'data', 'PG_VERSION'), 'half');
  await start();
  await assert.rejects(stat(join(home, 'postgres.new')), { code: 'ENOENT' });
});

for (const [name, damage, reason] of [
  ['the version is garbage', (home: string) => writeFile(join(folderOf(home), 'PG_VERSION'), 'garbage'), /not a valid/],
  ['a file is missing', (home: string) => rm(join(folderOf(home), 'global'), { recursive: true }), /global/],
  [
    'the password is another',
    (home: string) => writeFile(join(home, 'postgres.password'), 'guess'),
    /postgres\.password is another one: delete that file/,
  ],
] as const) {
  test(`a damaged home is named and left alone: ${name}`, async (t) => {
    const { home, start } = await newHome(t);
    await (await start()).stop();
    await damage(home);
    await assert.rejects(start(), (error: Error) => {
      assert.match(error.message, reason);
      assert.match(error.message, /move .* away .* or set MATJIP_HOME/);
      assert.ok(!error.message.includes('\n'), error.message);
      return true;
    });
    assert.ok((await stat(folderOf(home))).isDirectory());
    assert.equal(readPostmaster(folderOf(home)), undefined);
  });
}

for (const [name, damage] of [
  ['an empty postgres.password', (home: string) => writeFile(join(home, 'postgres.password'), '')],
  ['no postgres.password', (home: string) => rm(join(home, 'postgres.password'))],
  ['an empty postmaster.pid', (home: string) => writeFile(join(folderOf(home), 'postmaster.pid'), '')],
  [
    'both empty',
    async (home: string) => {
      await writeFile(join(home, 'postgres.password'), '');
      await writeFile(join(folderOf(home), 'postmaster.pid'), '');
    },
  ],
] as const) {
  test(`what a power cut left behind is mended, and the data is there: ${name}`, async (t) => {
    const { home, start } = await newHome(t);
    const before = await start();
    await query(before.url, 'CREATE TABLE dish AS SELECT 1 AS id');
    await before.stop();
    await damage(home);
    const { url } = await start();
    assert.deepEqual(await query(url, 'SELECT id FROM dish'), [{ id: 1 }]);
    assert.equal((await stat(join(home, 'postgres.password'))).mode & 0o777, 0o600);
  });
}

test('a home that is a file, or cannot be written, is refused in one line', async (t) => {
  const { home } = await newHome(t, emptyHome);
  const file = join(home, 'file');
  await writeFile(file, '');
  await assert.rejects(startEmbeddedPostgres({ home: file }), /is no folder: .*MATJIP_HOME/);
  // Nothing but a file system that takes no folders stops root.
  const forbidden = process.getuid?.() === 0 && process.platform === 'linux' ? '/sys' : join(home, 'forbidden');
  await mkdir(forbidden, { mode: 0o500, recursive: true });
  await assert.rejects(startEmbeddedPostgres({ home: join(forbidden, 'matjip') }), /MATJIP_HOME/);
});

test('the log begins anew when it has grown large', async (t) => {
  const { home, start } = await newHome(t);
  await writeFile(join(home, 'postgres.log'), 'x'.repeat(11 * 1024 * 1024));
  await start();
  assert.ok((await stat(join(home, 'postgres.log'))).size < 100_000);
});

test('a Postgres that is killed is started again where it was, as often as it is killed', async (t) => {
  const { home, start } = await newHome(t);
  const { url } = await start();
  await query(url, 'CREATE TABLE kept AS SELECT 7 AS n');
  for (let kills = 0; kills < 2; kills += 1) {
    const { pid } = readPostmaster(folderOf(home))!;
    process.kill(pid, 'SIGKILL');
    await eventually(() => {
      const running = readPostmaster(folderOf(home));
      assert.ok(running?.ready && running.pid !== pid);
    });
    assert.deepEqual(await query(url, 'SELECT n FROM kept'), [{ n: 7 }]);
  }
});
