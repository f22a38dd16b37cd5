import { signal } from '@preact/signals';
import type { AdvanceRequest, Ticket, TickRequest } from '../../src/contract/kitchen.ts';
import { t } from '../shared/language/house-words.ts';
import { nameOf } from '../shared/language/i18n.ts';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { backoffMs } from '../shared/server/retry.ts';
import { type Step, stepFrom } from './board.ts';
import { hear, moves, ticketOf } from './board-state.ts';
import { kitchenKey, storeSlug } from './key.ts';

/** About ten seconds of trying; a cook who sees a ticket jump back later than that has forgotten it. */
const ATTEMPTS_MAX = 5;
/** Moves that can be taken back one after another. */
const UNDO_MAX = 20;
/** A second tap this soon and this near was meant for the ticket that has just left: another has slid under the finger. */
const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_PX = 30;

interface Move {
  id: string;
  from: Step;
}

/** What was done on this screen, newest last. */
export const done = signal<readonly Move[]>([]);

/** One after the other for each ticket, since each move needs the version that the one before it made. */
const tails = new Map<string, Promise<void>>();
let lastTap = { id: '', atMs: 0, x: 0, y: 0 };

/** A tap on a ticket: one step on. */
export function advance(ticket: Ticket, { clientX, clientY, detail }: MouseEvent): void {
  const to = stepFrom(ticket.status, 1);
  if (!to) return;
  const tap = { id: ticket.id, atMs: performance.now(), x: clientX, y: clientY };
  const isNear = Math.hypot(tap.x - lastTap.x, tap.y - lastTap.y) < DOUBLE_TAP_PX;
  const isSecond = isNear && tap.id !== lastTap.id && tap.atMs - lastTap.atMs < DOUBLE_TAP_MS;
  // A key press has no place (`detail` is 0), and the focus goes with the ticket.
  if (isSecond && detail > 0) return;
  lastTap = tap;
  remember(ticket);
  moveTo(ticket.id, to);
  say(t('kitchen.moved', { number: ticket.number, status: t(`status.${to}`) }), 'info', {
    label: t('kitchen.undo'),
    run: undo,
  });
}

/** One step back, for a ticket that was moved too soon. */
export function stepBack(ticket: Ticket): void {
  const to = stepFrom(ticket.status, -1);
  if (!to) return;
  remember(ticket);
  moveTo(ticket.id, to);
}

function remember(ticket: Ticket): void {
  done.value = [...done.value, { id: ticket.id, from: ticket.status as Step }].slice(-UNDO_MAX);
}

/** Takes the last move of this screen back; call it again for the one before. */
export function undo(): void {
  const last = done.value.at(-1);
  if (!last) return;
  done.value = done.value.slice(0, -1);
  const ticket = ticketOf(last.id);
  moveTo(last.id, last.from);
  if (ticket) say(t('kitchen.moved', { number: ticket.number, status: t(`status.${last.from}`) }));
}

function moveTo(id: string, to: Step): void {
  setMove(id, to);
  inTurn(id, () => send(id, to));
}

/** Ticks a dish of a ticket off, or takes that back. */
export function tick(ticket: Ticket, line: number): void {
  const done = !ticket.doneLines.includes(line);
  inTurn(ticket.id, () => sendTick(ticket, line, done));
}

function inTurn(id: string, work: () => Promise<void>): void {
  const tail = (tails.get(id) ?? Promise.resolve()).then(work);
  tails.set(id, tail);
  void tail.then(() => {
    // A later move of the same ticket is still shown until it is done itself.
    if (tails.get(id) !== tail) return;
    tails.delete(id);
    setMove(id, null);
  });
}

async function sendTick({ id, number }: Ticket, line: number, done: boolean): Promise<void> {
  const path = `/stores/${encodeURIComponent(storeSlug)}/kitchen/tickets/${encodeURIComponent(id)}/lines/${line}`;
  try {
    const body = { done } satisfies TickRequest;
    const { data } = await request<Ticket>(path, { method: 'PUT', body, token: kitchenKey.value.value ?? undefined });
    if (data) hear([data]);
  } catch (error) {
    const current = error instanceof ApiProblem ? (error.body.ticket as Ticket | undefined) : undefined;
    if (current) hear([current]);
    say(t('kitchen.failed', { number }), 'problem');
  }
}

function setMove(id: string, to: Step | null): void {
  if (!to && !moves.value.has(id)) return;
  const next = new Map(moves.value);
  if (to) next.set(id, to);
  else next.delete(id);
  moves.value = next;
}

async function send(id: string, to: Step): Promise<void> {
  const from = ticketOf(id)?.status;
  const path = `/stores/${encodeURIComponent(storeSlug)}/kitchen/tickets/${encodeURIComponent(id)}/advance`;
  for (let attempt = 1; ; attempt++) {
    const ticket = ticketOf(id);
    if (!ticket || ticket.status === to) return;
    try {
      const body = { to, version: ticket.version } satisfies AdvanceRequest;
      const { data } = await request<Ticket>(path, {
        method: 'POST',
        body,
        token: kitchenKey.value.value ?? undefined,
      });
      if (data) hear([data]);
      return;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      const current = problem.body.ticket as Ticket | undefined;
      if (current) hear([current]);
      // Our own earlier attempt got through, and only its answer was lost.
      if (current?.status === to) return;
      // Another screen has ticked off a dish meanwhile: the ticket is where it was, and moves on.
      if (current && current.status === from && attempt < ATTEMPTS_MAX) continue;
      if (!problem.retryable || attempt >= ATTEMPTS_MAX) {
        const sentence = problem.type === 'stale' ? 'kitchen.stale' : 'kitchen.failed';
        say(t(sentence, { number: ticket.number }), 'problem');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, problem.retryAfterMs)));
    }
  }
}

/** What a ticket holds, for a button's name. */
export const contentsOf = ({ lines }: Ticket): string =>
  lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ name, quantity }) => `${quantity} × ${nameOf(name)}`)
    .join(', ');
