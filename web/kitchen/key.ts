import { signal } from '@preact/signals';
import { pagePlace } from '../shared/boot.ts';
import { keep, recall } from '../shared/storage.ts';

/** Which store this screen cooks for. */
export const storeSlug = pagePlace().store;

const KEPT_AS = `matjip:kitchen:${storeSlug}:key`;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The kitchen's key; null while there is none. */
export const key = signal<string | null>(null);
/** Whether the last key was refused. */
export const keyRefused = signal(false);

/**
 * Takes the key out of the address, where it came in the fragment (which no server and no log ever sees), so that it
 * stays neither in the address bar nor in the history; this tab alone remembers it.
 */
export function takeKey(): void {
  const given = new URLSearchParams(location.hash.slice(1)).get('key');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    useKey(given);
  } else {
    key.value = recall<string>(KEPT_AS, DAY_MS, sessionStorage);
  }
}

export function useKey(given: string): void {
  keyRefused.value = false;
  keep(KEPT_AS, given, sessionStorage);
  key.value = given;
}

export function refuseKey(): void {
  keyRefused.value = true;
  keep(KEPT_AS, null, sessionStorage);
  key.value = null;
}
