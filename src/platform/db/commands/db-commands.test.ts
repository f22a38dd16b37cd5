import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { eventually } from '../../../../test/support/eventually.ts';
import { atEndOf } from '../../../../test/support/lifetime.ts';
import { testDatabase } from '../../../../test/support/postgres.ts';
import { readyHome } from '../../../../test/support/ready-home.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { resetCommand } from './reset-command.ts';
import { answerTo, runSqlPrompt } from './sql-prompt.ts';

async function connect(t: TestContext, connectionString: string, application_name = 'test'): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name });
  client.on('error', () => {});
  await client.connect();
  atEndOf(t, () => client.end());
  return client;
}

const addStore = (client: pg.Client) =>
  client.query(`WITH b AS (INSERT INTO brand (id, slug, name_ko, name_en)
      VALUES ('019ab000-0000-7000-8000-000000000001', 'mine', '브랜드', 'Brand') RETURNING id)
    INSERT INTO store (id, brand_id, slug, name_ko, name_en)
    SELECT '019ab000-0000-7000-8000-000000000002', id, 'mine', '가게', 'Shop' FROM b`);
const stores = async (client: pg.Client) => (await client.query('SELECT slug FROM store')).rows;

test('the prompt answers statement after statement, over several lines, and says why one was refused', async (t) => {
  const { url } = await testDatabase();
  const client = await connect(t, url);
  await addStore(client);
  const output = new PassThrough();
  const typed = [
    'SELECT slug, name_ko',
    '  FROM store;',
    '',
    'SELEC 1;',
    '\\d store_head',
    '\\d nothing',
    "UPDATE store SET slug = 'ours';",
    '\\q',
    'SELECT 1/0;',
  ];
  await runSqlPrompt(client, Readable.from(typed.map((line) => `${line}\n`)), output);
  output.end();
  const said = await text(output);
  assert.match(said, /^slug \| name_ko\n-----\+--------\nmine \| 가게\n\(1 row\)$/m);
  assert.match(said, /ERROR: syntax error at or near "SELEC"/);
  assert.match(said, /menu_version +\| bigint/);
  assert.match(said, /There is no table nothing\./);
  assert.match(said, /^UPDATE 1$/m);
  assert.doesNotMatch(said, /division by zero/);
  assert.deepEqual(await stores(client), [{ slug: 'ours' }]);
  assert.match(
    await answerTo(client, 'SELECT generate_series(1, 501) AS n'),
    /\n500\n\(501 rows; the first 500 are shown\)$/,
  );
});

test('a database of somebody else is emptied only with --yes, and none that is served from', async (t) => {
  const { url } = await testDatabase();
  const config = { databaseUrl: url, home: '' };
  const client = await connect(t, url);
  await addStore(client);
  const { host, pathname, password } = new URL(url);
  await assert.rejects(resetCommand(config), (error: Error) => {
    assert.ok(error.message.startsWith(`${host}${pathname} is not the embedded database: --yes `), error.message);
    assert.ok(password === '' || !error.message.includes(password));
    return true;
  });
  const serving = await connect(t, url, 'matjip-intake');
  await assert.rejects(
    resetCommand(config, { yes: true }),
    /A Matjip uses this database \(1 sessions\): stop it first/,
  );
  assert.equal((await stores(client)).length, 1);

  await serving.end();
  const said: string[] = [];
  const filled: string[] = [];
  const fill = async () => void filled.push('once');
  // The server notes the end of a session when it comes to it.
  await eventually(() => resetCommand(config, { yes: true, fill, log: (line) => said.push(line) }));
  assert.deepEqual(
    [said.at(-1), filled.join()],
    ['Emptied: 1 stores and 0 orders are gone. The database is up to date.', 'once'],
  );
  assert.deepEqual(await stores(client), []);
});

test('the embedded database is emptied by one command, and not under a server', async (t) => {
  const home = await readyHome();
  atEndOf(t, () => rm(home, { recursive: true, force: true }));
  const config = { databaseUrl: undefined, home };
  const served = await startEmbeddedPostgres({ home });
  await assert.rejects(resetCommand(config), /is in use by a Matjip that runs already/);
  await served.stop();
  const said: string[] = [];
  await resetCommand(config, { log: (line) => said.push(line) });
  assert.match(said.join('\n'), /Emptied: 0 stores and 0 orders are gone/);
  const again = await startEmbeddedPostgres({ home });
  atEndOf(t, again.stop);
  assert.deepEqual(await stores(await connect(t, again.url)), []);
});
