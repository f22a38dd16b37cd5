import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMac } from './hmac.ts';

test('it is HMAC-SHA-256, of any key, text and bytes, also after one another', () => {
  const text = fc.string({ unit: 'binary', maxLength: 700 });
  fc.assert(
    fc.property(text, text, fc.uint8Array({ maxLength: 40 }), (secret, said, tail) => {
      const mac = createMac(secret);
      mac('what was signed before', tail);
      const right = createHmac('sha256', secret).update(said).update(tail).digest();
      assert.deepEqual(mac(said, tail), right);
    }),
  );
});

test('one result is not changed by the next', () => {
  const mac = createMac('a secret of some length');
  const first = mac('one');
  const kept = Buffer.from(first);
  mac('two');
  assert.deepEqual(first, kept);
});
