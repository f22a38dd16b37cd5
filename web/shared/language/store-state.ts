import type { StoreView } from '../../../src/contract/store.ts';
import { t, timeOf } from './i18n.ts';

/** The reason that the kitchen's load gives; whatever else stands there, a person wrote. */
const KITCHEN_FULL = 'kitchen-full';

/** Whether orders are refused. In a kitchen that is only full they wait for their turn. */
export const takesNoOrders = ({ state, reason }: StoreView): boolean => state === 'paused' && reason !== KITCHEN_FULL;

/** "약 20~30분", or "약 25분" where nobody knows how far off that may be. */
export function promiseOf({ promisedMinutes, promisedRange }: StoreView): string {
  if (!promisedRange || promisedRange.from === promisedRange.to) return t('store.promise', { count: promisedMinutes });
  return t('store.promiseRange', { ...promisedRange });
}

/** What a guest should know of how the store is doing; null when all is well. */
export function storeSentence(store: StoreView): string | null {
  const { state, reason, until, timeZone } = store;
  if (state === 'open') return null;
  const isFull = reason === KITCHEN_FULL;
  const why = reason && !isFull ? ` (${reason})` : '';
  if (state === 'busy') return t('store.busyBanner', { count: store.promisedMinutes }) + why;
  const time = until ? timeOf(until, timeZone) : null;
  if (isFull) return t('store.fullBanner', { time: time ?? '' });
  return (time ? t('store.pausedUntil', { time }) : t('store.pausedBanner')) + why;
}
