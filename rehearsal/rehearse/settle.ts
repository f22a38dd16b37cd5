import { setTimeout as delay } from 'node:timers/promises';
import { watchUsage } from './process-usage.ts';

/** Postgres works less than this share of a core when nobody asks it anything. */
const IDLE_SHARE = 0.05;
/** One second may lie between two jobs. */
const QUIET_S = 2;
/** A rung whose database never rests is measured all the same. */
const SETTLE_S_MAX = 20;

/**
 * Waits until the database of a server that has just begun is at rest: what the clock missed while its data lay in a folder (books, audits,
 * partitions) is caught up first, and would be charged to the first crowd. Where there is no `/proc` it waits for nothing.
 */
export async function untilSettled(
  server: { readonly pid: number; readonly home: string; readonly morePids?: readonly number[] },
  signal: AbortSignal,
  { quietS = QUIET_S, mostS = SETTLE_S_MAX }: { readonly quietS?: number; readonly mostS?: number } = {},
): Promise<void> {
  for (let second = 0, quiet = 0; quiet < quietS && second < mostS; second++) {
    const usage = watchUsage(server);
    await delay(1_000, undefined, { signal });
    const used = usage.end();
    if (!used) return;
    quiet = used.databaseS < IDLE_SHARE ? quiet + 1 : 0;
  }
}
