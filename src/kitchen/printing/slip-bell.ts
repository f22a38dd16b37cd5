import type { SlipPlace } from './slips.ts';

/**
 * Wakes an agent that waits for a station's next slip. It says only that there is something; what there is says
 * Postgres. So whoever waits resets the bell, looks, and only then listens: a ring that is lost with Redis costs the
 * rest of one long poll, and no slip.
 */
export interface SlipBell {
  ring(places: readonly SlipPlace[]): Promise<void>;
  /** Forgets the rings that nobody heard. */
  reset(place: SlipPlace): Promise<void>;
  /**
   * Waits for a ring since the last reset. One ring wakes one listener.
   * @returns false after `waitMs`, when `signal` aborts, and at once when too many are listening already
   */
  listen(place: SlipPlace, waitMs: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Agents that listen in one process. A large store has six printers; a process that serves a hundred stores fits. */
export const LISTENERS_MAX = 1_000;

/** The bell within one process; rings of other processes come in by the live messages. */
export function createMemorySlipBell(): SlipBell & {
  /** Wakes everybody: rings may have been missed. */
  ringAll(): void;
} {
  const places = new Map<string, { rings: number; listeners: (() => void)[] }>();
  let listening = 0;
  const at = ({ storeId, station }: SlipPlace) => {
    const key = `${storeId} ${station}`;
    let place = places.get(key);
    if (!place) {
      place = { rings: 0, listeners: [] };
      places.set(key, place);
    }
    return place;
  };
  const wakeAll = () => {
    for (const place of places.values()) for (const wake of [...place.listeners]) wake();
  };
  return {
    async ring(rung) {
      for (const each of rung) {
        const place = at(each);
        const wake = place.listeners.shift();
        if (wake) wake();
        // Reset before each look, so one that nobody heard says as much as a hundred.
        else place.rings = 1;
      }
    },
    async reset(each) {
      const place = at(each);
      place.rings = 0;
      if (place.listeners.length === 0) places.delete(`${each.storeId} ${each.station}`);
    },
    listen(each, waitMs, signal) {
      const place = at(each);
      if (signal.aborted || listening >= LISTENERS_MAX) return Promise.resolve(false);
      if (place.rings > 0) {
        place.rings = 0;
        return Promise.resolve(true);
      }
      listening += 1;
      return new Promise((resolve) => {
        const end = (heard: boolean) => {
          listening -= 1;
          clearTimeout(timer);
          signal.removeEventListener('abort', giveUp);
          const index = place.listeners.indexOf(wake);
          if (index >= 0) place.listeners.splice(index, 1);
          resolve(heard);
        };
        const wake = () => end(true);
        const giveUp = () => end(false);
        const timer = setTimeout(giveUp, waitMs);
        signal.addEventListener('abort', giveUp, { once: true });
        place.listeners.push(wake);
      });
    },
    ringAll: wakeAll,
    close: async () => wakeAll(),
  };
}
