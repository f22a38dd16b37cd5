import { newId } from '../../src/platform/id.ts';
import { type RunningServer, startServer } from '../support/processes.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
/** As `matjip-server.ts` starts it. */
const ADMIN_KEY = 'bench-admin-key-bench';

/** A server process of the bench, and what an order needs. */
export interface BenchShop {
  readonly server: RunningServer;
  readonly url: string;
  readonly storeId: string;
  order(): Promise<{ id: string; token: string; number: number }>;
  /** A call by the owner. @throws Error unless it was answered with 2xx */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server said
  owner(method: string, path: string, body?: unknown): Promise<any>;
}

export async function openBenchShop(
  databaseUrl: string,
  dish: { storeId: string; itemId: string },
  env: Readonly<Record<string, string>> = {},
): Promise<BenchShop> {
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: databaseUrl, ...env });
  const url = `http://127.0.0.1:${server.port}`;
  const base = `${url}/api/v1/stores/${dish.storeId}`;
  async function call(path: string, init: RequestInit) {
    const response = await fetch(base + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
  const json = { 'content-type': 'application/json' };
  return {
    server,
    url,
    storeId: dish.storeId,
    order: () =>
      call('/orders', {
        method: 'POST',
        headers: { ...json, 'idempotency-key': newId() },
        body: JSON.stringify({ lines: [{ itemId: dish.itemId, quantity: 1 }] }),
      }),
    owner: (method, path, body) =>
      call(path, {
        method,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body !== undefined && json) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

/** The value below which `share` of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
