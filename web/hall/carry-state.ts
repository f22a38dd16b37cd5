import { computed, signal } from '@preact/signals';
import type { AdvanceRequest, Ticket } from '../../src/contract/kitchen.ts';
import { t } from '../shared/language/house-words.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { type Following, follow } from '../shared/server/live.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { openTicketStream } from '../shared/server/ticket-stream.ts';
import { readCalls } from './call-state.ts';
import { hallKey } from './key.ts';
import { path } from './line-state.ts';

/** A page of open tickets; a dining room with more open is carrying from the kitchen's own list. */
const PAGE_SIZE = 200;

const tickets = signal<ReadonlyMap<string, Ticket>>(new Map());
let following: Following | null = null;

/** What is ready for a table, by table, what has waited longest first. */
export const toCarry = computed(() => {
  const ready = [...tickets.value.values()].filter(({ status, table }) => status === 'ready' && table !== null);
  ready.sort((a, b) => a.changedAt.localeCompare(b.changedAt) || a.id.localeCompare(b.id));
  const tables = new Set(ready.map(({ table }) => table!));
  return [...tables].map((table) => ({ table, tickets: ready.filter((ticket) => ticket.table === table) }));
});

function hear(heard: readonly Ticket[]): void {
  const next = new Map(tickets.value);
  for (const ticket of heard) {
    if ((next.get(ticket.id)?.version ?? 0) < ticket.version) next.set(ticket.id, ticket);
  }
  tickets.value = next;
}

/** Follows what the kitchen has ready, and who calls, with the hall's key. */
export function startCarrying(): void {
  following?.stop();
  tickets.value = new Map();
  const token = hallKey.value.value ?? '';
  following = follow({
    url: `/api/v1${path}/kitchen/events`,
    connect: (url) => openTicketStream(url, path, token),
    events: { ticket: (data) => hear([data as Ticket]), calls: () => void readCalls().catch(() => {}) },
    async refresh() {
      void readCalls().catch(() => {});
      const { items } = await getJson<{ items: Ticket[] }>(`${path}/kitchen/tickets?limit=${PAGE_SIZE}`, token);
      const before = tickets.value;
      const open = new Set(items.map(({ id }) => id));
      // What was open and is not in the list was served or cancelled while nobody listened.
      if (items.length < PAGE_SIZE) tickets.value = new Map([...before].filter(([id]) => open.has(id)));
      hear(items);
      return tickets.value.size !== before.size;
    },
  });
}

/** It stands on the table, or goes back to the counter: the kitchen's tickets move with it. */
export async function carry(moved: readonly Ticket[], to: 'served' | 'ready'): Promise<void> {
  const undo = { label: t('hall.undo'), run: () => void carry(moved, 'ready') };
  try {
    await Promise.all(moved.map((ticket) => move(ticket.id, to)));
    const [first] = moved;
    if (first) say(t(`hall.carry.${to}`, { table: first.table ?? '' }), 'info', to === 'served' ? undo : undefined);
  } catch {
    say(t('hall.failed'), 'problem');
  }
}

async function move(id: string, to: AdvanceRequest['to']): Promise<void> {
  const ticket = tickets.value.get(id);
  if (!ticket || ticket.status === to) return;
  try {
    const { data } = await request<Ticket>(`${path}/kitchen/tickets/${encodeURIComponent(id)}/advance`, {
      method: 'POST',
      body: { to, version: ticket.version } satisfies AdvanceRequest,
      token: hallKey.value.value ?? undefined,
    });
    if (data) hear([data]);
  } catch (error) {
    const current = error instanceof ApiProblem ? (error.body.ticket as Ticket | undefined) : undefined;
    if (current) hear([current]);
    if (current?.status !== to) throw error;
  }
}
