import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownTables, placeOf } from '../../src/platform/db/citus/places.ts';
import { readSchema } from '../../src/platform/db/citus/read-schema.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { testDatabase } from '../support/postgres.ts';
import { isMiscounted, type Placed, refusalsOf, statementsOf } from './statements.ts';

const db = openDb({ url: (await testDatabase()).url, connectionsMax: 1 });
test.after(() => db.close());
const tables = await readSchema(db);
const places = new Map(tables.map((table) => [table.name, placeOf(table)]));
const known = knownTables(tables);
const placed: Placed = {
  isDistributed: (table) => places.get(table) === 'distributed',
  isPlaced: (table) => known.has(table),
};

test('no statement is one that Citus refuses by a rule that its text shows', () => {
  const all = [...statementsOf(new URL('../../src/', import.meta.url))];
  assert.ok(all.length > 200, `only ${all.length} statements were found`);
  const refused = all.flatMap(({ at, text }) => refusalsOf(text, placed).map((why) => `${at}: ${why}`));
  assert.deepEqual(refused, []);
});

test('nor does a test send one, so that the suites run on a cluster', () => {
  const all = [...statementsOf(new URL('../', import.meta.url), { tests: true })];
  assert.ok(all.length > 300, `only ${all.length} statements were found`);
  const refused = all
    // Below are those that are refused.
    .filter(({ at }) => !at.startsWith('citus/'))
    .flatMap(({ at, text }) => refusalsOf(text, placed).map((why) => `${at}: ${why}`));
  assert.deepEqual(refused, []);
});

