import type { TestContext } from 'node:test';
import { businessDay } from '../../../src/platform/clock.ts';
import { openDb } from '../../../src/platform/db/pool.ts';
import { testDatabase } from '../../support/postgres.ts';
import { makeStore } from '../../support/store.ts';
import { createRandom } from '../random.ts';
import { DISHES, StockActor } from './stock-actor.ts';
import { type StockProcess, startStockProcess } from './stock-process.ts';

export interface StockProof {
  readonly stores: number;
  readonly rounds: number;
  /** Steps of each store between two looks at the clock. */
  readonly steps: number;
  /** Puts an old fault back: into the statements, or around a process. */
  readonly patch?: (sql: string) => string;
  readonly wrap?: (process: StockProcess) => StockProcess;
}

const HOUR_MS = 3_600_000;

/**
 * Lets every store's people and clocks at its stock at once, through processes of each kind, over many days, and holds every
 * answer and every row against a model without a database. Days begin with the scheduled return before, after and in the middle of
 * their first orders; some returns come a day late.
 * @returns how many operations it was
 */
export async function proveStock(
  t: TestContext,
  { stores, rounds, steps, patch, wrap = (process) => process }: StockProof,
): Promise<number> {
  const { url } = await testDatabase(t);
  const db = openDb({ url, connectionsMax: 4, statementTimeoutMs: 0, acquireTimeoutMs: 60_000 });
  // Seoul's noon, so that a day begins after the first rounds and not before them.
  let nowMs = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS + 3 * HOUR_MS;
  await db.query('SELECT ensure_order_partitions($1::date, ($1::date + $2::int))', [new Date(nowMs), rounds + 3]);
  const processes = (['grouped', 'direct', 'grouped'] as const).map((intake) =>
    wrap(startStockProcess({ databaseUrl: url, intake, now: () => nowMs, patch })),
  );
  t.after(async () => {
    await Promise.all(processes.map((process) => process.close()));
    await db.close();
  });
  const seed = Date.now() % 1_000_000;
  t.diagnostic(`seed ${seed}`);
  const random = createRandom(seed);
  const menu = Object.fromEntries(DISHES.map((name) => [name, { price: 9_000 }]));
  const actors: StockActor[] = [];
  for (let index = 0; index < stores; index += 1) {
    const store = await makeStore(db, menu);
    const own = createRandom(seed + 1 + index);
    actors.push(new StockActor({ store, processes, random: own, nowMs: () => nowMs, db }));
  }

  let returns = 0;
  for (let round = 0; round < rounds; round += 1) {
    const late = Array.from({ length: random.between(0, 2) }, () => {
      returns += 1;
      return random.pick(processes).returnStock(nowMs - random.pick([0, 0, 5, 26, 50]) * HOUR_MS);
    });
    const outcomes = await Promise.allSettled([
      ...late,
      ...actors.map(async (actor) => {
        for (let step = 0; step < steps; step += 1) {
          await actor.step();
          if (step % 5 === 4) await actor.check();
        }
      }),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const before = businessDay(nowMs, 'Asia/Seoul', 4);
    nowMs += random.between(1, 20) * HOUR_MS;
    if (businessDay(nowMs, 'Asia/Seoul', 4) !== before) for (const { model } of actors) model.turnDay();
  }
  return returns + actors.reduce((sum, { operations }) => sum + operations, 0);
}
