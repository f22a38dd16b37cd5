import type { CancelReason, OrderView } from '../../src/contract/order.ts';
import { t } from '../shared/language/house-words.ts';
import { say } from '../shared/parts/notice.tsx';
import { request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { refusedHere } from './board-state.ts';
import { kitchenKey, storeSlug } from './key.ts';
import { panel } from './panel.ts';

interface Refusal {
  orderId: string;
  number: number;
  reason: CancelReason;
  /** Whether its portions can be sold again. */
  returnPortions: boolean;
}

/**
 * Cancels an order at all its stations and tells its guest why. The same again comes to the same, so whoever is not sure taps
 * once more.
 * @returns whether it is cancelled now
 */
export async function refuseOrder({ orderId, number, reason, returnPortions }: Refusal): Promise<boolean> {
  const path = `/stores/${encodeURIComponent(storeSlug)}/orders/${orderId}?reason=${reason}&returnPortions=${returnPortions}`;
  refusedHere.add(orderId);
  try {
    await request<OrderView>(path, { method: 'DELETE', token: kitchenKey.value.value ?? undefined });
    say(t('kitchen.refused', { number }), 'info', reason === 'sold-out' ? sellOut() : undefined);
    return true;
  } catch (error) {
    refusedHere.delete(orderId);
    const isOver = error instanceof ApiProblem && error.type === 'not-cancellable';
    say(t(isOver ? 'kitchen.stale' : 'kitchen.failed', { number }), 'problem');
    return false;
  }
}

/** What ran out for one guest has run out for all. */
const sellOut = () => ({
  label: t('kitchen.menu'),
  run() {
    panel.value = 'sold-out';
  },
});
