import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMenu, writeCsv } from '../menu/file/index.ts';
import { readDemoMenu } from './demo.ts';
import { ITEMS_MAX, inventMenu } from './invent-menu.ts';
import { createRandom } from './random.ts';

for (const items of [1, 20, 50, 69, 70, 200, ITEMS_MAX]) {
  test(`a menu of ${items} dishes is one that a file could hold`, async () => {
    const menu = inventMenu((await readDemoMenu()).rows, items, createRandom(1));
    const { rows } = parseMenu(Buffer.from(writeCsv(menu.rows)), { format: 'csv', partial: false });
    const dishes = rows.filter((row) => row.kind === 'item');
    assert.equal(dishes.length, items);
    assert.equal(new Set(dishes.map((dish) => dish.values.name_ko)).size, items);
    assert.equal(new Set(dishes.map((dish) => dish.values.name_en)).size, items);
    assert.ok(dishes.every((dish) => !dish.values.sold_out && dish.values.daily_limit === null));
    const categories = rows.filter((row) => row.kind === 'category').length;
    assert.ok(categories === (items < 20 ? 1 : 9), `${categories} categories`);
  });
}
