import { signal } from '@preact/signals';
import type { AtTable } from './at-table.tsx';
import { place } from './place.ts';

/** What a phone at a table can do beside ordering: it comes when the menu is there, as nobody waits for it. */
export const tablePart = signal<typeof AtTable | null>(null);

/** Why an order needs the code of the table's visit; null: none does. */
export const visitAsked = signal<'no-visit' | 'needed' | null>(null);

export async function loadTablePart(): Promise<void> {
  if (place.table && place.isReadable) tablePart.value = (await import('./at-table.tsx')).AtTable;
}
