import { type Signal, signal } from '@preact/signals';
import type { StoreView } from '../../../src/contract/store.ts';
import { getJson } from '../server/api.ts';
import { type Following, follow } from '../server/live.ts';
import { pagePlace } from './boot.ts';

/** What every display on a wall stands on: the store of its address, and the stream that it shows. */
export interface WallState {
  /** Null until it is known; a display works without its store's name. */
  readonly store: Signal<StoreView | null>;
  readonly following: Signal<Following | null>;
  /** There is no such store. */
  readonly missing: Signal<boolean>;
}

/** Of the store, in the API. */
const path = `/stores/${encodeURIComponent(pagePlace().store)}`;

/**
 * Shows what `/stores/{store}/{what}` is, and from then on what its stream says in events of the same name.
 * @param show draws it @returns whether that changed anything
 */
export function followWall<T>({ store, following, missing }: WallState, what: string, show: (now: T) => boolean): void {
  following.value = follow({
    url: `/api/v1${path}/${what}/events`,
    events: { [what]: (data) => void show(data as T) },
    refresh: async () => show(await getJson<T>(`${path}/${what}`)),
    onRefused: () => {
      missing.value = true;
    },
  });
  void getJson<StoreView>(path).then(
    (found) => {
      store.value = found;
    },
    () => {},
  );
}

export const createWallState = (): WallState => ({
  store: signal(null),
  following: signal(null),
  missing: signal(false),
});
