import { type HouseKey, ko } from '../../i18n/house/ko.ts';
import { t } from './house-words.ts';

/** A station as people call it; its code where the menu has one of its own. */
export function stationName(code: string): string {
  const key = `station.${code}`;
  return Object.hasOwn(ko, key) ? t(key as HouseKey) : code;
}
