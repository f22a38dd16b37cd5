import { computed, signal } from '@preact/signals';
import { keep, keptKeys, recall } from '../../shared/page/storage.ts';
import type { Pending } from './deliver.ts';
import { keptAs } from './place.ts';

/** The server takes no key older than a day; long before that the guest has gone home. */
const AGE_MAX_MS = 12 * 60 * 60 * 1000;

/** Each order is kept by itself, so that no tab of this phone writes over another's. */
const read = (): Pending[] =>
  keptKeys(keptAs.pending)
    .flatMap((key) => recall<Pending>(key, AGE_MAX_MS) ?? [])
    .sort((one, other) => one.madeAtMs - other.madeAtMs);

const all = signal<Pending[]>(read());

/** The order on its way, or stopped on its way, in whichever tab; null when every order has had its answer. */
export const pending = computed(() => all.value[0] ?? null);

export function addPending(added: Pending): void {
  keep(keptAs.pending + added.key, added);
  all.value = [...all.value, added];
}

/** Keeps its place in the virtual line with a pending order. */
export function keepPlace({ key }: Pending, place: string | undefined): void {
  const known = all.value.find((each) => each.key === key);
  if (!known) return;
  const changed = { ...known, place };
  keep(keptAs.pending + key, changed);
  all.value = all.value.map((each) => (each.key === key ? changed : each));
}

/** @returns false when another tab has already had its answer */
export function removePending({ key }: Pending): boolean {
  const isOurs = all.value.some((each) => each.key === key);
  keep(keptAs.pending + key, null);
  all.value = all.value.filter((each) => each.key !== key);
  return isOurs;
}

/**
 * Does this while no other tab of this phone does: of two that order the same cart at once, the second finds the order
 * of the first. Without Web Locks (an address without https, storage that is blocked) two taps in the same few
 * milliseconds are not told apart.
 */
export async function alone(work: () => void): Promise<void> {
  let isDone = false;
  const withFresh = () => {
    isDone = true;
    const kept = read();
    // Where storage is blocked there is no other tab to hear of.
    if (kept.length > 0) all.value = kept;
    work();
  };
  // Where storage is blocked, so are locks.
  await navigator.locks?.request(keptAs.pending, withFresh).catch(() => {});
  if (!isDone) withFresh();
}

window.addEventListener('storage', ({ key }) => {
  if (key === null || key.startsWith(keptAs.pending)) all.value = read();
});
