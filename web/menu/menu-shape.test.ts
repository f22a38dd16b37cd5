import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dish, findDish, type Menu, rowsGone, withDish, withHours, withoutDish } from './menu-shape.ts';

const dish = (code: string | undefined, options = 0): Dish => ({
  ...(code !== undefined && { code }),
  name: { ko: '가', en: '' },
  price: 1,
  station: 's',
  allergens: [],
  photo: null,
  description: null,
  dailyLimit: null,
  soldOut: false,
  origin: null,
  ageCheck: false,
  optionGroups: options
    ? [
        {
          code: 'g',
          name: { ko: '나', en: '' },
          min: 0,
          max: 1,
          options: Array.from({ length: options }, (_, at) => ({
            code: `o${at}`,
            name: { ko: '다', en: '' },
            price: 0,
            soldOut: false,
          })),
        },
      ]
    : [],
});
const MENU: Menu = {
  categories: [
    { code: 'a', name: { ko: '가', en: '' }, items: [dish('one', 2), dish('two')] },
    { code: 'b', name: { ko: '나', en: '' }, items: [] },
  ],
};
const codes = ({ categories }: Menu) => categories.map(({ code, items }) => [code, items.map((each) => each.code)]);

test('a changed dish keeps its place, a moved one goes to the end of its new category, a new one gets no code here', () => {
  const changed = withDish(MENU, 'one', { ...dish('one'), price: 2 }, { code: 'a' });
  assert.deepEqual([codes(changed), findDish(changed, 'one')!.dish.price], [codes(MENU), 2]);
  assert.deepEqual(codes(withDish(MENU, 'one', dish('one'), { code: 'b' })), [
    ['a', ['two']],
    ['b', ['one']],
  ]);
  assert.deepEqual(codes(withDish(MENU, undefined, dish(undefined), { name: '다' })), [
    ...codes(MENU),
    [undefined, [undefined]],
  ]);
});

test('rows that leave are counted as the server counts them', () => {
  assert.equal(rowsGone(MENU, withoutDish(MENU, 'one')), 4);
  assert.equal(rowsGone(MENU, withDish(MENU, 'one', dish('one', 1), { code: 'b' })), 1);
  assert.equal(rowsGone(MENU, withDish(MENU, undefined, dish(undefined, 3), { code: 'b' })), 0);
});

test('a category gets hours unless somebody else gave it others meanwhile, and nothing else of the menu changes', () => {
  const [first] = MENU.categories;
  const changed = withHours(MENU, first!, 'mon-fri 11:00-14:30')!;
  assert.equal(changed.categories[0]!.hours, 'mon-fri 11:00-14:30');
  assert.deepEqual([codes(changed), changed.categories[1]], [codes(MENU), MENU.categories[1]]);
  assert.equal(withHours(changed, first!, 'sat 11:00-14:30'), null);
  assert.equal(withHours({ categories: [] }, first!, null), null);
});
