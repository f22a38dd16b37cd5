import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENT, testDatabase } from '../../test/support/postgres.ts';
import { type Db, openDb } from '../platform/db/pool.ts';
import { importDemo } from './demo.ts';

const NOW = Date.parse('2026-06-05T04:30:00Z');
const SLUGS = ['gangnam', 'hongdae', 'busan-seomyeon', 'jeju', 'seongsu'];

async function withDb(work: (db: Db) => Promise<void>): Promise<void> {
  const { url } = await testDatabase();
  const db = openDb({ ...PATIENT, url });
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

test('the demo franchise has several stores with more than forty dishes, each with prices and sold-outs of its own', () =>
  withDb(async (db) => {
    assert.deepEqual(await importDemo(db, { nowMs: NOW }), SLUGS);
    const { rows } = await db.query<{
      slug: string;
      dishes: number;
      with_options: number;
      sold_out: number;
      limited: number;
      prices: string;
    }>(
      `SELECT s.slug, count(*) AS dishes, count(*) FILTER (WHERE sold_out) AS sold_out, count(k.item_id) AS limited,
         count(*) FILTER (WHERE EXISTS (SELECT FROM option_group g WHERE g.store_id = s.id AND g.item_id = i.id)) AS with_options,
         md5(string_agg(price::text, ',' ORDER BY code)) AS prices
       FROM store s JOIN item i ON i.store_id = s.id LEFT JOIN stock k ON k.store_id = s.id AND k.item_id = i.id
         AND k.day = '2026-06-05' AND k.remaining = i.daily_limit
       GROUP BY s.slug`,
    );
    assert.equal(rows.length, SLUGS.length);
    assert.equal(new Set(rows.map((row) => row.prices)).size, SLUGS.length);
    for (const row of rows) {
      assert.ok(
        row.dishes >= 48 && row.with_options >= 40 && row.sold_out >= 1 && row.limited >= 5,
        JSON.stringify(row),
      );
    }
    const { rows: heads } = await db.query<{ state: string; until: Date | null }>(
      "SELECT state, state_until AS until FROM store_head WHERE state IN ('open', 'busy') ORDER BY state",
    );
    assert.equal(heads.length, SLUGS.length);
    // The busy one is so today, and not whenever somebody looks at the demo.
    const busy = heads.filter(({ state }) => state === 'busy');
    assert.deepEqual(
      busy.map(({ until }) => until?.toISOString()),
      ['2026-06-05T19:00:00.000Z'],
    );
  }));

test('importing it again, or twice at once, makes nothing twice; what a cut-off run left out is added', () =>
  withDb(async (db) => {
    const made = await Promise.all([importDemo(db, { nowMs: NOW }), importDemo(db, { nowMs: NOW })]);
    assert.deepEqual(made.flat().sort(), [...SLUGS].sort());
    assert.deepEqual(await importDemo(db, { nowMs: NOW }), []);
    for (const table of ['stock', 'item_option', 'option_group', 'item', 'category', 'store_head']) {
      await db.query(`DELETE FROM ${table} WHERE store_id IN (SELECT id FROM store WHERE slug = 'jeju')`);
    }
    await db.query("DELETE FROM store WHERE slug = 'jeju'");
    assert.deepEqual(await importDemo(db, { nowMs: NOW }), ['jeju']);
  }));

test("beside somebody's own brand the demo keeps away", () =>
  withDb(async (db) => {
    await db.query(
      "INSERT INTO brand (id, slug, name_ko, name_en) VALUES (gen_random_uuid(), 'mine', '우리집', 'Mine')",
    );
    assert.deepEqual(await importDemo(db, { nowMs: NOW }), []);
  }));
