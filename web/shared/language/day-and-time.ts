import { timeOf } from '../../../src/contract/store-words.ts';

/** A moment of another day, such as "11월 29일 06:44", where the store is: whoever looks from elsewhere reads the store's day as well. */
export const dayAndTime = (iso: string, language: string, timeZone: string | undefined): string =>
  `${new Date(iso).toLocaleDateString(language, { timeZone, month: 'short', day: 'numeric' })} ${timeOf(iso, timeZone)}`;
