interface StoreLock {
  /** Tries in a row that found the row locked by somebody else. */
  heldInARow: number;
  /** Until then it is taken to be sought by several processes: its groups wait for it, one behind the other. */
  contendedUntilMs: number;
  /** Set while waiting was in vain: when it may be tried again, without waiting. */
  tryAgainAtMs: number | undefined;
}

/** A store that other processes want as well is worth a group that waits; it is found out anew after this. */
const CONTENDED_MS = 1_000;
/** In a shared group nobody waits, so a second try is cheaper than a group of its own; a third would keep its guests waiting. */
const TRIES_SHARED = 2;

/**
 * What this process has seen of the locks of stores' rows: nothing of most, `contended` where other processes take orders
 * of the same store, `held` where somebody did not let go for as long as a group may wait.
 */
export function createStoreLocks({ nowMs, retryMs }: { readonly nowMs: () => number; readonly retryMs: number }) {
  const locks = new Map<string, StoreLock>();
  const held = new Set<string>();
  return {
    found(storeId: string, what: 'free' | 'held' | 'held in vain'): void {
      const lock = locks.get(storeId) ?? { heldInARow: 0, contendedUntilMs: 0, tryAgainAtMs: undefined };
      const now = nowMs();
      if (what === 'free') {
        lock.heldInARow = 0;
        lock.tryAgainAtMs = undefined;
        held.delete(storeId);
        if (lock.contendedUntilMs <= now) locks.delete(storeId);
        return;
      }
      locks.set(storeId, lock);
      lock.heldInARow += 1;
      if (lock.heldInARow >= TRIES_SHARED) lock.contendedUntilMs = now + CONTENDED_MS;
      if (what === 'held' && !held.has(storeId)) return;
      held.add(storeId);
      lock.tryAgainAtMs = now + retryMs;
    },
    /** Stores whose row somebody holds. */
    held: (): Iterable<string> => held,
    isHeld: (storeId: string): boolean => held.has(storeId),
    mayTry: (storeId: string): boolean => (locks.get(storeId)?.tryAgainAtMs ?? 0) <= nowMs(),
    isContended: (storeId: string): boolean => (locks.get(storeId)?.contendedUntilMs ?? 0) > nowMs(),
  };
}
