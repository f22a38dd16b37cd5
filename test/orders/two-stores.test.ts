import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { startReceiver } from '../events/receiver.ts';
import { ADMIN_KEY, openShop, type Shop } from '../events/shop.ts';
import { bearer } from '../events/sse.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { startRedis } from '../support/services.ts';
import { openScreen } from '../support/sse-screen.ts';

/*
 * Orders' ids are made by clients, so a guest of one store can use the id of another store's order. Everything that is told of
 * an order is heard here for both, through one process: what a store's readers hear must be that store's alone.
 */
const redis = await startRedis({ after });
const inProcess = (await testDatabase()).url;
const withRedis = (await testDatabase()).url;
const pairs: Record<string, readonly [Shop, Shop]> = {
  'in process': [
    await openShop({ after }, { databaseUrl: inProcess, env: { WEBHOOK_ALLOW_PRIVATE: 'on' } }),
    await openShop({ after }, { databaseUrl: inProcess, env: { WEBHOOK_ALLOW_PRIVATE: 'on' }, withJobs: false }),
  ],
  redis: [
    await openShop({ after }, { databaseUrl: withRedis, env: { WEBHOOK_ALLOW_PRIVATE: 'on', REDIS_URL: redis.url } }),
    await openShop(
      { after },
      { databaseUrl: withRedis, env: { WEBHOOK_ALLOW_PRIVATE: 'on', REDIS_URL: redis.url }, withJobs: false },
    ),
  ],
};

