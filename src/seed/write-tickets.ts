import type { OrderDraft, OrderRows, Venue } from './order-rows.ts';
import type { Progress } from './write-events.ts';
import type { WrittenLine } from './write-lines.ts';

const uuidText = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Who orders at a table where nobody has for so long is another party. */
const ROUND_MS = 2 * 60 * 60_000;

/** Counts the rounds of one day's tables: a cancelled order is none. Orders come in the order of time. */
export function createRounds() {
  const last = new Map<string, { readonly atMs: number; readonly round: number }>();
  return ({ table, placedMs }: OrderDraft, { cancelled }: Progress): number => {
    if (table === null) return 1;
    const before = last.get(table);
    const round = before && placedMs - before.atMs < ROUND_MS ? before.round + 1 : 1;
    if (!cancelled) last.set(table, { atMs: placedMs, round });
    return round;
  };
}

/** Writes one ticket for each station that has work with the order. */
export function writeTickets(
  { tickets }: OrderRows,
  { ids }: Venue,
  order: OrderDraft,
  round: number,
  { status, steps, changedMs }: Progress,
  lines: readonly WrittenLine[],
): void {
  for (const [station, work] of Map.groupBy(lines, ({ item }) => item.station)) {
    tickets.row(11);
    tickets.uuid(ids.id, 0);
    tickets.uuid(order.id, 0);
    tickets.text(station);
    tickets.int4(order.number);
    if (order.table === null) tickets.nothing();
    else tickets.text(order.table);
    tickets.int2(round);
    tickets.bytes(status);
    tickets.int4(steps);
    tickets.timestamptz(order.placedMs);
    tickets.timestamptz(changedMs);
    const view = work.map(({ place, item, quantity, options }) => ({
      itemId: uuidText(ids.itemIds.toString('hex', place * 16, place * 16 + 16)),
      name: item.name,
      quantity,
      options,
    }));
    tickets.jsonb([Buffer.from(JSON.stringify(view))]);
  }
}
