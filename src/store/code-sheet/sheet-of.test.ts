import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../queries.ts';
import { createTableKeys } from '../table-keys.ts';
import { linkPath, sheetOf } from './sheet-of.ts';

const keys = createTableKeys('a secret that is long enough for a test');
const store = {
  id: '0192d4e0-7b1a-7c3e-8f00-0123456789ab',
  slug: 'harbour',
  name: { ko: '하버점', en: 'Harbour' },
  tables: 3,
  tableNames: ['1', '창가', 'Bar'],
  tableGenerations: {},
  tableLinks: 'signed',
} as unknown as Store;

test('each code of a sheet holds the address by which its table orders, and says in words which table it is', () => {
  const { store: title, codes } = sheetOf(keys, store, 'https://eat.example', ['ko', 'en']);
  assert.equal(title, '하버점');
  assert.deepEqual(
    codes.map(({ name }) => name),
    ['테이블 1', '창가', 'Bar', '포장'],
  );
  for (const [index, table] of store.tableNames!.entries()) {
    const { pathname, searchParams, origin } = new URL(codes[index]!.address);
    assert.equal(origin, 'https://eat.example');
    assert.equal(decodeURIComponent(pathname), `/s/harbour/t/${table}`);
    assert.equal(keys.refusal(store, table, searchParams.get('k')!), undefined);
  }
  assert.equal(codes.at(-1)!.address, 'https://eat.example/s/harbour');
  assert.equal(linkPath(keys, store, null), '/s/harbour');
});

test('a store that speaks English has an English sheet, with its Korean name where it has no other', () => {
  const { store: title, codes } = sheetOf(keys, { ...store, name: { ko: '하버점', en: '' } }, 'http://x', ['en']);
  assert.deepEqual([title, codes[0]!.name, codes.at(-1)!.name], ['하버점', 'Table 1', 'Takeaway']);
});
