import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runCrowd } from './run-crowd.ts';
import { startToyServer } from './toy-server.ts';
import type { PlainLoad } from './undici-process.ts';

export interface GeneratorCost {
  /** CPU of a request of the event's crowd, orders and ledger included, in microseconds. */
  readonly crowdUs: number;
  /** CPU of a menu read through a bare undici pool at the same rate. */
  readonly undiciUs: number;
}

/** Measures both generators one after the other against the same server, each in a process of its own. */
export async function measureCost(rate: number, durationS: number): Promise<GeneratorCost> {
  const server = await startToyServer();
  try {
    const { result } = await runCrowd({ url: server.url, rate, durationS, warmupS: 1, thinkS: 1 });
    const stores = (await (await fetch(`${server.url}/api/v1/stores`)).json()) as { items: { id: string }[] };
    const path = `/api/v1/stores/${stores.items[0]!.id}/menu`;
    const load: PlainLoad = { url: server.url, path, etag: '"1"', rate, durationS };
    const child = fork(join(import.meta.dirname, 'undici-process.ts'), { execArgv: [] });
    child.send(load);
    const [{ microseconds }] = (await once(child, 'message')) as [{ microseconds: number }];
    return { crowdUs: (result.generator.cpuShare * durationS * 1e6) / result.attempted, undiciUs: microseconds };
  } finally {
    await server.close();
  }
}
