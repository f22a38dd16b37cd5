import assert from 'node:assert/strict';
import { changeDish, dishOf, menuPath } from '../cache/scene.ts';
import { openShop } from '../events/shop.ts';
import { assertNothingLost, startGuests } from '../faults/guests.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const STOCK = 100_000;

/**
 * Guests order while a part of Redis dies for good: nobody is refused, no order is lost or doubled, and what goes through Redis is right
 * before and after.
 * @param redisUrl as `REDIS_URL` has it
 * @param kill what dies
 * @param untilBack resolves when Redis goes on; unset: what is left of it never stopped
 */
export async function losePartOfRedis(
  t: Parameters<typeof openShop>[0],
  redisUrl: string,
  kill: () => void,
  untilBack?: () => Promise<void>,
): Promise<void> {
  const shop = await openShop(t, { env: { REDIS_URL: redisUrl, CACHE: 'tiered' } });
  const { client, db } = shop.api;
  const busy = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
  const guests = startGuests(t, [client], busy, 4, 20);
  const more = async (count: number) => {
    const before = guests.acknowledged.size;
    await eventually(() => guests.acknowledged.size >= before + count, 'guests order');
  };
  /** What goes through Redis when it is there: tickets, statuses, menus, the ranking. */
  const liveThroughAll = async (price: number) => {
    const order = await eventually(() => shop.order(['stew']), 'an order is taken');
    // A cook whose tap was answered by "come again" taps again.
    await eventually(async () => {
      const ticket = await shop.ticketOf(order.id, 'soup');
      return ticket.status === 'cooking' || (await shop.advance(ticket, 'cooking')).status === 200;
    }, 'its ticket moves');
    await eventually(async () => {
      assert.equal((await shop.call(`/orders/${order.id}`, { token: order.token })).body.status, 'cooking');
    });
    await changeDish(client, shop.store.id, shop.store.dishes.stew.id, { price });
    await eventually(async () => {
      const menu = (await client.call(menuPath(shop.store))).body;
      assert.equal(dishOf(menu, shop.store.dishes.stew.id).price, price);
    });
    await eventually(async () => assert.equal((await shop.call('/ranking?window=hour')).status, 200));
  };

  await more(10);
  await liveThroughAll(9_100);
  kill();
  await more(10);
  await untilBack?.();
  await liveThroughAll(9_200);
  await more(10);
  await guests.stop();
  // A machine with no time refuses some for want of it; without Redis it would be all of them, again and again.
  assert.ok(
    guests.setbacks.length < guests.acknowledged.size / 2,
    `${guests.setbacks.length} refusals, ${guests.acknowledged.size} orders`,
  );
  await assertNothingLost(db, busy, guests, STOCK);
}
