import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openBenchShop, percentile } from '../events/shop.ts';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import type { BenchRow } from '../support/row.ts';
import { CROWD_CORE, pinTree, postmasterOf, SERVER_CORE } from './one-core.ts';
import type { OverloadOptions } from './options.ts';

const STREAMS = 10_000;
const SECONDS = 15;
const LOOK_EVERY_MS = 50;

interface Kitchen {
  /** How long the kitchen's list took, milliseconds. */
  readonly looksMs: number[];
  readonly failed: number;
}

/** One client opens ten thousand streams of a pick-up board, again and again: a kitchen of the same process looks at its tickets meanwhile. */
export async function benchFloodStreams(database: BenchDatabase, options: OverloadOptions): Promise<BenchRow[]> {
  const opened = new AsyncDisposableStack();
  try {
    return await measure(database, options, opened);
  } finally {
    await opened.disposeAsync();
  }
}

async function measure(
  database: BenchDatabase,
  { seconds = SECONDS }: OverloadOptions,
  opened: AsyncDisposableStack,
): Promise<BenchRow[]> {
  pinTree(process.pid, CROWD_CORE);
  pinTree(postmasterOf(database.folder), SERVER_CORE);
  const shop = await openBenchShop(database.url, await hotDish(database), { LIMITS: 'on' });
  opened.defer(() => shop.server.stop());
  pinTree(shop.server.pid, SERVER_CORE);
  for (let times = 0; times < 20; times += 1) await shop.order();

  async function look(): Promise<Kitchen> {
    const looksMs: number[] = [];
    let failed = 0;
    for (const untilMs = performance.now() + seconds * 1_000; performance.now() < untilMs; await delay(LOOK_EVERY_MS)) {
      const fromMs = performance.now();
      const ok = await shop.owner('GET', '/kitchen/tickets').then(
        () => true,
        () => false,
      );
      if (ok) looksMs.push(performance.now() - fromMs);
      else failed += 1;
    }
    return { looksMs, failed };
  }

  await look();
  const quiet = await look();
  const flood = fork(
    join(import.meta.dirname, 'stream-flood.ts'),
    [String(shop.server.port), `/api/v1/stores/${shop.storeId}/board/events`, String(STREAMS)],
    { execArgv: [] },
  );
  opened.defer(async () => void flood.kill());
  await once(flood, 'message');
  const beside = await look();
  flood.send('how many');
  const [{ connected, streams }] = (await once(flood, 'message')) as [{ connected: number; streams: number }];
  const took = ({ looksMs }: Kitchen) =>
    `p50 ${percentile(looksMs, 0.5).toFixed(1)} ms, p99 ${percentile(looksMs, 0.99).toFixed(1)} ms`;
  return [
    {
      what: `flood-streams: kitchen's looks answered`,
      ours: `${beside.looksMs.length} of ${beside.looksMs.length + beside.failed}`,
      baseline: `${streams} streams open, ${connected} connections made`,
      ratio: beside.looksMs.length / (beside.looksMs.length + beside.failed),
      goal: { atLeast: 1 },
    },
    {
      what: `flood-streams: time of a kitchen's look`,
      ours: took(beside),
      baseline: `quiet ${took(quiet)}`,
      ratio: percentile(beside.looksMs, 0.99) / percentile(quiet.looksMs, 0.99),
      goal: { atMost: 2 },
    },
  ];
}
