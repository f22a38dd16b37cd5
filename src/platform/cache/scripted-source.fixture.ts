import type { CacheCounts, CacheSource, Versioned } from './cache.ts';

/** A source whose truth and whose slowness a test holds in its hands. */
export function scriptedSource() {
  const truth = new Map<string, string>();
  const gates: { readonly key: string; open(): void; fail(error: Error): void }[] = [];
  const source = {
    questions: 0,
    loads: 0,
    /** Loads wait in `gates` until the test lets them go on. */
    held: false,
    broken: undefined as Error | undefined,
    gates,
    set(key: string, version: string): void {
      truth.set(key, version);
    },
    async versions(keys: readonly string[]) {
      source.questions += 1;
      if (source.broken) throw source.broken;
      return new Map(keys.filter((key) => truth.has(key)).map((key) => [key, truth.get(key)!]));
    },
    async load(key: string): Promise<Versioned<string>> {
      source.loads += 1;
      if (source.broken) throw source.broken;
      // Read first, answered when the gate opens: as slow as a real one at its worst moment.
      const version = truth.get(key)!;
      if (source.held) {
        await new Promise<void>((resolve, reject) => gates.push({ key, open: resolve, fail: reject }));
      }
      return { version, value: `value ${version}` };
    },
    keys: async () => [...truth.keys()],
  } satisfies CacheSource<string> & Record<string, unknown>;
  return source;
}

export function counts(): CacheCounts & { loads: number; failedLoads: number } {
  const counted = {
    hit: 0,
    stale: 0,
    miss: 0,
    blank: 0,
    loads: 0,
    failedLoads: 0,
    loaded(_tookMs: number, failed: boolean) {
      counted[failed ? 'failedLoads' : 'loads'] += 1;
    },
  };
  return counted;
}

/** A clock that a test sets. */
export function handClock(startMs = 10_000) {
  const clock = {
    nowMs: startMs,
    now: (): number => clock.nowMs,
    pass(ms: number): void {
      clock.nowMs += ms;
    },
  };
  return clock;
}

/** Lets everything come to rest that waits for no clock. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
};
