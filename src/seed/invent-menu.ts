import type { MenuFile, MenuRow } from '../menu/file/index.ts';
import type { Random } from './random.ts';

/** A demo dish comes first as it is, then once with each of these. */
const VARIANTS = [
  { code: 'special', ko: '특', en: 'Special', more: 2_000 },
  { code: 'old-style', ko: '옛날', en: 'Old-style', more: 500 },
  { code: 'king', ko: '왕', en: 'King-size', more: 4_000 },
  { code: 'grandma', ko: '할머니', en: "Grandma's", more: 1_000 },
  { code: 'country', ko: '시골', en: 'Country', more: 500 },
  { code: 'spring', ko: '봄날', en: 'Spring', more: 1_500 },
  { code: 'master', ko: '장인', en: "Master's", more: 3_000 },
] as const;

/** The most dishes that a menu can have before its file has too many rows. */
export const ITEMS_MAX = 500;

/**
 * A menu of any size in the likeness of another: its dishes, then variants of them, each with its options.
 * Nothing is limited or sold out, so that any order can have been placed.
 * @param items from 1 to `ITEMS_MAX`
 */
export function inventMenu(model: readonly MenuRow[], items: number, random: Random): MenuFile {
  const dishes = model.filter((row) => row.kind === 'item');
  const rows: MenuRow[] = [];
  for (const category of model.filter((row) => row.kind === 'category')) {
    const menu: MenuRow[] = [];
    for (const [place, dish] of dishes.entries()) {
      if (dish.category !== category.code) continue;
      const parts = model.filter((row) => row.item === dish.code);
      for (let copy = 0; copy < copiesOf(place, dishes.length, items); copy += 1) {
        menu.push(...varied(dish, parts, copy, random));
      }
    }
    if (menu.length > 0) rows.push(category, ...menu);
  }
  return { partial: false, rows };
}

/** Spreads `items` evenly over the dishes, so that a small menu has something of each category. */
const copiesOf = (place: number, dishes: number, items: number): number =>
  Math.floor(((place + 1) * items) / dishes) - Math.floor((place * items) / dishes);

function varied(dish: MenuRow, parts: readonly MenuRow[], copy: number, random: Random): MenuRow[] {
  const variant = copy === 0 ? { code: '', ko: '', en: '', more: 0 } : VARIANTS[copy - 1]!;
  const code = copy === 0 ? dish.code : `${variant.code}-${dish.code}`;
  const { values } = dish;
  const price = values.price! + variant.more + (copy === 0 ? 0 : 100 * random.below(5));
  return [
    {
      ...dish,
      code,
      values: {
        ...values,
        name_ko: `${variant.ko} ${values.name_ko}`.trim(),
        name_en: `${variant.en} ${values.name_en}`.trim(),
        price,
        daily_limit: null,
        sold_out: false,
      },
    },
    ...parts.map((part) => ({
      ...part,
      item: code,
      values: { ...part.values, ...(part.kind === 'option' && { sold_out: false }) },
    })),
  ];
}
