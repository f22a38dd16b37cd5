import { andOnly } from '../platform/db/citus/by-store.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { Decisions, PlacedOrder, SoldCount } from './decide.ts';
import type { StockCount } from './stock-count.ts';

/*
 * The statements of a group: their number does not depend on how many orders there are. Arrays go out as text that
 * we write ourselves: the driver's own array writer quotes and escapes every element, and ids and numbers need neither.
 */
const array = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

/** For text that people wrote. */
const textArray = (values: readonly (string | null)[]): string =>
  `{${values
    .map((value) => (value === null ? 'NULL' : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`))
    .join(',')}}`;

/** Which of these keys are orders already, and what was asked with them. */
export async function findExisting(
  tx: Queryable,
  keys: readonly { readonly storeId: string; readonly id: string }[],
): Promise<{ store_id: string; id: string; hash: string }[]> {
  const ids = keys.map((key) => key.id).sort();
  const { rows } = await tx.query<{ store_id: string; id: string; hash: string }>(
    // The bounds of the ids leave out all partitions but one or two before a single index is opened.
    `SELECT o.store_id, o.id, encode(o.request_hash, 'hex') AS hash
     FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id) JOIN orders o ON o.store_id = k.store_id AND o.id = k.id
     WHERE o.id BETWEEN $3::uuid AND $4::uuid${andOnly(tx, 'o')}`,
    [array(keys.map((key) => key.storeId)), array(keys.map((key) => key.id)), ids[0], ids.at(-1)],
    'find-existing',
  );
  return rows;
}

/** The counts of those among these dishes that have one. Their stores are locked, so they stay true until the commit. */
export async function readStock(
  tx: Queryable,
  storeIds: readonly string[],
  itemIds: readonly string[],
): Promise<(StockCount & { readonly storeId: string; readonly itemId: string })[]> {
  const { rows } = await tx.query<SoldCount>(
    `SELECT store_id AS "storeId", item_id AS "itemId", count, day, offered, sold FROM stock
     WHERE store_id = ANY($1::uuid[]) AND item_id = ANY($2::uuid[])`,
    [array(storeIds), array(itemIds)],
    'read-stock',
  );
  return rows;
}

const timeArray = (orders: readonly PlacedOrder[], of: (order: PlacedOrder) => number): string =>
  array(orders.map((order) => new Date(of(order)).toISOString()));

async function insertOrders(tx: Queryable, orders: readonly PlacedOrder[]): Promise<void> {
  await tx.query(
    `WITH placed AS (
       INSERT INTO orders (store_id, id, number, day, table_label, total, placed_at, promised_at, request_hash)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::date[], $5::text[], $6::bigint[], $7::timestamptz[],
         $8::timestamptz[], $9::bytea[])
     )
     INSERT INTO order_event (store_id, order_id, seq, status, at, promised_at)
     SELECT store_id, id, 1, 'placed', at, promised
     FROM unnest($1::uuid[], $2::uuid[], $7::timestamptz[], $8::timestamptz[]) AS e (store_id, id, at, promised)`,
    [
      array(orders.map((order) => order.candidate.storeId)),
      array(orders.map((order) => order.candidate.id)),
      array(orders.map((order) => order.number)),
      array(orders.map((order) => order.day)),
      textArray(orders.map((order) => order.candidate.table)),
      array(orders.map((order) => order.priced.total)),
      timeArray(orders, (order) => order.placedAtMs),
      timeArray(orders, (order) => order.promisedAtMs),
      `{${orders.map((order) => `"\\\\x${order.candidate.requestHash}"`).join(',')}}`,
    ],
    'insert-orders',
  );
}

async function insertLines(tx: Queryable, orders: readonly PlacedOrder[]): Promise<void> {
  const stores: string[] = [];
  const ids: string[] = [];
  const numbers: number[] = [];
  const items: string[] = [];
  const quantities: number[] = [];
  const prices: number[] = [];
  const options: (string | null)[] = [];
  const counts: (number | 'NULL')[] = [];
  for (const order of orders) {
    for (const [index, line] of order.priced.lines.entries()) {
      stores.push(order.candidate.storeId);
      ids.push(order.candidate.id);
      numbers.push(index + 1);
      items.push(line.item.id);
      quantities.push(line.quantity);
      prices.push(line.unitPrice);
      counts.push(order.fromCounts.get(line.item.id) ?? 'NULL');
      options.push(
        line.options.length === 0 ? null : JSON.stringify(line.options.map(({ id, price }) => ({ id, price }))),
      );
    }
  }
  await tx.query(
    `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price, options, from_count)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::uuid[], $5::smallint[], $6::int[], $7::jsonb[],
       $8::int[])`,
    [
      array(stores),
      array(ids),
      array(numbers),
      array(items),
      array(quantities),
      array(prices),
      textArray(options),
      array(counts),
    ],
    'insert-lines',
  );
}

async function insertNotes(tx: Queryable, orders: readonly PlacedOrder[]): Promise<void> {
  const notes = orders.flatMap((order) =>
    order.priced.lines.flatMap((line, index) =>
      line.note === undefined ? [] : [{ order: order.candidate, line: index + 1, note: line.note }],
    ),
  );
  if (notes.length === 0) return;
  await tx.query(
    `INSERT INTO order_note (store_id, order_id, line, note)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[])`,
    [
      array(notes.map((note) => note.order.storeId)),
      array(notes.map((note) => note.order.id)),
      array(notes.map((note) => note.line)),
      textArray(notes.map((note) => note.note)),
    ],
    'insert-notes',
  );
}

async function takeStock(tx: Queryable, sold: Decisions['sold']): Promise<void> {
  if (sold.length === 0) return;
  await tx.query(
    `UPDATE stock s SET count = t.count, day = t.day, offered = t.offered, sold = t.sold
     FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::date[], $5::int[], $6::int[])
       AS t (store_id, item_id, count, day, offered, sold)
     WHERE s.store_id = t.store_id AND s.item_id = t.item_id${andOnly(tx, 's')}`,
    [
      array(sold.map((row) => row.storeId)),
      array(sold.map((row) => row.itemId)),
      array(sold.map((row) => row.count)),
      array(sold.map((row) => row.day)),
      array(sold.map((row) => row.offered ?? 'NULL')),
      array(sold.map((row) => row.sold)),
    ],
    'take-stock',
  );
}

/** @returns the version that rows have which this transaction writes, where a row has one; see `known-orders.ts` */
async function takeNumbers(
  tx: Queryable,
  { numbers, paces }: Pick<Decisions, 'numbers' | 'paces'>,
): Promise<string | undefined> {
  const rows = [...numbers];
  const states = rows.map(([storeId]) => paces.get(storeId)!.stated);
  const { rows: written } = await tx.query<{ version: string }>(
    `UPDATE store_head h SET last_number = t.last_number, day = t.day, stock_version = h.stock_version + t.sold,
       state = t.state, state_by = t.state_by, state_reason = t.state_reason, state_until = t.state_until
     FROM unnest($1::uuid[], $2::int[], $3::date[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
       AS t (store_id, last_number, day, sold, state, state_by, state_reason, state_until)
     WHERE h.store_id = t.store_id${andOnly(tx, 'h')}${tx.isSharded ? '' : ' RETURNING pg_current_xact_id()::xid::text AS version'}`,
    [
      array(rows.map(([storeId]) => storeId)),
      array(rows.map(([, row]) => row.lastNumber)),
      array(rows.map(([, row]) => row.day)),
      array(rows.map(([, row]) => (row.stockChanged ? 1 : 0))),
      array(states.map(({ state }) => state)),
      array(states.map(({ by }) => by)),
      textArray(states.map(({ reason }) => reason)),
      array(states.map(({ untilMs }) => (untilMs === null ? 'NULL' : new Date(untilMs).toISOString()))),
    ],
    'take-numbers',
  );
  return written[0]?.version;
}

/**
 * Writes all that was decided. Sent together: none needs another's answer, and one failure fails the transaction.
 * @returns the version that the orders' rows have by it; undefined where rows have none
 */
export async function writeDecisions(tx: Queryable, decisions: Decisions): Promise<string | undefined> {
  const { placed, sold } = decisions;
  if (placed.length === 0) return undefined;
  const writing = [insertOrders(tx, placed), insertLines(tx, placed), insertNotes(tx, placed), takeStock(tx, sold)];
  const [version] = await Promise.all([takeNumbers(tx, decisions), ...writing]);
  return version;
}
