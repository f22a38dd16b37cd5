import { readFileSync } from 'node:fs';

/** Of Linux, for a thread: how long it ran, and how long it was ready to run while others did, in nanoseconds. */
const SCHEDULE = '/proc/self/schedstat';

/**
 * Watches how much other programs slow this one down, by what the kernel counts: a thread that ran for one second and was ready for two
 * more takes three times as long as with a core to itself. It costs nothing and needs no work of its own to measure.
 * @returns says the factor since then: at least 1, and 1 where the kernel does not count
 */
export function watchContention(): () => number {
  const from = readSchedule();
  return () => {
    const now = readSchedule();
    const ran = now.ran - from.ran;
    return ran > 0 ? (ran + now.waited - from.waited) / ran : 1;
  };
}

function readSchedule(): { readonly ran: number; readonly waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync(SCHEDULE, 'utf8').split(' ').map(Number);
    return { ran, waited };
  } catch {
    return { ran: 0, waited: 0 };
  }
}
