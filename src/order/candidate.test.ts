import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderRequest } from '../contract/index.ts';
import { newId } from '../platform/id.ts';
import { toCandidate } from './candidate.ts';

const id = newId();
const hashOf = (request: OrderRequest) => toCandidate('a', id, request).requestHash;
const line = { itemId: id, quantity: 1 };

test('what means the same is the same request', () => {
  const hash = hashOf({ lines: [line] });
  assert.match(hash, /^[0-9a-f]{32}$/);
  assert.equal(hashOf({ lines: [{ ...line, itemId: id.toUpperCase(), optionIds: [], note: '  ' }], table: ' ' }), hash);
  assert.equal(hashOf({ lines: [line], table: 7 }), hashOf({ lines: [line], table: '7' }));
});

test('what means something else is another request', () => {
  const requests: OrderRequest[] = [
    { lines: [line] },
    { lines: [line, line] },
    { lines: [{ ...line, quantity: 2 }] },
    { lines: [{ ...line, itemId: newId() }] },
    { lines: [{ ...line, optionIds: [id] }] },
    { lines: [{ ...line, note: 'x' }] },
    { lines: [line], table: 'x' },
    { lines: [line], expectedTotal: 0 },
    { lines: [line], expectedTotal: 1 },
  ];
  assert.equal(new Set(requests.map(hashOf)).size, requests.length);
});

test('text that Postgres cannot hold is refused by the name of its field, and all other text passes', () => {
  const refusal = (request: OrderRequest, field: string) =>
    assert.throws(
      () => toCandidate('a', id, request),
      (error: Error & { toBody(): { fields: { field: string }[] } }) => error.toBody().fields[0]!.field === field,
    );
  refusal({ lines: [line, { ...line, note: 'a\0' }] }, 'lines[1].note');
  refusal({ lines: [{ ...line, note: '\udc00' }] }, 'lines[0].note');
  refusal({ lines: [line], table: '\ud800' }, 'table');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (note) => {
      if (note.includes('\0')) return;
      assert.equal(toCandidate('a', id, { lines: [{ ...line, note }] }).lines[0]!.note, note.trim() || undefined);
    }),
  );
});
