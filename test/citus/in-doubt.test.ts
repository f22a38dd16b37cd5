import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { orderJobHandlers } from '../../src/composition/order-jobs.ts';
import { sendToKitchen } from '../../src/kitchen/index.ts';
import { createAwaitPlaced } from '../../src/order/index.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { lockStores } from '../../src/store/index.ts';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { shardedDatabase } from '../support/sharded.ts';
import { makeStore } from '../support/store.ts';

/*
 * Machines of a cluster commit one after the other. What is between two of them is made here on one Postgres, which is told that its stores
 * are spread over machines.
 */
// Nothing runs the jobs here.
const api = await startTestApp({ after }, { databaseUrl: await shardedDatabase() });
const { db, client } = api;

test('a job that is seen before its orders waits for them by their stores’ locks, a store at a time', async (t) => {
  const stores = await Promise.all([1, 2].map(() => makeStore(db, { stew: { price: 9_000 } })));
  const placed: [string, string][] = [];
  for (const { id, dishes } of stores) {
    const { status, body } = await client.order(id, { lines: [{ itemId: dishes.stew.id, quantity: 1 }] });
    assert.equal(status, 201);
    placed.push([id, body.id]);
  }
  const working = openDb({ url: api.databaseUrl, connectionsMax: 1 });
  t.after(() => working.close());
  await working.query('SELECT 1');
  const worked: string[][] = [];
  const handlers = orderJobHandlers(
    working,
    [
      {
        kind: 'tickets',
        async handle(tx, orders) {
          worked.push([...new Set(orders.map(({ storeId }) => storeId))]);
          await sendToKitchen(tx, orders);
        },
      },
    ],
    undefined,
    createAwaitPlaced(lockStores),
  );
  const [hidden, shown] = placed as [[string, string], [string, string]];
  const { rows } = await db.query<{ whole: object }>('SELECT to_jsonb(o) AS whole FROM orders o WHERE id = $1', [
    hidden[1],
  ]);
  await db.query('DELETE FROM orders WHERE store_id = $1 AND id = $2', hidden);
  let job: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    await lockStores(tx, [hidden[0]]);
    await tx.query('INSERT INTO orders SELECT * FROM jsonb_populate_record(NULL::orders, $1)', [
      JSON.stringify(rows[0]!.whole),
    ]);
    job = handlers.tickets!([shown, hidden]);
    await eventually(async () => assert.equal(await countLockWaits(db), 1));
  });
  await job;
  assert.deepEqual(worked, [[shown[0]], [hidden[0]]]);
  const { rows: made } = await db.query<{ order_id: string }>(
    'SELECT order_id FROM ticket WHERE order_id = ANY($1::uuid[])',
    [placed.map(([, id]) => id)],
  );
  assert.deepEqual(made.map(({ order_id: id }) => id).sort(), placed.map(([, id]) => id).sort());
});

test('an order that is sent again has its jobs again, and one that waits for its money has none by that', async () => {
  const store = await makeStore(db, { stew: { price: 9_000 } });
  const jobs = async (id: string) => {
    const { rows } = await db.query<{ kind: string }>(
      `WITH lost AS (DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
         WHERE t.id = j.task_id AND j.payload::text LIKE '%' || $1 || '%' RETURNING t.identifier)
       SELECT identifier AS kind FROM lost ORDER BY 1`,
      [id],
    );
    return rows.map(({ kind }) => kind);
  };
  const place = async (key: string, from: typeof api) => {
    const lines = [{ itemId: store.dishes.stew.id, quantity: 1 }];
    return (await from.client.order(store.id, { lines }, key)).status;
  };
  // As after a coordinator that died between the two commits: who took the order knows nothing of it.
  const other = await startTestApp({ after }, { databaseUrl: api.databaseUrl });
  const key = newId();
  assert.equal(await place(key, api), 201);
  const first = await jobs(key);
  assert.ok(first.includes('kitchen'), first.join());
  assert.equal(await place(key, other), 200);
  assert.deepEqual(await jobs(key), first);

  await db.query('UPDATE store SET pay_first = true WHERE id = $1', [store.id]);
  const paying = await startTestApp({ after }, { databaseUrl: api.databaseUrl });
  const held = newId();
  assert.equal(await place(held, paying), 201);
  await jobs(held);
  assert.equal(await place(held, await startTestApp({ after }, { databaseUrl: api.databaseUrl })), 200);
  assert.deepEqual(await jobs(held), []);
});
