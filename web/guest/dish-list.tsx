import type { MenuView } from '../../src/contract/menu.ts';
import { nameOf, t } from '../shared/i18n.ts';
import { DishCard } from './dish-card.tsx';

export function DishList({ menu }: { menu: MenuView }) {
  if (!menu.categories.some(({ items }) => items.length)) return <p class="page-problem">{t('menu.empty')}</p>;
  return (
    <>
      {menu.categories.map((category, index) => (
        <section key={category.id} id={`category-${category.id}`} class="category">
          <h2>{nameOf(category.name)}</h2>
          <ul class="dishes">
            {category.items.map((item) => (
              <DishCard key={item.id} item={item} currency={menu.currency} hue={index} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
