import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idTimeMs } from '../../../src/platform/id.ts';
import { uuidV7 } from './uuid.ts';

/** The server's own pattern, from `src/contract/common.ts`. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a key is a UUIDv7 with its moment inside', () => {
  const nowMs = Date.parse('2026-11-03T12:34:56.789Z');
  const id = uuidV7(nowMs);
  assert.match(id, UUID_V7);
  assert.equal(idTimeMs(id), nowMs);
});

test('keys of one millisecond differ', () => {
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuidV7(0))).size, 1000);
});
