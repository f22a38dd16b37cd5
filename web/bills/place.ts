import type { BillSummary } from '../../src/contract/bill.ts';
import { words } from './words.ts';

/** What a bill is called: its table, or the number of the order at the counter. */
export const placeOf = ({ table, number, merged = [] }: Pick<BillSummary, 'table' | 'number' | 'merged'>): string =>
  table === null
    ? words('number', { number: number ?? '' })
    : words('table', { table: [table, ...merged].join(' + ') });

/** Who did something with a bill: by name, and whoever used the owner's key by that. */
export const whoIs = (by: string | null | undefined): string => (by === 'key' ? words('byKey') : (by ?? ''));
