import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type OrderJob, orderJobHandlers } from '../../src/composition/order-jobs.ts';
import { cancelSlips, sendToKitchen } from '../../src/kitchen/index.ts';
import { openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { addJobs } from '../../src/platform/jobs/jobs.ts';
import { countOrders, uncountOrder } from '../../src/ranking/count-orders.ts';
import { claimPlaced } from '../../src/webhook/queries.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { CITUS_URL } from '../support/citus.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

/*
 * Each handler is given every order of one run twice, out of order and in other groups than they came in, and must end
 * where one clean run ends.
 */
// Nothing runs the jobs here: the tests are the workers.
const api = await startTestApp({ after });
const { db } = api;
const store = await makeStore(db, {
  stew: { price: 9_000, station: 'soup' },
  beer: { price: 5_000, station: 'drinks' },
});
const ref = (id: string) => ({ storeId: store.id, id });

async function placeOrders(count: number, table?: string): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { status, body } = await api.client.order(store.id, {
      ...(table !== undefined && { table }),
      lines: [
        { itemId: store.dishes.stew.id, quantity: 2 },
        { itemId: store.dishes.beer.id, quantity: 1 },
      ],
    });
    assert.equal(status, 201);
    ids.push(body.id);
  }
  return ids;
}

/** Twice, backwards, in groups of other sizes, two at a time. */
async function disorderly(ids: readonly string[], handle: OrderJob['handle']): Promise<void> {
  const backwards = [...ids].reverse().map(ref);
  await Promise.all([
    db.transaction((tx) => handle(tx, backwards.slice(0, 3))),
    db.transaction((tx) => handle(tx, backwards.slice(1))),
  ]);
  await db.transaction((tx) => handle(tx, ids.map(ref)));
}

test('tickets: one an order and station, whatever is repeated', async () => {
  const ids = await placeOrders(5, '7');
  await disorderly(ids, async (tx, orders) => void (await sendToKitchen(tx, orders)));
  const { rows } = await db.query<{ order_id: string; station: string; version: number }>(
    'SELECT order_id, station, version FROM ticket WHERE order_id = ANY($1::uuid[]) ORDER BY order_id, station',
    [ids],
  );
  assert.deepEqual(
    rows,
    ids.flatMap((id) => ['drinks', 'soup'].map((station) => ({ order_id: id, station, version: 1 }))),
  );
});

test('tickets: an order that has its tickets gets the slips that it has not, and the other way round', async () => {
  const [one, other] = await placeOrders(2, '9');
  await db.transaction((tx) => sendToKitchen(tx, [one!, other!].map(ref)));
  await db.query('DELETE FROM print_slip WHERE order_id = $1', [one]);
  await db.query('DELETE FROM ticket WHERE order_id = $1', [other]);
  const made = await db.transaction((tx) => sendToKitchen(tx, [one!, other!].map(ref)));
  assert.deepEqual(made.orders, [ref(other!)]);
  assert.deepEqual(made.slips.map(({ station }) => station).sort(), ['drinks', 'soup']);
});

test('tickets: one that the kitchen moved already is left as it is', async () => {
  const [id] = await placeOrders(1);
  await db.transaction((tx) => sendToKitchen(tx, [ref(id!)]));
  await db.query("UPDATE ticket SET status = 'cooking', version = 2 WHERE order_id = $1", [id]);
  await db.transaction((tx) => sendToKitchen(tx, [ref(id!)]));
  const { rows } = await db.query('SELECT DISTINCT status, version FROM ticket WHERE order_id = $1', [id]);
  assert.deepEqual(rows, [{ status: 'cooking', version: 2 }]);
});

