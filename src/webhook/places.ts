/** A bounded number of places for each key, such as the deliveries of one webhook at once. */
export interface Places {
  /** Takes a place, waiting at most `waitMs` for one. @returns false when none came free */
  take(key: string, waitMs: number): Promise<boolean>;
  /** Hands the place to whoever has waited longest. */
  release(key: string): void;
  /** The keys that have no place left. */
  full(): string[];
}

interface Key {
  taken: number;
  readonly waiting: Set<() => void>;
}

export function createPlaces(placesMax: number): Places {
  const keys = new Map<string, Key>();
  return {
    take(name, waitMs) {
      const key = keys.get(name) ?? { taken: 0, waiting: new Set() };
      keys.set(name, key);
      if (key.taken < placesMax) {
        key.taken += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const onPlace = () => {
          clearTimeout(timer);
          key.waiting.delete(onPlace);
          resolve(true);
        };
        const timer = setTimeout(() => {
          key.waiting.delete(onPlace);
          resolve(false);
        }, waitMs);
        key.waiting.add(onPlace);
      });
    },
    release(name) {
      const key = keys.get(name)!;
      const [next] = key.waiting;
      if (next) return next();
      key.taken -= 1;
      if (key.taken === 0) keys.delete(name);
    },
    full: () => [...keys].filter(([, key]) => key.taken >= placesMax).map(([name]) => name),
  };
}
