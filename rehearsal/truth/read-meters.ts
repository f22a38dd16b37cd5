import { setTimeout as delay } from 'node:timers/promises';

/** The server's own counters at one moment. */
export interface Meters {
  readonly atMs: number;
  /** Menus loaded from the database since the server's start. */
  readonly loads: number;
  /** Statements that read the database since the server's start. */
  readonly databaseReads: number;
}

const LOADS = 'matjip_menu_loads_total';
const READS = 'matjip_database_reads_total';
const READ_EVERY_MS = 1_000;
const READ_TIMEOUT_MS = 2_000;

/** Sums a counter over its labels in Prometheus' text; 0 for one that is not there. */
export function sumCounter(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length);
    if (rest[0] === ' ' || rest[0] === '{') sum += Number(rest.slice(rest.lastIndexOf('}') + 1).trim().split(' ')[0]);
  }
  return sum;
}

/** Reads `/metrics`. @throws when the server does not answer within two seconds */
export async function readMeters(url: string): Promise<Meters> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
  const text = await response.text();
  return { atMs: Date.now(), loads: sumCounter(text, LOADS), databaseReads: sumCounter(text, READS) };
}

/** Reads the meters every second until told to stop, and once more then. A reading that fails leaves a gap, no error. */
export function watchMeters(url: string): { stop(): Promise<Meters[]> } {
  const readings: Meters[] = [];
  const stopping = new AbortController();
  const read = async () => {
    try {
      readings.push(await readMeters(url));
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
