import type { CancelReason } from './order.ts';

/** Why the shop cancels an order, in the order in which a kitchen is asked; each page says it in its reader's language. */
export const CANCEL_REASONS = [
  'sold-out',
  'too-busy',
  'closing',
  'duplicate',
  'asked',
  'shop',
] as const satisfies readonly CancelReason[];
