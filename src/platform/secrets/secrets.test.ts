import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readConfig } from '../../config.ts';
import { isFirstStart, readKeys } from './secrets.ts';

const SECRET = 'm4k3-0f-r4nd0m-t3xt-7';
const ADMIN_KEY = 'k3y-0f-th3-0wn3r-99';

function newHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'matjip-keys-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return home;
}
const keysOf = (home: string, env: NodeJS.ProcessEnv = {}) => readKeys(readConfig({ MATJIP_HOME: home, ...env }));
const written = (home: string): string =>
  readdirSync(home)
    .map((file) => readFileSync(join(home, file), 'utf8'))
    .join('');

test('keys that nobody gave are made once, kept for their owner alone, and the same at the next start', (t) => {
  const home = newHome(t);
  const made = keysOf(home);
  assert.deepEqual(keysOf(home), made);
  for (const file of readdirSync(home)) assert.equal(statSync(join(home, file)).mode & 0o777, 0o600, file);
});

test('keys are new at the start that makes them, and at no other', (t) => {
  const home = newHome(t);
  const isFirst = (env: NodeJS.ProcessEnv = {}) => isFirstStart(readConfig({ MATJIP_HOME: home, ...env }));
  assert.deepEqual([isFirst(), isFirst({ SECRET }), isFirst({ SECRET, ADMIN_KEY })], [true, true, false]);
  keysOf(home, { SECRET });
  assert.deepEqual([isFirst({ SECRET }), isFirst()], [false, true]);
  keysOf(home);
  assert.equal(isFirst(), false);
});

test('what came from the environment is written nowhere, whichever of the two it was, and what was made before stays', (t) => {
  const home = newHome(t);
  const { adminKey } = keysOf(home, { SECRET });
  const { secret } = keysOf(home, { ADMIN_KEY });
  assert.deepEqual(keysOf(home), { secret, adminKey });
  assert.deepEqual(keysOf(home, { SECRET, ADMIN_KEY, SECRET_PREVIOUS: secret as string }), {
    secret: [SECRET, secret],
    adminKey: ADMIN_KEY,
  });
  assert.doesNotMatch(written(home), new RegExp(`${SECRET}|${ADMIN_KEY}`));
});

test('keys of a home from before are the keys', (t) => {
  const home = newHome(t);
  writeFileSync(join(home, 'keys.json'), JSON.stringify({ secret: SECRET, adminKey: ADMIN_KEY }));
  assert.deepEqual(keysOf(home), { secret: SECRET, adminKey: ADMIN_KEY });
  assert.deepEqual(readdirSync(home), ['keys.json']);
});

test('a file that is damaged stops the start, and is not written over', (t) => {
  const home = newHome(t);
  writeFileSync(join(home, 'secret.json'), '{"secret":');
  assert.throws(() => keysOf(home), /^ConfigError: .*secret\.json is damaged/);
});

test('a SECRET that is short, of few characters or known to everybody stops the start with what is wanted', () => {
  for (const [value, why] of [
    ['short-0ne', /at least 16 characters are needed, 9 were given/],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', /8 different characters are needed, 1 were given/],
    ['ababababababababcdcdcdcd', /8 different characters/],
    ['please-change-me-0123', /easily guessed/],
    ['0123456789abcdef', /easily guessed/],
    ['my-p4ssword-is-passw0rd', /easily guessed/],
    ['k4t2mz9q.k4t2mz9q.k4t2mz9q.', /easily guessed/],
  ] as const) {
    assert.throws(
      () => readConfig({ SECRET: value }),
      (error: Error) => {
        assert.match(error.message, why);
        assert.match(error.message, /^SECRET: [^\n]*openssl rand -base64 32`\.$/);
        assert.ok(!error.message.includes(value), 'the value itself is not said');
        return true;
      },
    );
  }
  assert.equal(readConfig({ SECRET }).secret, SECRET);
  // A key is tried over the network alone, so it only has to be long.
  assert.throws(
    () => readConfig({ ADMIN_KEY: 'short-0ne' }),
    /^ConfigError: ADMIN_KEY: at least 16 characters are needed/,
  );
  assert.equal(readConfig({ ADMIN_KEY: 'smoke-smoke-smoke-smoke' }).adminKey, 'smoke-smoke-smoke-smoke');
});

test('a predecessor needs a successor, which is another', () => {
  assert.throws(() => readConfig({ SECRET_PREVIOUS: SECRET }), /^ConfigError: SECRET_PREVIOUS: a SECRET is needed/);
  assert.throws(() => readConfig({ SECRET, SECRET_PREVIOUS: SECRET }), /SECRET_PREVIOUS: another one than SECRET/);
  // It was taken once, weak as it is, and has to be replaced.
  assert.equal(readConfig({ SECRET, SECRET_PREVIOUS: 'changeme' }).secretPrevious, 'changeme');
});
