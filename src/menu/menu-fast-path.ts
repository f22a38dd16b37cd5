import type { ReadyBody } from '../platform/http/answer/ready-body.ts';
import type { Asked } from '../platform/http/fast-path/request-head.ts';
import type { WireAnswer } from '../platform/http/fast-path/wire-answer.ts';
import { isUuid } from '../platform/id.ts';
import type { MenuCache } from './menu-cache.ts';
import type { ReadyMenu } from './ready-menu.ts';

const BEFORE = '/api/v1/stores/';
const MENU = '/menu';
const STOCK = '/stock';
type BodyOf = (menu: ReadyMenu) => ReadyBody;
const BODIES: Readonly<Record<typeof MENU | typeof STOCK, BodyOf>> = {
  [MENU]: (menu) => menu.body,
  [STOCK]: (menu) => menu.stockBody,
};

/** Menus that are read at once for this; strangers may ask for stores that there are not, and those are refused like everything else. */
const READS_MAX = 32;

/**
 * The hottest request of all, answered by the fast path: a menu that lies in the cache, or its stock, asked for by its store's id. One that has
 * grown too old is waited for by all who ask for it, without becoming a request each. Everything else about menus (slugs, unknown
 * stores, the first load) takes the ordinary route, which answers the same.
 */
export function createMenuFastPath(menuCache: MenuCache) {
  /** Stores whose menu is being read, and by how many. */
  const readers = new Map<string, number>();

  async function read(storeId: string): ReturnType<MenuCache['read']> {
    readers.set(storeId, (readers.get(storeId) ?? 0) + 1);
    try {
      return await menuCache.read(storeId);
    } finally {
      const left = readers.get(storeId)! - 1;
      if (left > 0) readers.set(storeId, left);
      else readers.delete(storeId);
    }
  }

  async function readSoon(storeId: string, bodyOf: BodyOf, asked: Asked): Promise<WireAnswer | undefined> {
    const { value, outcome } = menuCache.peek(storeId) ?? (await read(storeId));
    const body = bodyOf(value);
    return body.wire(asked, outcome) ?? (await body.madeWire(asked, outcome));
  }

  return (asked: Asked): WireAnswer | Promise<WireAnswer | undefined> | undefined => {
    const { method, url } = asked;
    if (method !== 'GET' || !url.startsWith(BEFORE)) return undefined;
    const which = url.endsWith(MENU) ? MENU : url.endsWith(STOCK) ? STOCK : undefined;
    if (!which) return undefined;
    const storeId = url.slice(BEFORE.length, -which.length);
    const bodyOf = BODIES[which];
    const answer = menuCache.peek(storeId);
    if (answer) return bodyOf(answer.value).wire(asked, answer.outcome) ?? readSoon(storeId, bodyOf, asked);
    if (!isUuid(storeId) || (readers.size >= READS_MAX && !readers.has(storeId))) return undefined;
    return readSoon(storeId, bodyOf, asked);
  };
}
