import { pagePlace } from '../shared/page/boot.ts';
import { createPageKey } from '../shared/server/page-key.ts';

/** Which store this screen cooks for. */
export const storeSlug = pagePlace().store;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The kitchen's key. */
export const kitchenKey = createPageKey(`matjip:kitchen:${storeSlug}:key`, DAY_MS);
