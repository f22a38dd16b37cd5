import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import { matches } from '../../shared/language/matches.ts';
import { findDishes } from './find-dishes.ts';

test('a dish is found by a part of its name, in whatever form it was typed', () => {
  for (const typed of [
    '김치',
    '치찌',
    '김치 찌개',
    ' 김 ',
    '김치'.normalize('NFD'),
    '김ㅊ',
    '기',
    'ㄱㅊㅉㄱ',
    'ㅉㄱ',
    '',
  ]) {
    assert.ok(matches('김치찌개', typed), typed);
  }
  assert.ok(matches('김치찌개'.normalize('NFD'), '김치찌개'));
  assert.ok(matches('Kimchi Stew', 'chi st'));
  assert.ok(matches('분식집 7호', 'ㅂㅅㅈ 7'));
  assert.ok(!matches('분식집 17호', 'ㅂㅅㅈ 7'));
  for (const typed of ['된장', 'ㄷㅈ', '김치찌개 백반', 'ㄱㄱ', 'x']) assert.ok(!matches('김치찌개', typed), typed);
});

test('dishes with what a guest avoids are hidden and counted, and a category with none left is out', () => {
  const dish = (ko: string, allergens: string[]) => ({ name: { ko, en: ko }, allergens }) as unknown as ItemView;
  const menu = {
    categories: [
      { id: 'a', name: { ko: '찌개', en: 'Stews' }, items: [dish('김치찌개', ['pork']), dish('된장찌개', ['soy'])] },
      { id: 'b', name: { ko: '고기', en: 'Meat' }, items: [dish('삼겹살', ['pork'])] },
    ],
  } as unknown as MenuView;
  const of = (typed: string, ...avoided: string[]) => {
    const { found, hidden } = findDishes(menu, typed, new Set(avoided));
    return [found.map(({ items }) => items.map(({ name }) => name.ko)), hidden];
  };
  assert.deepEqual(of('', 'pork'), [[['된장찌개']], 2]);
  assert.deepEqual(of('ㅉㄱ'), [[['김치찌개', '된장찌개']], 0]);
  assert.deepEqual(of('삼겹', 'pork'), [[], 1]);
});
