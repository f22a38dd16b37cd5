import { signal } from '@preact/signals';
import type { PaymentOffer, PaymentView } from '../../../src/contract/payment.ts';
import { say } from '../../shared/parts/notice.tsx';
import { getJson, request } from '../../shared/server/api.ts';
import { serverNowMs } from '../../shared/server/clock.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { uuidV7 } from '../../shared/server/uuid.ts';
import type { KnownOrder } from '../order/orders-state.ts';
import { isPaidFirst } from '../order/paid-first.ts';
import { words } from './pay-words.ts';

/** What can be paid of the bill on the screen; null: nobody has said yet. */
export const offered = signal<PaymentOffer | null>(null);
export const busy = signal(false);

const pathOf = ({ order }: KnownOrder): string => `/stores/${order.storeId}/orders/${order.id}/payments`;

/** What was sent and never answered: the same again goes on under its key, so nothing is begun twice. */
let unsure: { what: string; key: string } | undefined;

export async function readOffer(known: KnownOrder): Promise<void> {
  offered.value = await getJson<PaymentOffer>(pathOf(known), known.token);
  isPaidFirst.value = offered.value.payBy === null;
}

/** The provider's page sends the guest back to this page, with the bill open. */
function returnPath(): string {
  const query = new URLSearchParams(location.search);
  query.set('pay', '');
  return `${location.pathname}?${query}`;
}

/** Begins a payment and goes to the provider's page; when that cannot be, it is said and nothing was charged. */
export async function pay(known: KnownOrder, amount: number): Promise<void> {
  if (busy.value) return;
  busy.value = true;
  const what = `${known.order.id} ${amount}`;
  const key = unsure?.what === what ? unsure.key : uuidV7(serverNowMs());
  unsure = { what, key };
  try {
    const { data } = await request<PaymentView>(pathOf(known), {
      method: 'POST',
      token: known.token,
      headers: { 'idempotency-key': key },
      body: { amount, returnPath: returnPath() },
    });
    unsure = undefined;
    if (data?.payUrl) location.assign(data.payUrl);
    else await readOffer(known);
  } catch (error) {
    const { type, retryable } = error instanceof ApiProblem ? error : new ApiProblem('network');
    if (!retryable || type === 'payment-underway') unsure = undefined;
    const isChanged = type === 'more-than-due' || type === 'payment-underway' || type === 'stale';
    say(words(isChanged ? 'tooMuch' : 'away'), 'problem');
    await readOffer(known).catch(() => {});
  } finally {
    busy.value = false;
  }
}

/** Asks what became of a payment, which has the server ask the provider. */
export async function ask(known: KnownOrder, id: string, method: 'GET' | 'DELETE' = 'GET'): Promise<void> {
  try {
    await request<PaymentView>(`${pathOf(known)}/${id}`, { method, token: known.token });
    await readOffer(known);
  } catch {
    if (method === 'DELETE') say(words('away'), 'problem');
  }
}
