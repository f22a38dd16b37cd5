import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { postgresUs, usedUs } from '../support/cpu.ts';
import { load, startServer } from '../support/processes.ts';
import { type BenchRow, median } from '../support/row.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const TASK = { host: '127.0.0.1', connections: 256, warmupMs: 1_000, durationMs: 3_000 };
const ROUNDS = 3;

/** What one refused order costs while a crowd wants a dish that is sold out, with the list of what is sold out and without it. */
export async function benchSoldOut(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  await database.db.query('UPDATE stock SET offered = sold WHERE store_id = $1 AND item_id = $2', [
    dish.storeId,
    dish.itemId,
  ]);
  const request = { kind: 'order', path: `/api/v1/stores/${dish.storeId}/orders`, itemIds: [dish.itemId] } as const;
  const run = async (gate: 'on' | 'off', intake: string) => {
    const env = {
      INTAKE: intake,
      DATABASE_URL: database.url,
      PORT: '0',
      OVERLOAD: 'off',
      BENCH_JOBS: 'off',
      BENCH_SOLD_OUT: gate,
    };
    const server = await startServer(MATJIP, env);
    try {
      const before = { server: usedUs(server.pid), postgres: postgresUs(database.folder) };
      const result = await load({ ...TASK, port: server.port, request });
      const refused = result.byStatus['409'] ?? 0;
      if (refused !== result.answers)
        throw new Error(`Not every order was refused: ${JSON.stringify(result.byStatus)}`);
      const all = (result.perSecond * (TASK.durationMs + TASK.warmupMs)) / 1_000;
      return {
        perSecond: result.perSecond,
        serverUs: (usedUs(server.pid) - before.server) / all,
        postgresUs: (postgresUs(database.folder) - before.postgres) / all,
      };
    } finally {
      await server.stop();
    }
  };
  const rows: BenchRow[] = [];
  for (const intake of ['grouped', 'direct']) {
    const rounds: { on: Awaited<ReturnType<typeof run>>; off: Awaited<ReturnType<typeof run>> }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({ off: await run('off', intake), on: await run('on', intake) });
    }
    const row = (what: string, of: 'perSecond' | 'serverUs' | 'postgresUs', unit: string): BenchRow => {
      const [on, off] = [median(rounds.map((each) => each.on[of])), median(rounds.map((each) => each.off[of]))];
      return {
        what: `sold-out, ${intake}: ${what}`,
        ours: `with the list ${on.toFixed(0)} ${unit}`,
        baseline: `by the database ${off.toFixed(0)} ${unit}`,
        ratio: on / off,
      };
    };
    rows.push(
      row('orders refused a second', 'perSecond', '/s'),
      row('server’s CPU of a refused order', 'serverUs', 'µs'),
      row('Postgres’ CPU of a refused order', 'postgresUs', 'µs'),
    );
  }
  return rows;
}
