import { LINES_MAX, QUANTITY_MAX } from '../../../src/contract/bounds.ts';
import type { Name } from '../../../src/contract/common.ts';
import type { ItemView, MenuView } from '../../../src/contract/menu.ts';
import type { OrderLineView, OrderRequest } from '../../../src/contract/order.ts';
import { firstIssue, isOrderable, unitPrice } from '../../shared/parts/option-rules.ts';

/** One line of the cart: a dish as chosen. */
export interface CartLine {
  /** Of this phone only; the server never sees it. */
  id: string;
  itemId: string;
  /** As it was when added, so that a dish that left the menu can still be named. */
  name: Name;
  optionIds: string[];
  quantity: number;
  note: string;
  /** One portion as the guest saw it, in the minor unit. */
  seenPrice: number;
}

/** What the menu of now says against a line of the cart. */
export type LineIssue =
  | { kind: 'gone' | 'sold-out' | 'options' }
  | { kind: 'fewer'; left: number }
  | { kind: 'price'; before: number; after: number };

export const findItem = (menu: MenuView, itemId: string): ItemView | undefined => {
  for (const category of menu.categories) {
    const item = category.items.find((candidate) => candidate.id === itemId);
    if (item) return item;
  }
  return undefined;
};

const sameChoice = (a: CartLine, b: Omit<CartLine, 'id'>) =>
  a.itemId === b.itemId && a.note === b.note && [...a.optionIds].sort().join() === [...b.optionIds].sort().join();

/** Adds a line; the same dish chosen the same way only grows in number. A full cart stays as it is. */
export function addLine(lines: readonly CartLine[], added: CartLine): CartLine[] {
  const same = lines.find((line) => sameChoice(line, added));
  if (same) return setQuantity(lines, same.id, same.quantity + added.quantity);
  return lines.length >= LINES_MAX ? [...lines] : [...lines, added];
}

/** Sets a line's number of portions within the bounds; zero takes it out. */
export const setQuantity = (lines: readonly CartLine[], id: string, quantity: number): CartLine[] =>
  lines.flatMap((line) => {
    if (line.id !== id) return [line];
    return quantity < 1 ? [] : [{ ...line, quantity: Math.min(quantity, QUANTITY_MAX) }];
  });

/** Takes out what has been ordered, and leaves what was added while the order was on its way. */
export const withoutSent = (lines: readonly CartLine[], sent: readonly CartLine[]): CartLine[] =>
  sent.reduce<CartLine[]>(
    (rest, gone) => {
      const line = rest.find((candidate) => candidate.id === gone.id);
      return line ? setQuantity(rest, line.id, line.quantity - gone.quantity) : rest;
    },
    [...lines],
  );

export const portionsOf = (lines: readonly CartLine[], itemId?: string): number =>
  lines.reduce((sum, line) => sum + (itemId && line.itemId !== itemId ? 0 : line.quantity), 0);

/** A line's present price of one portion; the seen one when the dish has left the menu. */
export function priceNow(menu: MenuView, line: CartLine): number {
  const item = findItem(menu, line.itemId);
  return item ? unitPrice(item, line.optionIds) : line.seenPrice;
}

/** The sum at present prices. */
export const totalOf = (menu: MenuView, lines: readonly CartLine[]): number =>
  lines.reduce((sum, line) => sum + priceNow(menu, line) * line.quantity, 0);

/** What stands against each line, by its id. Portions left are handed out from the first line on. */
export function findIssues(menu: MenuView, lines: readonly CartLine[]): Map<string, LineIssue> {
  const issues = new Map<string, LineIssue>();
  const left = new Map<string, number>();
  for (const line of lines) {
    const item = findItem(menu, line.itemId);
    if (!item) issues.set(line.id, { kind: 'gone' });
    else if (!isOrderable(item)) issues.set(line.id, { kind: 'sold-out' });
    else if (optionsChanged(item, line)) issues.set(line.id, { kind: 'options' });
    else {
      const remaining = left.get(item.id) ?? item.remaining ?? Number.POSITIVE_INFINITY;
      left.set(item.id, Math.max(0, remaining - line.quantity));
      const after = unitPrice(item, line.optionIds);
      if (line.quantity > remaining) issues.set(line.id, { kind: 'fewer', left: remaining });
      else if (after !== line.seenPrice) issues.set(line.id, { kind: 'price', before: line.seenPrice, after });
    }
  }
  return issues;
}

function optionsChanged(item: ItemView, line: CartLine): boolean {
  const offered = item.optionGroups.flatMap((group) => group.options);
  const lost = line.optionIds.some((id) => offered.every((option) => option.id !== id || option.soldOut));
  return lost || firstIssue(item, line.optionIds) !== null;
}

/**
 * The cart with every change accepted: lines that cannot be had are out, numbers lowered, prices seen. A line whose
 * options changed stays; only its guest can choose again.
 */
export function acceptChanges(menu: MenuView, lines: readonly CartLine[]): CartLine[] {
  const issues = findIssues(menu, lines);
  return lines.flatMap((line) => {
    const issue = issues.get(line.id);
    if (!issue) return [line];
    if (issue.kind === 'gone' || issue.kind === 'sold-out') return [];
    if (issue.kind === 'options') return [line];
    const quantity = issue.kind === 'fewer' ? issue.left : line.quantity;
    return quantity > 0 ? [{ ...line, quantity, seenPrice: priceNow(menu, line) }] : [];
  });
}

/**
 * Puts what was ordered before into the cart again, as far as the menu still has it; options that are gone are left out, and whoever
 * must choose again is told so in the cart.
 * @returns `leftOut`: dishes that cannot be had now
 */
export function orderAgain(
  menu: MenuView,
  lines: readonly CartLine[],
  ordered: readonly OrderLineView[],
  newId: () => string,
): { lines: CartLine[]; leftOut: number } {
  let leftOut = 0;
  let next = [...lines];
  for (const { itemId, options, quantity, note = '' } of ordered) {
    const item = findItem(menu, itemId);
    if (!item || !isOrderable(item)) {
      leftOut += 1;
      continue;
    }
    const offered = item.optionGroups.flatMap((group) => group.options).filter(({ soldOut }) => !soldOut);
    const optionIds = offered.filter(({ id }) => options.some((option) => option.id === id)).map(({ id }) => id);
    const seenPrice = unitPrice(item, optionIds);
    next = addLine(next, { id: newId(), itemId, name: item.name, optionIds, quantity, note, seenPrice });
  }
  return { lines: next, leftOut };
}

/** The order as it is sent. */
export const toOrderRequest = (
  lines: readonly CartLine[],
  expectedTotal: number,
  table: string | null,
  proof: Pick<OrderRequest, 'tableKey' | 'visit'> = {},
): OrderRequest => ({
  ...(table ? { table } : {}),
  ...proof,
  lines: lines.map((line) => ({
    itemId: line.itemId,
    quantity: line.quantity,
    ...(line.optionIds.length ? { optionIds: line.optionIds } : {}),
    ...(line.note ? { note: line.note } : {}),
  })),
  expectedTotal,
});
