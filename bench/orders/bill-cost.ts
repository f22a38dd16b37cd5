import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { load, startServer } from '../support/processes.ts';
import { type BenchRow, median, perSecond } from '../support/row.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const ROUNDS = 3;
/** A large restaurant's. */
const TABLES = 30;
const TASK = { host: '127.0.0.1', connections: 512, warmupMs: 1_000, durationMs: 3_000 };

/** What it costs that a table's order is on its bill when it is answered: orders of thirty tables against orders without one. */
export async function benchBillCost(database: BenchDatabase): Promise<BenchRow[]> {
  const { storeId, itemId } = await hotDish(database);
  const rate = async (intake: string, tables: number): Promise<number> => {
    const server = await startServer(MATJIP, {
      PORT: '0',
      DATABASE_URL: database.url,
      INTAKE: intake,
      OVERLOAD: 'off',
    });
    try {
      const request = { kind: 'order', path: `/api/v1/stores/${storeId}/orders`, itemIds: [itemId], tables } as const;
      const result = await load({ ...TASK, port: server.port, request });
      // What a full process refuses is no order.
      return (result.perSecond * (result.byStatus['201'] ?? 0)) / result.answers;
    } finally {
      await server.stop();
    }
  };
  const rows: BenchRow[] = [];
  for (const [intake, atLeast] of [
    ['grouped', 0.85],
    ['direct', 0.75],
  ] as const) {
    const billed: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      plain.push(await rate(intake, 0));
      billed.push(await rate(intake, TABLES));
    }
    rows.push({
      what: `${intake}: orders at tables, on their bills ÷ orders without a table`,
      ours: perSecond('at tables', median(billed)),
      baseline: perSecond('without', median(plain)),
      ratio: median(billed.map((value, round) => value / plain[round]!)),
      goal: { atLeast },
    });
  }
  return rows;
}
