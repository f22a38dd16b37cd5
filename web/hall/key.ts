import { pagePlace } from '../shared/page/boot.ts';
import { createPageKey } from '../shared/server/page-key.ts';

/** Whose line this is. */
export const storeSlug = pagePlace().store;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The store's staff key, the kitchen's. */
export const hallKey = createPageKey(`matjip:hall:${storeSlug}:key`, DAY_MS);
