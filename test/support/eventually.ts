import { setTimeout as delay } from 'node:timers/promises';

/** Far more than any of this takes on a slow and busy machine; a test that waits so long has failed. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 10;

/**
 * Waits until something is so, never for a time.
 * @param look throws or answers false as long as it is not so
 * @param what completes "in vain"; unset: the source of `look`
 * @returns what `look` returned
 * @throws Error that names what did not come about, caused by what `look` threw last
 */
export async function eventually<T>(look: () => T | Promise<T>, what = String(look)): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    let cause: unknown;
    try {
      const seen = await look();
      if (seen !== false) return seen;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > untilMs) throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain: ${what}`, { cause });
    await delay(LOOK_EVERY_MS);
  }
}
