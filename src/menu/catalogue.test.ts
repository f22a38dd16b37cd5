import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CatalogueRow, toCatalogue } from './catalogue.ts';
import { createCatalogues } from './catalogues.ts';

const item = (id: string, changes: object = {}) => ({
  id,
  ko: `${id} 국`,
  en: '',
  price: 9_000,
  sold_out: false,
  station: 'wok',
  daily_limit: null,
  ...changes,
});

const row = (changes: Partial<CatalogueRow> = {}): CatalogueRow => ({
  menu_version: 7,
  items: null,
  groups: null,
  options: null,
  ...changes,
});

test('dishes, groups and options are found by id, options under the place of their group', () => {
  const { items, menuVersion } = toCatalogue(
    row({
      items: [item('kimchi'), item('tofu', { en: 'Tofu', price: 0, sold_out: true, daily_limit: 0 })],
      groups: [
        { id: 'size', item: 'kimchi', ko: '크기', en: 'Size', min: 1, max: 1 },
        { id: 'extra', item: 'kimchi', ko: '추가', en: '', min: 0, max: 3 },
        { id: 'lost', item: 'archived', ko: '', en: '', min: 0, max: 1 },
      ],
      options: [
        { id: 'large', group: 'size', ko: '대', en: 'Large', price: 2_000, sold_out: false },
        { id: 'egg', group: 'extra', ko: '계란', en: '', price: 500, sold_out: true },
        { id: 'stray', group: 'lost', ko: '', en: '', price: 0, sold_out: false },
      ],
    }),
  );
  assert.equal(menuVersion, 7);
  assert.deepEqual([...items.keys()], ['kimchi', 'tofu']);
  const kimchi = items.get('kimchi')!;
  assert.deepEqual(kimchi.name, { ko: 'kimchi 국', en: 'kimchi 국' });
  assert.equal(kimchi.dailyLimit, null);
  assert.deepEqual(kimchi.groups, [
    { name: { ko: '크기', en: 'Size' }, min: 1, max: 1 },
    { name: { ko: '추가', en: '추가' }, min: 0, max: 3 },
  ]);
  assert.deepEqual(
    [...kimchi.options.values()].map(({ id, price, soldOut, group }) => [id, price, soldOut, group]),
    [
      ['large', 2_000, false, 0],
      ['egg', 500, true, 1],
    ],
  );
  const tofu = items.get('tofu')!;
  // None a day is another thing than any number.
  assert.deepEqual([tofu.dailyLimit, tofu.soldOut, tofu.price, tofu.name.en], [0, true, 0, 'Tofu']);
});

test('an empty menu has nothing to order', () => {
  assert.equal(toCatalogue(row()).items.size, 0);
});

/** Stores with an empty menu of this version. */
const database = (version: () => number, stores: readonly string[]) => {
  const asked: (readonly string[])[] = [];
  const query = async (_text: string, [storeIds]: readonly unknown[] = []) => {
    asked.push(storeIds as string[]);
    const found = (storeIds as string[]).filter((id) => stores.includes(id));
    const rows = found.map((id) => ({ ...row({ menu_version: version() }), store_id: id }) as never);
    return { rows, rowCount: rows.length };
  };
  return { query, asked };
};

test('several stores’ catalogues are read by one statement and kept, the least recently read goes first', async () => {
  let version = 7;
  const { query, asked } = database(() => version, ['a', 'b', 'c']);
  const catalogues = createCatalogues(2);
  assert.equal(catalogues.kept('a'), undefined);
  const loaded = await catalogues.load({ query }, ['a', 'b']);
  assert.deepEqual(asked, [['a', 'b']]);
  assert.deepEqual([...loaded.keys()], ['a', 'b']);
  assert.equal(catalogues.kept('a'), loaded.get('a'));
  version = 8;
  await catalogues.load({ query }, ['a']);
  assert.equal(catalogues.kept('a')?.menuVersion, 8);
  await catalogues.load({ query }, ['c']);
  assert.deepEqual(
    [catalogues.kept('a')?.menuVersion, catalogues.kept('b'), catalogues.kept('c')?.menuVersion],
    [8, undefined, 8],
  );
  await catalogues.load({ query }, []);
  assert.equal(asked.length, 3);
});

test('without a cache nothing is kept, and a store that is not there is not in the answer', async () => {
  const { query } = database(() => 7, ['a']);
  const open = createCatalogues(0);
  assert.deepEqual([...(await open.load({ query }, ['a', 'gone'])).keys()], ['a']);
  assert.equal(open.kept('a'), undefined);
});

test('a dish is sold out when something must be chosen and too little of it can be had', () => {
  const option = (id: string, group: string, sold_out: boolean) => ({ id, group, ko: id, en: '', price: 0, sold_out });
  const group = (id: string, min: number) => ({ id, item: id, ko: id, en: '', min, max: 3 });
  const { items } = toCatalogue(
    row({
      items: ['none', 'one-of-two', 'free', 'enough'].map((id) => item(id)),
      groups: [group('none', 1), group('one-of-two', 2), group('free', 0), group('enough', 1)],
      options: [
        option('a', 'none', true),
        option('b', 'one-of-two', true),
        option('c', 'one-of-two', false),
        option('d', 'free', true),
        option('e', 'enough', true),
        option('f', 'enough', false),
      ],
    }),
  );
  assert.deepEqual(
    [...items.values()].map(({ id, soldOut }) => [id, soldOut]),
    [
      ['none', true],
      ['one-of-two', true],
      ['free', false],
      ['enough', false],
    ],
  );
});
