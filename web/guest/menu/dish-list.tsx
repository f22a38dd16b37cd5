import type { MenuView } from '../../../src/contract/menu.ts';
import { nameOf, t } from '../../shared/i18n.ts';
import { DishCard } from './dish-card.tsx';
import { menu } from './menu-state.ts';

/** @param categories what of the menu is to be seen */
export function DishList({ categories, currency }: { categories: MenuView['categories']; currency: string }) {
  if (!menu.value?.categories.some(({ items }) => items.length)) return <p class="page-problem">{t('menu.empty')}</p>;
  return (
    <>
      {categories.map((category) => (
        <section key={category.id} id={`category-${category.id}`} class="category">
          <h2>{nameOf(category.name)}</h2>
          <ul class="dishes">
            {category.items.map((item) => (
              <DishCard key={item.id} item={item} currency={currency} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
