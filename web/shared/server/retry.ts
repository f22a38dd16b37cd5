/** The first wait. Shorter would hammer a server that is just restarting; longer would be felt by every guest. */
const BASE_MS = 500;
/** The longest wait of our own; a guest who looks at the screen gives up after about this long. */
const CAP_MS = 15_000;
/** A `Retry-After` beyond this is taken as this: an error page in between must not silence a phone for a day. */
const RETRY_AFTER_MAX_MS = 120_000;

/**
 * How long to wait before attempt `attempt + 1`. Exponential, with half of it random so that a dining room that lost
 * its connection at one moment doesn't come back at one moment. Never earlier than the server asked.
 * @param attempt attempts already made, from 1
 */
export function backoffMs(attempt: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  const own = ceiling / 2 + (random() * ceiling) / 2;
  const asked = Math.min(retryAfterMs, RETRY_AFTER_MAX_MS);
  return Math.round(asked > 0 ? asked + (own * random()) / 2 : own);
}
