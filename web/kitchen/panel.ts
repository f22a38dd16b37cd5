import { signal } from '@preact/signals';
import { keep, recall } from '../shared/page/storage.ts';

/** What lies open beside or over the board. */
export const panel = signal<'none' | 'all-day' | 'sold-out' | 'pace'>('none');

/** The order whose details lie open, by its id. */
export const openOrder = signal<string | null>(null);

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** How this tablet shows the board: chosen once, kept over reloads. */
function keptChoice(name: string) {
  const keptAs = `matjip:kitchen:${name}`;
  const isChosen = signal(recall<boolean>(keptAs, YEAR_MS) ?? false);
  return {
    isChosen,
    toggle() {
      isChosen.value = !isChosen.value;
      keep(keptAs, isChosen.value);
    },
  };
}

/** One list a table, all stations together: for whoever puts the plates of a table on one tray. */
export const byTable = keptChoice('by-table');
/** Smaller cards: fifty of them on one screen. */
export const compact = keptChoice('compact');
