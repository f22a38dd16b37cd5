import type { DishAttributeName } from '../../src/contract/dish-attributes.ts';
import type { DishFieldValues } from '../../src/contract/dish-fields.ts';

/** The menu as its JSON file has it. What is new has no code yet: the server makes one from its name. */
export interface Menu {
  readonly categories: readonly Category[];
}
export interface Names {
  readonly ko: string;
  readonly en: string;
}
export interface Category {
  readonly code?: string;
  readonly name: Names;
  /** When its dishes are served, such as `mon-fri 11:00-14:30`; null: always. */
  readonly hours?: string | null;
  readonly items: readonly Dish[];
}
export interface Dish extends Partial<Record<DishAttributeName, string | null>>, Partial<DishFieldValues> {
  readonly code?: string;
  readonly name: Names;
  readonly price: number;
  readonly station: string;
  readonly allergens: readonly string[];
  readonly photo: string | null;
  readonly description: { readonly ko?: string; readonly en?: string } | null;
  readonly soldOut: boolean;
  readonly origin: { readonly ko?: string; readonly en?: string } | null;
  /** null: as its category. */
  readonly hours?: string | null;
  readonly optionGroups: readonly Group[];
}
export interface Group {
  readonly code?: string;
  readonly name: Names;
  readonly min: number;
  readonly max: number;
  readonly options: readonly Option[];
}
export interface Option {
  readonly code?: string;
  readonly name: Names;
  readonly price: number;
  readonly soldOut: boolean;
}

/** Where a dish stands: the category's code, or the name of one that is to be made. */
export type Place = { readonly code: string } | { readonly name: string };

export const findDish = (menu: Menu, code: string): { dish: Dish; category: Category } | undefined => {
  for (const category of menu.categories) {
    const dish = category.items.find((each) => each.code === code);
    if (dish) return { dish, category };
  }
  return undefined;
};

/** The menu with a dish changed, moved or added; one that stays in its category keeps its place. */
export function withDish(menu: Menu, code: string | undefined, dish: Dish, place: Place): Menu {
  const stays = (category: Category) => 'code' in place && category.code === place.code;
  const categories = menu.categories.map((category) => {
    const at = code === undefined ? -1 : category.items.findIndex((each) => each.code === code);
    if (stays(category)) {
      const items = at < 0 ? [...category.items, dish] : category.items.with(at, dish);
      return { ...category, items };
    }
    return at < 0 ? category : { ...category, items: category.items.toSpliced(at, 1) };
  });
  if ('code' in place) return { categories };
  return { categories: [...categories, { name: { ko: place.name, en: '' }, items: [dish] }] };
}

/**
 * The menu with other hours of a whole category.
 * @param seen the category as whoever changes it has seen it
 * @returns null when it is gone, or somebody else has given it other hours meanwhile
 */
export function withHours(menu: Menu, seen: Category, hours: string | null): Menu | null {
  const at = menu.categories.findIndex(({ code }) => code === seen.code);
  const now = menu.categories[at];
  if (!now || (now.hours ?? null) !== (seen.hours ?? null)) return null;
  return { categories: menu.categories.with(at, { ...now, hours }) };
}

/** The menu without a dish. */
export const withoutDish = (menu: Menu, code: string): Menu => ({
  categories: menu.categories.map((category) => ({
    ...category,
    items: category.items.filter((each) => each.code !== code),
  })),
});

/** How many rows of a file leave with a change: categories, dishes, groups and options that had a code and have it no more. */
export function rowsGone(before: Menu, after: Menu): number {
  const kept = new Set(rowsOf(after));
  return rowsOf(before).filter((row) => !kept.has(row)).length;
}

const rowsOf = ({ categories }: Menu): string[] =>
  categories.flatMap(({ code, items }) => [
    `category ${code}`,
    ...items.flatMap((item) => [
      `item ${item.code}`,
      ...item.optionGroups.flatMap((group) => [
        `group ${item.code}/${group.code}`,
        ...group.options.map((option) => `option ${item.code}/${group.code}/${option.code}`),
      ]),
    ]),
  ]);

/** Whether two parts of a menu say the same. Both come from the server or from a copy of what did, so their members stand alike. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
