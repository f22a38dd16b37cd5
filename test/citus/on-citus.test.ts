import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchRunCommand } from '../../src/commands/batch.ts';
import {
  shardAddNodeCommand,
  shardInitCommand,
  shardIsolateCommand,
  shardRebalanceCommand,
  shardStatusCommand,
} from '../../src/commands/shard.ts';
import { readConfig } from '../../src/config.ts';
import { listNodes, type NodeAddress } from '../../src/platform/db/citus/nodes.ts';
import { readRebalance } from '../../src/platform/db/citus/rebalance.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { openShop } from '../events/shop.ts';
import { background } from '../support/background.ts';
import { addressOn, citusNodes, emptyCitusDatabase, WITHOUT_CITUS } from '../support/citus.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';
import { EVERYTHING, everything } from './everything.ts';

/*
 * What only a real cluster can show; the other suites run on one too: `CITUS_URL=… npm test -- test/orders test/events test/sales`.
 */

/** Where the part is that a store is in, and whether no other one is in it. */
async function partOf(url: string, storeId: string): Promise<NodeAddress & { readonly isAlone: boolean }> {
  const db = openDb({ url, connectionsMax: 1 });
  try {
    const { rows } = await db.query<NodeAddress & { readonly isAlone: boolean }>(
      `SELECT c.nodename AS host, c.nodeport AS port, s.shardminvalue = s.shardmaxvalue AS "isAlone"
       FROM pg_dist_shard s JOIN citus_shards c ON c.shardid = s.shardid
       WHERE s.shardid = get_shard_id_for_distribution_column('store_head', $1::uuid)`,
      [storeId],
    );
    return rows[0]!;
  } finally {
    await db.close();
  }
}

/** Two for each of three machines: six moves in all, of seconds each. */
const PARTS = 6;

