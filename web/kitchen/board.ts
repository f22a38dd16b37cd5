import type { Name } from '../../src/contract/common.ts';
import type { Ticket } from '../../src/contract/kitchen.ts';

/** The statuses a ticket goes through on the board. */
export const STEPS = ['placed', 'cooking', 'ready', 'served'] as const;
export type Step = (typeof STEPS)[number];
export const LANES = ['placed', 'cooking', 'ready'] as const;
export type Lane = (typeof LANES)[number];

export interface Known {
  ticket: Ticket;
  /** When this version was heard of, in milliseconds since 1970 by this screen. */
  heardAtMs: number;
}

/** Every ticket this screen has heard of, by id. */
export type Board = ReadonlyMap<string, Known>;

export const isOpen = ({ status }: Pick<Ticket, 'status'>): boolean => status !== 'served' && status !== 'cancelled';

/**
 * Takes in tickets as they come, in any order and however often. An older version never covers a newer one, so
 * nothing is there twice and nothing steps back by itself.
 * @returns the same board when nothing was news
 */
export function merge(board: Board, tickets: readonly Ticket[], nowMs: number): Board {
  let next: Map<string, Known> | undefined;
  for (const ticket of tickets) {
    const known = (next ?? board).get(ticket.id);
    if (known && known.ticket.version >= ticket.version) continue;
    next ??= new Map(board);
    next.set(ticket.id, { ticket, heardAtMs: nowMs });
  }
  return next ?? board;
}

/**
 * Takes in the whole list of open tickets. One that was open and is missing has been served or cancelled while this
 * screen was not listening, unless it was heard of after the list was asked for.
 */
export function mergeList(board: Board, open: readonly Ticket[], askedAtMs: number, nowMs: number): Board {
  const merged = new Map(merge(board, open, nowMs));
  const listed = new Set(open.map(({ id }) => id));
  let dropped = false;
  for (const [id, { ticket, heardAtMs }] of merged) {
    if (isOpen(ticket) && !listed.has(id) && heardAtMs < askedAtMs) {
      merged.delete(id);
      dropped = true;
    }
  }
  const changed = dropped || merged.size !== board.size || [...merged].some(([id, known]) => board.get(id) !== known);
  return changed ? merged : board;
}

/** Tickets past this many are forgotten when they are done, the oldest first: a screen runs for months. */
const DONE_KEPT_MAX = 30;

export function forgetDone(board: Board): Board {
  const done = [...board].filter(([, { ticket }]) => !isOpen(ticket));
  if (done.length <= 2 * DONE_KEPT_MAX) return board;
  done.sort(([, a], [, b]) => a.heardAtMs - b.heardAtMs);
  const next = new Map(board);
  for (const [id] of done.slice(0, -DONE_KEPT_MAX)) next.delete(id);
  return next;
}

/** Older first; an order's id carries its time, so it settles equal moments the same way on every screen. */
const byAge = (a: Ticket, b: Ticket) => a.placedAt.localeCompare(b.placedAt) || a.id.localeCompare(b.id);

/** The tickets of each lane, oldest first. @param station only this one's; null for all */
export function toLanes(tickets: Iterable<Ticket>, station: string | null): Record<Lane, Ticket[]> {
  const lanes: Record<Lane, Ticket[]> = { placed: [], cooking: [], ready: [] };
  for (const ticket of tickets) {
    if (station !== null && ticket.station !== station) continue;
    if (ticket.status in lanes) lanes[ticket.status as Lane].push(ticket);
  }
  for (const lane of LANES) lanes[lane].sort(byAge);
  return lanes;
}

/** What a table ordered together: its tickets of one round, from all stations and phones, or one order's that is taken away. */
export interface Round {
  id: string;
  /** The oldest first. */
  tickets: Ticket[];
}

/** More than this is no longer seen at a glance; the rest follows as a group of its own. */
const ROUND_TICKETS_MAX = 8;

/** Puts the tickets of a lane together by table and round, in the place of the oldest. */
export function toRounds(tickets: readonly Ticket[]): Round[] {
  const rounds: Round[] = [];
  const filling = new Map<string, Round>();
  for (const ticket of tickets) {
    const of = ticket.table === null ? ticket.orderId : `${ticket.table} ${ticket.round}`;
    const round = filling.get(of);
    if (round && round.tickets.length < ROUND_TICKETS_MAX) round.tickets.push(ticket);
    else {
      const begun = { id: ticket.id, tickets: [ticket] };
      filling.set(of, begun);
      rounds.push(begun);
    }
  }
  return rounds;
}

