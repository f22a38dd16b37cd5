import { signal } from '@preact/signals';

/** What lies open beside or over the board. */
export const panel = signal<'none' | 'all-day' | 'sold-out' | 'pace'>('none');
