import type { Clock } from '../clock.ts';
import type { Queryable } from './pool.ts';

export interface ClockBounds {
  /** How often the database is asked. In between the monotonic clock counts, which nobody sets. */
  readonly everyMs: number;
  /** An answer that took longer says too little about the moment. */
  readonly roundTripMsMax: number;
  /** This machine's clock may be so far from the database's before somebody is told. */
  readonly toleranceMs: number;
}

export interface DatabaseClock {
  readonly now: Clock;
  close(): void;
}

/**
 * The database's clock, as well as a process can know it: within half a round trip. What is written and compared by several
 * machines needs one clock, and the one that they share is Postgres'.
 * @throws the database's error when it cannot be asked at the start
 */
export async function followDatabaseClock(
  db: Queryable,
  { everyMs, roundTripMsMax, toleranceMs }: ClockBounds,
  log: { warn(details: object): void },
): Promise<DatabaseClock> {
  /** What is to be added to `performance.now()`. */
  let offsetMs = 0;
  let isSet = false;
  let toldOf = false;

  async function ask(): Promise<void> {
    const askedAtMs = performance.now();
    const { rows } = await db.query<{ ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float AS ms',
      [],
      'database-clock',
    );
    const tookMs = performance.now() - askedAtMs;
    if (isSet && tookMs > roundTripMsMax) return;
    offsetMs = rows[0]!.ms - (askedAtMs + tookMs / 2);
    isSet = true;
    const aheadMs = Date.now() - now();
    const isOff = Math.abs(aheadMs) > toleranceMs + tookMs;
    if (isOff && !toldOf) {
      const by = `${(Math.abs(aheadMs) / 1_000).toFixed(0)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
      log.warn({ message: `The clock of this machine is ${by} that of the database, which counts.` });
    }
    toldOf = isOff;
  }
  const now: Clock = () => Math.round(performance.now() + offsetMs);

  await ask();
  const timer = setInterval(() => void ask().catch(() => {}), everyMs).unref();
  return { now, close: () => clearInterval(timer) };
}
