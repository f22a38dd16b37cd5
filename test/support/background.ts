import { atEndOf, type Lifetime } from './lifetime.ts';

/** What goes on beside a test. */
export interface Background {
  /** When it ends by itself. */
  readonly ended: Promise<void>;
  /** Tells it to end and waits until it has. @throws its error */
  end(): Promise<void>;
}

/**
 * Starts what goes on beside a test: guests who order, a killer of workers, a reader. It ends with the test, also when
 * the test fails; when it fails itself, the test fails at once.
 * @param loop runs until the signal is aborted; then it returns, or throws what the signal made it throw
 */
export function background(t: Lifetime, loop: (signal: AbortSignal) => Promise<void>): Background {
  const stop = new AbortController();
  // Nobody catches an error of its own, so that node:test hears of it while the test is waiting for something else.
  const running = loop(stop.signal).catch((error: Error) => {
    if (!stop.signal.aborted || error.name !== 'AbortError') throw error;
  });
  const end = () => {
    stop.abort();
    return running;
  };
  atEndOf(t, end);
  return { ended: running, end };
}
