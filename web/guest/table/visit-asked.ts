import { signal } from '@preact/signals';

/** Why an order needs the code of the table's visit; null: none does. */
export const visitAsked = signal<'no-visit' | 'needed' | null>(null);
