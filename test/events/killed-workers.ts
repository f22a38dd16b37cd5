import assert from 'node:assert/strict';
// biome-ignore lint/style/noRestrictedImports: workers die every so often, and who was refused breathes
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newId } from '../../src/platform/id.ts';
import { listDead } from '../../src/platform/jobs/dead-letters.ts';
import { startTestApp } from '../support/app.ts';
import { background } from '../support/background.ts';
import { startNode, type TestChild } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { makeStore } from '../support/store.ts';

export interface KilledWorkersPlan {
  /** At least; the crowd goes on until enough workers died. */
  readonly orders: number;
  readonly killsMin: number;
  /** The next worker is killed so long after the last one. */
  readonly killEveryMs: number;
}

const WORKERS = 2;
const GUESTS = 48;
const STORES = 5;
const REFUSED_PAUSE_MS = 100;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Context extends Lifetime {
  diagnostic(message: string): void;
}

/**
 * A crowd orders while the workers, processes of their own as in production, are killed one after another with `kill -9`
 * and replaced. At the end every order must have exactly its tickets, its slips and its place in the counts.
 */
export async function orderWhileWorkersDie(t: Context, plan: KilledWorkersPlan): Promise<void> {
  const { db, client, databaseUrl } = await startTestApp(t, { env: { WORK: 'off', LIMITS: 'off' } });
  const stores = await Promise.all(
    Array.from({ length: STORES }, () =>
      makeStore(db, {
        stew: { price: 9_000, station: 'soup' },
        rib: { price: 30_000, station: 'grill' },
        beer: { price: 5_000, station: 'drinks' },
      }),
    ),
  );

  const workers: TestChild[] = [];
  async function startWorker(place: number): Promise<void> {
    const env = { ...process.env, DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' };
    workers[place] = startNode(t, [MAIN, 'work'], { env });
    await workers[place].says(/Working\./);
  }
  await Promise.all(Array.from({ length: WORKERS }, (_, place) => startWorker(place)));

  let kills = 0;
  const killing = background(t, async (signal) => {
    for (;;) {
      await delay(plan.killEveryMs, undefined, { signal });
      const place = kills % WORKERS;
      await workers[place]!.kill('SIGKILL');
      kills += 1;
      await startWorker(place);
    }
  });

  let placed = 0;
  const refused: string[] = [];
  const guest = async (testOver: AbortSignal) => {
    while (!testOver.aborted && (placed < plan.orders || kills < plan.killsMin)) {
      placed += 1;
      const store = stores[placed % STORES]!;
      const dishes = Object.values(store.dishes);
      const lines = dishes
        .slice(0, 1 + (placed % dishes.length))
        .map(({ id }) => ({ itemId: id, quantity: 1 + (placed % 3) }));
      const request = { table: String(placed % 40), lines };
      const key = newId();
      // On a machine that is too busy for it an order is refused in time, and sent again.
      while (!testOver.aborted) {
        const { status, body } = await client.order(store.id, request, key);
        if (status === 201 || status === 200) break;
        assert.equal(status, 503, JSON.stringify(body));
        refused.push(body.type);
        await delay(REFUSED_PAUSE_MS, undefined, { signal: testOver });
      }
    }
  };
  const guests = background(t, async (testOver) => {
    await Promise.all(Array.from({ length: GUESTS }, () => guest(testOver)));
  });
  await guests.ended;

  const left = async () =>
    (
      await db.query<{ what: string }>(
        `SELECT t.identifier || ', attempt ' || attempts || coalesce(', of ' || locked_by, '') AS what
         FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id`,
      )
    ).rows.map(({ what }) => what);
  const behind = (await left()).length;
  await killing.end();
  for (let most = behind; most > 0; ) {
    most = await eventually(async () => {
      // What was interrupted many times pauses for minutes: the clock is moved by hand.
      await db.query('UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now()');
      const jobs = await left();
      assert.ok(jobs.length < most, `${jobs.length} jobs are left, and they do not become fewer: ${jobs.join('; ')}`);
      return jobs.length;
    });
  }
  assert.deepEqual(await listDead(db, 10, null), []);

  // Of tables that have just become large nothing is known yet, and all of them are read.
  await db.query('ANALYZE');
  const { rows } = await db.query<Record<string, number>>(`
    WITH due AS (
      SELECT DISTINCT l.store_id, l.order_id, i.station FROM order_line l
      JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
    ), sold AS (SELECT store_id, item_id, sum(quantity) AS quantity FROM order_line GROUP BY 1, 2),
    counted AS (SELECT store_id, item_id, sum(quantity) AS quantity FROM ranking_hour GROUP BY 1, 2)
    SELECT (SELECT count(*) FROM orders) AS orders,
      (SELECT count(*) FROM due) AS due,
      (SELECT count(*) FROM ticket) AS tickets,
      (SELECT count(*) FROM due JOIN ticket USING (store_id, order_id, station)) AS right_tickets,
      (SELECT count(*) FROM print_slip) AS slips,
      (SELECT count(*) FROM due JOIN print_slip USING (store_id, order_id, station)) AS right_slips,
      (SELECT sum(quantity) FROM sold)::int AS sold,
      (SELECT count(*) FROM sold FULL JOIN counted USING (store_id, item_id)
       WHERE sold.quantity IS DISTINCT FROM counted.quantity) AS wrong_counts,
      (SELECT sum((line ->> 'quantity')::int) FROM ticket, jsonb_array_elements(lines) AS line)::int AS cooked`);
  const found = rows[0]!;
  assert.equal(found.orders, placed);
  assert.equal(found.tickets, found.due);
  assert.equal(found.right_tickets, found.due);
  assert.equal(found.slips, found.due);
  assert.equal(found.right_slips, found.due);
  assert.equal(found.cooked, found.sold);
  assert.equal(found.wrong_counts, 0);
  t.diagnostic(
    `${placed} orders, ${refused.length} refused before (${[...new Set(refused)]}), ${kills} workers killed, ${behind} jobs left at the end of the orders; ` +
      `${found.due} tickets and slips, each once`,
  );
}
