import type { FieldProblem, Name, OrderLineView } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { closedUntil } from '../platform/opening-hours.ts';
import type { Candidate, CandidateLine } from './candidate.ts';
import type { Catalogue, CatalogueItem } from './ports.ts';

export interface PricedLine {
  readonly item: CatalogueItem;
  readonly quantity: number;
  /** One portion with its options. */
  readonly unitPrice: number;
  readonly options: readonly { readonly id: string; readonly name: Name; readonly price: number }[];
  readonly note: string | undefined;
}

export interface PricedOrder {
  readonly lines: readonly PricedLine[];
  readonly total: number;
  /** Portions wanted of each dish. */
  readonly portions: ReadonlyMap<string, number>;
}

interface Unavailable {
  readonly itemId: string;
  readonly optionId?: string;
  readonly remaining: number;
}

/** More are not told; the first few name the mistake. */
const FIELDS_REPORTED_MAX = 20;

/** A moment at a store. */
export interface Moment {
  readonly nowMs: number;
  readonly timeZone: string;
}

/**
 * Prices an order from the store's own catalogue; what the client believes it costs is only compared.
 * @throws Problem `invalid` (fields), `not-served` (dishes at another time of the day), `sold-out` (dishes or options that were switched off), `price-changed` (new total)
 */
export function priceOrder(order: Candidate, catalogue: Catalogue, { nowMs, timeZone }: Moment): PricedOrder {
  const fields: FieldProblem[] = [];
  const unavailable: Unavailable[] = [];
  const notServed = new Map<string, number | null>();
  const portions = new Map<string, number>();
  const lines: PricedLine[] = [];
  let total = 0;

  for (const [index, line] of order.lines.entries()) {
    const item = catalogue.items.get(line.itemId);
    if (!item) {
      fields.push({ field: `lines[${index}].itemId`, problem: 'is not on this store’s menu' });
      continue;
    }
    if (item.soldOut) unavailable.push({ itemId: item.id, remaining: 0 });
    if (item.hours) {
      const until = closedUntil({ timeZone, hours: item.hours, daysOff: [] }, nowMs);
      if (until !== undefined) notServed.set(item.id, until);
    }
    const options = chooseOptions(line, index, item, fields, unavailable);
    const unitPrice = item.price + options.reduce((sum, option) => sum + option.price, 0);
    total += unitPrice * line.quantity;
    portions.set(item.id, (portions.get(item.id) ?? 0) + line.quantity);
    lines.push({ item, quantity: line.quantity, unitPrice, options, note: line.note });
  }

  if (fields.length > 0) {
    const first = fields[0]!;
    throw new Problem('invalid', {
      detail: `${first.field} ${first.problem}`,
      fields: fields.slice(0, FIELDS_REPORTED_MAX),
    });
  }
  if (notServed.size > 0) {
    throw new Problem('not-served', {
      detail: 'Something ordered is served at other times.',
      extra: {
        items: [...notServed].map(([itemId, untilMs]) => ({
          itemId,
          from: untilMs === null ? null : new Date(untilMs).toISOString(),
        })),
      },
    });
  }
  if (unavailable.length > 0) throw soldOut(unavailable);
  if (order.expectedTotal !== undefined && order.expectedTotal !== total) {
    throw new Problem('price-changed', { detail: `The total is now ${total}.`, extra: { total } });
  }
  return { lines, total, portions };
}

function chooseOptions(
  line: CandidateLine,
  index: number,
  item: CatalogueItem,
  fields: FieldProblem[],
  unavailable: Unavailable[],
): PricedLine['options'] {
  if (line.optionIds.length === 0 && item.groups.length === 0) return [];
  const chosen = item.groups.map(() => 0);
  const options: { id: string; name: Name; price: number }[] = [];
  for (const [place, optionId] of line.optionIds.entries()) {
    const option = item.options.get(optionId);
    if (!option) {
      fields.push({ field: `lines[${index}].optionIds[${place}]`, problem: 'is not an option of this item' });
      continue;
    }
    if (options.some((earlier) => earlier.id === optionId)) {
      fields.push({ field: `lines[${index}].optionIds[${place}]`, problem: 'is there twice' });
      continue;
    }
    chosen[option.group]! += 1;
    if (option.soldOut) unavailable.push({ itemId: item.id, optionId, remaining: 0 });
    options.push({ id: option.id, name: option.name, price: option.price });
  }
  // Of a dish that is sold out nothing can be chosen rightly; that it is gone says it all.
  if (item.soldOut) return options;
  for (const [place, group] of item.groups.entries()) {
    if (chosen[place]! < group.min || chosen[place]! > group.max) {
      fields.push({
        field: `lines[${index}].optionIds`,
        problem: `has ${chosen[place]} of the group '${group.name.en || group.name.ko}'`,
        allowed: `${group.min} to ${group.max}`,
      });
    }
  }
  return options;
}

/**
 * Other options for a line that was ordered: those that it had stay at their price, also when nobody else can choose them now.
 * @throws Problem `invalid` (`to.optionIds`), `sold-out`
 */
export function otherOptions(
  line: OrderLineView,
  optionIds: readonly string[],
  catalogue: Catalogue,
): OrderLineView['options'] {
  const item = catalogue.items.get(line.itemId);
  const had = new Map(line.options.map((option) => [option.id, option]));
  const fields: FieldProblem[] = [];
  const unavailable: Unavailable[] = [];
  if (!item) fields.push({ field: 'to.optionIds', problem: 'cannot change: the dish is no longer on the menu' });
  const asked = { itemId: line.itemId, quantity: line.quantity, optionIds, note: undefined };
  const options = item ? chooseOptions(asked, 0, { ...item, soldOut: false }, fields, unavailable) : [];
  if (fields.length > 0) {
    const told = fields.map((each) => ({ ...each, field: each.field.replace('lines[0]', 'to') }));
    throw new Problem('invalid', { detail: `${told[0]!.field} ${told[0]!.problem}`, fields: told });
  }
  const gone = unavailable.filter(({ optionId }) => !had.has(optionId!));
  if (gone.length > 0) throw soldOut(gone);
  return options.map((option) => had.get(option.id) ?? option);
}

/** @param items which dishes (and options), and how many portions remain */
export const soldOut = (items: readonly Unavailable[]): Problem =>
  new Problem('sold-out', { detail: 'Something ordered is sold out or not enough remains.', extra: { items } });
