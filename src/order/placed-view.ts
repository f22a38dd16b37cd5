import type { OrderView } from '../contract/index.ts';
import type { PlacedOrder } from './decide.ts';

const made = new WeakMap<PlacedOrder, OrderView>();

/** The answer to an order that was just placed: what a later GET would say, from memory. Made once, for the answer and for those who ask later. */
export function placedView(order: PlacedOrder): OrderView {
  const view = made.get(order) ?? makeView(order);
  made.set(order, view);
  return view;
}

function makeView({ candidate, priced, store, number, placedAtMs, promisedAtMs }: PlacedOrder): OrderView {
  return {
    id: candidate.id,
    storeId: candidate.storeId,
    number,
    table: candidate.table,
    status: 'placed',
    total: priced.total,
    currency: store.currency,
    lines: priced.lines.map((line) => ({
      itemId: line.item.id,
      name: line.item.name,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      options: line.options,
      ...(line.note !== undefined && { note: line.note }),
      total: line.unitPrice * line.quantity,
    })) as OrderView['lines'],
    placedAt: new Date(placedAtMs).toISOString(),
    promisedAt: new Date(promisedAtMs).toISOString(),
  };
}
