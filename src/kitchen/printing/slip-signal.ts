import type { SlipPlace } from './slip-id.ts';

/**
 * Wakes an agent that waits for a station's next slip. It says only that there is something; what there is says
 * Postgres. So whoever waits resets the signal, looks, and only then listens: a signal that is lost with Redis costs the
 * rest of one long poll, and no slip.
 */
export interface SlipSignal {
  notify(places: readonly SlipPlace[]): Promise<void>;
  /** Forgets the signals that nobody heard. */
  reset(place: SlipPlace): Promise<void>;
  /**
   * Waits for a signal since the last reset. One signal wakes one listener.
   * @returns false after `waitMs`, when `signal` aborts, and at once when too many are listening already
   */
  listen(place: SlipPlace, waitMs: number, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Agents that listen in one process. A large store has six printers; a process that serves a hundred stores fits. */
export const LISTENERS_MAX = 1_000;

/** The signal within one process; signals of other processes come in by the live messages. */
export function createMemorySlipSignal(): SlipSignal & {
  /** Wakes everybody: signals may have been missed. */
  notifyAll(): void;
} {
  const places = new Map<string, { signals: number; listeners: (() => void)[] }>();
  let listening = 0;
  const at = ({ storeId, station }: SlipPlace) => {
    const key = `${storeId} ${station}`;
    let place = places.get(key);
    if (!place) {
      place = { signals: 0, listeners: [] };
      places.set(key, place);
    }
    return place;
  };
  const wakeAll = () => {
    for (const place of places.values()) for (const wake of [...place.listeners]) wake();
  };
  return {
    async notify(signalled) {
      for (const each of signalled) {
        const place = at(each);
        const wake = place.listeners.shift();
        if (wake) wake();
        // Reset before each look, so one that nobody heard says as much as a hundred.
        else place.signals = 1;
      }
    },
    async reset(each) {
      const place = at(each);
      place.signals = 0;
      if (place.listeners.length === 0) places.delete(`${each.storeId} ${each.station}`);
    },
    listen(each, waitMs, signal) {
      const place = at(each);
      if (signal.aborted || listening >= LISTENERS_MAX) return Promise.resolve(false);
      if (place.signals > 0) {
        place.signals = 0;
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
    notifyAll: wakeAll,
    close: async () => wakeAll(),
  };
}
