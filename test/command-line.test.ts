import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { emptyDatabase } from './support/postgres.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs `matjip` as a person does, with nothing typed to it. */
async function matjip(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ code: number; said: string; refused: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, refused, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, said, refused };
}

test('a database is brought up to date, looked into and begun afresh from the command line', async () => {
  const { url } = await emptyDatabase();
  const env = { DATABASE_URL: url };
  const migrated = await matjip(env, 'migrate');
  assert.equal(migrated.code, 0, migrated.refused);
  assert.match(migrated.said, /\n\d{2,} migrations applied; the database is up to date\.\n$/);

  const asked = await matjip(env, 'db', 'shell', '--command', 'SELECT count(*) AS stores FROM store');
  assert.equal(asked.code, 0, asked.refused);
  assert.equal(asked.said, 'stores\n------\n0\n(1 row)\n');
  const wrong = await matjip(env, 'db', 'shell', '-c', 'SELECT 1 FROM nowhere');
  assert.deepEqual([wrong.code, wrong.refused], [1, 'relation "nowhere" does not exist\n']);

  const refused = await matjip(env, 'db', 'reset');
  assert.equal(refused.code, 1);
  assert.match(refused.refused, /is not the embedded database: --yes empties it all the same/);
  const reset = await matjip(env, 'db', 'reset', '--yes', '--demo');
  assert.equal(reset.code, 0, reset.refused);
  const again = await matjip(env, 'db', 'shell', '-c', 'SELECT count(*) > 0 AS demo FROM store');
  assert.equal(again.said, 'demo\n----\ntrue\n(1 row)\n');
});

test('every release says which it is', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(await matjip({}, '--version'), { code: 0, said: `${version}\n`, refused: '' });
});

test('a command that lacks something says what in a line and ends with 2', async () => {
  const bench = await matjip({}, 'bench', 'no-such-bench');
  assert.equal(bench.code, 2, bench.said);
  assert.match(bench.refused, /^There is no bench 'no-such-bench'; there are: menu-read, /);
  const printer = ['--server', 'http://127.0.0.1:1', '--store', 'gangnam', '--station', 'grill', '--to', 'paper'];
  const agent = await matjip({ PRINT_KEY: '' }, 'print-agent', ...printer, '--key-file', '/nowhere');
  assert.equal(agent.code, 2, agent.said);
  assert.match(agent.refused, /--key-file \/nowhere cannot be read/);
});
