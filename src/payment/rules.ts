import type { PaymentState } from '../contract/index.ts';
import type { ProviderPayment } from './ports.ts';

/** What is decided of an intent, as far as the provider's answer goes. */
export interface Known {
  readonly state: PaymentState;
  readonly amount: number;
  readonly currency: string;
}

/** What comes of asking the provider. */
export type Outcome =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ends'; readonly state: 'declined' | 'cancelled' }
  | {
      readonly kind: 'paid';
      /** What goes on the bill. */
      readonly taken: number;
      /** What goes back, and why. */
      readonly back: { readonly amount: number; readonly reason: 'not-owed' | 'mismatch' } | undefined;
    };

/**
 * What the provider's answer makes of an intent. Money that was taken is never ignored, however late it is heard of: as much goes on
 * the bill as it still owes, and the rest back. What is not the amount and the currency that were asked for goes back whole.
 * Paid is the end: nothing that comes later changes it. Pure.
 * @param seen undefined: the provider does not know it
 * @param isOver it should have reached the provider long ago
 * @param due what the bill owes now
 */
export function decide(intent: Known, seen: ProviderPayment | undefined, isOver: boolean, due: number): Outcome {
  if (intent.state === 'paid') return { kind: 'nothing' };
  if (seen?.state === 'paid') {
    if (seen.amount !== intent.amount || seen.currency !== intent.currency) {
      return { kind: 'paid', taken: 0, back: { amount: seen.amount, reason: 'mismatch' } };
    }
    const taken = Math.min(intent.amount, Math.max(due, 0));
    const rest = intent.amount - taken;
    return { kind: 'paid', taken, back: rest > 0 ? { amount: rest, reason: 'not-owed' } : undefined };
  }
  if (intent.state !== 'open') return { kind: 'nothing' };
  if (!seen) return isOver ? { kind: 'ends', state: 'cancelled' } : { kind: 'nothing' };
  return seen.state === 'open' ? { kind: 'nothing' } : { kind: 'ends', state: seen.state };
}
