import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShop } from '../events/shop.ts';
import { bearer } from '../events/sse.ts';
import { startTestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { startRedis } from '../support/services.ts';
import { openScreen } from '../support/sse-screen.ts';
import { makeStore } from '../support/store.ts';

test('while Postgres is frozen menus go on, everything else is refused and told when to come again, and then all is well', async (t) => {
  const postgres = await startOwnPostgres(t);
  const app = await startTestApp(t, { databaseUrl: postgres.url, withJobs: true, impatient: true });
  const store = await makeStore(app.db, { dish: { price: 9_000 } });
  const base = `/api/v1/stores/${store.id}`;
  const key = app.app.kitchenKey(store.id);
  const order = () => app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  const placed = (await order()).body;
  const menus = [`${base}/menu`, `/api/v1/stores/${store.slug}/menu`];
  for (const path of menus) assert.equal((await app.client.call(path)).status, 200);

  postgres.freeze();
  const asked: Promise<Answer>[] = [
    ...Array.from({ length: 30 }, order),
    ...Array.from({ length: 10 }, () => app.client.call(`${base}/orders/${placed.id}`, { token: placed.token })),
    app.client.call(`${base}/kitchen/tickets`, { token: key }),
    app.client.call(`${base}/kitchen/tickets/${placed.id}:kitchen/advance`, {
      token: key,
      body: { to: 'cooking', version: 1 },
    }),
    app.client.call(`${base}/orders/${placed.id}`, { method: 'DELETE', token: placed.token }),
    app.client.call('/readyz'),
  ];
  let answered = 0;
  for (const each of asked) each.finally(() => (answered += 1));
  let menusRead = 0;
  await eventually(async () => {
    for (const path of menus) assert.equal((await app.client.call(path)).status, 200);
    menusRead += 1;
    return answered === asked.length;
  });
  assert.ok(menusRead >= 2, `${menusRead} menus`);
  for (const { status, body, headers } of await Promise.all(asked)) {
    assert.deepEqual([status, body.type], [503, 'unavailable']);
    assert.ok(Number(headers['retry-after']) >= 1);
  }
  assert.equal((await app.client.call('/healthz')).status, 200);

  postgres.thaw();
  await eventually(async () => (await order()).status === 201);
  await eventually(async () => (await app.client.call('/readyz')).status === 200);
  await eventually(async () => {
    const { status, body } = await app.client.call(`${base}/orders/${placed.id}`, { token: placed.token });
    return status === 200 && ['placed', 'cancelled', 'cooking'].includes(body.status);
  });
});

test('while Redis is frozen slips are printed, orders taken and their status told; afterwards screens hear again at once', async (t) => {
  const redis = await startRedis(t);
  const shop = await openShop(t, { env: { REDIS_URL: redis.url } });
  const next = (waitS: number) => shop.call(`/print/soup/next?wait=${waitS}`, { token: shop.kitchenKey });
  const kitchen = await openScreen(t, shop.url('/kitchen/events'), bearer(shop.kitchenKey));
  const waiting = next(50);
  process.kill(redis.pid, 'SIGSTOP');
  const order = await shop.order();
  const slip = await waiting;
  assert.equal(slip.status, 200, 'the whole long poll went by');
  assert.equal(slip.body.orderId, order.id);
  for (let orders = 0; orders < 2; orders += 1) {
    const waits = next(50);
    const { id, token } = await shop.order();
    const { status, body } = await waits;
    assert.deepEqual([status, body.orderId], [200, id]);
    const told = await shop.call(`/orders/${id}`, { token });
    assert.deepEqual([told.status, told.body.status], [200, 'placed']);
  }
  process.kill(redis.pid, 'SIGCONT');
  const heard = (id: string) => kitchen.events.some(({ data }) => data.orderId === id);
  await eventually(() => heard(order.id));
  const later = await shop.order();
  await eventually(() => heard(later.id));
  await kitchen.close();
});
