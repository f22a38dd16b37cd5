import type { Day } from './calendar.ts';
import { daysSince2000 } from './copy-rows.ts';
import type { DayShape } from './day-shape.ts';
import type { OrderDraft, OrderRows, Venue } from './order-rows.ts';
import { type Random, writeSeededId } from './random.ts';
import { type Progress, writeEvents } from './write-events.ts';
import { createLineWriter, type WrittenLine } from './write-lines.ts';
import { createRounds, writeTickets } from './write-tickets.ts';

const MINUTE_MS = 60_000;
const AT_TABLE_SHARE = 0.85;

/**
 * Makes orders as a shop sees them: few dishes sell most, two peaks a day, one to six lines, nearly all served.
 * Today's last ones are still on their way; only today's have tickets.
 * @param popularity the dishes' places in the catalogue, what sells most first
 */
export function createDayInventor(shape: DayShape, popularity: readonly number[], nowMs: number) {
  const writeLines = createLineWriter(popularity);
  const id = Buffer.alloc(16);

  /**
   * Writes one store's day, numbers and ids in the order of time, and yields after each order.
   * @param rowsOf gives the buffers to write to, which may be others after each order
   */
  return function* inventDay(rowsOf: () => OrderRows, venue: Venue, day: Day, count: number, random: Random) {
    const until = day.isToday ? (nowMs - day.midnightMs) / MINUTE_MS : undefined;
    const times = new Float64Array(count);
    for (let index = 0; index < count; index += 1) {
      times[index] = Math.floor(day.midnightMs + shape.draw(random, until) * MINUTE_MS);
    }
    times.sort();
    const dayNumber = daysSince2000(day.date);
    const rounds = day.isToday ? createRounds() : undefined;
    let placedMs = 0;
    for (let number = 1; number <= count; number += 1) {
      // Two orders of a millisecond would leave their order to chance.
      placedMs = Math.max(placedMs + 1, times[number - 1]!);
      writeSeededId(id, 0, random, placedMs);
      const table = random.unit() < AT_TABLE_SHARE ? String(1 + random.below(venue.tables)) : null;
      const promisedMs = placedMs + venue.prepMinutes * MINUTE_MS;
      const order: OrderDraft = { id, number, table, placedMs, promisedMs };
      const rows = rowsOf();
      const lines: WrittenLine[] | undefined = rounds && [];
      const total = writeLines(rows, venue, order, random, lines);
      const progress = writeEvents(rows, venue, order, nowMs, random);
      writeOrder(rows, venue, order, dayNumber, total, progress, random);
      if (rounds && lines) writeTickets(rows, venue, order, rounds(order, progress), progress, lines);
      yield;
    }
  };
}

function writeOrder(
  { orders }: OrderRows,
  venue: Venue,
  order: OrderDraft,
  dayNumber: number,
  total: number,
  progress: Progress,
  random: Random,
): void {
  orders.row(10);
  orders.uuid(venue.ids.id, 0);
  orders.uuid(order.id, 0);
  orders.int4(order.number);
  orders.date(dayNumber);
  if (order.table === null) orders.nothing();
  else orders.text(order.table);
  orders.bytes(progress.status);
  orders.int8(total);
  orders.timestamptz(order.placedMs);
  orders.timestamptz(order.promisedMs);
  // A request's hash; nobody holds these orders' keys, so none can ever match.
  orders.random(random, 16);
}