test('what orders are taken by asks the machines of their stores alone: a list that is joined names none to a cluster', () => {
  const asked = ['order', 'kitchen/pacing'].flatMap((room) => [
    ...statementsOf(new URL(`../../src/${room}/`, import.meta.url)),
  ]);
  const joined = asked.filter(({ text }) => /\bunnest\(/.test(text) && readsStores(text));
  assert.ok(joined.length > 5, `only ${joined.length} join a list`);
  assert.deepEqual(
    joined.filter(({ text }) => !/\$\{(?:andOnly|only)\(|store_id = (?:ANY\()?\$/.test(text)).map(({ at }) => at),
    [],
  );
});

/** Whether it looks at or changes rows that are there already; who inserts says of each row where it belongs. */
const readsStores = (text: string): boolean =>
  [...text.matchAll(/\b(?:FROM|JOIN|UPDATE) (\w+)/g)].some(([, table]) => placed.isDistributed(table!));

test('nobody goes by the number that a cluster gives of rows which were gathered and sent on', () => {
  const counted = [...statementsOf(new URL('../../src/', import.meta.url))].filter(({ isCounted }) => isCounted);
  assert.ok(counted.length > 30, `only ${counted.length} are counted`);
  assert.deepEqual(
    counted.filter((each) => isMiscounted(each, placed)).map(({ at }) => at),
    [],
  );
  const once = {
    at: '',
    text: 'INSERT INTO category (store_id) SELECT $1 FROM unnest($2::text[]) ON CONFLICT (store_id) DO UPDATE SET code = 1',
  };
  assert.ok(isMiscounted({ ...once, isCounted: true }, placed));
  assert.ok(!isMiscounted({ ...once, isCounted: false }, placed));
});

/** Each of them was in the source once. */
const REFUSED: readonly (readonly [statement: string, says: RegExp])[] = [
  [
    'INSERT INTO photo (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET used_at = now()',
    /DO UPDATE SET clause .* IMMUTABLE: now\(/,
  ],
  [
    `INSERT INTO photo_source AS s (address) VALUES ($1) ON CONFLICT (address) DO UPDATE SET tries = 0
     WHERE s.used_at < excluded.used_at - interval '1 hour'`,
    /DO UPDATE/,
  ],
  ['UPDATE ticket SET moved_at = clock_timestamp() WHERE store_id = $1', /must not be VOLATILE/],
  [
    "UPDATE orders SET promised_at = promised_at + greatest($3 - placed_at, interval '0') WHERE store_id = $1",
    /cannot be called with column references/,
  ],
  [
    "UPDATE photo_source SET due_at = CASE WHEN $1 THEN 'infinity' ELSE now() + $2 * interval '1 second' END",
    /CASE or COALESCE/,
  ],
  [
    "UPDATE staff SET locked_until = CASE WHEN $3 > 0 THEN now() + $3 * interval '1 second' END WHERE id = $1",
    /CASE or COALESCE/,
  ],
  [
    `UPDATE webhook SET paused_at = CASE WHEN failing_since < $3::timestamptz - interval '10 minutes' THEN $3 END WHERE store_id = $1`,
    /CASE or COALESCE/,
  ],
  [
    `INSERT INTO pin_try AS t (device_id, staff_id) VALUES ($1, $2) ON CONFLICT (device_id, staff_id) DO UPDATE SET failures = t.failures
     RETURNING failures, extract(epoch FROM locked_until - now())`,
    /in the RETURNING clause/,
  ],
  [
    'UPDATE bill SET orders = orders + CASE id WHEN $3 THEN $4::int ELSE -$4::int END WHERE store_id = $1',
    /uuid = boolean/,
  ],
  [
    `INSERT INTO staff_invitation (id, at_store_id) SELECT $1, $2
     WHERE (SELECT count(*) FROM staff_invitation WHERE at_store_id = $2) < 9 RETURNING id, created_at AS created`,
    /missing FROM-clause entry/,
  ],
  ['DELETE FROM stock WHERE store_id = $1 AND day < coalesce($2, now()::date)', /CASE or COALESCE/],
  [
    'SELECT s.id FROM store s WHERE EXISTS (SELECT FROM bill b WHERE b.store_id = s.id AND b.closed_at IS NULL)',
    /contains a reference table/,
  ],
  [
    `INSERT INTO payment_difference AS d (store_id, what, found_at) SELECT $1, w, $3 FROM unnest($2::text[]) AS k (w)
     ON CONFLICT (store_id, what) DO UPDATE SET gone_at = NULL RETURNING what, found_at = $3 AS "isNew"`,
    /data type of parameter/,
  ],
  ['SELECT EXISTS (SELECT FROM sales_due WHERE order_id >= $1) AS due', /column definition list/],
  [
    `SELECT k.id FROM unnest($1::uuid[], $2::uuid[]) AS k (store_id, id)
     WHERE NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = k.store_id AND t.order_id = k.id)`,
    /complex joins/,
  ],
  [
    `SELECT s.slug, (SELECT coalesce(sum(q.total), 0) FROM sales_quarter q WHERE q.store_id = s.id) AS total
     FROM (SELECT * FROM store WHERE slug > $1) s`,
    /contains a reference table/,
  ],
  [
    `DELETE FROM ranking_hour r USING (
       SELECT place, (SELECT min(hour) FROM ranking_hour WHERE store_id = place) AS oldest FROM unnest($1::uuid[]) AS place) o
     WHERE r.store_id = o.place`,
    /contains a set returning function/,
  ],
];

for (const [statement, says] of REFUSED) {
  test(`refused: ${statement.replaceAll(/\s+/g, ' ').slice(0, 90)}`, () => {
    assert.match(refusalsOf(statement, placed).join('\n'), says);
  });
}

test('what stays on the coordinator may do as it likes, and so may what only reads', () => {
  for (const statement of [
    'INSERT INTO archived_month (month) VALUES ($1) ON CONFLICT (month) DO UPDATE SET written_at = now()',
    'UPDATE archived_month SET written_at = CASE WHEN $3 > 0 THEN now() END WHERE month = $1',
    'SELECT coalesce(t.turned_at, now()) FROM menu_turn t WHERE t.store_id = $1',
    'SELECT DISTINCT b.store_id FROM bill b JOIN store s ON s.id = b.store_id WHERE b.closed_at IS NULL',
    'UPDATE photo_source SET due_at = now() WHERE address = $1',
    'INSERT INTO staff_invitation AS i (id) SELECT $1 WHERE (SELECT count(*) FROM staff_invitation) < 9 RETURNING id, created_at AS created',
    'INSERT INTO webhook (store_id, id) SELECT $1, $2 WHERE (SELECT count(*) FROM webhook WHERE store_id = $1) < 9 RETURNING id',
  ]) {
    assert.deepEqual(refusalsOf(statement, placed), [], statement);
  }
});
