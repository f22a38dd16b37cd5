import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { zh } from './zh.ts';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const keys = Object.keys(ko) as (keyof typeof ko)[];
const placeholders = (message: string) => [...message.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

const others = { en, ja, zh };
/** A sentence left in Korean is none of these languages. */
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/;

for (const [language, messages] of Object.entries(others)) {
  test(`${language} has the same messages as Korean, each says something, fills in the same values, and none is Korean`, () => {
    // Names of allergens come with the languages that are loaded later; the contract has the others.
    assert.deepEqual(
      Object.keys(messages)
        .filter((key) => !key.startsWith('allergen.'))
        .sort(),
      [...keys].sort(),
    );
    for (const key of keys) {
      assert.ok(ko[key].trim() && messages[key].trim(), `${key} is empty`);
      assert.deepEqual(placeholders(messages[key]), placeholders(ko[key]), key);
      assert.doesNotMatch(messages[key], HANGUL, key);
    }
  });
}

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
