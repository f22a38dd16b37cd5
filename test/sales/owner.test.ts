import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { businessDay } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { makeStore } from '../support/store.ts';

const { db, client } = await startTestApp({ after });
const DAY = '2026-05-04';
const NOON_MS = Date.parse('2026-05-04T03:00:00Z');

/** An order of that noon: seconds after it, somebody cooked and it was ready; null: that never happened. */
async function order(
  storeId: string,
  cookingS: number | null,
  readyS: number | null,
  promisedS: number,
  status: string,
) {
  const id = newId(NOON_MS);
  const at = (seconds: number) => new Date(NOON_MS + seconds * 1_000);
  await db.query(
    `INSERT INTO orders (store_id, id, number, day, status, total, placed_at, promised_at, request_hash)
     VALUES ($1, $2, 1, $3, $4, 1000, $5, $6, '\\x00')`,
    [storeId, id, DAY, status, at(0), at(promisedS)],
  );
  for (const [seq, [named, seconds]] of Object.entries({ placed: 0, cooking: cookingS, ready: readyS }).entries()) {
    if (seconds === null) continue;
    await db.query(
      'INSERT INTO order_event (store_id, order_id, seq, status, at, promised_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [storeId, id, seq + 1, named, at(seconds), at(promisedS)],
    );
  }
}

const times = (store: string, query = `?day=${DAY}`) =>
  client.call(`/api/v1/stores/${store}/sales/times${query}`, { token: ADMIN_KEY });

test('an owner sees how long guests waited, and how often longer than promised', async () => {
  const { id } = await makeStore(db, {});
  await db.query(`SELECT ensure_order_partitions('2026-05-01', '2026-05-31')`);
  await order(id, 60, 360, 300, 'served');
  await order(id, 120, 540, 600, 'ready');
  await order(id, 180, 480, 600, 'ready');
  // Called ready at once: nobody says when cooking began.
  await order(id, null, 30, 600, 'ready');
  await order(id, 60, null, 600, 'cooking');
  await order(id, 60, 90, 600, 'cancelled');
  const { status, body } = await times(id);
  assert.equal(status, 200);
  assert.deepEqual(
    { ...body, waiting: body.waiting.median, cooking: body.cooking.median, whole: body.whole },
    { day: DAY, orders: 4, late: 1, waiting: 120, cooking: 300, whole: { median: 420, p90: body.whole.p90 } },
  );
  assert.ok(body.whole.p90 > 480 && body.whole.p90 <= 540, String(body.whole.p90));

  const empty = (await times(id, '')).body;
  assert.deepEqual([empty.orders, empty.late, empty.whole], [0, 0, { median: null, p90: null }]);
  assert.equal((await times(id, '?day=yesterday')).status, 422);
  assert.equal((await times('no-such-store')).status, 404);
});

test('each store’s day stands beside as much of the same day a week before, page by page', async () => {
  const { id, slug } = await makeStore(db, {});
  const { rows } = await db.query<{ hour: number; zone: string }>(
    'SELECT day_starts_hour AS hour, time_zone AS zone FROM store WHERE id = $1',
    [id],
  );
  const day = businessDay(Date.now(), rows[0]!.zone, rows[0]!.hour);
  const put = (days: number, quarter: string, total: number) =>
    db.query(
      `INSERT INTO sales_quarter (store_id, day, quarter, orders, portions, total)
       VALUES ($1, $2::date + $3::int, now() + $4::interval, 1, 1, $5)`,
      [id, day, days, quarter, total],
    );
  await put(-7, '-7 days -20 minutes', 5_000);
  // Later than now, a week ago: not to be held against today.
  await put(-7, '-7 days 1 minute', 70_000);
  const sold = (days: number, total: number, closed: string | null) =>
    db.query(
      'INSERT INTO sales_day (store_id, day, orders, portions, total, closed_at) VALUES ($1, $2::date + $3::int, 2, 3, $4, $5)',
      [id, day, days, total, closed],
    );
  await sold(0, 9_000, null);
  await sold(-1, 1_000, null);
  await sold(-2, 1_000, '2026-01-01T00:00:00Z');
  await makeStore(db, {});

  const seen: Json[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const { status, body } = await client.call(`/api/v1/sales/stores?cursor=${next}`, { token: ADMIN_KEY });
    assert.equal(status, 200);
    seen.push(...body.items);
    next = body.next;
  }
  assert.deepEqual(
    seen.map((store) => store.slug),
    seen.map((store) => store.slug).sort(),
  );
  const { name, ...store } = seen.find((each) => each.slug === slug);
  assert.deepEqual(name, { ko: '시험점', en: 'Test' });
  assert.deepEqual(store, {
    id,
    slug,
    currency: 'KRW',
    day,
    orders: 2,
    portions: 3,
    total: 9_000,
    before: 5_000,
    openDays: 1,
  });
  assert.equal(new Set(seen.map((each) => each.id)).size, seen.length);
});
