import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composed, composeTexts } from './composed.ts';

const PANCAKE = '해물파전';
const DECOMPOSED = PANCAKE.normalize('NFD');

test('a word is one word however its letters were typed', () => {
  assert.notEqual(DECOMPOSED, PANCAKE);
  assert.equal(composed(DECOMPOSED), PANCAKE);
  assert.equal(composed('cre\u0300me'), 'crème');
  // Singletons: the Kelvin sign is the letter K.
  assert.equal(composed('\u212a'), 'K');
  assert.equal(composed('plain, 100 ₩, 🌶️'), 'plain, 100 ₩, 🌶️');
});

test('nothing below the letters that are looked for is changed by composing', () => {
  for (let letter = 0; letter < 0x300; letter++) {
    const text = String.fromCharCode(letter);
    assert.equal(text.normalize('NFC'), text);
  }
});

test('every text inside a body is composed, and nothing else is touched', () => {
  const body = { table: DECOMPOSED, lines: [{ note: DECOMPOSED, quantity: 2, optionIds: [DECOMPOSED] }], none: null };
  assert.deepEqual(composeTexts(body), {
    table: PANCAKE,
    lines: [{ note: PANCAKE, quantity: 2, optionIds: [PANCAKE] }],
    none: null,
  });
  assert.equal(composeTexts(DECOMPOSED), PANCAKE);
  assert.deepEqual([composeTexts(5), composeTexts(null), composeTexts(undefined)], [5, null, undefined]);
});

test('a body that is nothing but brackets does not end the stack', () => {
  const depth = 65_000;
  assert.doesNotThrow(() => composeTexts(JSON.parse('['.repeat(depth) + ']'.repeat(depth))));
});
