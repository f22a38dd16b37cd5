import { computed, effect, signal } from '@preact/signals';
import type { Ticket, TicketLine } from '../../src/contract/kitchen.ts';
import type { StoreView } from '../../src/contract/store.ts';
import { t } from '../shared/language/house-words.ts';
import { stationNames } from '../shared/language/station-name.ts';
import { keep, recall } from '../shared/page/storage.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson } from '../shared/server/api.ts';
import { serverNowMs } from '../shared/server/clock.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { openTicketStream } from '../shared/server/ticket-stream.ts';
import {
  type Board,
  countStations,
  forgetDone,
  isOpen,
  merge,
  mergeList,
  type Step,
  sumDishes,
  toLanes,
  toTrays,
} from './board.ts';
import { words } from './change-words.ts';
import { kitchenKey, storeSlug } from './key.ts';
import { ring } from './sound.ts';

const path = `/stores/${encodeURIComponent(storeSlug)}`;
/** The most that one page of a list may hold. */
const PAGE_SIZE = 200;
/** Ages are shown in minutes, so a quarter of one is exact enough. */
const TICK_MS = 15_000;

export const store = signal<StoreView | null>(null);
effect(() => {
  stationNames.value = store.value?.stationNames ?? [];
});
const board = signal<Board>(new Map());
/** Where this screen has moved a ticket, until the server has said so too: a cook must not wait for the network. */
export const moves = signal<ReadonlyMap<string, Step>>(new Map());
const STATION_KEPT_AS = `matjip:kitchen:${storeSlug}:station`;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
/** The station whose tickets are shown; null for all. A tablet hangs at one station: it is chosen once. */
export const station = signal(recall<string>(STATION_KEPT_AS, YEAR_MS));

export function setStation(code: string | null): void {
  station.value = code;
  keep(STATION_KEPT_AS, code);
}
/** The server's time, for ages. */
export const clock = signal(serverNowMs());
export const following = signal<Following | null>(null);
/** Grows with each change of the menu. */
export const menuChanges = signal(0);
let listed = false;

/** The tickets as they are shown, a move under way included. */
const shown = computed<Ticket[]>(() =>
  [...board.value.values()].map(({ ticket }) => {
    const to = moves.value.get(ticket.id);
    return to ? moved(ticket, to) : ticket;
  }),
);

const movedTickets = new WeakMap<Ticket, Ticket>();
/** The same object each time, so that only the ticket that moved is drawn again. */
function moved(ticket: Ticket, to: Step): Ticket {
  const known = movedTickets.get(ticket);
  if (known?.status === to) return known;
  const made = { ...ticket, status: to };
  movedTickets.set(ticket, made);
  return made;
}

export const lanes = computed(() => toLanes(shown.value, station.value));
/** Where the menu's dishes are made; empty until it was read. */
export const menuStations = signal<readonly string[]>([]);
/**
 * Each station with its tickets to cook: those of the settings in their order, also before they have a dish, those of the menu, those that
 * still have a ticket, and the one chosen here.
 */
export const stations = computed(() =>
  countStations(
    shown.value,
    [...menuStations.value, ...(station.value === null ? [] : [station.value])],
    stationNames.value.map(({ code }) => code),
  ),
);
export const allDay = computed(() => sumDishes([...lanes.value.placed, ...lanes.value.cooking]));
export const recentlyServed = computed(() =>
  [...board.value.values()]
    .filter(({ ticket }) => ticket.status === 'served')
    .map(({ ticket }) => ticket)
    .sort((a, b) => b.changedAt.localeCompare(a.changedAt))
    .slice(0, 8),
);
export const trays = computed(() => toTrays(shown.value));
/** Every ticket of an order that this screen knows of. */
export const ticketsOf = (orderId: string): Ticket[] => shown.value.filter((ticket) => ticket.orderId === orderId);
/** Orders that are being refused on this very screen, which needs not be told of it. */
export const refusedHere = new Set<string>();

/** Whether there is no such store. */
export const missing = signal(false);

/** The ticket as the server last had it. */
export const ticketOf = (id: string): Ticket | undefined => board.value.get(id)?.ticket;

/** Takes in what was heard, and makes itself heard when there is something new to cook. */
export function hear(tickets: readonly Ticket[]): void {
  const before = board.value;
  const after = forgetDone(merge(before, tickets, Date.now()));
  if (after === before) return;
  announce(before, tickets);
  board.value = after;
}

const howMade = (line: TicketLine | undefined): string => JSON.stringify([line?.options, line?.note]);

function announce(before: Board, tickets: readonly Ticket[]): void {
  const mine = tickets.filter((ticket) => station.value === null || ticket.station === station.value);
  // The list at the beginning is no news.
  if (listed && mine.some(({ id, status }) => status === 'placed' && !before.has(id))) ring();
  for (const { id, orderId, status, number, table, lines } of mine) {
    if (refusedHere.has(orderId)) continue;
    const known = before.get(id)?.ticket;
    const isFewer = known && lines.some(({ quantity }, place) => quantity < (known.lines[place]?.quantity ?? 0));
    if (isOpen({ status }) && isFewer) {
      say(words('fewer', { number }), 'problem');
      ring();
    }
    if (isOpen({ status }) && known && lines.some((line, place) => howMade(line) !== howMade(known.lines[place]))) {
      say(words('changedNow', { number }), 'problem');
      ring();
    }
    if (isOpen({ status }) && known && table !== null && known.table !== null && known.table !== table) {
      say(words('movedNow', { from: known.table, to: table }));
      ring();
    }
    if (status === 'cancelled' && known && known.status !== 'cancelled') {
      say(t('kitchen.cancelled', { number }), 'problem');
      ring();
    }
  }
}

interface TicketList {
  items: Ticket[];
  next: string | null;
}

const getTickets = (query: string): Promise<TicketList> =>
  getJson(`${path}/kitchen/tickets?${query}`, kitchenKey.value.value ?? undefined);

async function refresh(): Promise<boolean> {
  const askedAtMs = Date.now();
  const open: Ticket[] = [];
  let cursor: string | null = null;
  do {
    const page: TicketList = await getTickets(
      `limit=${PAGE_SIZE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    open.push(...page.items);
    cursor = page.next;
  } while (cursor);
  clock.value = serverNowMs();
  const before = board.value;
  const after = mergeList(before, open, askedAtMs, Date.now());
  if (after !== before) {
    announce(before, open);
    board.value = after;
  }
  // What went out lately can still be called back, also by a screen that was not there.
  if (!listed) hear((await getTickets('status=served')).items);
  listed = true;
  return after !== before;
}

/** Opens the board with the key at hand. */
export function startBoard(): void {
  following.value?.stop();
  listed = false;
  following.value = follow({
    url: `/api/v1${path}/kitchen/events`,
    connect: (url) => openTicketStream(url, path, kitchenKey.value.value),
    events: {
      ticket: (data) => hear([data as Ticket]),
      menu: () => {
        menuChanges.value += 1;
      },
    },
    refresh,
    onRefused: (problem) => {
      if (problem.status === 401 || problem.status === 403) kitchenKey.refuse();
      else missing.value = true;
    },
  });
}

setInterval(() => {
  clock.value = serverNowMs();
}, TICK_MS);
