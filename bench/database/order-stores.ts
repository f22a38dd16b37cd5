import type { Redis } from 'ioredis';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';

/** The same order for every store: two dishes, the first of which is counted. */
export interface SameOrder {
  readonly id: string;
  readonly at: number;
  readonly lines: readonly { readonly item: number; readonly quantity: number; readonly price: number }[];
}

export const DISHES = 40;
/** More than a run takes, so that every order passes; each store checks it all the same. */
export const PORTIONS = 100_000_000;

let made = 0;
export function nextOrder(): SameOrder {
  made += 1;
  const at = Date.now();
  return {
    id: newId(at),
    at,
    lines: [
      { item: made % DISHES, quantity: 1, price: 9_000 },
      { item: (made * 7) % DISHES, quantity: 2, price: 4_500 },
    ],
  };
}

/** Where orders are kept: each takes them all or refuses, and answers when they are on disk. */
export interface OrderStore {
  readonly name: string;
  prepare(): Promise<void>;
  take(orders: readonly SameOrder[]): Promise<void>;
  /** Portions by dish, as an owner asks. */
  soldByDish(): Promise<Map<number, number>>;
  bytes(): Promise<number>;
}

/** Rows of an order and of its lines; counts are rows, locked in one order first: without it two groups deadlock. */
export const inTables = (db: Db): OrderStore => ({
  name: 'Postgres, tables',
  async prepare() {
    await db.query('DROP TABLE IF EXISTS same_stock, same_line, same_order');
    await db.query(
      'CREATE TABLE same_stock (item int PRIMARY KEY, remaining int NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10)',
    );
    await db.query('CREATE TABLE same_order (id uuid PRIMARY KEY, placed_at timestamptz NOT NULL, total int NOT NULL)');
    await db.query(
      'CREATE TABLE same_line (order_id uuid, line smallint, item int NOT NULL, quantity int NOT NULL, price int NOT NULL, PRIMARY KEY (order_id, line))',
    );
    await db.query(`INSERT INTO same_stock SELECT g, ${PORTIONS} FROM generate_series(0, ${DISHES - 1}) AS g`);
  },
  async take(orders) {
    await db.query(
      `WITH lines AS MATERIALIZED (
         SELECT * FROM json_to_recordset($1::json) AS l (id uuid, at timestamptz, line smallint, item int, quantity int, price int)
       ), wanted AS MATERIALIZED (
         SELECT item, sum(quantity)::int AS quantity FROM lines WHERE line = 0 GROUP BY item
       ), locked AS MATERIALIZED (
         SELECT s.item FROM same_stock s JOIN wanted w ON w.item = s.item ORDER BY s.item FOR UPDATE OF s
       ), counted AS (
         UPDATE same_stock s SET remaining = remaining - w.quantity
         FROM wanted w JOIN locked k ON k.item = w.item WHERE s.item = w.item
       ), kept AS (
         INSERT INTO same_order SELECT id, at, sum(quantity * price)::int FROM lines GROUP BY id, at
       )
       INSERT INTO same_line SELECT id, line, item, quantity, price FROM lines`,
      [
        JSON.stringify(
          orders.flatMap(({ id, at, lines }) =>
            lines.map((line, place) => ({ id, at: new Date(at), line: place, ...line })),
          ),
        ),
      ],
      'same-order-tables',
    );
  },
  async soldByDish() {
    const { rows } = await db.query<{ item: number; sold: number }>(
      'SELECT item, sum(quantity)::int AS sold FROM same_line GROUP BY item',
    );
    return new Map(rows.map(({ item, sold }) => [item, sold]));
  },
  bytes: () => sizeOf(db, ['same_order', 'same_line']),
});

