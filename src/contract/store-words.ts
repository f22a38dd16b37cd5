import type { StoreView } from './store.ts';

/** The reason that the kitchen's load gives; whatever else stands there, a person wrote. */
export const KITCHEN_FULL = 'kitchen-full';

/** Why an order is refused while tickets of orders that were taken before are late. */
export const KITCHEN_BEHIND = 'kitchen-behind';

/** Sentences about how a store is doing, by the names that they have in `web/i18n`. */
type StoreSentence =
  | 'store.promise'
  | 'store.promiseRange'
  | 'store.busyBanner'
  | 'store.fullBanner'
  | 'store.pausedUntil'
  | 'store.pausedBanner';

/** Says a sentence in the reader's language, with `values` in the places of their `{{names}}`. */
export type Say<Key extends string> = (key: Key, values?: Record<string, string | number>) => string;

/** A sentence with `values` in the places of their `{{names}}`. */
export const fillSentence = (sentence: string, values: Record<string, string | number>): string =>
  sentence.replace(/{{(\w+)}}/g, (place, name: string) => String(values[name] ?? place));

/** "18:05": 24 hours in every language, as every kitchen clock shows it. */
export const timeOf = (time: string | number, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...(timeZone ? { timeZone } : {}) }).format(
    new Date(time),
  );

/** "약 20~30분", or "약 25분" where nobody knows how far off that may be. */
export function promiseOf({ promisedMinutes, promisedRange }: StoreView, say: Say<StoreSentence>): string {
  if (!promisedRange || promisedRange.from === promisedRange.to)
    return say('store.promise', { count: promisedMinutes });
  return say('store.promiseRange', { ...promisedRange });
}

/** What a guest should know of how the store is doing; null when all is well. */
export function storeSentence(store: StoreView, say: Say<StoreSentence>): string | null {
  const { state, reason, until, timeZone } = store;
  if (state === 'open') return null;
  const isFull = reason === KITCHEN_FULL;
  const why = reason && !isFull ? ` (${reason})` : '';
  if (state === 'busy') return say('store.busyBanner', { count: store.promisedMinutes }) + why;
  const time = until ? timeOf(until, timeZone) : null;
  if (isFull) return say('store.fullBanner', { time: time ?? '' });
  return (time ? say('store.pausedUntil', { time }) : say('store.pausedBanner')) + why;
}

/** Up to so many portions are worth a word; "87 left" only makes people read. */
export const FEW_LEFT = 10;