/** How many tickets each station still has to cook, by station in a steady order. @param known shown also without tickets */
export function countStations(
  tickets: Iterable<Ticket>,
  known: readonly string[] = [],
  first: readonly string[] = [],
): Map<string, number> {
  const counts = new Map([...first, ...known].map((station) => [station, 0]));
  for (const ticket of tickets) {
    const toCook = ticket.status === 'placed' || ticket.status === 'cooking' ? 1 : 0;
    counts.set(ticket.station, (counts.get(ticket.station) ?? 0) + toCook);
  }
  const placeOf = (station: string) => (first.includes(station) ? first.indexOf(station) : first.length);
  return new Map([...counts].sort(([a], [b]) => placeOf(a) - placeOf(b) || a.localeCompare(b)));
}

/** What is to be made now, all tickets together: "7 × 김치찌개". Most first. */
export function sumDishes(tickets: readonly Ticket[]): { itemId: string; name: Name; quantity: number }[] {
  const sums = new Map<string, { itemId: string; name: Name; quantity: number }>();
  for (const { itemId, name, quantity } of tickets
    .flatMap(({ lines }) => lines)
    .filter(({ quantity }) => quantity > 0)) {
    const sum = sums.get(itemId);
    if (sum) sum.quantity += quantity;
    else sums.set(itemId, { itemId, name, quantity });
  }
  return [...sums.values()].sort((a, b) => b.quantity - a.quantity || a.name.ko.localeCompare(b.name.ko));
}

/** Without a promise: guests begin to look around after five minutes and to ask after ten. */
const AGEING_AFTER_MIN = 5;
const LATE_AFTER_MIN = 10;
/** With one: this part of it gone by is time to look, all of it is late. */
const AGEING_AFTER_SHARE = 0.6;

export interface Age {
  minutes: number;
  level: 'fresh' | 'ageing' | 'late';
  /** Whole minutes since it was promised; 0 before that, and where nothing was promised. */
  lateMinutes: number;
}

/** How old a ticket is, and whether that is late: by what its guest was told, whatever other orders were promised. */
export function ageOf({ placedAt, promisedAt }: Pick<Ticket, 'placedAt' | 'promisedAt'>, nowMs: number): Age {
  const placedMs = Date.parse(placedAt);
  const minutes = Math.max(0, Math.floor((nowMs - placedMs) / 60_000));
  if (promisedAt === undefined) {
    const level = minutes >= LATE_AFTER_MIN ? 'late' : minutes >= AGEING_AFTER_MIN ? 'ageing' : 'fresh';
    return { minutes, level, lateMinutes: 0 };
  }
  const promisedMs = Date.parse(promisedAt);
  const isLate = nowMs >= promisedMs;
  const isAgeing = nowMs - placedMs >= (promisedMs - placedMs) * AGEING_AFTER_SHARE;
  return {
    minutes,
    level: isLate ? 'late' : isAgeing ? 'ageing' : 'fresh',
    lateMinutes: isLate ? Math.floor((nowMs - promisedMs) / 60_000) : 0,
  };
}

/** All that one table, or one takeaway order, waits for. */
export interface Tray {
  /** The table, or the order where there is none. */
  id: string;
  tickets: Ticket[];
  /** Dishes that can be carried, of how many. */
  ready: number;
  count: number;
}

const isReady = ({ status, doneLines }: Ticket, line: number) =>
  status === 'ready' || status === 'served' || doneLines.includes(line);

/**
 * What is open, by table, the longest waiting first. Of an order that is on its way all tickets count, those that were served
 * already too: "1 of 3 ready" is said of the whole.
 */
export function toTrays(tickets: Iterable<Ticket>): Tray[] {
  const all = [...tickets].filter(({ status }) => status !== 'cancelled').sort(byAge);
  const open = new Set(all.filter(isOpen).map(({ orderId }) => orderId));
  const trays = new Map<string, Tray>();
  for (const ticket of all.filter(({ orderId }) => open.has(orderId))) {
    const id = ticket.table === null ? ticket.orderId : `table ${ticket.table}`;
    const tray = trays.get(id) ?? { id, tickets: [], ready: 0, count: 0 };
    tray.tickets.push(ticket);
    // What staff took off nobody waits for.
    tray.ready += ticket.lines.filter(({ quantity }, line) => quantity > 0 && isReady(ticket, line)).length;
    tray.count += ticket.lines.filter(({ quantity }) => quantity > 0).length;
    trays.set(id, tray);
  }
  return [...trays.values()];
}

/** The step after or before `status`; null at the ends, and for a cancelled ticket. */
export function stepFrom(status: Ticket['status'], by: 1 | -1): Step | null {
  const at = STEPS.indexOf(status as Step);
  return at < 0 ? null : (STEPS[at + by] ?? null);
}
