import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { makeStore } from '../support/store.ts';
import { assertNothingLost, startGuests } from './guests.ts';

const STOCK = 1_000_000;

test('Postgres killed under load loses no acknowledged order, menus go on, and orders wait or hear 503', async (t) => {
  const postgres = await startOwnPostgres(t);
  const app = await startTestApp(t, { databaseUrl: postgres.url, withJobs: true, impatient: true });
  const store = await makeStore(app.db, { dish: { price: 9_000, remaining: STOCK } });
  // Two ways to the menu: by the address that guests have, and by the one that pages have.
  const menus = [store.id, store.slug].map((name) => `/api/v1/stores/${name}/menu`);
  for (const path of menus) assert.equal((await app.client.call(path)).status, 200);
  const guests = startGuests(t, [app.client], store, 40);

  for (let round = 1; round <= 2; round += 1) {
    const before = guests.acknowledged.size;
    await eventually(() => guests.acknowledged.size >= before + 200, 'orders are being taken');
    const setbacks = guests.setbacks.length;
    await postgres.kill();

    const read: number[] = [];
    await eventually(async () => {
      for (const path of menus) read.push((await app.client.call(path)).status);
      return guests.setbacks.length > setbacks;
    }, 'a guest has heard 503');
    assert.ok(read.length >= 2 * menus.length, `${read.length} menus were read`);
    assert.deepEqual([...new Set(read)], [200]);
    const health = await Promise.all(['/healthz', '/readyz'].map((path) => app.client.call(path)));
    assert.deepEqual(
      health.map(({ status }) => status),
      [200, 503],
    );

    await postgres.restart();
    const restarted = guests.acknowledged.size;
    await eventually(() => guests.acknowledged.size >= restarted + 200, 'orders are being taken again');
  }
  await guests.stop();

  for (const setback of guests.setbacks) {
    assert.ok(!(setback instanceof Error), String(setback));
    assert.deepEqual([setback.status, setback.body.type], [503, 'unavailable']);
    assert.ok(Number(setback.headers['retry-after']) >= 1);
  }
  await eventually(async () => (await app.client.call('/readyz')).status === 200, 'Matjip is ready');
  await assertNothingLost(app.db, store, guests, STOCK);
  // What follows from the orders goes on as well.
  await eventually(async () => {
    const { rowCount } = await app.db.query(
      'SELECT FROM orders o WHERE NOT EXISTS (SELECT FROM ticket t WHERE t.store_id = o.store_id AND t.order_id = o.id) LIMIT 1',
    );
    return rowCount === 0;
  }, 'every order has its ticket');
});
