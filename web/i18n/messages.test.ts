import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { en as billsEn } from '../bills/languages/en.ts';
import { ja as billsJa } from '../bills/languages/ja.ts';
import { ko as billsKo } from '../bills/languages/ko.ts';
import { zh as billsZh } from '../bills/languages/zh.ts';
import { en } from './en.ts';
import { en as houseEn } from './house/en.ts';
import { ja as houseJa } from './house/ja.ts';
import { ko as houseKo } from './house/ko.ts';
import { zh as houseZh } from './house/zh.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { en as waitingEn } from './waiting/en.ts';
import { ja as waitingJa } from './waiting/ja.ts';
import { ko as waitingKo } from './waiting/ko.ts';
import { zh as waitingZh } from './waiting/zh.ts';
import { zh } from './zh.ts';

const WEB = fileURLToPath(new URL('..', import.meta.url));
type Messages = Readonly<Record<string, string>>;
const placeholders = (message: string) => [...message.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

/** By who loads them; the first of each is the source. */
const SETS: Readonly<Record<string, { ko: Messages } & Record<string, Messages>>> = {
  everywhere: { ko, en, ja, zh },
  house: { ko: houseKo, en: houseEn, ja: houseJa, zh: houseZh },
  waiting: { ko: waitingKo, en: waitingEn, ja: waitingJa, zh: waitingZh },
};
/** A sentence left in Korean is none of these languages. */
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/;

/** Of one page, which says them by words of its own. */
const PAGES: typeof SETS = { bills: { ko: billsKo, en: billsEn, ja: billsJa, zh: billsZh } };

for (const [name, { ko: source, ...others }] of Object.entries({ ...SETS, ...PAGES })) {
  for (const [language, messages] of Object.entries(others)) {
    test(`${name}: ${language} has the same messages as Korean, each says something, fills in the same values, and none is Korean`, () => {
      // Names of allergens come with the languages that are loaded later; the contract has the others.
      assert.deepEqual(
        Object.keys(messages)
          .filter((key) => !key.startsWith('allergen.'))
          .sort(),
        Object.keys(source).sort(),
      );
      for (const [key, said] of Object.entries(source)) {
        const other = messages[key]!;
        assert.ok(said.trim() && other.trim(), `${key} is empty`);
        assert.deepEqual(placeholders(other), placeholders(said), key);
        assert.doesNotMatch(other, HANGUL, key);
      }
    });
  }
}

test('every message is said somewhere', () => {
  const sources = globSync('*/**/*.{ts,tsx}', { cwd: WEB })
    .filter((file) => !file.startsWith('i18n') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${WEB}${file}`, 'utf8'))
    .join('\n');
  const named = (key: string) => sources.includes(`'${key}'`);
  // A key made of parts, as in t(`status.${status}`).
  const built = (key: string) => sources.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
  const keys = Object.values(SETS).flatMap(({ ko: source }) => Object.keys(source));
  assert.deepEqual(
    keys.filter((key) => !named(key) && !built(key)),
    [],
  );
  assert.equal(new Set(keys).size, keys.length, 'a key of one set hides that of another');
});

// Whoever serves guests reads their page while these wait, and whoever sets a store up has nobody to ask. The office's pages (owner, menu, staff)
// are Korean and English, and whoever has another language reads English there.
test('the pages that are open while guests wait, and those that set a store up, are in all four languages', () => {
  const files = globSync('{kitchen,hall,bills,board,door,waitlist,setup,ops}/**/*.ts', { cwd: WEB });
  const calls = files.flatMap((file) => readFileSync(`${WEB}${file}`, 'utf8').match(/createWords\(\{[^}]*\}\)/g) ?? []);
  assert.ok(calls.length >= 12, String(calls.length));
  for (const call of calls) assert.match(call, /ko, en, ja, zh/);
});

// Who waits on a bad network for the menu does not wait for the kitchen's sentences.
test('a guest’s page says only what every page says', () => {
  const guests = globSync('{guest,home}/**/*.{ts,tsx}', { cwd: WEB }).map((file) =>
    readFileSync(`${WEB}${file}`, 'utf8'),
  );
  assert.ok(guests.length > 50);
  for (const source of guests) assert.doesNotMatch(source, /(house|waiting)-words/);
});
