import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelSlips, takeSlip } from '../../src/kitchen/printing/slips.ts';
import { sendToKitchen } from '../../src/kitchen/send-to-kitchen.ts';
import { type Db, openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { countOrders, uncountOrder } from '../../src/ranking/count-orders.ts';
import { eventually } from '../support/eventually.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { PATIENT } from '../support/postgres.ts';
import { makeStore, type TestStore } from '../support/store.ts';

/** Past the fifth time a connection prepares a statement for all values, which prunes partitions while it runs. */
const ROUNDS = 8;
const ORDERS = 20;

interface Ref {
  readonly storeId: string;
  readonly id: string;
}

async function placeOrders(db: Db, store: TestStore<'dish'>): Promise<Ref[]> {
  const refs = Array.from({ length: ORDERS }, () => ({ storeId: store.id, id: newId() }));
  const ids = refs.map(({ id }) => id);
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, table_label, total, placed_at, promised_at, request_hash)
     SELECT $1, id, n, current_date, CASE WHEN n % 2 = 0 THEN '7' END, 1000, now(), now(), ''
     FROM unnest($2::uuid[]) WITH ORDINALITY AS k (id, n)`,
    [store.id, ids],
  );
  await db.query(
    `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price)
     SELECT $1, id, 1, $3, 2, 500 FROM unnest($2::uuid[]) AS k (id)`,
    [store.id, ids, store.dishes.dish.id],
  );
  return refs;
}

/** Runs `work` so that it has to wait for a transaction that changed some of its rows, and then to look at them again. */
async function meeting(db: Db, change: (tx: Queryable) => Promise<unknown>, work: (tx: Queryable) => Promise<unknown>) {
  let working: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    await change(tx);
    working = db.transaction(work);
    working.catch(() => {});
    await eventually(async () => {
      // Not by the transaction: it would see the first look's answer for ever.
      const { rowCount } = await db.query(`SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return rowCount > 0;
    }, 'it waits');
  });
  await working;
}

// Postgres 18.4 ended by a fault of its own when one statement both waited for an order and pruned partitions.
test('orders that change while their tickets, slips and counts are made bring nothing down and are seen', async (t) => {
  const postgres = await startOwnPostgres(t);
  const db = openDb({ ...PATIENT, url: postgres.url, connectionsMax: 3, statementTimeoutMs: 0 });
  t.after(() => db.close());
  const store = await makeStore(db, { dish: { price: 500 } });

  for (let round = 1; round <= ROUNDS; round += 1) {
    const refs = await placeOrders(db, store);
    const ids = refs.map(({ id }) => id);
    const cooking = ids.slice(0, 7);
    const cancelled = ids.slice(7, 14);
    const setStatus = (tx: Queryable, status: string, of: readonly string[]) =>
      tx.query('UPDATE orders SET status = $2 WHERE store_id = $3 AND id = ANY($1::uuid[])', [of, status, store.id]);
    await meeting(
      db,
      async (tx) => {
        await setStatus(tx, 'cooking', cooking);
        await setStatus(tx, 'cancelled', cancelled);
      },
      (tx) => sendToKitchen(tx, refs),
    );
    await meeting(
      db,
      (tx) => setStatus(tx, 'ready', cooking),
      (tx) => sendToKitchen(tx, refs),
    );
    const { rows } = await db.query<{ tickets: number; slips: number; wrong: number }>(
      `SELECT (SELECT count(*) FROM ticket WHERE store_id = $1 AND order_id = ANY($2::uuid[])) AS tickets,
         (SELECT count(*) FROM print_slip WHERE store_id = $1 AND order_id = ANY($2::uuid[])) AS slips,
         (SELECT count(*) FROM ticket WHERE store_id = $1 AND order_id = ANY($3::uuid[])) AS wrong`,
      [store.id, ids, cancelled],
    );
    assert.deepEqual(rows, [{ tickets: ORDERS - 7, slips: ORDERS - 7, wrong: 0 }]);

    // A slip that is handed out while its order is cancelled is on paper, and so is that it was cancelled.
    const place = { storeId: store.id, station: 'kitchen' };
    const handed = refs[0]!;
    let voided: unknown[] = [];
    await meeting(
      db,
      (tx) =>
        tx.query('UPDATE print_slip SET handed = 1 WHERE store_id = $1 AND order_id = $2', [handed.storeId, handed.id]),
      async (tx) => {
        voided = await cancelSlips(tx, handed, Date.now());
      },
    );
    assert.deepEqual(voided, [place]);
    const slip = await takeSlip(db, place, Date.now(), 60_000);
    assert.deepEqual([slip?.kind, slip?.orderId], ['void', handed.id]);
    await db.query('UPDATE print_slip SET done_at = now() WHERE store_id = $1', [store.id]);

    await countOrders(db, refs.slice(0, 10));
    await meeting(
      db,
      (tx) => countOrders(tx, refs.slice(10)),
      (tx) => uncountOrder(tx, refs[0]!),
    );
  }
  const { rows } = await db.query('SELECT sum(quantity) AS portions FROM ranking_hour WHERE store_id = $1', [store.id]);
  assert.deepEqual(rows, [{ portions: ROUNDS * (ORDERS - 1) * 2 }]);
});
