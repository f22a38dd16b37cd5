import assert from 'node:assert/strict';
import type { Db } from '../../src/platform/db/pool.ts';
import type { CrowdMemory } from './crowd.ts';

/** Writes down every change of a stock row with the transaction that made it, whoever makes it. */
export async function auditStock(db: Db): Promise<void> {
  await db.query(`CREATE TABLE stock_audit (
    seq bigserial PRIMARY KEY, tx bigint NOT NULL, store_id uuid NOT NULL, item_id uuid NOT NULL,
    before integer NOT NULL, after integer NOT NULL)`);
  await db.query(`CREATE FUNCTION audit_stock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO stock_audit (tx, store_id, item_id, before, after)
      VALUES (pg_current_xact_id()::text::bigint, NEW.store_id, NEW.item_id, OLD.remaining, NEW.remaining);
      RETURN NULL;
    END $$`);
  await db.query('CREATE TRIGGER audit_stock AFTER UPDATE ON stock FOR EACH ROW EXECUTE FUNCTION audit_stock()');
}

/**
 * Balances what people were told with what the database holds. Orders and cancels are matched with the stock's changes
 * transaction by transaction: what a transaction placed or cancelled must be exactly what it took or gave back, and
 * whatever else changed the stock must be a restock that somebody asked for.
 */
export async function assertBalanced(db: Db, memory: CrowdMemory): Promise<void> {
  const storeIds = memory.stores.map((store) => store.id);
  const { rows: orders } = await db.query<{ id: string; number: number; total: number; status: string }>(
    'SELECT id, number, total, status FROM orders WHERE store_id = ANY($1::uuid[])',
    [storeIds],
  );
  const found = new Map(orders.map((order) => [order.id, order]));
  assert.equal(found.size, orders.length);
  for (const known of memory.acknowledged.values()) {
    const order = found.get(known.id);
    assert.ok(order, `order ${known.id} was acknowledged and is not there`);
    assert.deepEqual([order.number, order.total], [known.number, known.total]);
    if (known.cancelled) assert.equal(order.status, 'cancelled');
  }
  for (const { id } of orders) assert.ok(memory.acknowledged.has(id), `order ${id} is there and nobody was told`);
  for (const id of memory.refusedIds) assert.ok(!found.has(id), `order ${id} was refused and is there`);

  await assertNone(db, 'a number was given twice', [
    `SELECT store_id, day, number FROM orders WHERE store_id = ANY($1::uuid[])
     GROUP BY 1, 2, 3 HAVING count(*) > 1`,
    storeIds,
  ]);
  await assertNone(db, 'numbers have a gap', [
    `SELECT store_id, day FROM orders WHERE store_id = ANY($1::uuid[])
     GROUP BY 1, 2 HAVING max(number) <> count(*) OR min(number) <> 1`,
    storeIds,
  ]);
  await assertNone(db, 'a total is not the sum of its lines', [
    `SELECT o.id FROM orders o LEFT JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
     WHERE o.store_id = ANY($1::uuid[]) GROUP BY o.store_id, o.id, o.total
     HAVING o.total IS DISTINCT FROM sum(l.unit_price * l.quantity)`,
    storeIds,
  ]);
  await assertNone(db, 'an order lacks its event, or has one twice', [
    `SELECT o.id FROM orders o LEFT JOIN order_event e ON e.store_id = o.store_id AND e.order_id = o.id
     WHERE o.store_id = ANY($1::uuid[]) GROUP BY o.store_id, o.id, o.status
     HAVING count(*) <> max(e.seq) OR count(*) FILTER (WHERE e.status = 'cancelled') <> (o.status = 'cancelled')::int`,
    storeIds,
  ]);
  await assertNone(db, 'a transaction took or gave back other portions than its orders have', [
    `WITH asked AS (
       SELECT e.xmin::text::bigint AS tx, l.item_id,
         sum(CASE e.status WHEN 'placed' THEN -l.quantity ELSE l.quantity END) AS delta
       FROM order_event e
       JOIN order_line l ON l.store_id = e.store_id AND l.order_id = e.order_id
       JOIN stock s ON s.store_id = l.store_id AND s.item_id = l.item_id
       WHERE e.store_id = ANY($1::uuid[]) AND (e.seq = 1 OR e.status = 'cancelled')
       GROUP BY 1, 2
     ), moved AS (
       SELECT tx % 4294967296 AS tx, item_id, sum(after - before) AS delta FROM stock_audit
       WHERE store_id = ANY($1::uuid[]) GROUP BY 1, 2
     )
     SELECT * FROM asked LEFT JOIN moved USING (tx, item_id)
     WHERE asked.delta <> coalesce(moved.delta, 0)`,
    storeIds,
  ]);
  await assertNone(db, 'the stock changed between two of its changes', [
    `SELECT * FROM (
       SELECT before, lag(after) OVER (PARTITION BY store_id, item_id ORDER BY seq) AS earlier
       FROM stock_audit WHERE store_id = ANY($1::uuid[])) a
     WHERE before <> earlier`,
    storeIds,
  ]);
  await assertNone(db, 'what is left is not what the last change left', [
    `SELECT * FROM stock s JOIN LATERAL (
       SELECT after FROM stock_audit a WHERE a.store_id = s.store_id AND a.item_id = s.item_id
       ORDER BY seq DESC LIMIT 1) last ON true
     WHERE s.store_id = ANY($1::uuid[]) AND s.remaining <> last.after`,
    storeIds,
  ]);
  await assertRestocksAsked(db, memory, storeIds);
  await assertPricesHeld(db, memory, storeIds);
}

