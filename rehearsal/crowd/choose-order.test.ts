import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Value from 'typebox/value';
import { type MenuView, OrderRequest, UUID_V7_PATTERN } from '../../src/contract/index.ts';
import { idTimeMs } from '../../src/platform/id.ts';
import { chooseOrder } from './choose-order.ts';
import { orderKey } from './order-key.ts';
import { createRandom } from './random.ts';

const id = (random: ReturnType<typeof createRandom>) => orderKey(random, 1_700_000_000_000);

const menuOf = (seed: number, soldOutShare: number): MenuView => {
  const random = createRandom(seed);
  const name = { ko: '이름', en: 'name' };
  return {
    version: '1',
    currency: 'KRW',
    categories: Array.from({ length: 3 }, () => ({
      id: id(random),
      name,
      items: Array.from({ length: 5 }, () => ({
        id: id(random),
        name,
        price: 1_000 * (1 + random.integer(20)),
        soldOut: random.next() < soldOutShare,
        remaining: random.next() < 0.3 ? random.integer(3) : null,
        allergens: [],
        station: 'soup',
        optionGroups: Array.from({ length: random.integer(3) }, () => {
          const options = Array.from({ length: 1 + random.integer(4) }, () => ({
            id: id(random),
            name,
            price: 500 * random.integer(4),
            soldOut: random.next() < soldOutShare,
          }));
          const min = random.integer(Math.min(3, options.length + 1));
          return { id: id(random), name, min, max: Math.max(1, min, random.integer(options.length + 1)), options };
        }),
      })),
    })),
  };
};

test('every chosen order is one that the menu allows, for the price that it says', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(0, 0.3, 0.9, 1), (seed, soldOutShare) => {
      const menu = menuOf(seed, soldOutShare);
      const dishes = new Map(menu.categories.flatMap(({ items }) => items).map((item) => [item.id, item]));
      const order = chooseOrder(createRandom(`${seed}/order`), menu);
      if (!order) return;
      assert.ok(Value.Check(OrderRequest, order.request), JSON.stringify(order.request));
      let total = 0;
      for (const { itemId, quantity, optionIds = [] } of order.request.lines) {
        const dish = dishes.get(itemId)!;
        assert.equal(dish.soldOut, false);
        let unit = dish.price;
        for (const { min, max, options } of dish.optionGroups) {
          const chosen = options.filter((option) => optionIds.includes(option.id));
          assert.ok(chosen.length >= min && chosen.length <= max);
          assert.ok(chosen.every(({ soldOut }) => !soldOut));
          unit += chosen.reduce((sum, { price }) => sum + price, 0);
        }
        total += quantity * unit;
      }
      assert.equal(order.total, total);
      assert.equal(order.request.expectedTotal, total);
    }),
  );
});

test('a menu on which everything is sold out gives no order', () => {
  assert.equal(chooseOrder(createRandom('a'), menuOf(1, 1)), undefined);
  assert.equal(chooseOrder(createRandom('a'), { version: '1', currency: 'KRW', categories: [] }), undefined);
});

test('a few dishes sell most, and each sells', () => {
  const menu = menuOf(7, 0);
  const random = createRandom('popular');
  const sold = new Map<string, number>();
  for (let guest = 0; guest < 5_000; guest++) {
    for (const { itemId } of chooseOrder(random, menu)?.request.lines ?? [])
      sold.set(itemId, (sold.get(itemId) ?? 0) + 1);
  }
  const counts = [...sold.values()].sort((a, b) => b - a);
  assert.equal(sold.size, 15);
  assert.ok(counts.slice(0, 4).reduce((a, b) => a + b) > counts.reduce((a, b) => a + b) / 2);
});

test('a seed gives the same crowd again, and another seed another', () => {
  const crowd = (seed: string) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => [
      random.next(),
      random.integer(10),
      random.exponential(3),
      orderKey(random, 5),
    ]);
  };
  assert.deepEqual(crowd('a'), crowd('a'));
  assert.notDeepEqual(crowd('a'), crowd('b'));
});

test('keys are UUIDv7 of their moment, and none comes twice', () => {
  const random = createRandom('keys');
  const now = Date.now();
  const keys = Array.from({ length: 20_000 }, () => orderKey(random, now));
  assert.ok(keys.every((key) => new RegExp(UUID_V7_PATTERN).test(key)));
  assert.ok(keys.every((key) => idTimeMs(key) === now));
  assert.equal(new Set(keys).size, keys.length);
});

test('chance is even: numbers fill the range and waiting times have their mean', () => {
  const random = createRandom('even');
  const tenths = new Array<number>(10).fill(0);
  let waited = 0;
  for (let draw = 0; draw < 20_000; draw++) {
    tenths[random.integer(10)]! += 1;
    waited += random.exponential(5);
  }
  assert.ok(
    tenths.every((count) => Math.abs(count - 2_000) < 200),
    tenths.join(),
  );
  assert.ok(Math.abs(waited / 20_000 - 5) < 0.2);
});
