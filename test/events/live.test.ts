import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { type Service, startRedis, startRedisCluster } from '../support/services.ts';
import { openShop, type Shop } from './shop.ts';
import { bearer, openSse, type SseReader } from './sse.ts';

/** Two processes of one node or of two: what happens in `here` is followed in `there`. */
interface Pair {
  readonly here: Shop;
  readonly there: Shop;
  /** Cuts every live connection. */
  cut(): Promise<void>;
  /** Throws away whatever processes share beside Postgres. */
  flush(): Promise<void>;
}

async function openPair(
  env: Record<string, string>,
  cut: (shop: Shop) => Promise<void>,
  nodes: readonly Service[] = [],
): Promise<Pair> {
  const databaseUrl = (await testDatabase()).url;
  const here = await openShop({ after }, { databaseUrl, env });
  const there = await openShop({ after }, { databaseUrl, env, withJobs: false }, here);
  return { here, there, cut: () => cut(here), flush: () => tellAll(nodes, 'FLUSHALL') };
}

async function tellAll(nodes: readonly Service[], command: string, ...args: readonly string[]): Promise<void> {
  for (const { port } of nodes) {
    const admin = new Redis(port, '127.0.0.1');
    await admin.call(command, ...args);
    admin.disconnect();
  }
}

const cutSubscribers = (nodes: readonly Service[]) => () => tellAll(nodes, 'CLIENT', 'KILL', 'TYPE', 'pubsub');

const redis = await startRedis({ after });
const cluster = await startRedisCluster({ after });
const pairs: Record<string, Pair> = {
  'Postgres NOTIFY': await openPair({}, async (shop) => {
    // Both have come back from the cut before.
    await eventually(async () => {
      const { rowCount } = await shop.api.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'matjip-live' AND datname = current_database()
           AND 2 = (SELECT count(*) FROM pg_stat_activity
                    WHERE application_name = 'matjip-live' AND datname = current_database())`,
      );
      assert.equal(rowCount, 2);
    });
  }),
  Redis: await openPair({ REDIS_URL: redis.url }, cutSubscribers([redis]), [redis]),
  'Redis Cluster': await openPair({ REDIS_URL: cluster.url }, cutSubscribers(cluster.nodes), cluster.nodes),
};

const seqs = (reader: SseReader) => reader.events.filter(({ event }) => event === 'status').map(({ data }) => data.seq);

for (const [name, { here, there, cut, flush }] of Object.entries(pairs)) {
  const follow = (order: { id: string; token: string }, lastEventId?: string) =>
    openSse(
      there.url(`/orders/${order.id}/events?token=${order.token}`),
      lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    );
  /** Back and forth, so that there are many events. */
  const advance = async (orderId: string, steps: number) => {
    let ticket = await here.ticketOf(orderId, 'soup');
    for (let step = 0; step < steps; step += 1) {
      const answer = await here.advance(ticket, ticket.status === 'cooking' ? 'placed' : 'cooking');
      assert.equal(answer.status, 200);
      ticket = answer.body;
    }
  };

  test(`${name}: a status change in one process reaches a page of another`, async () => {
    const order = await here.order();
    const reader = await follow(order);
    await eventually(() => assert.deepEqual(seqs(reader), [1]));
    await advance(order.id, 3);
    await eventually(() => assert.deepEqual(seqs(reader), [1, 2, 3, 4]));
    assert.deepEqual(
      reader.events.map(({ data }) => data.status),
      ['placed', 'cooking', 'placed', 'cooking'],
    );
    reader.close();
  });

  test(`${name}: Last-Event-ID resumes without a gap or a double, also while events happen`, async () => {
    const order = await here.order();
    await advance(order.id, 3);
    const moving = advance(order.id, 20);
    const readers = await Promise.all(['0', '1', '2', '3', '4'].map((id) => follow(order, id)));
    await moving;
    for (const [index, reader] of readers.entries()) {
      const expected = Array.from({ length: 24 - index }, (_, at) => at + index + 1);
      await eventually(() => assert.deepEqual(seqs(reader), expected));
      reader.close();
    }
  });

  test(`${name}: a live connection that is cut costs a delay, and neither a gap nor a double`, async () => {
    const order = await here.order();
    const reader = await follow(order);
    const kitchen = await openSse(there.url('/kitchen/events'), bearer(there.kitchenKey));
    await eventually(() => assert.deepEqual(seqs(reader), [1]));
    for (let cuts = 0; cuts < 3; cuts += 1) {
      const moving = advance(order.id, 6);
      await cut();
      await moving;
    }
    await eventually(() =>
      assert.deepEqual(
        seqs(reader),
        Array.from({ length: 19 }, (_, at) => at + 1),
      ),
    );
    // And goes on live afterwards.
    await advance(order.id, 1);
    await eventually(() => assert.equal(seqs(reader).at(-1), 20));
    await eventually(() => {
      const last = kitchen.events.filter(({ data }) => data.orderId === order.id).at(-1);
      assert.equal(last?.data.version, 20);
    });
    reader.close();
    kitchen.close();
  });

  test(`${name}: a menu change is heard in every process`, async () => {
    const priceOf = async (shop: Shop) => {
      const { body } = await shop.call('/menu');
      const items = body.categories.flatMap((category: { items: unknown[] }) => category.items);
      return items.find(({ id }: { id: string }) => id === here.store.dishes.beer.id).price;
    };
    const before = await priceOf(there);
    const changed = await here.call(`/items/${here.store.dishes.beer.id}`, {
      method: 'PUT',
      token: 'test-admin-key-0123456789',
      body: { price: before + 100 },
    });
    assert.equal(changed.status, 200);
    await eventually(async () => assert.equal(await priceOf(there), before + 100));
  });
  test(`${name}: how far an order is and who is on the board the other process tells, whatever was thrown away meanwhile`, async () => {
    const order = await here.order();
    const status = async () => (await there.call(`/orders/${order.id}?token=${order.token}`)).body.status;
    const board = async () => {
      const { cooking, ready } = (await there.call('/board')).body;
      return [cooking.includes(order.number), ready.includes(order.number)];
    };
    assert.equal(await status(), 'placed');
    assert.deepEqual(await board(), [false, false]);
    for (const to of ['cooking', 'ready', 'served']) {
      assert.equal((await here.advance(await here.ticketOf(order.id, 'soup'), to)).status, 200);
      await eventually(async () => assert.equal(await status(), to));
      await eventually(async () => assert.deepEqual(await board(), [to === 'cooking', to === 'ready']));
      await flush();
      assert.equal(await status(), to);
      assert.deepEqual(await board(), [to === 'cooking', to === 'ready']);
    }
  });
}
