import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';

const DISHES = 50;
const STATIONS = 5;

/**
 * A store with a menu of its own, and on one of its days so many orders of one to five dishes, over fourteen hours. One that an earlier
 * run has kept is used as it is.
 */
export async function fillDay(db: Db, day: string, orders: number): Promise<string> {
  const slug = `day-of-${orders}-${day}`;
  const { rows: kept } = await db.query<{ id: string }>('SELECT id FROM store WHERE slug = $1', [slug]);
  if (kept[0]) return kept[0].id;
  const store = newId();
  await db.query(`INSERT INTO brand (id, slug, name_ko, name_en) VALUES ($1, $2, 'b', 'b')`, [store, `day-${store}`]);
  await db.query(`INSERT INTO store (id, brand_id, slug, name_ko, name_en) VALUES ($1, $1, $2, 's', 's')`, [
    store,
    `half-${store}`,
  ]);
  await db.query(
    `INSERT INTO category (store_id, id, code, position, name_ko, name_en) VALUES ($1, $1, 'all', 0, 'all', 'all')`,
    [store],
  );
  await db.query(
    `INSERT INTO item (store_id, id, category_id, code, position, name_ko, name_en, price, station)
     SELECT $1::text::uuid, md5($1::text || n)::uuid, $1::text::uuid, n::text, n, 'dish ' || n, 'dish ' || n, 1000 * n, 'station ' || n % ${STATIONS}
     FROM generate_series(1, ${DISHES}) AS n`,
    [store],
  );
  await db.query(`SELECT ensure_order_partitions($1::date - 3, $1::date + 3)`, [day]);
  await db.query(
    `CREATE TEMPORARY TABLE filling ON COMMIT PRESERVE ROWS AS
     SELECT n, at, overlay(uuid_v7_floor(at)::text PLACING to_char(n, 'FM000000000000') FROM 25)::uuid AS id, 1 + n % 5 AS lines
     FROM (SELECT n, ($1::date + interval '9 hours') AT TIME ZONE 'Asia/Seoul' + n * interval '14 hours' / $2::int AS at
           FROM generate_series(1, $2::int) AS n) t`,
    [day, orders],
  );
  const line = `SELECT f.id, l, md5($1::text || (1 + (f.n * 7 + l * l * 3) % ${DISHES}))::uuid AS item, 1 + (f.n + l) % 3 AS quantity,
    1000 * (1 + (f.n * 7 + l * l * 3) % ${DISHES}) AS price FROM filling f, generate_series(1, f.lines) AS l`;
  await db.query(
    `INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price)
     SELECT $1::text::uuid, id, l, item, quantity, price FROM (${line}) x`,
    [store],
  );
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
     SELECT $1::text::uuid, f.id, f.n, $2::date, t.total, f.at, f.at, '\\x00'
     FROM filling f JOIN (SELECT id, sum(quantity * price) AS total FROM (${line}) x GROUP BY id) t ON t.id = f.id`,
    [store, day],
  );
  await db.query('DROP TABLE filling');
  // Whole now: what was killed on the way has another name.
  await db.query('UPDATE store SET slug = $2 WHERE id = $1', [store, slug]);
  return store;
}
