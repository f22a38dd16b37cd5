import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PATIENT, testDatabase } from '../../test/support/postgres.ts';
import { type Db, openDb } from '../platform/db/pool.ts';
import { type SeedOptions, SeedSizeError, seedCommand } from './seed.ts';

/** Half past one on a Friday in Seoul: the end of lunch. */
const NOW = Date.parse('2026-06-05T04:30:00Z');
const STORES = 3;
const ITEMS = 20;
const ORDERS = 4_000;

const quiet = () => ({ add: () => {}, stop: () => {} });
let url: string;
let db: Db;
const open = async (options: SeedOptions) => {
  const { url } = await testDatabase();
  await seedCommand({ databaseUrl: url, home: '/none' }, { nowMs: NOW, log: () => {}, progress: quiet, ...options });
  return url;
};
before(async () => {
  url = await open({ stores: STORES, items: ITEMS, orders: ORDERS, seed: 7 });
  db = openDb({ ...PATIENT, url });
});
after(() => db.close());

const rows = async <R extends object>(text: string): Promise<R[]> => (await db.query<R>(text)).rows;
const count = async (text: string): Promise<number> =>
  (await rows<{ n: number }>(`SELECT count(*) AS n FROM ${text}`))[0]!.n;

test('there are as many stores, dishes and orders as asked for', async () => {
  assert.equal(await count('store'), STORES);
  assert.equal(await count('item'), STORES * ITEMS);
  assert.equal(await count('orders'), ORDERS);
  assert.ok((await count('item_option')) > 0);
});

test('the books add up: portions, options, totals', async () => {
  const wrongTotals = `orders o WHERE total <> (SELECT sum(quantity * unit_price) FROM order_line l
    WHERE l.store_id = o.store_id AND l.order_id = o.id)`;
  assert.equal(await count(wrongTotals), 0);
  const wrongPrices = `order_line l JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
    WHERE l.unit_price <> i.price + (SELECT coalesce(sum((c->>'price')::int), 0) FROM jsonb_array_elements(coalesce(l.options, '[]')) c)`;
  assert.equal(await count(wrongPrices), 0);
  assert.equal(
    await count(
      `order_line l WHERE NOT EXISTS (SELECT FROM item i WHERE i.store_id = l.store_id AND i.id = l.item_id)`,
    ),
    0,
  );
  const lines = await rows<{ min: number; max: number; orders: number }>(
    'SELECT min(n) AS min, max(n) AS max, count(*) AS orders FROM (SELECT count(*) AS n, max(line) = count(*) AS dense FROM order_line GROUP BY store_id, order_id) WHERE dense',
  );
  assert.deepEqual(lines, [{ min: 1, max: 6, orders: ORDERS }]);
});

test('what was sold is in the owner’s books, day by day, and nothing is left to be posted', async () => {
  const sold = `SELECT store_id, day, count(*) AS orders, sum(total)::bigint AS total FROM orders WHERE status <> 'cancelled'
    GROUP BY 1, 2`;
  const books = 'SELECT store_id, day, orders, total FROM sales_day';
  assert.equal(await count(`(${sold} EXCEPT ${books})`), 0);
  assert.equal(await count(`(${books} EXCEPT ${sold})`), 0);
  assert.equal(await count('sales_due'), 0);
  assert.ok((await count('sales_item')) > ITEMS);
});

test('chosen options belong to the dish, at their price, as many as each group allows', async () => {
  const chosen = `(SELECT l.store_id, l.order_id, l.line, l.item_id, c.id, c.price FROM order_line l,
    jsonb_to_recordset(l.options) AS c (id uuid, price int))`;
  assert.ok((await count(`${chosen} AS c`)) > ORDERS / 2);
  const foreign = `${chosen} AS c WHERE NOT EXISTS (SELECT FROM item_option o JOIN option_group g ON g.store_id = o.store_id AND g.id = o.group_id
    WHERE o.store_id = c.store_id AND o.id = c.id AND o.price = c.price AND g.item_id = c.item_id)`;
  assert.equal(await count(foreign), 0);
  const outOfBounds = `order_line l JOIN option_group g ON g.store_id = l.store_id AND g.item_id = l.item_id
    CROSS JOIN LATERAL (SELECT count(*) AS n, count(DISTINCT o.id) AS different FROM jsonb_to_recordset(l.options) AS c (id uuid)
      JOIN item_option o ON o.store_id = l.store_id AND o.id = c.id AND o.group_id = g.id) AS t
    WHERE t.n NOT BETWEEN g.min AND g.max OR t.n <> t.different`;
  assert.equal(await count(outOfBounds), 0);
});

