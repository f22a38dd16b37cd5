import { ko, type MessageKey } from '../i18n/ko.ts';
import { t } from './i18n.ts';

/** A station as people call it; its code where the menu has one of its own. */
export function stationName(code: string): string {
  const key = `station.${code}`;
  return Object.hasOwn(ko, key) ? t(key as MessageKey) : code;
}
