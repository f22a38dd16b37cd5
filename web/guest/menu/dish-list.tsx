import type { MenuView } from '../../../src/contract/menu.ts';
import { nameOf } from '../../shared/language/i18n.ts';
import { DishCard } from './dish-card.tsx';

/** @param categories what of the menu is to be seen */
export function DishList({ categories, currency }: { categories: MenuView['categories']; currency: string }) {
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
