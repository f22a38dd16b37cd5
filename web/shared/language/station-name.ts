import { signal } from '@preact/signals';
import type { StationName } from '../../../src/contract/store.ts';
import { type HouseKey, ko } from '../../i18n/house/ko.ts';
import { t } from './house-words.ts';

/** What this store's settings call its stations, in their order. */
export const stationNames = signal<readonly StationName[]>([]);

/**
 * A station as people call it: as the owner does, or in the house's own words where the owner wrote those or a code; its code where nobody
 * has a name for it.
 */
export function stationName(code: string): string {
  const key = `station.${code}`;
  const own = stationNames.value.find((each) => each.code === code)?.name;
  const known = Object.hasOwn(ko, key) ? (key as HouseKey) : undefined;
  if (own !== undefined && own !== code && !(known && own === ko[known])) return own;
  return known ? t(known) : code;
}