test('numbers count from one in each store and day, in the order of time, and the time is in the id', async () => {
  const wrong = await rows(`SELECT * FROM (
      SELECT number, row_number() OVER (PARTITION BY store_id, day ORDER BY id) AS place,
        row_number() OVER (PARTITION BY store_id, day ORDER BY placed_at) AS by_time FROM orders) AS o
    WHERE number <> place OR number <> by_time`);
  assert.deepEqual(wrong, []);
  assert.equal(
    await count(`orders WHERE id NOT BETWEEN uuid_v7_floor(placed_at) AND uuid_v7_floor(placed_at + interval '1 ms')`),
    0,
  );
  assert.equal(await count(`orders WHERE day <> (placed_at AT TIME ZONE 'Asia/Seoul' - interval '4 hours')::date`), 0);
  assert.equal(await count(`orders WHERE placed_at > '${new Date(NOW).toISOString()}'`), 0);
});

test('the store goes on counting where today ends', async () => {
  const wrong = await rows(`SELECT s.slug FROM store s JOIN store_head h ON h.store_id = s.id
    LEFT JOIN (SELECT store_id, max(number) AS last FROM orders WHERE day = '2026-06-05' GROUP BY store_id) AS o ON o.store_id = s.id
    WHERE h.day <> '2026-06-05' OR h.last_number IS DISTINCT FROM o.last`);
  assert.deepEqual(wrong, []);
});

test('every order has its events without gaps, the last one is its status, and nothing is ahead of the clock', async () => {
  const wrong = `(SELECT o.status, o.placed_at, array_agg(e.status ORDER BY seq) AS path, array_agg(seq::int ORDER BY seq) AS seqs,
      array_agg(e.at ORDER BY seq) AS times FROM orders o JOIN order_event e ON e.store_id = o.store_id AND e.order_id = o.id
      GROUP BY o.store_id, o.id, o.status, o.placed_at) AS o
    WHERE status <> path[cardinality(path)] OR placed_at <> times[1]
      OR seqs <> (SELECT array_agg(n ORDER BY n) FROM generate_series(1, cardinality(path)) n)
      OR times <> (SELECT array_agg(t ORDER BY t) FROM unnest(times) t) OR times[cardinality(times)] > to_timestamp(${NOW / 1000})
      OR NOT (path <@ ARRAY['placed', 'cancelled'] OR path = (ARRAY['placed', 'cooking', 'ready', 'served'])[:cardinality(path)])`;
  assert.equal(await count(wrong), 0);
  assert.equal(await count('(SELECT DISTINCT store_id, order_id FROM order_event) AS e'), ORDERS);
  const old = await rows<{ status: string; n: number }>(
    `SELECT status, count(*) AS n FROM orders WHERE day < '2026-06-05' GROUP BY status ORDER BY status`,
  );
  assert.deepEqual(
    old.map((row) => row.status),
    ['cancelled', 'served'],
  );
  assert.ok(old[0]!.n < 0.04 * old[1]!.n);
});

