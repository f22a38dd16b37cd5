import { BOUNDS } from '../config.ts';

/** One place where something is kept. `docs/guide/cache.md` shows these as a table; a test holds the two equal. */
export interface CachedPlace {
  /** What of DESIGN §7's five it is. */
  readonly where: 'API response' | 'main page' | 'database' | 'function' | 'token';
  readonly what: string;
  readonly key: string;
  readonly tiers: 'memory' | 'memory, second' | 'none';
  readonly lifetime: string;
  readonly invalidatedBy: string;
  /** Kept in one process at most; what was put least recently goes first. 0: nothing is kept. */
  readonly itemsMax: number;
}

/** Every place. What is worth a second tier costs more to make than to fetch; a single row does not. */
export const CACHED_PLACES = {
  menu: {
    where: 'API response',
    what: 'a store’s menu as ready bytes: plain, gzip, br',
    key: '`{store}@{menu version}`',
    tiers: 'memory, second',
    lifetime: '0.9 s after it was last known right; 10 min in the second tier',
    invalidatedBy:
      'its version in `store_head`: asked every 0.45 s while read, and when a change is announced; a new stock is patched in',
    itemsMax: 2_000,
  },
  stores: {
    where: 'API response',
    what: 'a page of the list of stores as ready bytes',
    key: '`[limit, cursor]`',
    tiers: 'memory',
    lifetime: '0.9 s after it was last known right',
    invalidatedBy: 'its own text, asked every 0.45 s while read',
    itemsMax: 500,
  },
  ranking: {
    where: 'API response',
    what: 'what sells at a store, a brand or everywhere, as ready bytes',
    key: '`{store or brand}?{window}&{limit}`',
    tiers: 'memory',
    lifetime: '0.9 s after it was last known right',
    invalidatedBy:
      'the number of its changes: asked of Redis every 0.45 s while read; without Redis of Postgres every 2 s; brands follow their stores once a minute',
    itemsMax: 2_000,
  },
  page: {
    where: 'main page',
    what: 'the guest page with its store and menu inside, as ready bytes',
    key: 'the menu, the store’s row and the reader’s language',
    tiers: 'memory',
    lifetime: 'that of the menu',
    invalidatedBy: 'a new menu, a new store row; a new stock is patched in',
    itemsMax: 2_000,
  },
  photo: {
    where: 'API response',
    what: 'photos of dishes, in the widths that were asked for',
    key: '`{what is in it}/{width}`',
    tiers: 'memory',
    lifetime: 'until others are asked for more (32 MiB); a year in browsers',
    invalidatedBy: 'nothing: another picture has another address',
    itemsMax: BOUNDS.photos.keptMax,
  },
  store: {
    where: 'database',
    what: 'a store’s settings and state',
    key: '`{id or slug}`',
    tiers: 'memory',
    lifetime: '0.9 s after it was last known right',
    invalidatedBy: 'the row itself, asked every 0.45 s while read',
    itemsMax: 20_000,
  },
  brand: {
    where: 'database',
    what: 'a brand’s id',
    key: '`{slug}`',
    tiers: 'memory',
    lifetime: '0.9 s after it was last known right',
    invalidatedBy: 'the row itself, asked every 0.45 s while read',
    itemsMax: 1_000,
  },
  prices: {
    where: 'database',
    what: 'what orders are priced from',
    key: '`{store}` and menu version',
    tiers: 'memory',
    lifetime: 'until another version is asked for',
    invalidatedBy: 'the version that the order’s transaction holds locked, so never wrong',
    itemsMax: 2_000,
  },
  order: {
    where: 'database',
    what: 'orders as their guests see them, of those placed here or asked for lately',
    key: '`{store} {order}`',
    tiers: 'memory',
    lifetime: '30 s, for a dish’s name; without Redis',
    invalidatedBy: 'the version of its row, asked at every question, so never older than that',
    itemsMax: BOUNDS.knownOrdersMax,
  },
  promise: {
    where: 'function',
    what: 'promised minutes',
    key: 'that of `store`',
    tiers: 'memory',
    lifetime: 'that of `store`',
    invalidatedBy: 'the store’s state or preparation time',
    itemsMax: 20_000,
  },
  'guest token': {
    where: 'token',
    what: 'an order’s guest: an HMAC, checked by calculating',
    key: '`{store} {order}`',
    tiers: 'none',
    lifetime: 'for ever',
    invalidatedBy: 'another `SECRET`',
    itemsMax: 0,
  },
  session: {
    where: 'token',
    what: 'who is signed in, a person or a device, and with which roles',
    key: '`{hash of the token}`',
    tiers: 'memory',
    lifetime: '0.9 s after it was last known right',
    invalidatedBy: 'the rows themselves, asked every 0.45 s while read; a sign-out, at once in its own process',
    itemsMax: 5_000,
  },
  'kitchen key': {
    where: 'token',
    what: 'a store’s kitchen key: an HMAC, kept once calculated',
    key: '`{store}`',
    tiers: 'memory',
    lifetime: 'for ever',
    invalidatedBy: 'another `SECRET`, at the next start',
    itemsMax: 2_000,
  },
} as const satisfies Record<string, CachedPlace>;
