import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measureCost } from '../rehearsal/crowd/measure-cost.ts';
import { runCrowd } from '../rehearsal/crowd/run-crowd.ts';
import { type FoundOrder, verifyLedger } from '../rehearsal/crowd/verify-ledger.ts';
import type { BenchDatabase } from './support/bench-database.ts';
import { startServer } from './support/processes.ts';
import type { BenchRow } from './support/row.ts';

const MATJIP = new URL('support/matjip-server.ts', import.meta.url);
/** A well-known delivery app's first-come event. */
const REQUESTS_PER_MINUTE = 470_000;
const EVENT_S = 60;
const WARMUP_S = 5;
const PROMISE = { p99Ms: 100, errorRate: 0 };
const COST_RATE = 4_000;
const COST_S = 5;

/** The event: the crowd comes to one store for a minute, and every acknowledged order is looked up in the database afterwards. */
export async function benchEventMinute(database: BenchDatabase): Promise<BenchRow[]> {
  const ledger = join(database.folder, 'event.ledger');
  await rm(ledger, { force: true });
  const server = await startServer(MATJIP, { DATABASE_URL: database.url, PORT: '0' });
  try {
    const { result, p99Ms, verdict, ledgers } = await runCrowd({
      url: `http://127.0.0.1:${server.port}`,
      rate: REQUESTS_PER_MINUTE / 60,
      durationS: EVENT_S,
      warmupS: WARMUP_S,
      thinkS: 10,
      serviceLevel: PROMISE,
      ledger,
    });
    const orders = await verifyLedger(ledgers, async (entries) => {
      const { rows } = await database.db.query<FoundOrder>(
        'SELECT id, number, total FROM orders WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[])',
        [[...new Set(entries.map((entry) => entry.storeId))], entries.map((entry) => entry.id)],
      );
      return rows;
    });
    const errors = Object.values(result.errors).reduce((sum, times) => sum + times, 0);
    const { cpuShare, sendLagP99Ms, dropped } = result.generator;
    if (verdict.kind === 'no verdict') throw new Error(`The generator was the bottleneck: ${verdict.why}.`);
    return [
      {
        what: `event-minute: ${REQUESTS_PER_MINUTE.toLocaleString('en')} requests/min, p99`,
        ours: `p99 ${p99Ms.toFixed(1)} ms`,
        baseline: `promised ${PROMISE.p99Ms} ms (own CPU ${Math.round(cpuShare * 100)} %, lag ${sendLagP99Ms.toFixed(1)} ms)`,
        ratio: p99Ms / PROMISE.p99Ms,
        goal: { atMost: 1 },
      },
      {
        what: 'event-minute: errors, dropped, lost and doubled',
        ours: `${errors} + ${dropped} + ${orders.lost} + ${orders.doubled}`,
        baseline: `${result.attempted.toLocaleString('en')} requests, ${orders.acknowledged.toLocaleString('en')} orders`,
        ratio: errors + dropped + orders.lost + orders.doubled,
        goal: { atMost: 0 },
      },
    ];
  } finally {
    await server.stop();
  }
}

/** What our generator costs, so that it measures the server and not itself. */
export async function benchGeneratorCost(): Promise<BenchRow[]> {
  const { crowdUs, undiciUs } = await measureCost(COST_RATE, COST_S);
  return [
    {
      what: 'generator: CPU of a request ÷ a bare undici pool',
      ours: `crowd ${crowdUs.toFixed(1)} µs`,
      baseline: `undici ${undiciUs.toFixed(1)} µs`,
      ratio: crowdUs / undiciUs,
      goal: { atMost: 2 },
    },
  ];
}
