import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { toCandidate } from './candidate.ts';
import type { Catalogue, CatalogueItem } from './ports.ts';
import { priceOrder } from './price.ts';

const name = (text: string) => ({ ko: text, en: text });
const noodles: CatalogueItem = {
  id: 'noodles',
  name: name('noodles'),
  price: 9_000,
  soldOut: false,
  dailyLimit: null,
  station: 'wok',
  groups: [
    { name: name('size'), min: 1, max: 1 },
    { name: name('topping'), min: 0, max: 2 },
  ],
  options: new Map(
    [
      { id: 'small', price: 0, soldOut: false, group: 0 },
      { id: 'large', price: 2_000, soldOut: false, group: 0 },
      { id: 'egg', price: 500, soldOut: false, group: 1 },
      { id: 'beef', price: 4_000, soldOut: true, group: 1 },
    ].map((option) => [option.id, { ...option, name: name(option.id) }]),
  ),
};
const tea: CatalogueItem = { ...noodles, id: 'tea', price: 1_500, groups: [], options: new Map() };
const menu: Catalogue = { menuVersion: 1, items: new Map([noodles, tea].map((item) => [item.id, item])) };

const price = (lines: OrderRequest['lines'], expectedTotal?: number, from = menu, at = 0) =>
  priceOrder(toCandidate('a', newId(), { lines, ...(expectedTotal !== undefined && { expectedTotal }) }), from, {
    nowMs: at,
    timeZone: 'Asia/Seoul',
  });

const problem = (work: () => unknown): Record<string, unknown> => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof Problem);
    return { ...error.toBody() };
  }
  throw new Error('It was not refused.');
};

test('a portion costs its dish and its options, and counted dishes are added up over the lines', () => {
  const priced = price([
    { itemId: 'noodles', quantity: 2, optionIds: ['large', 'egg'] },
    { itemId: 'tea', quantity: 3 },
    { itemId: 'noodles', quantity: 1, optionIds: ['small'], note: 'no leek' },
  ]);
  assert.deepEqual(
    priced.lines.map(({ unitPrice, quantity, note }) => [unitPrice, quantity, note]),
    [
      [11_500, 2, undefined],
      [1_500, 3, undefined],
      [9_000, 1, 'no leek'],
    ],
  );
  assert.equal(priced.total, 2 * 11_500 + 3 * 1_500 + 9_000);
  assert.deepEqual(Object.fromEntries(priced.portions), { noodles: 3, tea: 3 });
});

test('options keep the order in which they were chosen', () => {
  const [line] = price([{ itemId: 'noodles', quantity: 1, optionIds: ['egg', 'large'] }]).lines;
  assert.deepEqual(
    line!.options.map(({ id }) => id),
    ['egg', 'large'],
  );
});

test('what is wrong with the lines is told for all of them, before anything else', () => {
  const { type, fields } = problem(() =>
    price(
      [
        { itemId: 'pizza', quantity: 1 },
        { itemId: 'noodles', quantity: 1 },
        { itemId: 'tea', quantity: 1, optionIds: ['egg'] },
        { itemId: 'noodles', quantity: 1, optionIds: ['small', 'large', 'egg', 'egg'] },
      ],
      1,
    ),
  );
  assert.equal(type, 'invalid');
  assert.deepEqual(fields, [
    { field: 'lines[0].itemId', problem: 'is not on this store’s menu' },
    { field: 'lines[1].optionIds', problem: "has 0 of the group 'size'", allowed: '1 to 1' },
    { field: 'lines[2].optionIds[0]', problem: 'is not an option of this item' },
    { field: 'lines[3].optionIds[3]', problem: 'is there twice' },
    { field: 'lines[3].optionIds', problem: "has 2 of the group 'size'", allowed: '1 to 1' },
  ]);
});

test('at most twenty wrong fields are told', () => {
  const lines = Array.from({ length: 50 }, () => ({ itemId: 'pizza', quantity: 1 }));
  assert.equal((problem(() => price(lines)).fields as unknown[]).length, 20);
});

test('a dish or option that was switched off is sold out, whatever the total', () => {
  const { type, items } = problem(() => price([{ itemId: 'noodles', quantity: 1, optionIds: ['small', 'beef'] }], 1));
  assert.equal(type, 'sold-out');
  assert.deepEqual(items, [{ itemId: 'noodles', optionId: 'beef', remaining: 0 }]);
  const off: Catalogue = { menuVersion: 2, items: new Map([['tea', { ...tea, soldOut: true }]]) };
  assert.deepEqual(problem(() => price([{ itemId: 'tea', quantity: 1 }], undefined, off)).items, [
    { itemId: 'tea', remaining: 0 },
  ]);
});

test('another total than expected is refused with the right one', () => {
  const lines = [{ itemId: 'tea', quantity: 2 }];
  const { type, total } = problem(() => price(lines, 2_999));
  assert.deepEqual([type, total], ['price-changed', 3_000]);
  assert.equal(price(lines, 3_000).total, 3_000);
  assert.equal(price(lines).total, 3_000);
});

test('a dish of which nothing can be chosen is sold out, not wrongly ordered', () => {
  const gone = { ...noodles, soldOut: true };
  const from: Catalogue = { menuVersion: 1, items: new Map([['noodles', gone]]) };
  for (const optionIds of [[], ['small']]) {
    const body = problem(() => price([{ itemId: 'noodles', quantity: 1, optionIds }], undefined, from));
    assert.deepEqual([body.type, body.items], ['sold-out', [{ itemId: 'noodles', remaining: 0 }]]);
  }
});

test('a dish is sold at its hours by the clock on the store’s wall, and refused outside them with when it is served next', () => {
  // Lunch of working days, and an evening that reaches over midnight.
  const lunch = [1, 2, 3, 4, 5].map((day) => ({ day, from: '11:00', to: '14:30' }));
  const night = [{ day: 5, from: '22:00', to: '02:00' }];
  const items = new Map([
    ['noodles', { ...tea, id: 'noodles', hours: lunch }],
    ['tea', { ...tea, hours: night }],
  ]);
  const order = (itemId: string, time: string) =>
    price([{ itemId, quantity: 1 }], undefined, { menuVersion: 1, items }, Date.parse(`${time}+09:00`));
  const from = (itemId: string, time: string) => {
    const { type, items: late } = problem(() => order(itemId, time)) as { type: string; items: { from: string }[] };
    assert.equal(type, 'not-served');
    return late[0]!.from;
  };
  // 27 November 2026 is a Friday.
  assert.equal(from('noodles', '2026-11-27T10:59:59.999'), '2026-11-27T02:00:00.000Z');
  assert.equal(order('noodles', '2026-11-27T11:00:00').total, 1_500);
  assert.equal(order('noodles', '2026-11-27T14:29:59.999').total, 1_500);
  assert.equal(from('noodles', '2026-11-27T14:30:00'), '2026-11-30T02:00:00.000Z');
  assert.equal(order('tea', '2026-11-28T01:59:59').total, 1_500);
  assert.equal(from('tea', '2026-11-28T02:00:00'), '2026-12-04T13:00:00.000Z');
  assert.equal(from('tea', '2026-11-28T23:00:00'), '2026-12-04T13:00:00.000Z');
});
