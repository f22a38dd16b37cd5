import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EVENT_MIX, type Mix } from '../../rehearsal/crowd/guests.ts';
import type { PhoneCrowd, Retry } from '../../rehearsal/crowd/phone-crowd.ts';
import { openPhones } from '../../rehearsal/crowd/run-phones.ts';
import type { Usefulness } from '../../rehearsal/crowd/usefulness.ts';
import { type FoundOrder, type LedgerVerdict, verifyLedger } from '../../rehearsal/crowd/verify-ledger.ts';
import { watchUsage } from '../../rehearsal/rehearse/process-usage.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { startServer } from '../support/processes.ts';
import { CROWD_CORE, crowdCommand, pinTree, postmasterOf, residentMiB, SERVER_CORE } from './one-core.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const RSS_EVERY_MS = 250;

/** One load, and what it cost the server. Shares are of one core. */
export interface MeasuredLoad extends Usefulness {
  readonly server: {
    readonly cpuShare: number;
    readonly databaseCpuShare: number;
    readonly residentMaxMiB: number;
    /** The event loop's delay by the server's own metrics, milliseconds. */
    readonly loopDelayP99Ms: number | null;
  };
}

/** A server with its Postgres on one core, and a crowd of phones at the other, all connected. */
export interface Stage {
  offer(rate: number, durationS: number, mix?: Mix): Promise<MeasuredLoad>;
  /** Holds every acknowledged order against the database. */
  verify(): Promise<LedgerVerdict>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly phones: number;
  readonly retry: Retry;
  /** Puts something in front of the server and says where it listens. */
  readonly inFront?: (port: number) => Promise<{ url: string; close(): Promise<void> }>;
}

export async function openStage(database: BenchDatabase, options: StageOptions): Promise<Stage> {
  // In this order: Postgres is a child of this process.
  pinTree(process.pid, CROWD_CORE);
  pinTree(postmasterOf(database.folder), SERVER_CORE);
  const ledger = join(database.folder, `overload-${Date.now()}.ledger`);
  const environment = {
    DATABASE_URL: database.url,
    PORT: '0',
    LIMITS: 'off',
    ...(options.inFront && { TRUST_PROXY: 'loopback' }),
  };
  const server = await startServer(MATJIP, environment, SERVER_CORE);
  const opened = new AsyncDisposableStack();
  opened.defer(() => server.stop());
  try {
    const direct = `http://127.0.0.1:${server.port}`;
    const [storeId] = await unlimitedStores(direct, 1);
    const front = await options.inFront?.(server.port);
    if (front) opened.defer(() => front.close());
    const crowd: PhoneCrowd = await openPhones({
      url: front?.url ?? direct,
      storeId: storeId!,
      phones: options.phones,
      ledger,
      command: crowdCommand(),
    });
    opened.defer(() => crowd.close());
    return {
      async offer(rate, durationS, mix = EVENT_MIX) {
        await loopDelayMs(direct);
        const usage = watchUsage({ pid: server.pid, home: database.folder });
        let residentMaxMiB = 0;
        const sample = setInterval(() => {
          residentMaxMiB = Math.max(residentMaxMiB, residentMiB(server.pid));
        }, RSS_EVERY_MS);
        const ended = setTimeout(() => usage.end(), durationS * 1000);
        try {
          const load = await crowd.offer({ rate, durationS, mix, retry: options.retry });
          const used = usage.end();
          return {
            ...load,
            server: {
              cpuShare: (used?.serverS ?? 0) / durationS,
              databaseCpuShare: (used?.databaseS ?? 0) / durationS,
              residentMaxMiB,
              loopDelayP99Ms: await loopDelayMs(direct),
            },
          };
        } finally {
          clearInterval(sample);
          clearTimeout(ended);
        }
      },
      async verify() {
        const verdict = await verifyLedger([ledger], async (entries) => {
          const { rows } = await database.db.query<FoundOrder>(
            'SELECT id, number, total FROM orders WHERE store_id = $1 AND id = ANY($2::uuid[])',
            [storeId, entries.map((entry) => entry.id)],
          );
          return rows;
        });
        await rm(ledger, { force: true });
        return verdict;
      },
      close: () => opened.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

const ADMIN = { authorization: 'Bearer bench-admin-key-bench', 'content-type': 'application/json' };

/** More than a load orders; what a table may have is another bench's question. */
const TABLE_LIMITS = { orders: 10_000, portions: 100_000, unpaid: 2_147_483_647 };

/** The first stores, with every dish and table made unlimited: what sold portions do to the menu is another bench's question. */
export async function unlimitedStores(url: string, count: number): Promise<string[]> {
  const { items } = await get<{ items: { id: string }[] }>(`${url}/api/v1/stores`);
  const storeIds = items.slice(0, count).map(({ id }) => id);
  for (const storeId of storeIds) await makeUnlimited(url, storeId);
  // The menu that the crowd gets first is the one that stays.
  await delay(1_500);
  return storeIds;
}

async function makeUnlimited(url: string, storeId: string): Promise<void> {
  await put(`${url}/api/v1/stores/${storeId}`, { tableLimits: TABLE_LIMITS });
  const menu = await get<{ categories: { items: { id: string; remaining: number | null }[] }[] }>(
    `${url}/api/v1/stores/${storeId}/menu`,
  );
  for (const { id, remaining } of menu.categories.flatMap(({ items }) => items)) {
    if (remaining === null) continue;
    await put(`${url}/api/v1/stores/${storeId}/items/${id}`, { remaining: null, soldOut: false });
  }
}

async function put(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers: ADMIN, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} could not be set: ${await response.text()}`);
}

/** A server that has just started on a busy machine may say that it is full. */
async function get<T>(url: string): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url);
    if (response.ok) return (await response.json()) as T;
    if (tries === 10) throw new Error(`${url} was answered with ${response.status}.`);
    await delay(1_000);
  }
}

async function loopDelayMs(url: string): Promise<number | null> {
  try {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    const seconds = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)?.[1] ?? Number.NaN);
    return Number.isFinite(seconds) ? seconds * 1000 : null;
  } catch {
    return null;
  }
}
