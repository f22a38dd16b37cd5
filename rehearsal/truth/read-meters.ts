import { setTimeout as delay } from 'node:timers/promises';

/** Counters at one moment. */
export interface Meters {
  readonly atMs: number;
  /** Menus loaded from the database since the server's start, as the server counts them. */
  readonly loads: number;
  /** Statements that read the database since its start, as Postgres counts them. */
  readonly databaseReads: number;
}

export interface MeterSources {
  /** Every node. */
  readonly urls: readonly string[];
  readonly databaseReads: () => Promise<number>;
}

const LOADS = 'matjip_cache_load_seconds_count';
const OF_MENUS = 'place="menu"';
const READ_EVERY_MS = 1_000;
const READ_TIMEOUT_MS = 2_000;

/** Sums the lines of a counter whose labels contain `label`, in Prometheus' text; 0 when there are none. */
export function sumCounter(text: string, name: string, label: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const match = line.startsWith(name) ? /^(?:\{(.*)\})? (\S+)/.exec(line.slice(name.length)) : null;
    if (match && (match[1] ?? '').includes(label)) sum += Number(match[2]);
  }
  return sum;
}

/** The most loads from one reading to the next, per second where a reading came late: a stampede shows here. */
export function mostLoadsPerSecond(meters: readonly Meters[]): number {
  let most = 0;
  for (const [index, meter] of meters.entries()) {
    const before = meters[index - 1];
    if (!before) continue;
    const seconds = Math.max(1, (meter.atMs - before.atMs) / 1000);
    most = Math.max(most, Math.round((meter.loads - before.loads) / seconds));
  }
  return most;
}

/** @throws when the server or the database does not answer within two seconds */
async function readMeters({ urls, databaseReads }: MeterSources): Promise<Meters> {
  const loads = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
      return sumCounter(await response.text(), LOADS, OF_MENUS);
    }),
  );
  return { atMs: Date.now(), loads: loads.reduce((sum, each) => sum + each, 0), databaseReads: await databaseReads() };
}

/** Reads the meters every second until told to stop, and once more then. A reading that fails leaves a gap, no error. */
export function watchMeters(sources: MeterSources): { stop(): Promise<Meters[]> } {
  const readings: Meters[] = [];
  const stopping = new AbortController();
  const read = async () => {
    try {
      readings.push(await readMeters(sources));
    } catch {
      // Too busy to say.
    }
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await read();
      await delay(READ_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
    await read();
  })();
  return {
    async stop() {
      stopping.abort();
      await watching;
      return readings;
    },
  };
}
