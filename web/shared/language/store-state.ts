import type { StoreView } from '../../../src/contract/store.ts';
import {
  KITCHEN_FULL,
  promiseOf as promiseSaid,
  storeSentence as sentenceSaid,
} from '../../../src/contract/store-words.ts';
import { t } from './i18n.ts';

/** Whether orders are refused. In a kitchen that is only full they wait for their turn. */
export const takesNoOrders = ({ state, reason }: StoreView): boolean => state === 'paused' && reason !== KITCHEN_FULL;

/** When food is ready, in the reader's language. */
export const promiseOf = (store: StoreView): string => promiseSaid(store, t);

/** What a guest should know of how the store is doing, in the reader's language; null when all is well. */
export const storeSentence = (store: StoreView): string | null => sentenceSaid(store, t);
