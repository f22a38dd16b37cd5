/** What the crowd's process is told: who its guests are, and what they do. */
export interface CrowdPlan {
  /** Arrivals, dishes, taps and keys follow from it. */
  readonly seed: number;
  /** Its ledger; see `ledger-file.ts`. */
  readonly file: string;
  /** Servers; a guest who hears an error tries again at the next. */
  readonly urls: readonly string[];
  readonly storeId: string;
  readonly dishes: readonly { readonly id: string; readonly price: number }[];
  /** Guests who arrive in a second, whether or not those before them have been served: an open loop. */
  readonly perSecond: number;
  /** So many come, and no more; unset: until it is told to stop. */
  readonly guestsMax?: number;
  /** Each request is sent so many times at once, from one bound to the other. Unset: 1. */
  readonly tapsMin?: number;
  readonly tapsMax?: number;
  /** Of the guests, who also send their key with another body, at once and afterwards. Unset: none. */
  readonly changedShare?: number;
  /** Of the guests, who take their order back, by 1 to 3 taps at once. Unset: none. */
  readonly cancelShare?: number;
  /** Looks at the menu in a second. Unset: none. */
  readonly menusPerSecond?: number;
  /** How far the phones' clocks are off, in milliseconds; their ledger's is right. Unset: 0. */
  readonly phonesOffMs?: number;
  /** Portions that a guest orders at most. Unset: 3. */
  readonly portionsMax?: number;
}

/** What stands in a line of the ledger. Times are milliseconds since 1970, by this machine's one clock. */
export interface LedgerLine {
  /** `order` and `cancel` are on disk before they are sent; the others when they were heard. `left`: too many were waiting. */
  readonly kind: 'order' | 'order-answer' | 'cancel' | 'cancel-answer' | 'menu-answer' | 'left';
  readonly key: string | null;
  /** 0: the order as its guest means it; 1: the same key with another body. */
  readonly variant: number | null;
  /** What that body costs. */
  readonly expected: number | null;
  /** HTTP status; 0: the connection failed, and nobody knows. */
  readonly status: number | null;
  /** The problem's type, or the connection's error. */
  readonly problem: string | null;
  readonly number: number | null;
  readonly total: number | null;
  readonly retryAfterS: number | null;
  readonly atMs: number;
  /** When its guest arrived. */
  readonly dueMs: number | null;
  /** From sent to heard. */
  readonly tookMs: number | null;
}

/** In the order of the file's columns; the store is the same in all lines. */
export const COLUMNS = [
  'kind',
  'key',
  'variant',
  'expected',
  'status',
  'problem',
  'number',
  'total',
  'retryAfterS',
  'atMs',
  'dueMs',
  'tookMs',
] as const satisfies readonly (keyof LedgerLine)[];
