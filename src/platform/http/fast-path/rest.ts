/** Lets connections rest: what they send meanwhile waits until their rest is over. */
export interface RestTimer<T> {
  /** Calls `wake(item)` once, at `atMs` or up to one tick later. */
  wakeAt(item: T, atMs: number): void;
  close(): void;
}

/** Rests differ by hundreds of milliseconds; a finer clock would only run more often. */
const TICK_MS = 20;

/** A timing wheel (Varghese and Lauck, 1987): one timer for thousands of rests, each kept and woken in constant time. */
export function createRestTimer<T>(now: () => number, wake: (item: T) => void): RestTimer<T> {
  const ticks = new Map<number, T[]>();
  let doneTick = Math.floor(now() / TICK_MS);
  let timer: NodeJS.Timeout | undefined;

  function turn(): void {
    const tick = Math.floor(now() / TICK_MS);
    // After a long turn of the event loop several ticks are due at once.
    for (; doneTick < tick; doneTick += 1) {
      const due = ticks.get(doneTick);
      if (!due) continue;
      ticks.delete(doneTick);
      for (const item of due) wake(item);
    }
    if (ticks.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  return {
    wakeAt(item, atMs) {
      if (!timer) {
        doneTick = Math.floor(now() / TICK_MS);
        timer = setInterval(turn, TICK_MS);
      }
      const tick = Math.max(Math.floor(atMs / TICK_MS), doneTick);
      const due = ticks.get(tick);
      if (due) due.push(item);
      else ticks.set(tick, [item]);
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      ticks.clear();
    },
  };
}
