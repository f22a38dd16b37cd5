import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Desk, DeskSource } from '../platform/cache/desk.ts';
import type { Codec } from '../platform/cache/tier.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { ReadyBody } from '../platform/http/ready-body.ts';
import { loadMenu } from './load-menu.ts';
import { listMenuStores, readVersions } from './queries.ts';

/** A store's menu as it leaves the server: made once for each version, not for each request. */
export type ReadyMenu = ReadyBody;

/** Stores' menus by the store's id. */
export type MenuDesk = Desk<ReadyMenu>;

const TYPE = 'application/json; charset=utf-8';

/** Menus come from the database under the versions that `store_head` carries: one for the menu, one for the stock. */
export function createMenuSource(db: Queryable): DeskSource<ReadyMenu> {
  return {
    async versions(storeIds) {
      const rows = await readVersions(db, storeIds);
      return new Map(rows.map((row) => [row.storeId, `${row.menuVersion}.${row.stockVersion}`]));
    },
    async load(storeId) {
      const menu = await loadMenu(db, storeId);
      if (!menu) throw new Problem('not-found', { detail: 'There is no such store.' });
      return { version: menu.view.version, value: new ReadyBody(TYPE, Buffer.from(JSON.stringify(menu.view))) };
    },
    keys: () => listMenuStores(db),
  };
}

const decompress = promisify(brotliDecompress);

/** Menus travel compressed: a tenth of the bytes, and the next process need not compress them again. */
export const menuCodec: Codec<ReadyMenu> = {
  format: 1,
  encode: async (menu) => (await menu.encoded('br')).toString('base64'),
  async decode(text) {
    const br = Buffer.from(text, 'base64');
    return new ReadyBody(TYPE, await decompress(br), br);
  },
};
