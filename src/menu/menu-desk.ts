import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { ReadThrough } from '../platform/cache/read-through.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { type LoadedMenu, loadMenu } from './load-menu.ts';
import { readVersions } from './queries.ts';

/** A menu as it leaves the server: made once for each version, not for each request. */
export interface ReadyMenu {
  readonly menu: LoadedMenu;
  readonly etag: string;
  readonly identity: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

export interface MenuAnswer {
  readonly ready: ReadyMenu;
  /** `hit`: known right; `stale`: a newer one is on its way; `miss`: this caller waited for the load. */
  readonly outcome: 'hit' | 'stale' | 'miss';
}

/**
 * What is asked for often lies on the desk. An answer may be given while it was known right less than
 * `SERVE_WITHIN_MS` ago; `store_head` in Postgres says what is right, asked once for all stores at a time.
 */
export interface MenuDesk {
  /** The answer when it can be given at once, without a promise: the hot path. */
  peek(storeId: string): MenuAnswer | undefined;
  /** @throws Problem `not-found`, or the database's error when there is nothing on the desk to serve instead */
  read(storeId: string): Promise<MenuAnswer>;
  /** A change was heard of: whoever has the menu on the desk looks for the new one now. */
  heard(storeId: string): void;
  /** Loads from the database since the start. */
  readonly loads: number;
}

/**
 * A change must be seen within a second. Lower would ask the database more often than twice a second and buy nothing a
 * guest could notice; higher leaves too little of the second for the load itself.
 */
const SERVE_WITHIN_MS = 900;
const CHECK_AFTER_MS = 450;
/** Stores on the desk of one process. A menu with its three encodings takes about 100 KiB, so this is about 200 MiB. */
const DESK_STORES_MAX = 2_000;
const BROTLI_QUALITY = 5;

interface Place {
  ready: ReadyMenu;
  /** The last moment at which this was known to be the newest. */
  rightAtMs: number;
  outdated: boolean;
}

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

async function makeReady(menu: LoadedMenu): Promise<ReadyMenu> {
  const identity = Buffer.from(JSON.stringify(menu.view));
  const [zipped, br] = await Promise.all([
    gzipAsync(identity, { level: 6 }),
    brotliAsync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  ]);
  return { menu, etag: `"${menu.view.version}"`, identity, gzip: zipped, br };
}

async function loadReady(db: Queryable, storeId: string): Promise<ReadyMenu> {
  const menu = await loadMenu(db, storeId);
  if (!menu) throw new Problem('not-found', { detail: 'There is no such store.' });
  return makeReady(menu);
}

/** `CACHE=off`: right, and as slow as the database. */
export function createOpenDesk(db: Queryable): MenuDesk {
  let loads = 0;
  const read = async (storeId: string): Promise<MenuAnswer> => {
    loads += 1;
    const menu = await loadMenu(db, storeId);
    if (!menu) throw new Problem('not-found', { detail: 'There is no such store.' });
    const identity = Buffer.from(JSON.stringify(menu.view));
    return { ready: { menu, etag: `"${menu.view.version}"`, identity, gzip: identity, br: identity }, outcome: 'miss' };
  };
  return {
    peek: () => undefined,
    read,
    heard: () => {},
    get loads() {
      return loads;
    },
  };
}

export function createMenuDesk(db: Queryable, now: Clock, versions: ReadThrough<ReadyMenu>): MenuDesk {
  const desk = new Map<string, Place>();
  const loading = new Map<string, Promise<Place>>();
  let checking: Promise<void> | undefined;
  let loads = 0;

  function put(storeId: string, ready: ReadyMenu, rightAtMs: number): Place {
    const place = desk.get(storeId);
    // Two loads may end in the wrong order; the older menu must not cover the newer one.
    if (place && isNewer(place.ready.menu, ready.menu)) return place;
    const next = { ready, rightAtMs, outdated: false };
    desk.delete(storeId);
    desk.set(storeId, next);
    if (desk.size > DESK_STORES_MAX) desk.delete(desk.keys().next().value!);
    return next;
  }

  function load(storeId: string): Promise<Place> {
    const underway = loading.get(storeId);
    if (underway) return underway;
    const started = (async () => {
      const rightAtMs = now();
      const version = (await readVersions(db, [storeId]))[0];
      if (!version) throw new Problem('not-found', { detail: 'There is no such store.' });
      const key = `${storeId}:${version.menuVersion}.${version.stockVersion}`;
      const ready = await versions.read(key, () => {
        loads += 1;
        return loadReady(db, storeId);
      });
      return put(storeId, ready, rightAtMs);
    })().finally(() => loading.delete(storeId));
    loading.set(storeId, started);
    return started;
  }

  /** Asks once for every store on the desk that is being read, however many they are. */
  function check(): Promise<void> {
    checking ??= (async () => {
      const startedMs = now();
      const asked = [...desk].filter(([, place]) => startedMs - place.rightAtMs >= CHECK_AFTER_MS).map(([id]) => id);
      for (const version of await readVersions(db, asked)) {
        const place = desk.get(version.storeId);
        if (!place) continue;
        if (isNewer(version, place.ready.menu)) outdate(version.storeId, place);
        else place.rightAtMs = Math.max(place.rightAtMs, startedMs);
      }
    })().finally(() => {
      checking = undefined;
    });
    return checking;
  }

  function outdate(storeId: string, place: Place): void {
    place.outdated = true;
    // Nobody waits for this one; a failure leaves the old answer in place until its time is over.
    load(storeId).catch(() => {});
  }

  function peek(storeId: string): MenuAnswer | undefined {
    const place = desk.get(storeId);
    if (!place) return undefined;
    const ageMs = now() - place.rightAtMs;
    if (ageMs >= SERVE_WITHIN_MS) return undefined;
    if (ageMs >= CHECK_AFTER_MS && !place.outdated && !checking) check().catch(() => {});
    return { ready: place.ready, outcome: place.outdated ? 'stale' : 'hit' };
  }

  return {
    peek,
    async read(storeId) {
      const ready = peek(storeId);
      if (ready) return ready;
      try {
        if (desk.has(storeId) && !desk.get(storeId)!.outdated) {
          await check();
          const checked = peek(storeId);
          if (checked) return checked;
        }
        return { ready: (await load(storeId)).ready, outcome: 'miss' };
      } catch (error) {
        const place = desk.get(storeId);
        if (!place || error instanceof Problem) throw error;
        // The database is away, so nobody can have changed anything: yesterday's menu is better than none.
        return { ready: place.ready, outcome: 'stale' };
      }
    },
    heard(storeId) {
      const place = desk.get(storeId);
      if (place) outdate(storeId, place);
    },
    get loads() {
      return loads;
    },
  };
}

interface Versions {
  readonly menuVersion: number;
  readonly stockVersion: number;
}

/** Both counters only grow, and one statement reads both, so one of two menus has both at least as great. */
const isNewer = (a: Versions, b: Versions): boolean =>
  a.menuVersion > b.menuVersion || (a.menuVersion === b.menuVersion && a.stockVersion > b.stockVersion);