/** The same Postgres as a document store: an order is one document. */
export const inDocuments = (db: Db): OrderStore => ({
  name: 'Postgres, documents',
  async prepare() {
    await db.query('DROP TABLE IF EXISTS same_count, same_document');
    await db.query(
      'CREATE TABLE same_count (item int PRIMARY KEY, remaining int NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 10)',
    );
    await db.query('CREATE TABLE same_document (id uuid PRIMARY KEY, doc jsonb NOT NULL)');
    await db.query(`INSERT INTO same_count SELECT g, ${PORTIONS} FROM generate_series(0, ${DISHES - 1}) AS g`);
  },
  async take(orders) {
    await db.query(
      `WITH docs AS MATERIALIZED (SELECT (d ->> 'id')::uuid AS id, d FROM jsonb_array_elements($1::jsonb) AS d), wanted AS MATERIALIZED (
         SELECT (d -> 'lines' -> 0 ->> 'item')::int AS item, sum((d -> 'lines' -> 0 ->> 'quantity')::int)::int AS quantity
         FROM docs GROUP BY 1
       ), locked AS MATERIALIZED (
         SELECT s.item FROM same_count s JOIN wanted w ON w.item = s.item ORDER BY s.item FOR UPDATE OF s
       ), counted AS (
         UPDATE same_count s SET remaining = remaining - w.quantity
         FROM wanted w JOIN locked k ON k.item = w.item WHERE s.item = w.item
       )
       INSERT INTO same_document SELECT id, d FROM docs`,
      [JSON.stringify(orders)],
      'same-order-documents',
    );
  },
  async soldByDish() {
    const { rows } = await db.query<{ item: number; sold: number }>(
      `SELECT (l ->> 'item')::int AS item, sum((l ->> 'quantity')::int)::int AS sold
       FROM same_document CROSS JOIN jsonb_array_elements(doc -> 'lines') AS l GROUP BY 1`,
    );
    return new Map(rows.map(({ item, sold }) => [item, sold]));
  },
  bytes: () => sizeOf(db, ['same_document']),
});

const sizeOf = async (db: Db, tables: readonly string[]): Promise<number> => {
  const { rows } = await db.query<{ bytes: number }>(
    'SELECT sum(pg_total_relation_size(t::regclass))::float8 AS bytes FROM unnest($1::text[]) AS t',
    [tables],
  );
  return rows[0]!.bytes;
};

/** One step for all orders of a call: counts first, and nothing is written when one of them does not do. */
const TAKE = `
local docs = cjson.decode(ARGV[1])
local wanted = {}
for _, doc in ipairs(docs) do
  local line = doc.lines[1]
  wanted[line.item] = (wanted[line.item] or 0) + line.quantity
end
for item, quantity in pairs(wanted) do
  if tonumber(redis.call('HGET', KEYS[1], item)) < quantity then return redis.error_reply('sold out') end
end
for item, quantity in pairs(wanted) do redis.call('HINCRBY', KEYS[1], item, -quantity) end
for place, doc in ipairs(docs) do
  redis.call('SET', '{same}:order:' .. doc.id, ARGV[place + 1])
  redis.call('ZADD', KEYS[2], doc.at, doc.id)
end
return #docs`;

/** How many documents an answer brings at once: about 40 KiB. */
const READ_AT_ONCE = 200;

/** Redis as a document store: an order is one text, found by its id or by its time; a script keeps count and orders together. */
export const inRedis = (redis: Redis, name: string): OrderStore => ({
  name,
  async prepare() {
    await redis.flushall();
    const counts = Array.from({ length: DISHES }, (_, item) => [String(item), String(PORTIONS)]).flat();
    await redis.hset('{same}:count', ...counts);
  },
  async take(orders) {
    const texts = orders.map((order) => JSON.stringify(order));
    await redis.eval(TAKE, 2, '{same}:count', '{same}:by-time', `[${texts}]`, ...texts);
  },
  async soldByDish() {
    const sold = new Map<number, number>();
    for (let from = 0; ; from += READ_AT_ONCE) {
      const ids = await redis.zrange('{same}:by-time', from, from + READ_AT_ONCE - 1);
      if (ids.length === 0) return sold;
      for (const text of await redis.mget(ids.map((id) => `{same}:order:${id}`))) {
        for (const { item, quantity } of (JSON.parse(text!) as SameOrder).lines) {
          sold.set(item, (sold.get(item) ?? 0) + quantity);
        }
      }
    }
  },
  async bytes() {
    return Number(/aof_current_size:(\d+)/.exec(await redis.info('persistence'))?.[1]);
  },
});
