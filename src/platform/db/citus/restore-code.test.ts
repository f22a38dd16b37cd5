import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isContended, isDatabaseAway } from '../away.ts';
import { isMissingPartition } from '../refusals.ts';
import { restoreCode } from './restore-code.ts';

const said = (message: string, code = 'XX000') => Object.assign(new Error(message), { code });
const codeOf = (error: unknown) => (error as { code?: string }).code;

test('what a machine said to rows that were copied to it has its SQLSTATE again', () => {
  for (const [message, code] of [
    ['canceling statement due to lock timeout', '55P03'],
    ['canceling statement due to statement timeout', '57014'],
    ['deadlock detected', '40P01'],
    ['no partition of relation "orders_102164" found for row', '23514'],
    ['duplicate key value violates unique constraint "orders_pkey_102164"', '23505'],
    ['could not extend file "base/5/2619": No space left on device', '53100'],
    ['could not find valid entry for shard 102091', '40001'],
    ["failed to prepare transaction 'citus_0_18663_8932_1219' on host 127.0.0.1:7101", '08007'],
  ] as const) {
    assert.equal(codeOf(restoreCode(said(message))), code, message);
  }
  assert.ok(isMissingPartition(restoreCode(said('no partition of relation "orders_102164" found for row'))));
  assert.ok(isDatabaseAway(restoreCode(said("failed to prepare transaction 'a' on host b:1"))));
});

test('a store whose part was divided meanwhile is busy for a moment, and its request may be sent again', () => {
  const divided = said('shard for the given value does not exist', '40001');
  assert.ok(isDatabaseAway(divided));
  assert.ok(isContended(divided));
});

test('an error that has a SQLSTATE of its own keeps it, and one that nobody knows stays internal', () => {
  assert.equal(codeOf(restoreCode(said('deadlock detected', '42601'))), '42601');
  assert.equal(codeOf(restoreCode(said('cache lookup failed for relation 5'))), 'XX000');
  const plain = new Error('deadlock detected');
  assert.equal(restoreCode(plain), plain);
  assert.equal(codeOf(plain), undefined);
});
