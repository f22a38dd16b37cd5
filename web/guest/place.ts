import { pagePlace } from '../shared/boot.ts';

/** Which store and table this page is for; fixed for as long as the page is open. */
export const place = pagePlace();

/** Names of what this phone keeps, per store and table: two tables' carts must not mix on a shared phone. */
export const keptAs = {
  cart: `matjip:${place.store}:${place.table ?? '-'}:cart`,
  /** What each order's key follows. */
  pending: `matjip:${place.store}:${place.table ?? '-'}:pending:`,
  orders: `matjip:${place.store}:orders`,
};
