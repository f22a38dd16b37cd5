/** Values that outlive a reload. A browser that forbids or has lost its storage only makes the page forget. */
interface Kept<T> {
  at: number;
  value: T;
}

/** @returns what was kept under `key`, or null when there is nothing, it is older than `ageMaxMs`, or it is unreadable */
export function recall<T>(key: string, ageMaxMs: number, storage: Storage = localStorage): T | null {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Kept<T> | null;
    if (!kept) return null;
    if (Date.now() - kept.at <= ageMaxMs) return kept.value;
    storage.removeItem(key);
  } catch {
    // Forbidden, full or written by something else.
  }
  return null;
}

/** Keeps `value` under `key` with the present time; null removes it. */
export function keep<T>(key: string, value: T | null, storage: Storage = localStorage): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify({ at: Date.now(), value } satisfies Kept<T>));
  } catch {
    // Private browsing without storage: the page still works until it is closed.
  }
}
