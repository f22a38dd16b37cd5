import { LINES_MAX } from '../../../src/contract/bounds.ts';
import type { ItemView } from '../../../src/contract/menu.ts';
import { nameOf, t } from '../../shared/language/i18n.ts';
import { say } from '../../shared/parts/notice.tsx';
import { uuidV7 } from '../../shared/server/uuid.ts';
import { addLine, type CartLine } from './cart.ts';
import { cart, setCart } from './cart-state.ts';

/** Puts a dish into the cart, in place of the line that it was. @returns false when the cart is full, which is said */
export function putInCart(made: Omit<CartLine, 'id'>, line?: CartLine): boolean {
  const others = cart.value.filter(({ id }) => id !== line?.id);
  const next = addLine(others, { ...made, id: line?.id ?? uuidV7(Date.now()) });
  if (others.length >= LINES_MAX && next.every((each, at) => each === others[at])) {
    say(t('cart.full', { count: LINES_MAX }), 'problem');
    return false;
  }
  setCart(next);
  if (!line) say(t('cart.added', { name: nameOf(made.name) }));
  return true;
}

/** One portion as it comes, by one tap on the menu; the cart says when that is more than there are. */
export const putOne = ({ id: itemId, name, price: seenPrice }: ItemView): boolean =>
  putInCart({ itemId, name, optionIds: [], quantity: 1, note: '', seenPrice });
