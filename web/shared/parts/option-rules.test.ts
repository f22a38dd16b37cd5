import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemView } from '../../../src/contract/menu.ts';
import {
  canTakeMore,
  defaultChoice,
  firstIssue,
  isOrderable,
  type OptionGroup,
  toggle,
  unitPrice,
} from './option-rules.ts';

const name = (ko: string) => ({ ko, en: ko });
const option = (id: string, price = 0, soldOut = false) => ({ id, name: name(id), price, soldOut });
const spice: OptionGroup = {
  id: 'spice',
  name: name('맵기'),
  min: 1,
  max: 1,
  options: [option('mild'), option('hot')],
};
const extras: OptionGroup = {
  id: 'extras',
  name: name('추가'),
  min: 0,
  max: 2,
  options: [option('egg', 1000), option('rice', 1500), option('cheese', 2000)],
};
const dish: ItemView = {
  id: 'dish',
  name: name('김치찌개'),
  price: 9000,
  soldOut: false,
  remaining: null,
  allergens: [],
  station: 'stew',
  optionGroups: [spice, extras],
};

test('in a single choice the tapped option replaces the other and leaves other groups alone', () => {
  assert.deepEqual(toggle(spice, ['mild', 'egg'], 'hot'), ['egg', 'hot']);
});

test('a required single choice cannot be taken back, a free one can', () => {
  assert.deepEqual(toggle(spice, ['hot'], 'hot'), ['hot']);
  assert.deepEqual(toggle({ ...spice, min: 0 }, ['hot'], 'hot'), []);
});

test('a multiple choice stops at its maximum', () => {
  const two = toggle(extras, toggle(extras, [], 'egg'), 'rice');
  assert.deepEqual(two, ['egg', 'rice']);
  assert.equal(canTakeMore(extras, two), false);
  assert.deepEqual(toggle(extras, two, 'cheese'), two);
  assert.deepEqual(toggle(extras, two, 'egg'), ['rice']);
});

test('the first group that is not settled is named', () => {
  assert.equal(firstIssue(dish, [])?.id, 'spice');
  assert.equal(firstIssue(dish, ['mild']), null);
  assert.equal(firstIssue(dish, ['mild', 'egg', 'rice', 'cheese'])?.id, 'extras');
});

test('nothing that costs extra is ever chosen for the guest', () => {
  assert.deepEqual(defaultChoice(dish), ['mild']);
  assert.deepEqual(defaultChoice({ ...dish, optionGroups: [{ ...spice, options: [option('big', 2000)] }] }), []);
  assert.deepEqual(
    defaultChoice({ ...dish, optionGroups: [{ ...spice, options: [option('mild', 0, true), option('hot')] }] }),
    ['hot'],
  );
});

test('a portion costs the dish and its own options', () => {
  assert.equal(unitPrice(dish, ['mild', 'egg', 'cheese', 'unknown']), 12_000);
});

test('a dish is not orderable when sold out, used up, or a required choice is sold out', () => {
  assert.equal(isOrderable(dish), true);
  assert.equal(isOrderable({ ...dish, soldOut: true }), false);
  assert.equal(isOrderable({ ...dish, remaining: 0 }), false);
  assert.equal(isOrderable({ ...dish, optionGroups: [{ ...spice, options: [option('hot', 0, true)] }] }), false);
});
