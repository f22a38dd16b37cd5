import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import { isStockOf, MARKED, withStock } from './stock.ts';

const dish = (id: string, remaining: number | null): ItemView => ({
  id,
  name: { ko: id, en: id },
  price: 9_000,
  soldOut: false,
  remaining,
  allergens: [],
  station: 'grill',
  optionGroups: [],
});
const menu: MenuView = {
  version: '3.7',
  currency: 'KRW',
  categories: [{ id: 'c', name: { ko: 'c', en: 'c' }, items: [dish('soup', 5), dish('tea', null)] }],
};
const sold = { version: '3.8', items: [{ id: 'soup', soldOut: true, remaining: 0 }] };

test('a stock changes what is left and what is sold out, and the version, and nothing else', () => {
  const next = withStock(menu, sold);
  assert.equal(next.version, '3.8');
  const [soup, tea] = next.categories[0]!.items;
  assert.deepEqual(soup, { ...dish('soup', 0), soldOut: true });
  assert.equal(tea, menu.categories[0]!.items[1]);
  assert.equal(menu.categories[0]!.items[0]!.remaining, 5);
});

test('a stock belongs to the menu of its version before the dot, and never to one that the page has marked', () => {
  assert.equal(isStockOf(menu, sold), true);
  assert.equal(isStockOf(menu, { ...sold, version: '31.7' }), false);
  assert.equal(isStockOf({ ...menu, version: `3.7${MARKED}` }, sold), false);
});