test('slips: one an order and station, and one that was printed does not come back', async () => {
  const ids = await placeOrders(5);
  await db.transaction((tx) => sendToKitchen(tx, [ref(ids[4]!)]));
  await db.query('UPDATE print_slip SET done_at = now() WHERE order_id = $1', [ids[4]]);
  await disorderly(ids, async (tx, orders) => void (await sendToKitchen(tx, orders)));
  const { rows } = await db.query<{ order_id: string; count: number; done: number }>(
    `SELECT order_id, count(*) AS count, count(done_at) AS done FROM print_slip
     WHERE order_id = ANY($1::uuid[]) GROUP BY 1 ORDER BY 1`,
    [ids],
  );
  assert.deepEqual(
    rows,
    ids.map((id) => ({ order_id: id, count: 2, done: id === ids[4] ? 2 : 0 })),
  );
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** How often a plan went to a table. */
const timesRead = (node: PlanNode, table: string): number =>
  (node['Relation Name']?.replace(/_\d{4}_\d{2}$/, '') === table ? node['Actual Loops'] : 0) +
  (node.Plans ?? []).reduce((sum, each) => sum + timesRead(each, table), 0);

test('tickets and slips: a group goes to the menu once, however many of its lines name the same dishes', {
  skip: CITUS_URL ? 'a machine of the cluster plans them' : false,
}, async () => {
  const ids = await placeOrders(12, '11');
  const plans: PlanNode[] = [];
  await db.transaction(async (tx) => {
    const explained: Queryable = {
      isSharded: false,
      async query(text, values, name) {
        if (!text.startsWith('WITH')) return tx.query(text, values, name);
        const { rows } = await tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
          `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
          values,
        );
        plans.push(rows[0]!['QUERY PLAN'][0].Plan);
        return { rows: [], rowCount: 0 };
      },
    };
    await sendToKitchen(explained, ids.map(ref));
  });
  assert.deepEqual(
    plans.map((plan) => ['orders', 'order_line', 'item'].map((table) => timesRead(plan, table))),
    [[12, 12, 1]],
  );
  const { rows } = await db.query('SELECT order_id FROM print_slip WHERE order_id = ANY($1::uuid[])', [ids]);
  assert.equal(rows.length, 2 * ids.length);
});

const counted = async () => {
  const { rows } = await db.query<{ item_id: string; quantity: number }>(
    'SELECT item_id, sum(quantity) AS quantity FROM ranking_hour WHERE store_id = $1 GROUP BY 1',
    [store.id],
  );
  const of = (id: string) => rows.find((row) => row.item_id === id)?.quantity ?? 0;
  return { stew: of(store.dishes.stew.id), beer: of(store.dishes.beer.id) };
};

const count: OrderJob['handle'] = async (tx, orders) => void (await countOrders(tx, orders));

test('ranking: an order is counted once, and a cancelled one not at all, in whichever order that comes', async () => {
  const ids = await placeOrders(5);
  await disorderly(ids, count);
  const all = await counted();
  assert.deepEqual(all, { stew: 10, beer: 5 });
  // Counted, then cancelled.
  await db.transaction((tx) => uncountOrder(tx, ref(ids[0]!)));
  assert.deepEqual(await counted(), { stew: 8, beer: 4 });
  // Cancelled, then its late job.
  const [late] = await placeOrders(1);
  await db.transaction((tx) => uncountOrder(tx, ref(late!)));
  await disorderly([late!, ids[0]!], count);
  assert.deepEqual(await counted(), { stew: 8, beer: 4 });
});

test('webhooks: an order is announced to each once', async () => {
  await db.query(
    `INSERT INTO webhook (store_id, id, url, secret, events)
     VALUES ($1, gen_random_uuid(), 'https://example.com/a', 's', '{order.placed}'),
            ($1, gen_random_uuid(), 'https://example.com/b', 's', '{order.placed,order.moved}'),
            ($1, gen_random_uuid(), 'https://example.com/c', 's', '{order.moved}')`,
    [store.id],
  );
  const ids = await placeOrders(4);
  const claimed: string[] = [];
  await disorderly(ids, async (tx, orders) => {
    for (const { delivery } of await claimPlaced(tx, orders)) claimed.push(delivery.orderId);
  });
  assert.deepEqual(claimed.sort(), ids.flatMap((id) => [id, id]).sort());
});

test('a cancelled order gets neither tickets nor slips from a late job', async () => {
  const [id] = await placeOrders(1);
  const { status } = await api.client.call(`/api/v1/stores/${store.id}/orders/${id}`, {
    method: 'DELETE',
    token: ADMIN_KEY,
  });
  assert.equal(status, 200);
  await db.transaction(async (tx) => {
    await sendToKitchen(tx, [ref(id!)]);
    await cancelSlips(tx, ref(id!), Date.now());
  });
  for (const table of ['ticket', 'print_slip']) {
    assert.equal((await db.query(`SELECT FROM ${table} WHERE order_id = $1`, [id])).rowCount, 0, table);
  }
});

test('an order that cannot be worked keeps none of its group from the kitchen', async () => {
  const ids = await placeOrders(3);
  const handlers = orderJobHandlers(db, [
    {
      kind: 'fragile',
      async handle(tx, orders) {
        await sendToKitchen(tx, orders);
        if (orders.some((order) => order.id === ids[1])) throw new Error('This one is cursed.');
      },
    },
  ]);
  const outcomes = (await handlers.fragile!(ids.map((id) => [store.id, id]))) as PromiseSettledResult<void>[];
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  const { rows } = await db.query<{ order_id: string }>(
    'SELECT DISTINCT order_id FROM ticket WHERE order_id = ANY($1::uuid[]) ORDER BY 1',
    [ids],
  );
  assert.deepEqual(
    rows.map((row) => row.order_id),
    [ids[0], ids[2]],
  );
});

test('jobs that meet share a transaction, and one that cannot be worked keeps none of the others from the kitchen', async () => {
  const ids = await placeOrders(6);
  const groups: number[] = [];
  const handlers = orderJobHandlers(db, [
    {
      kind: 'fragile',
      async handle(tx, orders) {
        groups.push(orders.length);
        await sendToKitchen(tx, orders);
        await countOrders(tx, orders);
        if (orders.some((order) => order.id === ids[4])) throw new Error('This one is cursed.');
      },
    },
  ]);
  const before = await counted();
  const job = (...of: number[]) => handlers.fragile!(of.map((index) => [store.id, ids[index]]));
  // The first goes alone; the others come while it is under way, one order in two of them.
  const outcomes = await Promise.allSettled([job(0), job(1, 2), job(2, 3), job(4, 5)]);
  assert.deepEqual(groups, [1, 5, 2, 2, 2, 1, 1]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
  const [, , , cursed] = outcomes as PromiseFulfilledResult<PromiseSettledResult<void>[]>[];
  assert.deepEqual(
    cursed!.value.map((outcome) => outcome.status),
    ['rejected', 'fulfilled'],
  );
  const { rows } = await db.query<{ order_id: string; count: number }>(
    'SELECT order_id, count(*) FROM ticket WHERE order_id = ANY($1::uuid[]) GROUP BY 1 ORDER BY 1',
    [ids],
  );
  assert.deepEqual(
    rows,
    [0, 1, 2, 3, 5].map((index) => ({ order_id: ids[index], count: 2 })),
  );
  const after = await counted();
  assert.deepEqual(after, { stew: before.stew + 10, beer: before.beer + 5 });
});

test('what is done together is done apart when one of it fails: nothing waits for another’s fault, which alone is tried again', async () => {
  const [first, second] = await placeOrders(2);
  const told: string[] = [];
  let isBroken = true;
  const handlers = orderJobHandlers(db, [
    {
      kind: 'both',
      handle: async (tx, orders) => void (await sendToKitchen(tx, orders)),
      also: [
        async (_, orders) => {
          if (isBroken && orders.some(({ id }) => id === second)) throw new Error('Nobody listens.');
          told.push(...orders.map(({ id }) => id));
        },
      ],
    },
  ]);
  const job = () =>
    handlers.both!([first, second].map((id) => [store.id, id])) as Promise<PromiseSettledResult<void>[]>;
  assert.deepEqual(
    (await job()).map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  const { rowCount } = await db.query('SELECT FROM ticket WHERE order_id = ANY($1::uuid[])', [[first, second]]);
  assert.equal(rowCount, 4, 'both orders have the tickets of both stations');
  assert.deepEqual(told, [first]);
  isBroken = false;
  assert.equal(await job(), undefined);
  assert.deepEqual(told, [first, first, second]);
});

test('what the version before put into the job queue is done by this one', async (t) => {
  const [id] = await placeOrders(1);
  await db.query('DELETE FROM graphile_worker._private_jobs');
  const kinds = ['kitchen-tickets', 'print-slips', 'ranking-counts', 'webhooks'];
  await addJobs(
    db,
    kinds.map((kind) => ({ kind, payload: [[store.id, id]] })),
  );
  await startTestApp(t, { databaseUrl: api.databaseUrl, withJobs: true });
  await eventually(async () => {
    const { rowCount } = await db.query('SELECT FROM graphile_worker._private_jobs WHERE payload::text LIKE $1', [
      `%${id}%`,
    ]);
    assert.equal(rowCount, 0);
  });
  const { rows } = await db.query(
    `SELECT (SELECT count(*)::int FROM ticket WHERE order_id = $1) AS tickets,
       (SELECT count(*)::int FROM print_slip WHERE order_id = $1) AS slips,
       (SELECT count(*)::int FROM effect_done WHERE order_id = $1 AND kind = 'ranking-counts') AS counted`,
    [id],
  );
  assert.deepEqual(rows, [{ tickets: 2, slips: 2, counted: 1 }]);
});

test('an order that somebody holds keeps the others of its batch from the kitchen for a moment only', async (t) => {
  const ids = await placeOrders(5);
  const working = openDb({ url: api.databaseUrl, connectionsMax: 2, lockTimeoutMs: 100 });
  t.after(() => working.close());
  const handlers = orderJobHandlers(working, [
    { kind: 'tickets', handle: async (tx, orders) => void (await sendToKitchen(tx, orders)) },
  ]);
  const made = () =>
    db
      .query('SELECT DISTINCT order_id FROM ticket WHERE order_id = ANY($1::uuid[])', [ids])
      .then(({ rowCount }) => rowCount);
  await db.transaction(async (tx) => {
    await tx.query('SELECT FROM orders WHERE store_id = $1 AND id = $2 FOR UPDATE', [store.id, ids[2]]);
    const outcomes = await Promise.allSettled([
      handlers.tickets!([[store.id, ids[0]]]),
      handlers.tickets!([
        [store.id, ids[1]],
        [store.id, ids[2]],
      ]),
      handlers.tickets!([
        [store.id, ids[3]],
        [store.id, ids[4]],
      ]),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    );
    const [, held] = outcomes as PromiseFulfilledResult<PromiseSettledResult<void>[]>[];
    assert.deepEqual(
      held!.value.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal(await made(), 4);
  });
  await handlers.tickets!([[store.id, ids[2]]]);
  assert.equal(await made(), 5);
});
