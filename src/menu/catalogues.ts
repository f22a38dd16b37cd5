import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Catalogue } from './catalogue.ts';
import { loadMenu } from './load-menu.ts';

/** What orders are priced from. The order intake names the version that it holds locked, so a kept one is never wrong. */
export interface Catalogues {
  /** The kept catalogue of exactly this version. */
  at(storeId: string, menuVersion: number): Catalogue | undefined;
  /** Reads it with the transaction's own connection (another might never come free) and keeps it. */
  load(tx: Queryable, storeId: string): Promise<Catalogue>;
}

/** @param keptMax stores, of about 50 KiB each; 0 with `CACHE=off`: every group of orders reads its prices again */
export function createCatalogues(keptMax: number): Catalogues {
  const kept = new Map<string, Catalogue>();
  return {
    at(storeId, menuVersion) {
      const catalogue = kept.get(storeId);
      return catalogue?.menuVersion === menuVersion ? catalogue : undefined;
    },
    async load(tx, storeId) {
      const menu = await loadMenu(tx, storeId);
      if (!menu) throw new Problem('not-found', { detail: 'There is no such store.' });
      if (keptMax > 0) {
        kept.delete(storeId);
        kept.set(storeId, menu.catalogue);
        if (kept.size > keptMax) kept.delete(kept.keys().next().value!);
      }
      return menu.catalogue;
    },
  };
}
