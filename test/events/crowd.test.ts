import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { addJobs } from '../../src/platform/jobs/jobs.ts';
import { startWork } from '../../src/work.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { captureLog } from '../support/log.ts';
import { movableClock } from '../support/movable-clock.ts';
import { makeStore } from '../support/store.ts';

test('jobs of a store that has a crowd are told apart from those of the others, and each order of both has its ticket', async (t) => {
  const { db, client, databaseUrl } = await startTestApp(t, { env: { WORK: 'off', LIMITS: 'off' } });
  const crowded = await makeStore(db, { dish: { price: 9_000 } });
  const quiet = await makeStore(db, { dish: { price: 9_000 } });
  const order = async (store: typeof crowded) => {
    const { status } = await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
    assert.equal(status, 201);
  };
  // A crowd is told by its orders a second, and whoever waits for seconds is refused: here all come in one moment.
  const clock = movableClock({ stands: true });
  t.after(clock.restore);
  const orders = 8 * BOUNDS.jobs.crowdPerSecond;
  await Promise.all([...Array.from({ length: orders }, () => order(crowded)), order(quiet)]);
  await order(quiet);
  clock.restore();

  const { rows } = await db.query<{ priority: number; stores: string[] }>(
    `SELECT DISTINCT j.priority, array_agg(DISTINCT entry ->> 0) AS stores
     FROM graphile_worker._private_jobs j, json_array_elements(j.payload) AS entry GROUP BY 1 ORDER BY 1`,
  );
  assert.ok(rows[0]!.stores.includes(quiet.id));
  assert.deepEqual(rows[1], { priority: 1, stores: [crowded.id] });

  const worker = await startWork(readConfig({ WORK: 'off' }), databaseUrl, captureLog().log);
  t.after(() => worker.close());
  await eventually(async () => {
    const tickets = await db.query<{ of_quiet: boolean; count: number }>(
      'SELECT store_id = $1 AS of_quiet, count(*) AS count FROM ticket GROUP BY 1 ORDER BY 1',
      [quiet.id],
    );
    assert.deepEqual(tickets.rows, [
      { of_quiet: false, count: orders },
      { of_quiet: true, count: 2 },
    ]);
  });
});

test('a crowd’s orders that came one by one are sent to the kitchen by the hundred: their tickets do not fall behind', async (t) => {
  const { db, client, databaseUrl } = await startTestApp(t, { env: { WORK: 'off', LIMITS: 'off' } });
  const store = await makeStore(db, { dish: { price: 9_000 } });
  const orders = 600;
  const lines = [{ itemId: store.dishes.dish.id, quantity: 1 }];
  const placed = await Promise.all(Array.from({ length: orders }, () => client.order(store.id, { lines })));
  assert.ok(placed.every(({ status }) => status === 201));
  // As if each had come alone: a group of one, with jobs of its own.
  const { rows: kinds } = await db.query<{ kind: string }>(
    'SELECT DISTINCT task_identifier AS kind FROM graphile_worker.jobs',
  );
  await db.query('DELETE FROM graphile_worker._private_jobs');
  const jobs = placed.flatMap(({ body }) =>
    kinds.map(({ kind }) => ({ kind, payload: [[store.id, body.id]], ofCrowd: true })),
  );
  await db.transaction((tx) => addJobs(tx, jobs));

  const worker = await startWork(readConfig({ WORK: 'off' }), databaseUrl, captureLog().log);
  t.after(() => worker.close());
  const written = async () =>
    (
      await db.query<{ tickets: number; transactions: number }>(
        'SELECT count(*)::int AS tickets, count(DISTINCT xmin::text)::int AS transactions FROM ticket',
      )
    ).rows[0]!;
  await eventually(async () => assert.equal((await written()).tickets, orders));
  const { transactions } = await written();
  t.diagnostic(`${transactions} transactions`);
  assert.ok(transactions <= orders / 30, `${transactions} transactions for ${orders} tickets`);
});
