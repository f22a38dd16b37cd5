import type { OrderRequest } from '../../../src/contract/order.ts';
import { pagePlace } from '../../shared/page/boot.ts';
import { recall } from '../../shared/page/storage.ts';

/** Which store and table this page is for; fixed for as long as the page is open. */
export const place = pagePlace();

/** What a cart is kept as, of a table of this store or of none. */
export const cartKeptAs = (table: string | null): string => `matjip:${place.store}:${table ?? '-'}:cart`;

/** Names of what this phone keeps, per store and table: two tables' carts must not mix on a shared phone. */
export const keptAs = {
  cart: cartKeptAs(place.table),
  /** What each order's key follows. */
  pending: `matjip:${place.store}:${place.table ?? '-'}:pending:`,
  orders: `matjip:${place.store}:orders`,
  visit: `matjip:${place.store}:${place.table ?? '-'}:visit`,
};

/** A visit is over by then. */
const VISIT_MAX_MS = 12 * 60 * 60 * 1000;
const key = new URLSearchParams(location.search).get('k');
const visit = recall<string>(keptAs.visit, VISIT_MAX_MS);
/** What proves that this phone is at the table, as an order carries it. */
export const proof: Pick<OrderRequest, 'tableKey' | 'visit'> = {
  ...(key && { tableKey: key }),
  ...(visit && { visit }),
};
