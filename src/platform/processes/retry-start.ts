import { isTimeOut } from '../db/away.ts';

/**
 * Tries of one start. Each waits some seconds for the database by itself, so these are half a minute in which a machine has no time for it; more, and
 * whoever gave the address of a machine that swallows everything waits longer for the line that says so.
 */
export const START_TRIES_MAX = 10;

/**
 * Starts a process, once more where it was only too slow: several that start together on a busy machine keep its database from answering in time.
 * @param start leaves nothing behind when it rejects
 * @throws what `start` threw, at once when that was no time-out
 */
export async function startPatiently<T>(
  start: () => Promise<T>,
  log: { warn(details: object, message: string): void },
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await start();
    } catch (error) {
      if (tried === START_TRIES_MAX || !isTimeOut(error)) throw error;
      log.warn({ reason: (error as Error).message }, 'The database did not answer in time; the start is tried again.');
    }
  }
}
