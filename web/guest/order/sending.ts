import { computed, signal } from '@preact/signals';
import type { LineView } from '../../../src/contract/line.ts';
import type { OrderView } from '../../../src/contract/order.ts';
import { t } from '../../shared/language/i18n.ts';
import { storeSentence } from '../../shared/language/store-state.ts';
import { say, unsay } from '../../shared/parts/notice.tsx';
import { request } from '../../shared/server/api.ts';
import { serverNowMs } from '../../shared/server/clock.ts';
import type { ApiProblem } from '../../shared/server/problem.ts';
import { uuidV7 } from '../../shared/server/uuid.ts';
import { acceptChanges, toOrderRequest, totalOf, withoutSent } from '../cart/cart.ts';
import { cart, cartTotal, readCartAgain, setCart } from '../cart/cart-state.ts';
import { markSoldOut, menu, revalidate, store } from '../menu/menu-state.ts';
import { replace, route } from '../route.ts';
import { visitAsked } from '../table/visit-asked.ts';
import { deliver, type Pending } from './deliver.ts';
import { orders, readOrdersAgain, rememberOrder } from './orders-state.ts';
import { addPending, alone, keepPlace, pending, removePending } from './pending-orders.ts';
import { place, proof } from './place.ts';

/** A page opened again within this time goes on by itself; later the guest is asked, who may have left. */
const RESUME_WITHIN_MS = 10 * 60 * 1000;
/** Who has a place in the line waits knowingly; it is good for so long. */
const LINE_RESUME_WITHIN_MS = 2 * 60 * 60 * 1000;
/** A cached menu may be a second behind the prices that the order was checked against. */
const MENU_LAG_MS = 1_100;

/** How the sending goes; null while nothing is being sent. */
export const progress = signal<{
  attempt: number;
  waitMs: number;
  problem: ApiProblem | null;
  /** How far its place in the virtual line is; null: it has none. */
  line: LineView | null;
} | null>(null);
/** Whether the browser sends the order by itself when the network is back, so that the page may be closed. */
export const sentInBackground = signal(false);
/** An order without an answer that nobody is sending. */
export const isStopped = computed(() => pending.value !== null && progress.value === null);

let endWait: ((goOn: boolean) => void) | null = null;
let stopAsked = false;

function wait(ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (stopAsked) return resolve(false);
    const timer = setTimeout(() => endWait?.(true), ms);
    endWait = (goOn) => {
      clearTimeout(timer);
      endWait = null;
      resolve(goOn);
    };
  });
}

// Waiting out a back-off while the network is back is only waiting; what the server asked for stays.
window.addEventListener('online', () => {
  if (progress.value?.problem?.status === 0) endWait?.(true);
});

// A phone that wakes up asks how far the line has come meanwhile.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && progress.value?.line) endWait?.(true);
});

const path = `/stores/${encodeURIComponent(place.store)}`;

async function post({ key, body, place: held }: Pending): Promise<OrderView> {
  const headers = { 'idempotency-key': key, ...(held && { 'line-place': held }) };
  const { data } = await request<OrderView>(`${path}/orders`, { method: 'POST', body, headers });
  return data as OrderView;
}

/**
 * Orders what is in the cart, with every change shown by then accepted. What another tab of this phone is ordering
 * already is sent along with it instead, under the same key.
 */
export async function order(): Promise<void> {
  if (pending.value || !menu.value || !store.value) return;
  unsay();
  await alone(() => {
    if (pending.value || !menu.value) return;
    const before = cart.value.length;
    readCartAgain();
    // Another tab has ordered it in the meantime, and has had its answer.
    if (before > 0 && cart.value.length === 0) return showNewest();
    const lines = acceptChanges(menu.value, cart.value);
    setCart(lines);
    if (!lines.length) return;
    const body = JSON.stringify(toOrderRequest(lines, totalOf(menu.value, lines), place.table, proof));
    addPending({ key: uuidV7(serverNowMs()), body, lines, madeAtMs: Date.now() });
  });
  await send();
}

function showNewest(): void {
  readOrdersAgain();
  const [newest] = orders.value;
  if (newest) replace({ page: 'order', id: newest.order.id });
}

/** Sends the pending order until it has an answer; call it again to go on after a stop. */
export async function send(): Promise<void> {
  const sent = pending.value;
  if (!sent || progress.value) return;
  stopAsked = false;
  progress.value = { attempt: 1, waitMs: 0, problem: null, line: null };
  const outcome = await deliver(sent, {
    post,
    wait,
    onRetry: (attempt, waitMs, problem) => {
      progress.value = { attempt: attempt + 1, waitMs, problem, line: null };
    },
    look: async (held) =>
      (await request<LineView>(`${path}/line`, { headers: { 'line-place': held } })).data as LineView,
    onLook: (line) => {
      progress.value = { attempt: 1, waitMs: line.pollAfterMs, problem: null, line };
    },
    keepPlace: (held) => keepPlace(sent, held),
  });
  if (outcome.kind === 'taken') {
    rememberOrder(outcome.order);
    // Only once: the other tab has taken it out of the cart that both share.
    if (removePending(sent)) setCart(withoutSent(cart.value, sent.lines));
    replace({ page: 'order', id: outcome.order.id });
  } else if (outcome.kind === 'refused') {
    await refused(outcome.problem, sent);
  }
  progress.value = null;
}

/** Stops asking. The order stays pending, because nobody knows whether it was taken. */
export function stopSending(): void {
  stopAsked = true;
  endWait?.(false);
}

/** Forgets the pending order. Only the guest may decide that. */
export function discard(): void {
  if (pending.value) removePending(pending.value);
}

async function refused(problem: ApiProblem, sent: Pending): Promise<void> {
  const isFirst = removePending(sent);
  const { fields, items, total } = problem.body;
  if (fields?.some(({ field }) => field.toLowerCase() === 'idempotency-key') && !retimed) {
    // This phone's clock is a day off. The answer has told the right time, so a new key will do, once.
    retimed = true;
    if (isFirst) addPending({ ...sent, key: uuidV7(serverNowMs()) });
    progress.value = null;
    return send();
  }
  if (problem.type === 'sold-out' && Array.isArray(items)) {
    markSoldOut(items);
    setTimeout(() => void revalidate(), MENU_LAG_MS);
  } else if (problem.type === 'price-changed') {
    await revalidate();
    if (cartTotal.value !== total) {
      await new Promise((resolve) => setTimeout(resolve, MENU_LAG_MS));
      await revalidate();
    }
  } else if (problem.type === 'visit-code') {
    visitAsked.value = problem.body.reason === 'no-visit' ? 'no-visit' : 'needed';
  } else {
    await revalidate();
    // Its code was replaced, or the address was typed.
    const isOfTable = fields?.[0]?.field.startsWith('table');
    const isClosed = problem.type === 'store-closed';
    const closed = store.value && storeSentence(store.value);
    say(
      isClosed
        ? (closed ?? t('store.pausedBanner'))
        : t('send.refused', {
            reason: t(
              isOfTable ? 'error.tableUnreadable' : problem.type === 'invalid' ? 'send.menuChanged' : 'error.generic',
            ),
          }),
      'problem',
    );
  }
  if (route.value.page !== 'cart') replace({ page: 'cart' });
}

let retimed = false;

/** Goes on with an order that a reload interrupted. */
export function resumePending(): void {
  const kept = pending.value;
  if (kept && Date.now() - kept.madeAtMs < (kept.place ? LINE_RESUME_WITHIN_MS : RESUME_WITHIN_MS)) void send();
}
