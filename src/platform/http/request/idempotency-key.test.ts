import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '../../id.ts';
import { createKeyOf } from './idempotency-key.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 3);
const SKEW_MS = 24 * 3_600_000;
const keyOf = createKeyOf(() => NOW_MS, SKEW_MS);
const check = (key: unknown) => keyOf({ headers: { 'idempotency-key': key as string } });

test('a UUIDv7 of about now passes, in lower case', () => {
  const key = newId(NOW_MS);
  assert.equal(check(key), key);
  assert.equal(check(key.toUpperCase()), key);
  assert.ok(check(newId(NOW_MS - SKEW_MS)));
  assert.ok(check(newId(NOW_MS + SKEW_MS)));
});

test('what is missing, no UUIDv7 or of another time is refused, and each says which', () => {
  const cases: [unknown, RegExp][] = [
    [undefined, /is missing/],
    ['', /is missing/],
    [[newId(NOW_MS)], /is missing/],
    ['3f2f5c1e-9d5b-4c7a-8a3c-2b1d0e9f8a7b', /is not a UUIDv7/],
    [`${newId(NOW_MS)} `, /is not a UUIDv7/],
    [`${newId(NOW_MS)}\n`, /is not a UUIDv7/],
    [newId(NOW_MS).replaceAll('-', ''), /is not a UUIDv7/],
    [newId(NOW_MS - SKEW_MS - 1), /has the time 2026-11-23/],
    [newId(NOW_MS + SKEW_MS + 1), /has the time 2026-11-25/],
    ['00000000-0000-7000-8000-000000000000', /has the time 1970/],
    ['ffffffff-ffff-7fff-bfff-ffffffffffff', /has the time \+010889/],
  ];
  for (const [key, message] of cases) {
    assert.throws(() => check(key), { name: 'Problem', type: 'invalid', message });
  }
});

test('no text whatever makes it fail in another way', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.uuid()), (text) => {
      try {
        assert.equal(check(text), text.toLowerCase());
      } catch (error) {
        assert.equal((error as Error).name, 'Problem');
      }
    }),
  );
});
