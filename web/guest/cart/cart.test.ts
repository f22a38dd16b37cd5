import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import {
  acceptChanges,
  addLine,
  type CartLine,
  findIssues,
  orderAgain,
  setQuantity,
  toOrderRequest,
  totalOf,
  withoutSent,
} from './cart.ts';

const name = (ko: string) => ({ ko, en: ko });
const item = (id: string, change: Partial<ItemView> = {}): ItemView => ({
  id,
  name: name(id),
  price: 9000,
  soldOut: false,
  remaining: null,
  allergens: [],
  station: 'stew',
  optionGroups: [
    {
      id: 'extras',
      name: name('추가'),
      min: 0,
      max: 2,
      options: [{ id: 'egg', name: name('계란'), price: 1000, soldOut: false }],
    },
  ],
  ...change,
});
const menuOf = (...items: ItemView[]): MenuView => ({
  version: '1',
  currency: 'KRW',
  categories: [{ id: 'c', name: name('찌개'), items }],
});
const line = (id: string, change: Partial<CartLine> = {}): CartLine => ({
  id,
  itemId: 'stew',
  name: name('stew'),
  optionIds: [],
  quantity: 1,
  note: '',
  seenPrice: 9000,
  ...change,
});

test('the same dish chosen the same way grows, another choice is another line', () => {
  const cart = addLine(addLine([line('a', { quantity: 2 })], line('b')), line('c', { note: '덜 맵게' }));
  assert.deepEqual(
    cart.map(({ id, quantity }) => [id, quantity]),
    [
      ['a', 3],
      ['c', 1],
    ],
  );
});

test('a cart holds fifty lines and a line ninety-nine portions', () => {
  let cart: CartLine[] = [];
  for (let i = 0; i < 60; i++) cart = addLine(cart, line(`l${i}`, { note: `${i}` }));
  assert.equal(cart.length, 50);
  assert.equal(setQuantity(cart, 'l0', 1000)[0]?.quantity, 99);
  assert.equal(setQuantity(cart, 'l0', 0).length, 49);
});

test('the total is of the present prices with options', () => {
  const menu = menuOf(item('stew', { price: 9500 }), item('soup', { price: 7000 }));
  const cart = [line('a', { quantity: 2, optionIds: ['egg'] }), line('b', { itemId: 'soup' })];
  assert.equal(totalOf(menu, cart), 2 * 10_500 + 7000);
});

test('an unchanged menu has nothing against the cart', () => {
  assert.equal(findIssues(menuOf(item('stew')), [line('a')]).size, 0);
});

test('what changed is said line by line', () => {
  const menu = menuOf(
    item('stew', { price: 9500 }),
    item('soup', { soldOut: true }),
    item('rice', { optionGroups: [] }),
  );
  const issues = findIssues(menu, [
    line('price'),
    line('sold', { itemId: 'soup' }),
    line('gone', { itemId: 'noodles' }),
    line('options', { itemId: 'rice', optionIds: ['egg'] }),
  ]);
  assert.deepEqual(Object.fromEntries(issues), {
    price: { kind: 'price', before: 9000, after: 9500 },
    sold: { kind: 'sold-out' },
    gone: { kind: 'gone' },
    options: { kind: 'options' },
  });
});

test('portions left are shared by the lines of a dish, first line first', () => {
  const menu = menuOf(item('stew', { remaining: 3 }));
  const cart = [
    line('a', { quantity: 2 }),
    line('b', { quantity: 2, note: '덜 맵게' }),
    line('c', { note: '많이 맵게' }),
  ];
  const issues = findIssues(menu, cart);
  assert.deepEqual(Object.fromEntries(issues), { b: { kind: 'fewer', left: 1 }, c: { kind: 'fewer', left: 0 } });
  assert.deepEqual(
    acceptChanges(menu, cart).map(({ id, quantity }) => [id, quantity]),
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

test('after accepting the changes only an option still needs the guest', () => {
  const menu = menuOf(item('stew', { price: 9500, remaining: 1 }), item('rice', { optionGroups: [] }));
  const cart = [
    line('a', { quantity: 4 }),
    line('x', { itemId: 'noodles' }),
    line('o', { itemId: 'rice', optionIds: ['egg'] }),
  ];
  const accepted = acceptChanges(menu, cart);
  assert.deepEqual(accepted.map(({ id, quantity, seenPrice }) => [id, quantity, seenPrice])[0], ['a', 1, 9500]);
  assert.deepEqual(Object.fromEntries(findIssues(menu, accepted)), { o: { kind: 'options' } });
});

test('what was added while an order was on its way stays in the cart', () => {
  const sent = [line('a', { quantity: 2 }), line('b')];
  const now = [line('a', { quantity: 3 }), line('b'), line('c')];
  assert.deepEqual(
    withoutSent(now, sent).map(({ id, quantity }) => [id, quantity]),
    [
      ['a', 1],
      ['c', 1],
    ],
  );
});

test('an order carries what was chosen and the total the guest saw', () => {
  assert.deepEqual(toOrderRequest([line('a', { optionIds: ['egg'], note: '덜 맵게', quantity: 2 })], 20_000, '3'), {
    table: '3',
    lines: [{ itemId: 'stew', quantity: 2, optionIds: ['egg'], note: '덜 맵게' }],
    expectedTotal: 20_000,
  });
  assert.ok(!('table' in toOrderRequest([line('a')], 9000, null)));
});

test('what was ordered before goes into the cart again, as far as it can be had, and at the price of now', () => {
  const menu = menuOf(item('stew', { price: 9500 }), item('gone', { soldOut: true }));
  const before = (id: string, optionIds: string[]) => ({
    itemId: id,
    name: name(id),
    quantity: 2,
    unitPrice: 9000,
    options: optionIds.map((option) => ({ id: option, name: name(option), price: 1000 })),
    total: 18000,
  });
  const ordered = [before('stew', ['egg', 'cheese']), before('gone', []), before('left', [])];
  const { lines, leftOut } = orderAgain(menu, [line('old', { itemId: 'stew' })], ordered, () => 'new');
  assert.equal(leftOut, 2);
  assert.deepEqual(
    lines.map(({ itemId, optionIds, quantity, seenPrice }) => [itemId, optionIds, quantity, seenPrice]).at(-1),
    ['stew', ['egg'], 2, 10500],
  );
  assert.equal(lines.length, 2);
  assert.equal(findIssues(menu, [lines[1]!]).size, 0);
});
