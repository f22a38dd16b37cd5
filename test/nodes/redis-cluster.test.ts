import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeDish, dishOf, menuPath } from '../cache/scene.ts';
import { openShop } from '../events/shop.ts';
import { assertNothingLost, startGuests } from '../faults/guests.ts';
import { eventually } from '../support/eventually.ts';
import { startRedisCluster } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

const STOCK = 100_000;

test('a Redis Cluster loses one of its three nodes for good while guests order: nobody is refused, all of it goes on from Postgres', async (t) => {
  const cluster = await startRedisCluster(t);
  const shop = await openShop(t, { env: { REDIS_URL: cluster.url, CACHE: 'tiered' } });
  const { client, db } = shop.api;
  const busy = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
  const guests = startGuests(t, [client], busy, 4, 20);
  const more = async (count: number) => {
    const before = guests.acknowledged.size;
    await eventually(() => guests.acknowledged.size >= before + count, 'guests order');
  };
  /** What goes through Redis when it is there: tickets, statuses, menus, the ranking. */
  const liveThroughAll = async (price: number) => {
    const order = await shop.order(['stew']);
    const ticket = await shop.ticketOf(order.id, 'soup');
    assert.equal((await shop.advance(ticket, 'cooking')).status, 200);
    await eventually(async () => {
      assert.equal((await shop.call(`/orders/${order.id}`, { token: order.token })).body.status, 'cooking');
    });
    await changeDish(client, shop.store.id, shop.store.dishes.stew.id, { price });
    await eventually(async () => {
      const menu = (await client.call(menuPath(shop.store))).body;
      assert.equal(dishOf(menu, shop.store.dishes.stew.id).price, price);
    });
    assert.equal((await shop.call('/ranking?window=hour')).status, 200);
  };

  await more(10);
  await liveThroughAll(9_100);
  process.kill(cluster.nodes[1]!.pid, 'SIGKILL');
  await more(10);
  await liveThroughAll(9_200);
  await more(10);
  await guests.stop();
  assert.deepEqual(guests.setbacks, []);
  await assertNothingLost(db, busy, guests, STOCK);
});