for (const [name, [a, b]] of Object.entries(pairs)) {
  test(`${name}: two stores’ orders with the same id know nothing of each other, on no path`, async (t) => {
    const url = (shop: Shop, path: string) => `${a.api.app.url}/api/v1/stores/${shop.store.id}${path}`;
    const receivers = await Promise.all([startReceiver(t), startReceiver(t)]);
    for (const [index, shop] of [a, b].entries()) {
      const body = { url: receivers[index]!.url, events: ['order.placed', 'order.moved'] };
      assert.equal((await shop.call('/webhooks', { token: ADMIN_KEY, body })).status, 201);
    }
    // So that their numbers differ: A's is 1, B's is 3. The id is also B's store's own, which is a UUIDv7 like any other.
    await b.order(['beer']);
    await b.order(['beer']);
    for (const id of [newId(), b.store.id]) {
      const place = async (shop: Shop, dish: 'stew' | 'soju') => {
        const request = { lines: [{ itemId: shop.store.dishes[dish].id, quantity: 1 }] };
        const { status, body } = await a.api.client.order(shop.store.id, request, id);
        assert.equal(status, 201);
        return body as { number: number; token: string };
      };
      const [ofA, ofB] = [await place(a, 'stew'), await place(b, 'soju')];
      assert.notEqual(ofA.token, ofB.token);
      assert.notEqual(ofA.number, ofB.number);
      const streams = {
        a: await openScreen(t, url(a, `/orders/${id}/events?token=${ofA.token}`)),
        b: await openScreen(t, url(b, `/orders/${id}/events?token=${ofB.token}`)),
        kitchenA: await openScreen(t, url(a, '/kitchen/events'), bearer(a.kitchenKey)),
        kitchenB: await openScreen(t, url(b, '/kitchen/events'), bearer(b.kitchenKey)),
        boardA: await openScreen(t, url(a, '/board/events')),
        boardB: await openScreen(t, url(b, '/board/events')),
      };
      // A stream that is opened again tells all of its order's events.
      const seqs = ({ sinceOpened }: (typeof streams)['a']) => sinceOpened.map(({ data }) => [data.seq, data.status]);
      await eventually(() => assert.deepEqual([seqs(streams.a), seqs(streams.b)], [[[1, 'placed']], [[1, 'placed']]]));
      // Both are asked for once before anything moves, so that whoever keeps answers has kept these.
      const statusOf = async (shop: Shop, token: string) => (await shop.call(`/orders/${id}`, { token })).body.status;
      assert.deepEqual([await statusOf(a, ofA.token), await statusOf(b, ofB.token)], ['placed', 'placed']);

      // Each store's ticket and slip has its own dish, under the same order's id.
      const ticketA = await a.ticketOf(id, 'soup');
      const ticketB = await b.ticketOf(id, 'drinks');
      assert.deepEqual([ticketA.number, ticketB.number], [ofA.number, ofB.number]);
      const slipOf = async (shop: Shop, station: string) => {
        for (;;) {
          const { body } = await shop.call(`/print/${station}/next?wait=50`, { token: shop.kitchenKey });
          await shop.call(`/print/${station}/${body.id}/done`, { token: shop.kitchenKey, method: 'POST' });
          if (body.orderId === id) return body;
        }
      };
      assert.equal((await slipOf(a, 'soup')).number, ofA.number);
      assert.equal((await slipOf(b, 'drinks')).number, ofB.number);

      // A's is cooked and ready; B's is cancelled, by the shop: it is on paper, which its guest cannot take back.
      const cooking = (await a.advance(ticketA, 'cooking')).body;
      assert.equal((await b.call(`/orders/${id}`, { method: 'DELETE', token: b.kitchenKey })).status, 200);
      assert.equal((await a.advance(cooking, 'ready')).status, 200);
      await eventually(() =>
        assert.deepEqual(seqs(streams.a), [
          [1, 'placed'],
          [2, 'cooking'],
          [3, 'ready'],
        ]),
      );
      await eventually(() =>
        assert.deepEqual(seqs(streams.b), [
          [1, 'placed'],
          [2, 'cancelled'],
        ]),
      );
      await eventually(async () => {
        assert.deepEqual([await statusOf(a, ofA.token), await statusOf(b, ofB.token)], ['ready', 'cancelled']);
      });
      await eventually(() => assert.ok(streams.boardA.events.at(-1)?.data.ready.includes(ofA.number)));
      await eventually(async () => assert.ok((await a.call('/board')).body.ready.includes(ofA.number)));
      await eventually(async () => {
        for (const board of [(await b.call('/board')).body, streams.boardB.events.at(-1)?.data]) {
          assert.deepEqual(board, { cooking: [], ready: [] });
        }
      });
      await eventually(() => assert.equal(streams.kitchenA.events.at(-1)?.data.status, 'ready'));
      // A screen that came back meanwhile is told what is open, and B's order no longer is.
      await eventually(() => {
        const { events, sinceOpened, openings } = streams.kitchenB;
        // Not the last of all: tickets of the orders before it may be made after it was cancelled.
        const isOver = events.some(({ data }) => data.orderId === id && data.status === 'cancelled');
        const hasGone = openings > 1 && sinceOpened.every(({ data }) => data.orderId !== id);
        assert.ok(isOver || hasGone, JSON.stringify(sinceOpened.at(-1)));
      });
      for (const [reader, shop] of [
        [streams.kitchenA, a],
        [streams.kitchenB, b],
      ] as const) {
        const own = new Set(Object.values(shop.store.dishes).map((dish) => dish.id));
        const items = reader.events.flatMap(({ data }) => data.lines ?? []).map((line) => line.itemId);
        assert.ok(items.length > 0 && items.every((item) => own.has(item)), 'a kitchen saw another store’s dish');
      }

      // Webhooks: each receiver heard of its own store, and no delivery has an id that another has.
      await eventually(() => {
        const heard = receivers.map(({ received }) =>
          received.filter(({ body }) => body.orderId === id).map(({ body }) => body.status),
        );
        assert.deepEqual(
          heard.map((statuses) => statuses.sort()),
          [
            ['cooking', 'placed', 'ready'],
            ['cancelled', 'placed'],
          ],
        );
      });
      for (const [index, shop] of [a, b].entries()) {
        assert.ok(receivers[index]!.received.every(({ body }) => body.storeId === shop.store.id));
      }
      const ids = receivers.flatMap(({ received }) => received.map(({ headers }) => headers['matjip-delivery']));
      assert.equal(new Set(ids).size, ids.length);

      // One store's token is nothing at the other.
      assert.equal((await b.call(`/orders/${id}`, { token: ofA.token })).status, 404);
      for (const stream of Object.values(streams)) await stream.close();
      const portions = async (shop: Shop, dish: 'stew' | 'soju') => {
        const { rows } = await a.api.db.query<{ quantity: number }>(
          'SELECT sum(quantity)::int AS quantity FROM ranking_hour WHERE store_id = $1 AND item_id = $2',
          [shop.store.id, shop.store.dishes[dish].id],
        );
        return rows[0]!.quantity ?? 0;
      };
      await eventually(async () => assert.ok((await portions(a, 'stew')) >= 1));
      await eventually(async () => assert.equal(await portions(b, 'soju'), 0));
    }
  });
}
