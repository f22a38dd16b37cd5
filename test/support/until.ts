import { setTimeout as delay } from 'node:timers/promises';

/** Far more than any of this takes on a machine of one's own. */
const PATIENCE_MS = 60_000;
const POLL_MS = 10;

/** Waits for a condition, never for a time. @throws Error that names what did not come about */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain until ${what}.`);
    await delay(POLL_MS);
  }
}
