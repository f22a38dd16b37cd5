import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemView, MenuView } from '../contract/index.ts';
import { menuCodec } from './menu-cache.ts';
import { patchMenu, readyMenu, versionOf } from './ready-menu.ts';
import { readVersion, writeVersion } from './stock.ts';

const ids = Array.from({ length: 6 }, (_, at) => `0190a000-0000-7000-8000-00000000000${at}`);

const dish = (at: number, remaining: number | null, more: Partial<ItemView> = {}): ItemView => ({
  id: ids[at]!,
  name: { ko: `요리 "${at}"`, en: `Dish ${at}` },
  price: 9_000,
  soldOut: false,
  remaining,
  allergens: ['milk'],
  station: 'grill',
  optionGroups: [],
  ...more,
});

function loaded(items: readonly ItemView[], stockVersion = 7) {
  const view: MenuView = {
    version: `3.${stockVersion}`,
    currency: 'KRW',
    categories: [
      { id: ids[5]!, name: { ko: '하나', en: 'One' }, items: items.slice(0, 2) },
      { id: ids[4]!, name: { ko: '둘', en: 'Two' }, items: items.slice(2) },
    ],
  };
  const remaining = new Map(items.flatMap((item) => (item.remaining === null ? [] : [[item.id, item.remaining]])));
  return { menuVersion: 3, stock: { version: stockVersion, remaining }, view } as never;
}

const shown = (menu: ReturnType<typeof readyMenu>): MenuView => JSON.parse(menu.body.identity.toString());
const dishes = (menu: ReturnType<typeof readyMenu>) =>
  shown(menu)
    .categories.flatMap(({ items }) => items)
    .map(({ soldOut, remaining }) => [soldOut, remaining]);

test('a menu is the same whether its dishes are counted or not, member by member and in the same order', () => {
  const items = [
    dish(0, 5, { description: { ko: '설명', en: 'About' }, photo: '/p.jpg' }),
    dish(1, null),
    dish(2, 0),
    dish(3, 100_000),
  ];
  const menu = readyMenu(loaded(items));
  const expected = items.map((item) => ({ ...item, soldOut: item.remaining === 0 }));
  assert.deepEqual(
    shown(menu).categories.flatMap((category) => category.items),
    expected,
  );
  assert.deepEqual(
    shown(menu).categories.map(({ name, items: { length } }) => [name.en, length]),
    [
      ['One', 2],
      ['Two', 2],
    ],
  );
  assert.deepEqual([shown(menu).version, shown(menu).currency], ['3.7', 'KRW']);
  for (const item of shown(menu).categories.flatMap((category) => category.items)) {
    const keys = [
      'id',
      'name',
      'description',
      'photo',
      'price',
      'soldOut',
      'remaining',
      'allergens',
      'station',
      'optionGroups',
    ];
    assert.deepEqual(
      Object.keys(item),
      keys.filter((key) => key in item),
    );
  }
});

test('a stock is patched into menu and stock alike, and takes nothing else with it', () => {
  const menu = readyMenu(loaded([dish(0, 5), dish(1, null), dish(2, 3, { soldOut: true })]));
  const version = writeVersion(3, {
    version: 8,
    remaining: new Map([
      [ids[2]!, 0],
      [ids[0]!, 0],
    ]),
  });
  const patched = patchMenu(menu, version)!;
  assert.deepEqual(dishes(menu), [
    [false, 5],
    [false, null],
    [true, 3],
  ]);
  assert.deepEqual(dishes(patched), [
    [true, 0],
    [false, null],
    [true, 0],
  ]);
  assert.equal(patched.template, menu.template);
  assert.equal(versionOf(patched), version);
  assert.notEqual(patched.body.etag, menu.body.etag);
  assert.deepEqual(JSON.parse(patched.stockBody.identity.toString()), {
    version: '3.8',
    items: [
      { id: ids[0], soldOut: true, remaining: 0 },
      { id: ids[2], soldOut: true, remaining: 0 },
    ],
  });
});

test('another menu version, or a dish that is no longer counted, needs a load', () => {
  const menu = readyMenu(loaded([dish(0, 5)]));
  assert.equal(patchMenu(menu, writeVersion(4, { version: 7, remaining: new Map([[ids[0]!, 5]]) })), undefined);
  assert.equal(patchMenu(menu, writeVersion(3, { version: 8, remaining: new Map() })), undefined);
});

test('a menu whose dishes are not counted is one body, whatever is counted elsewhere', () => {
  const menu = readyMenu(loaded([dish(0, null)]));
  // A dish that was taken off the card may still have its count.
  assert.equal(patchMenu(menu, writeVersion(3, { version: 9, remaining: new Map([[ids[1]!, 2]]) })), menu);
});

test('a version says its stock and is read back', () => {
  const stock = {
    version: 12,
    remaining: new Map([
      [ids[1]!, 4],
      [ids[0]!, 0],
    ]),
  };
  const text = `5.12 ${ids[0]}:0 ${ids[1]}:4`;
  assert.equal(writeVersion(5, stock), text);
  assert.deepEqual(readVersion(text), { menuVersion: 5, stock });
  assert.deepEqual(readVersion('5.12'), { menuVersion: 5, stock: { version: 12, remaining: new Map() } });
});

test('what travels through the second tier comes out as the same menu', async () => {
  const menu = readyMenu(loaded([dish(0, 5), dish(1, null), dish(2, 0)]));
  const came = await menuCodec.decode(await menuCodec.encode(menu));
  assert.deepEqual(came.body.identity, menu.body.identity);
  assert.equal(came.body.etag, menu.body.etag);
  assert.equal(versionOf(came), versionOf(menu));
  await assert.rejects(menuCodec.decode('no menu'));
});
