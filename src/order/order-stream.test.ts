import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openShop } from '../../test/events/shop.ts';
import { openSse } from '../../test/events/sse.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { OrderEvent } from '../contract/index.ts';
import type { Db } from '../platform/db/pool.ts';
import { createTopics } from '../platform/live/topics.ts';
import { followOrder } from './order-stream.ts';
import { createSharedEvents } from './snapshot-cache.ts';

const shop = await openShop({ after }, { withJobs: false });

test('a thousand pages that read again after a gap are a few questions', async () => {
  const orders = [await shop.order(), await shop.order()];
  let questions = 0;
  const counting: Db = {
    ...shop.api.db,
    query: (...asked) => {
      questions += 1;
      return shop.api.db.query(...asked);
    },
  };
  const readEvents = createSharedEvents(counting);
  const topics = createTopics();
  const live = { ...topics, close: async () => {} };
  const heard: OrderEvent[][] = [];
  for (let index = 0; index < 1_000; index += 1) {
    const events: OrderEvent[] = [];
    heard.push(events);
    const stream = {
      send: (_event: string, event: unknown) => void events.push(event as OrderEvent),
      flushed: async () => {},
      onClose: () => {},
      closed: false,
      end: () => assert.fail('It was let go.'),
    };
    // One in two has heard of the order before.
    followOrder(readEvents, live, stream, { storeId: shop.store.id, id: orders[index % 2]!.id }, index % 2);
  }
  await eventually(() => assert.equal(heard.filter((events) => events.length === 1).length, 500));
  const opening = questions;
  for (const { id, token } of orders) {
    assert.equal((await shop.call(`/orders/${id}`, { method: 'DELETE', token })).status, 200);
  }
  topics.gap();
  await eventually(() => {
    for (const [index, events] of heard.entries()) {
      const seqs = events.map(({ orderId, seq }) => [orderId, seq]);
      const { id } = orders[index % 2]!;
      assert.deepEqual(
        seqs,
        index % 2 === 1
          ? [[id, 2]]
          : [
              [id, 1],
              [id, 2],
            ],
      );
    }
  });
  assert.ok(
    opening <= 20 && questions - opening <= 20,
    `${opening} at the beginning, ${questions - opening} after the gap`,
  );
});

test('a Last-Event-ID that no event can have ends nobody’s stream', async () => {
  const order = await shop.order();
  const url = shop.url(`/orders/${order.id}/events?token=${order.token}`);
  const pages = await Promise.all(
    ['99999999999', '1e300', '-1', 'x', '0'].map((id) => openSse(url, { 'last-event-id': id })),
  );
  await eventually(() =>
    assert.deepEqual(
      pages.map(({ events }) => events.length),
      [0, 1, 1, 1, 1],
    ),
  );
  assert.ok(pages.every(({ ended }) => !ended));
  for (const page of pages) page.close();
});
