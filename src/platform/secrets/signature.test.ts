import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner } from './signature.ts';

const BYTES = 15;
const [old, next, rotating] = [
  createSigner('the secret of last year', BYTES),
  createSigner('the secret of this year', BYTES),
  createSigner(['the secret of this year', 'the secret of last year'], BYTES),
];

test('while a secret is rotated what its predecessor signed is believed, and what is new is signed by the new one', () => {
  assert.ok(rotating.isSigned(old.sign('a place', Buffer.from('7')), 'a place', Buffer.from('7')));
  assert.ok(rotating.isSigned(next.sign('a place'), 'a place'));
  assert.deepEqual(rotating.sign('a place'), next.sign('a place'));
  assert.ok(!old.isSigned(rotating.sign('a place'), 'a place'));
});

test('once the predecessor is gone so is what it signed', () => {
  assert.ok(!next.isSigned(old.sign('a place'), 'a place'));
  assert.ok(!rotating.isSigned(createSigner('a third one', BYTES).sign('a place'), 'a place'));
});

test('another text, a shorter signature and none are no signature', () => {
  const mac = rotating.sign('a place');
  assert.ok(!rotating.isSigned(mac, 'a placf'));
  assert.ok(!rotating.isSigned(mac.subarray(1), 'a place'));
  assert.ok(!rotating.isSigned(Buffer.alloc(0), 'a place'));
});
