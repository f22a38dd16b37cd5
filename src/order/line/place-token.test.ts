import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../../platform/id.ts';
import { createPlaceTokens } from './place-token.ts';

const tokens = createPlaceTokens('a-secret-of-16-letters');
const place = { storeId: newId(), id: newId(), atMs: 1_795_000_000_123.456 };

test('a place is read as it was signed, to the microsecond', () => {
  const token = tokens.sign(place);
  assert.match(token, /^[\w-]{48}$/);
  assert.deepEqual(tokens.read(token, place.storeId), place);
});

test('a place is no other store’s, no other secret’s, and none with any letter changed', () => {
  const token = tokens.sign(place);
  assert.equal(tokens.read(token, newId()), undefined);
  assert.equal(createPlaceTokens('another-secret-of-16').read(token, place.storeId), undefined);
  fc.assert(
    fc.property(fc.nat(47), fc.constantFrom(...'AZaz09-_'), (at, letter) => {
      const forged = token.slice(0, at) + letter + token.slice(at + 1);
      assert.equal(tokens.read(forged, place.storeId) === undefined, forged !== token);
    }),
  );
  for (const other of ['', 'x', `${token}A`, token.slice(1), token.toUpperCase(), `${token.slice(0, 47)}=`]) {
    assert.equal(tokens.read(other, place.storeId), undefined);
  }
});
