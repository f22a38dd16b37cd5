import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Cache, CacheSource } from '../platform/cache/cache.ts';
import type { Codec } from '../platform/cache/tier.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { loadMenu } from './load-menu.ts';
import { type MenuParts, MenuTemplate } from './menu-template.ts';
import { listMenuStores, readVersions } from './queries.ts';
import { fillMenu, patchMenu, type ReadyMenu, readyMenu, versionOf } from './ready-menu.ts';
import { readVersion } from './stock.ts';

/** Stores' menus by the store's id. */
export type MenuCache = Cache<ReadyMenu>;

/**
 * Menus come from the database under the versions that `store_head` carries: one for the menu, one for the stock. What
 * remains of limited dishes travels inside the version, so a sold portion costs a question that is asked anyway.
 * @param turnMenus gives menus a new version whose dishes' hours have begun or ended
 */
export function createMenuSource(
  db: Queryable,
  turnMenus: (storeIds: readonly string[]) => Promise<unknown> = async () => {},
): CacheSource<ReadyMenu> {
  let isTurning = false;
  /** Nobody waits for it: the next question finds the new version. What fails is asked for again then. */
  const onDue = (storeIds: readonly string[]): void => {
    if (isTurning) return;
    isTurning = true;
    const done = () => {
      isTurning = false;
    };
    turnMenus(storeIds).then(done, done);
  };
  return {
    versions: (storeIds) => readVersions(db, storeIds, onDue),
    async load(storeId) {
      const menu = await loadMenu(db, storeId);
      if (!menu) throw new Problem('not-found', { detail: 'There is no such store.' });
      if (menu.isDue) onDue([storeId]);
      const value = readyMenu(menu);
      return { version: versionOf(value), value };
    },
    keys: () => listMenuStores(db),
    patching: {
      base: (version) => String(readVersion(version).menuVersion),
      apply: patchMenu,
    },
  };
}

/** As it lies in the second tier: the menu of one version, and the stock of the moment in which it was loaded. */
interface Sealed {
  readonly parts: MenuParts;
  readonly version: string;
}

/** Enough to make a menu a fifth; the second tier's bytes are made once for each menu version. */
const LEVEL = 1;

/** Menus travel compressed. */
export const menuCodec: Codec<ReadyMenu> = {
  format: 3,
  async encode(menu) {
    const sealed: Sealed = { parts: menu.template.parts, version: versionOf(menu) };
    return (await promisify(gzip)(JSON.stringify(sealed), { level: LEVEL })).toString('base64');
  },
  async decode(text) {
    const { parts, version } = JSON.parse((await promisify(gunzip)(Buffer.from(text, 'base64'))).toString()) as Sealed;
    const menu = fillMenu(new MenuTemplate(parts), readVersion(version).stock);
    if (!menu) throw new Error('This stock does not belong to this menu.');
    return menu;
  },
};
