import { stringify } from 'csv-stringify/sync';
import type { Sales, SalesBy, SalesLine } from '../contract/index.ts';
import { defused } from '../platform/files/spreadsheet-text.ts';
import type { Store } from './ports.ts';

type Cell = string | number | undefined;

const KEYS: Record<SalesBy, { readonly names: string[]; readonly of: (line: SalesLine, store: Store) => Cell[] }> = {
  hour: { names: ['hour', 'hour_utc'], of: ({ at }, { timeZone }) => [wallClock(at!, timeZone), at] },
  day: { names: ['day'], of: ({ at }) => [at] },
  item: { names: ['item_id', 'name_ko', 'name_en'], of: ({ itemId, name }) => [itemId, name!.ko, name!.en] },
  station: { names: ['station'], of: ({ station }) => [station] },
};

/** As the clock on the store's wall shows it. */
const wallClock = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(at));

/**
 * A table of sales as CSV (RFC 4180), with the mark by which Excel knows UTF-8. What a spreadsheet would take for a formula begins
 * with an apostrophe: a dish may be called `=1+1`, and must not be worked out on the owner's machine (OWASP, CSV injection).
 */
export function writeCsv({ items, currency }: Sales, by: SalesBy, store: Store): string {
  const { names, of } = KEYS[by];
  return stringify(
    [
      [...names, 'orders', 'portions', `total_${currency.toLowerCase()}`],
      ...items.map((line) => [...of(line, store), line.orders, line.portions, line.total]),
    ],
    { bom: true, record_delimiter: 'windows', cast: { string: defused } },
  );
}
