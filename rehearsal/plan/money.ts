/** Sums of money as people read them. The list is in dollars, the bill in won. */
import type { Prices } from './prices.ts';

export const wonOf = (dollars: number, { wonPerDollar }: Prices): number => Math.round(dollars * wonPerDollar);

/** ₩1,234,000: three digits that matter, as samples deserve no more. */
export function formatWon(dollars: number, prices: Prices): string {
  return `₩${round(wonOf(dollars, prices)).toLocaleString('en-US')}`;
}

export const formatDollars = (dollars: number): string => `$${round(dollars).toLocaleString('en-US')}`;

const round = (value: number): number => (value < 1_000 ? Math.round(value) : Number(value.toPrecision(3)));
