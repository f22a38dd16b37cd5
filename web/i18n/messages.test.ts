import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { en } from './en.ts';
import { ko } from './ko.ts';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const keys = Object.keys(ko) as (keyof typeof ko)[];
const placeholders = (message: string) => [...message.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test('both languages have the same messages', () => {
  assert.deepEqual(Object.keys(en).sort(), [...keys].sort());
});

test('every message says something and fills in the same values in both languages', () => {
  for (const key of keys) {
    assert.ok(ko[key].trim() && en[key].trim(), `${key} is empty`);
    assert.deepEqual(placeholders(en[key]), placeholders(ko[key]), key);
  }
});

test('every message is said somewhere', () => {
  const sources = globSync('*/**/*.{ts,tsx}', { cwd: WEB })
    .filter((file) => !file.startsWith('i18n') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${WEB}${file}`, 'utf8'))
    .join('\n');
  const named = (key: string) => sources.includes(`'${key}'`);
  // A key made of parts, as in t(`status.${status}`).
  const built = (key: string) => sources.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
  assert.deepEqual(
    keys.filter((key) => !named(key) && !built(key)),
    [],
  );
});
