import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './home-lock.ts';
import type { Postmaster } from './postmaster.ts';
import { watch } from './watchman.ts';

export interface KeepOptions {
  /** Starts it again at the same address. */
  readonly start: () => Promise<Postmaster>;
  readonly log: (line: string) => void;
  readonly logFile: string;
  readonly bounds: {
    readonly lookEveryMs: number;
    readonly restartFirstMs: number;
    readonly restartMaxMs: number;
    readonly endsPerMinuteMax: number;
  };
}

export interface KeptPostmaster {
  /** Keeps it no longer: whoever stops it is next. Resolves when no start is under way. */
  release(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Only sees to it that it ends with this process. */
export function watchPostmaster({ pid }: Postmaster): KeptPostmaster {
  const watchman = watch(pid, 'INT');
  return { release: async () => watchman.dismiss() };
}

/**
 * Starts a Postgres again that ended without being told to: killed, out of memory, crashed. Its clients meanwhile get errors and
 * come back by themselves. While it does not come up the pauses grow; one that comes up and ends again is started again at once,
 * since orders are taken in between. When it ends again and again, what a person can do is said.
 */
export function keepPostmaster(first: Postmaster, { start, log, logFile, bounds }: KeepOptions): KeptPostmaster {
  const released = new AbortController();
  let watchman = watch(first.pid, 'INT');

  const keeping = (async () => {
    let running: Postmaster | undefined = first;
    let pauseMs = bounds.restartFirstMs;
    let endedAtMs: number[] = [];
    const pause = (ms: number) => delay(ms, undefined, { signal: released.signal, ref: false });
    for (;;) {
      while (running && isAlive(running.pid)) await pause(bounds.lookEveryMs);
      // At once: its number may be another process's soon.
      watchman.dismiss();
      const nowMs = performance.now();
      endedAtMs = [...endedAtMs.filter((ms) => nowMs - ms < MINUTE_MS), nowMs];
      if (endedAtMs.length === bounds.endsPerMinuteMax) {
        log(
          `The embedded Postgres ended ${endedAtMs.length} times within a minute: see ${logFile}; memory or disk may be short. It is tried again.`,
        );
      } else if (running) log('The embedded Postgres ended by itself; it is started again.');
      running = undefined;
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, bounds.restartMaxMs);
      try {
        running = await start();
        watchman = watch(running.pid, 'INT');
        pauseMs = bounds.restartFirstMs;
        log('The embedded Postgres is back.');
      } catch (error) {
        log((error as Error).message);
      }
    }
  })().catch((error: Error) => {
    if (!released.signal.aborted) throw error;
  });

  return {
    async release() {
      released.abort();
      await keeping;
      watchman.dismiss();
    },
  };
}