test('a shop of one machine is spread over three while it sells, and no order is lost or doubled', {
  // Moves are copied by logical replication, table after table: seconds each, minutes beside others.
  timeout: 900_000,
  skip: WITHOUT_CITUS,
}, async (t) => {
  const nodes = await citusNodes();
  const [coordinator, ...workers] = nodes;
  assert.ok(workers.length >= 2, 'CITUS_NODES: two workers are needed');
  const { name, drop } = await emptyCitusDatabase(nodes);
  t.after(drop);
  const url = addressOn(coordinator!, name);
  const config = { ...readConfig({}), databaseUrl: url };
  const quiet = { log: () => {} };

  // As it was before: on one machine, with stores and orders.
  await migrate({ url });
  await prepareJobs(url);
  const before = openDb({ url, connectionsMax: 2 });
  await makeStore(before, { rice: { price: 1_000, remaining: 10 } });
  await before.close();

  await shardInitCommand(config, { ...quiet, coordinator: coordinator!, parts: PARTS });
  // Killed and run again, or run after an upgrade: nothing is left to do.
  await shardInitCommand(config, { ...quiet, coordinator: coordinator! });

  const shop = await openShop(t, { databaseUrl: url, env: EVERYTHING });
  const others = await Promise.all(
    Array.from({ length: 12 }, () => makeStore(shop.api.db, { stew: { price: 9_000, remaining: 100_000 } })),
  );
  await shop.api.db.transaction(async (tx) => assert.equal(tx.isSharded, true));
  await everything(shop);

  const refused: { readonly status: number; readonly detail: unknown }[] = [];
  const acknowledged = new Map<string, { store: string; number: number }>();
  const guests = [0, 1, 2, 3].map((guest) =>
    background(t, async (signal) => {
      for (let turn = guest; !signal.aborted; turn += 1) {
        const store = others[turn % others.length]!;
        const key = newId();
        // A phone sends the same key until it is answered.
        await eventually(async () => {
          const { status, body } = await shop.api.client.order(
            store.id,
            { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] },
            key,
          );
          if (status !== 201 && status !== 200) {
            refused.push({ status, detail: body?.detail ?? body?.title });
            return false;
          }
          acknowledged.set(key, { store: store.id, number: body.number });
          return true;
        });
      }
    }),
  );
  const reached = async (count: number) => eventually(() => acknowledged.size >= count);
  await reached(50);
  for (const worker of workers.slice(0, 2)) await shardAddNodeCommand(config, worker, quiet);
  // Not an upgrade, but another node that joins what is full.
  await shardRebalanceCommand(config, quiet);
  const told: string[] = [];
  const emptied = shardRebalanceCommand(config, { ...quiet, drain: coordinator! });
  await Promise.all([
    emptied,
    eventually(async () => {
      told.length = 0;
      await shardStatusCommand(config, { log: (line) => told.push(line) });
      return /moves done\.\n {2}\S+ to \S+: [a-z ]+, \S+ of \S+ MiB copied/.test(told.join('\n'));
    }, 'the status shows a move'),
  ]);
  // A part of its own, which by its second call it has already; then it moves by itself, back to where it was.
  const { slug, id: largest } = others[0]!;
  const { isAlone, ...shared } = await partOf(url, largest);
  assert.equal(isAlone, false);
  await shardIsolateCommand(config, slug, quiet);
  const own = await partOf(url, largest);
  assert.equal(own.isAlone, true);
  assert.notEqual(own.port, shared.port);
  await shardIsolateCommand(config, slug, { ...quiet, to: shared });
  assert.deepEqual(await partOf(url, largest), { ...shared, isAlone: true });
  await reached(acknowledged.size + 50);
  await Promise.all(guests.map((guest) => guest.end()));

  // While a part changes machines its orders may be told to come again, and nothing else.
  t.diagnostic(`${acknowledged.size} orders, ${refused.length} told to come again`);
  assert.deepEqual(
    refused.filter(({ status }) => status !== 503 && status !== 429),
    [],
  );

  const { db } = shop.api;
  assert.equal((await readRebalance(db))?.state, 'finished');
  const held = await listNodes(db);
  assert.deepEqual(
    held.map(({ isCoordinator, parts }) => isCoordinator === (parts === 0)),
    held.map(() => true),
    JSON.stringify(held),
  );
  const { rows } = await db.query<{ store_id: string; id: string; number: number }>(
    'SELECT store_id, id, number FROM orders WHERE store_id = ANY($1::uuid[])',
    [others.map(({ id }) => id)],
  );
  const found = new Map(rows.map((row) => [row.id, { store: row.store_id, number: row.number }]));
  assert.equal(found.size, rows.length, 'an order is there twice');
  for (const [id, order] of acknowledged) assert.deepEqual(found.get(id), order);
  for (const { id } of others) {
    const numbers = rows.filter((row) => row.store_id === id).map(({ number }) => number);
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      numbers.map((_, index) => index + 1),
      'numbers have a gap',
    );
  }
  // What follows from orders is done for each of them, and the books are right.
  await eventually(async () => {
    const { rows: behind } = await db.query<{ count: number }>(
      `SELECT count(*) AS count FROM orders o LEFT JOIN ticket t ON t.store_id = o.store_id AND t.order_id = o.id
       WHERE t.order_id IS NULL AND o.status <> 'cancelled'`,
    );
    return behind[0]!.count === 0;
  });
  await batchRunCommand(config, 'sales-rollup', quiet);
  const said: string[] = [];
  await batchRunCommand(config, 'sales-audit', { log: (line) => said.push(line) });
  assert.match(said.join('\n'), /, 0 differences/);
  const { rows: sums } = await db.query<{ books: number; orders: number }>(
    `SELECT (SELECT sum(total) FROM sales_day)::float8 AS books,
       (SELECT sum(total) FROM orders WHERE status <> 'cancelled')::float8 AS orders`,
  );
  assert.equal(sums[0]!.books, sums[0]!.orders);
  const status: string[] = [];
  await shardStatusCommand(config, { log: (line) => status.push(line) });
  assert.match(status.join('\n'), /\(coordinator\): 0 parts/);
  assert.doesNotMatch(status.join('\n'), /Not in their place/);
});
