import { computed, signal } from '@preact/signals';
import { keep, recall } from '../../shared/page/storage.ts';
import { findDishes } from './find-dishes.ts';
import { menu } from './menu-state.ts';

const KEPT_AS = 'matjip:avoided';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** What was typed to find a dish. */
export const wanted = signal('');
/** Allergens that this phone's owner avoids, in every store. */
export const avoided = signal<ReadonlySet<string>>(new Set(recall<string[]>(KEPT_AS, YEAR_MS) ?? []));

export function setAvoided(allergen: string, isAvoided: boolean): void {
  const next = new Set(avoided.value);
  if (isAvoided) next.add(allergen);
  else next.delete(allergen);
  avoided.value = next;
  keep(KEPT_AS, next.size > 0 ? [...next] : null);
}

/** What of the menu is shown. */
export const shownDishes = computed(() =>
  menu.value ? findDishes(menu.value, wanted.value, avoided.value) : { found: [], hidden: 0 },
);
/** Allergens that some dish of this menu has, in the order of the law. */
export const menuAllergens = computed(
  () => new Set(menu.value?.categories.flatMap(({ items }) => items.flatMap(({ allergens }) => allergens)) ?? []),
);
