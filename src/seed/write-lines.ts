import type { SeedItem, StoreIds } from './catalogue.ts';
import type { OrderDraft, OrderRows, Venue } from './order-rows.ts';
import { createPicker, type Random, zipfWeights } from './random.ts';

type Name = SeedItem['name'];

/** What the kitchen needs to know of a line. */
export interface WrittenLine {
  /** The item's place in the catalogue. */
  readonly place: number;
  readonly item: SeedItem;
  readonly quantity: number;
  readonly options: readonly Name[];
}

/** How often one more option is taken where a guest may. */
const OPTION_CHANCE = 0.3;
const lineCount = createPicker([30, 30, 20, 11, 6, 3]);
const quantityLessOne = createPicker([72, 20, 6, 2]);
const OPEN = Buffer.from('[{"id":"');
const NEXT = Buffer.from(',{"id":"');
const CLOSE = Buffer.from(']');

/** @param popularity the dishes' places in the catalogue, what sells most first */
export function createLineWriter(popularity: readonly number[]) {
  const rank = createPicker(zipfWeights(popularity.length));
  const json: Buffer[] = [];

  /** Leaves the options' JSON in `json`. @returns what they cost */
  function chooseOptions({ groups }: SeedItem, ids: StoreIds, random: Random, names: Name[] | undefined): number {
    json.length = 0;
    let price = 0;
    for (const { min, max, options } of groups) {
      let count = min;
      while (count < max && random.unit() < OPTION_CHANCE) count += 1;
      const first = random.below(options.length);
      for (let taken = 0; taken < count; taken += 1) {
        const option = options[(first + taken) % options.length]!;
        const start = option.place * 36;
        json.push(json.length === 0 ? OPEN : NEXT, ids.optionIds.subarray(start, start + 36), option.jsonEnd);
        price += option.price;
        names?.push(option.name);
      }
    }
    if (json.length > 0) json.push(CLOSE);
    return price;
  }

  /**
   * Writes an order's lines.
   * @param written gathers them, when somebody wants to know
   * @returns the order's total
   */
  return (rows: OrderRows, venue: Venue, order: OrderDraft, random: Random, written?: WrittenLine[]): number => {
    const { lines } = rows;
    const { ids, catalogue } = venue;
    const count = 1 + lineCount(random);
    let total = 0;
    for (let line = 1; line <= count; line += 1) {
      const place = popularity[rank(random)]!;
      const item = catalogue.items[place]!;
      const quantity = 1 + quantityLessOne(random);
      const names: Name[] | undefined = written && [];
      const unitPrice = item.price + chooseOptions(item, ids, random, names);
      lines.row(7);
      lines.uuid(ids.id, 0);
      lines.uuid(order.id, 0);
      lines.int2(line);
      lines.uuid(ids.itemIds, place * 16);
      lines.int2(quantity);
      lines.int4(unitPrice);
      if (json.length > 0) lines.jsonb(json);
      else lines.nothing();
      total += unitPrice * quantity;
      written?.push({ place, item, quantity, options: names! });
    }
    return total;
  };
}