test("only today's orders have tickets, one for each station that has work, with all their lines", async () => {
  const today = await count(`orders WHERE day = '2026-06-05'`);
  assert.ok(today > 0);
  assert.equal(await count('(SELECT DISTINCT store_id, order_id FROM ticket) AS t'), today);
  assert.ok((await count(`ticket WHERE status IN ('placed', 'cooking', 'ready')`)) > 0, 'some are on their way');
  const wrong = `ticket t JOIN orders o ON o.store_id = t.store_id AND o.id = t.order_id
    WHERE t.status <> o.status OR t.number <> o.number OR t.table_label IS DISTINCT FROM o.table_label OR o.day <> '2026-06-05'
      OR jsonb_array_length(t.lines) <> (SELECT count(*) FROM order_line l JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id
        WHERE l.store_id = t.store_id AND l.order_id = t.order_id AND i.station = t.station)
      OR t.version <> (SELECT count(*) FROM order_event e WHERE e.store_id = t.store_id AND e.order_id = t.order_id)`;
  assert.equal(await count(wrong), 0);
  const wrongRounds = `(
    SELECT round, lag(round) OVER earlier AS before, placed_at - lag(placed_at) OVER earlier AS pause
    FROM (SELECT DISTINCT store_id, table_label, order_id, placed_at, round FROM ticket
      WHERE table_label IS NOT NULL AND status <> 'cancelled') AS o
    WINDOW earlier AS (PARTITION BY store_id, table_label ORDER BY placed_at, order_id)
  ) AS r WHERE round <> CASE WHEN pause < interval '2 hours' THEN before + 1 ELSE 1 END`;
  assert.equal(await count(wrongRounds), 0);
});

test('few dishes sell most, and meals have their hours', async () => {
  const [best] = await rows<{
    share: number;
  }>(`SELECT (sum(n) FILTER (WHERE place <= 5) / sum(n))::float AS share FROM (
    SELECT count(*) AS n, row_number() OVER (ORDER BY count(*) DESC) AS place
    FROM order_line l JOIN item i ON i.store_id = l.store_id AND i.id = l.item_id GROUP BY i.code) AS sold`);
  assert.ok(best!.share > 0.5 && best!.share < 0.8, `${best!.share}`);
  const hours = await rows<{ hour: number }>(`SELECT extract(hour FROM placed_at AT TIME ZONE 'Asia/Seoul')::int AS hour
    FROM orders GROUP BY hour ORDER BY count(*) DESC LIMIT 4`);
  assert.ok(hours.some(({ hour }) => hour === 12) && hours.some(({ hour }) => hour === 18));
});

test('the same seed at the same moment makes the same rows, another seed others', async () => {
  const sum = async (of: string) => {
    const other = openDb({ ...PATIENT, url: of });
    try {
      const { rows: sums } = await other.query<{
        sum: string;
      }>(`SELECT (SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o)
        || (SELECT md5(string_agg(l::text, ',' ORDER BY order_id, line)) FROM order_line l)
        || (SELECT md5(string_agg(t::text, ',' ORDER BY order_id, station)) FROM ticket t) AS sum`);
      return sums[0]!.sum;
    } finally {
      await other.close();
    }
  };
  const [first, same, other] = [
    await sum(url),
    await sum(await open({ stores: STORES, items: ITEMS, orders: ORDERS, seed: 7 })),
    await sum(await open({ stores: STORES, items: ITEMS, orders: ORDERS, seed: 8 })),
  ];
  assert.equal(same, first);
  assert.notEqual(other, first);
});

test('a second brand takes the next seed, a used seed is refused, and so is a size that cannot be', async () => {
  const config = { databaseUrl: url, home: '/none' };
  const lines: string[] = [];
  await seedCommand(config, { stores: 2, items: 1, nowMs: NOW, progress: quiet, log: (line) => lines.push(line) });
  assert.match(lines[0]!, /^Made seed-8: 2 stores of 1 dishes and 0 orders/);
  assert.equal(await count(`store WHERE slug LIKE 'seed-8-%'`), 2);
  await assert.rejects(seedCommand(config, { stores: 1, seed: 7 }), /^Error: Seed 7 was used in this database before/);
  for (const options of [{ stores: 0 }, { items: 501 }, { orders: -1 }, { orders: 1.5 }, { stores: 10_001 }]) {
    await assert.rejects(
      seedCommand({ databaseUrl: 'postgres://127.0.0.1:1/none', home: '/none' }, options),
      SeedSizeError,
    );
  }
});