/** What follows from orders followed from each of them once, and was taken back with those that were cancelled. */
export async function assertOrderJobs(db: Db, memory: CrowdMemory): Promise<void> {
  const storeIds = memory.stores.map((store) => store.id);
  await assertNone(db, 'an order lacks its ticket, or a cancelled one is still to be cooked', [
    `SELECT o.id, o.status, array_agg(t.status) FROM orders o
     LEFT JOIN ticket t ON t.store_id = o.store_id AND t.order_id = o.id
     WHERE o.store_id = ANY($1::uuid[]) GROUP BY o.store_id, o.id, o.status
     HAVING CASE o.status WHEN 'cancelled' THEN bool_or(t.status <> 'cancelled')
       ELSE count(t.status) <> 1 OR bool_or(t.status <> o.status) END`,
    storeIds,
  ]);
  await assertNone(db, 'the ranking counts other portions than were sold', [
    `WITH sold AS (
       SELECT l.item_id, sum(l.quantity) AS quantity FROM orders o
       JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
       WHERE o.store_id = ANY($1::uuid[]) AND o.status <> 'cancelled' GROUP BY 1
     ), counted AS (
       SELECT item_id, sum(quantity) AS quantity FROM ranking_hour WHERE store_id = ANY($1::uuid[]) GROUP BY 1
     )
     SELECT * FROM sold FULL JOIN counted USING (item_id)
     WHERE coalesce(sold.quantity, 0) <> coalesce(counted.quantity, 0)`,
    storeIds,
  ]);
}

async function assertNone(db: Db, what: string, [sql, storeIds]: [string, readonly string[]]): Promise<void> {
  const { rows } = await db.query(`${sql} LIMIT 5`, [storeIds]);
  assert.deepEqual(rows, [], what);
}

async function assertRestocksAsked(db: Db, memory: CrowdMemory, storeIds: readonly string[]): Promise<void> {
  const { rows } = await db.query<{ item_id: string; after: number }>(
    `SELECT a.item_id, a.after FROM stock_audit a
     WHERE a.store_id = ANY($1::uuid[])
       AND NOT EXISTS (SELECT FROM order_event e WHERE e.store_id = a.store_id
         AND e.xmin::text::bigint = a.tx % 4294967296)`,
    [storeIds],
  );
  const happened = new Map<string, number[]>();
  for (const { item_id, after } of rows) happened.set(item_id, [...(happened.get(item_id) ?? []), after]);
  for (const [item, values] of happened) {
    const extra = without(values, memory.restocks.get(item)?.asked ?? []);
    assert.deepEqual(extra, [], `the stock of ${item} was set and nobody asked for it`);
  }
  for (const [item, { done }] of memory.restocks) {
    const missing = without(done, happened.get(item) ?? []);
    assert.deepEqual(missing, [], `a restock of ${item} was acknowledged and never happened`);
  }
}

/** What is left of `values` when each of `taken` is taken out once. */
function without(values: readonly number[], taken: readonly number[]): number[] {
  const left = [...taken];
  return values.filter((value) => {
    const place = left.indexOf(value);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

async function assertPricesHeld(db: Db, memory: CrowdMemory, storeIds: readonly string[]): Promise<void> {
  const { rows } = await db.query<{ item_id: string; unit_price: number }>(
    'SELECT DISTINCT item_id, unit_price FROM order_line WHERE store_id = ANY($1::uuid[])',
    [storeIds],
  );
  for (const { item_id, unit_price } of rows) {
    assert.ok(
      memory.prices.get(item_id)?.has(unit_price),
      `${item_id} was sold for ${unit_price}, which it never cost`,
    );
  }
}

/** @returns deadlocks in this database since it was made */
export async function deadlocks(db: Db): Promise<number> {
  const { rows } = await db.query<{ deadlocks: number }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]!.deadlocks;
}
