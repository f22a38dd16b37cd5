/** How far this phone's clock is behind the server's, in milliseconds. */
let offsetMs = 0;

/**
 * Learns the server's clock from the `Date` of an answer. Phones with a wrong clock are common, an order's key carries
 * its time, and a kitchen reads ages: all go by the server. A difference below two seconds is only rounding.
 */
export function learnServerTime(date: string | null, nowMs = Date.now()): void {
  const serverMs = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs - nowMs;
  offsetMs = Math.abs(difference) < 2000 ? 0 : difference;
}

/** The server's time as well as this device knows it, in milliseconds since 1970. */
export const serverNowMs = (): number => Date.now() + offsetMs;
