import type { OrderEvent } from './order.ts';

/** What processes tell each other so that open pages follow. Losing one costs a delay, never the truth. */
export type LiveMessage =
  | { readonly kind: 'order'; readonly storeId: string; readonly number: number; readonly event: OrderEvent }
  | { readonly kind: 'tickets'; readonly storeId: string; readonly orderIds: readonly string[] }
  | { readonly kind: 'slips'; readonly storeId: string; readonly stations: readonly string[] }
  | { readonly kind: 'menu'; readonly storeId: string };
