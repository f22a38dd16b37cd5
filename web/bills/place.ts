import type { BillSummary } from '../../src/contract/bill.ts';
import { words } from './words.ts';

/** What a bill is called: its table, or the number of the order at the counter. */
export const placeOf = ({ table, number, merged = [] }: Pick<BillSummary, 'table' | 'number' | 'merged'>): string =>
  table === null
    ? words('number', { number: number ?? '' })
    : words('table', { table: [table, ...merged].join(' + ') });
