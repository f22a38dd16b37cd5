import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../../id.ts';
import { createGuestTokens } from './guest-tokens.ts';

const tokens = createGuestTokens('a secret of some length', 'order');
const [store, order] = [newId(), newId()];

test('a token opens the one order of the one store that it was made for', () => {
  const token = tokens.sign(store, order);
  assert.ok(tokens.verify(token, store, order));
  assert.ok(!tokens.verify(token, store, newId()));
  assert.ok(!tokens.verify(token, newId(), order));
  assert.ok(!tokens.verify(token, order, store));
  assert.ok(!createGuestTokens('a secret of some length', 'party').verify(token, store, order));
});

test('every process with the secret makes the same token, and none without it', () => {
  const token = tokens.sign(store, order);
  assert.equal(createGuestTokens('a secret of some length', 'order').sign(store, order), token);
  assert.ok(!createGuestTokens('another secret of some length', 'order').verify(token, store, order));
});

test('nothing but the token itself passes, not even what decodes to the same bytes', () => {
  const token = tokens.sign(store, order);
  for (const forged of ['', 'x', `${token}x`, `${token}=`, ` ${token}`, token.slice(1), `${token}${token}`]) {
    assert.ok(!tokens.verify(forged, store, order), forged);
  }
  fc.assert(fc.property(fc.string(), (text) => text === token || !tokens.verify(text, store, order)));
});
