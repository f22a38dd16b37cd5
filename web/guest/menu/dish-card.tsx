import type { ItemView } from '../../../src/contract/menu.ts';
import { formatMoney } from '../../../src/contract/money.ts';
import { FEW_LEFT } from '../../../src/contract/store-words.ts';
import { language, nameOf, t } from '../../shared/language/i18n.ts';
import { firstIssue, isOrderable } from '../../shared/parts/option-rules.ts';
import { inCart } from '../cart/cart-state.ts';
import { putOne } from '../cart/put-in-cart.ts';
import { open } from '../route.ts';
import { DishPicture } from './dish-picture.tsx';

export function DishCard({ item, currency }: { item: ItemView; currency: string }) {
  const orderable = isOrderable(item);
  const taken = inCart.value.get(item.id);
  // What must be chosen is shown first; what is avoided is not in the list.
  const quick = orderable && !firstIssue(item, []);
  return (
    <li>
      <button
        type="button"
        class={`dish ${orderable ? '' : 'gone'}`}
        onClick={() => open({ page: 'dish', id: item.id })}
      >
        <span class="dish-words">
          <span class="dish-name">{nameOf(item.name)}</span>
          {item.description && <span class="dish-about">{nameOf(item.description)}</span>}
          <span class="dish-price number">{formatMoney(item.price, currency, language.value)}</span>
          <span class="dish-badges">
            {!orderable && <span class="badge">{item.notNow ? nameOf(item.notNow) : t('menu.soldOut')}</span>}
            {orderable && item.remaining !== null && item.remaining <= FEW_LEFT && (
              <span class="badge warn">{t('menu.left', { count: item.remaining })}</span>
            )}
            {taken && !quick && <span class="badge good">{t('menu.inCart', { count: taken })}</span>}
          </span>
        </span>
        <DishPicture item={item} />
      </button>
      {quick && (
        <button
          type="button"
          class="quick"
          aria-label={`${t('menu.addOne', { name: nameOf(item.name) })} ${taken ? t('menu.inCart', { count: taken }) : ''}`}
          onClick={() => putOne(item)}
        >
          {/* The count stands where the finger is, drawn by the style: a badge would make the card taller under it, and its name says it. */}
          <span data-taken={taken} />
        </button>
      )}
    </li>
  );
}
