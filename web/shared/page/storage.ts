/** Values that outlive a reload. A browser that forbids or has lost its storage only makes the page forget. */
interface Kept<T> {
  at: number;
  value: T;
}

/** By name: a browser that blocks storage throws already when it is asked for the object. */
type Place = 'localStorage' | 'sessionStorage';

/** @returns what was kept under `key`, or null when there is nothing, it is older than `ageMaxMs`, or it is unreadable */
export function recall<T>(key: string, ageMaxMs: number, place: Place = 'localStorage'): T | null {
  try {
    const storage = window[place];
    const kept = JSON.parse(storage.getItem(key) ?? 'null') as Kept<T> | null;
    if (!kept) return null;
    if (Date.now() - kept.at <= ageMaxMs) return kept.value;
    storage.removeItem(key);
  } catch {
    // Forbidden, full or written by something else.
  }
  return null;
}

/** Keeps `value` under `key` with the present time; null removes it. @returns whether it is kept */
export function keep<T>(key: string, value: T | null, place: Place = 'localStorage'): boolean {
  try {
    if (value === null) window[place].removeItem(key);
    else window[place].setItem(key, JSON.stringify({ at: Date.now(), value } satisfies Kept<T>));
    return true;
  } catch {
    // Blocked or full: the page still works until it is closed.
    return false;
  }
}

/** The keys under which something is kept that begin so; none where storage is blocked. */
export function keptKeys(prefix: string): string[] {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
