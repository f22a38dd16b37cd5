import type { Name } from '../../contract/index.ts';
import type { Store } from '../queries.ts';
import { tablesOf } from '../set-up-store.ts';
import type { TableKeys } from '../table-keys.ts';
import type { Sheet } from './draw-sheet.ts';

/** Where a store's guests order: the path of a table's printed link, or of the counter. */
export const linkPath = (keys: TableKeys, store: Store, table: string | null): string =>
  `/s/${store.slug}${table === null ? '' : `/t/${encodeURIComponent(table)}?k=${keys.sign(store, table)}`}`;

/** The codes of a store's tables and of its counter, as they are printed. @param base what addresses begin with */
export function sheetOf(keys: TableKeys, store: Store, base: string, languages: readonly string[]): Sheet {
  const speaks = languages.includes('ko') ? 'ko' : 'en';
  const words = WORDS[speaks];
  return {
    store: nameIn(store.name, speaks),
    codes: [...tablesOf(store), null].map((table) => ({
      // A table with a name of its own is called by it.
      name: table === null ? words.takeout : /^\d+$/.test(table) ? `${words.table} ${table}` : table,
      address: base + linkPath(keys, store, table),
    })),
  };
}

const WORDS = {
  ko: { table: '테이블', takeout: '포장' },
  en: { table: 'Table', takeout: 'Takeaway' },
} as const;

const nameIn = (name: Name, speaks: 'ko' | 'en'): string => name[speaks] || name.ko || name.en;
