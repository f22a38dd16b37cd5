import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import { matches } from '../../shared/language/matches.ts';

/** Allergens on a dish that a guest avoids. */
export const avoidedIn = ({ allergens }: ItemView, avoided: ReadonlySet<string>): string[] =>
  allergens.filter((allergen) => avoided.has(allergen));

/** The dishes that were looked for, without those that are avoided; categories with none left are out. */
export function findDishes(
  { categories }: MenuView,
  typed: string,
  avoided: ReadonlySet<string>,
): { found: MenuView['categories']; hidden: number } {
  let hidden = 0;
  const found = categories.flatMap((category) => {
    const items = category.items.filter((item) => {
      if (!matches(item.name.ko, typed) && !matches(item.name.en, typed)) return false;
      if (avoidedIn(item, avoided).length === 0) return true;
      hidden += 1;
      return false;
    });
    return items.length > 0 ? [{ ...category, items }] : [];
  });
  return { found, hidden };
}
