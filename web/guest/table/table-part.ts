import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { place } from '../order/place.ts';

/** What a phone can do about its table beside ordering: it comes when the menu is there, as nobody waits for it. */
export const tablePart = signal<FunctionComponent | null>(null);

export async function loadTablePart(): Promise<void> {
  if (!place.isReadable) return;
  tablePart.value = place.table
    ? (await import('./at-table.tsx')).AtTable
    : (await import('./name-table.tsx')).NameTable;
}
