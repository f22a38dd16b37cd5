import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { BOUNDS } from '../../src/config.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { publicLookup } from '../../src/platform/http/addresses/outgoing-address.ts';
import { createDeliver } from '../../src/webhook/deliver.ts';
import { deliveryHandlers } from '../../src/webhook/deliveries.ts';
import { enqueue, nextDue, settle, takeTurn } from '../../src/webhook/outbox.ts';
import { sendPlacedQueued } from '../../src/webhook/send-events.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { countLockWaits } from '../support/lock-waits.ts';
import { isGenuine, startReceiver } from './receiver.ts';
import { ADMIN_KEY, openShop, type Shop } from './shop.ts';

const allowed = { WEBHOOK_ALLOW_PRIVATE: 'on' };
const shop = await openShop({ after }, { env: allowed });
const inline = await openShop({ after }, { env: { ...allowed, EFFECTS: 'inline' } });

const add = async (at: Shop, url: string, events = ['order.placed', 'order.moved']) => {
  const { status, body } = await at.call('/webhooks', { token: ADMIN_KEY, body: { url, events } });
  assert.equal(status, 201, JSON.stringify(body));
  return body as { id: string; secret: string };
};
const remove = async (at: Shop, id: string) =>
  assert.equal((await at.call(`/webhooks/${id}`, { token: ADMIN_KEY, method: 'DELETE' })).status, 204);

// Also of a test that failed: the next one has none but its own, and hears of no orders but its own.
afterEach(async () => {
  for (const at of [shop, inline]) {
    const { items } = (await at.call('/webhooks', { token: ADMIN_KEY })).body;
    for (const { id } of items) await remove(at, id);
    await eventually(async () => {
      const due = await at.api.db.query('SELECT FROM graphile_worker._private_jobs WHERE run_at <= now()');
      assert.equal(due.rowCount, 0);
    });
  }
});

test('an order and each of its moves are delivered, signed, and in the order of the job queue', async (t) => {
  const receiver = await startReceiver(t);
  const { secret } = await add(shop, receiver.url);
  const order = await shop.order();
  await shop.advance(await shop.ticketOf(order.id, 'soup'), 'ready');
  await eventually(() => assert.equal(receiver.received.length, 2));
  const bySeq = [...receiver.received].sort((a, b) => a.body.seq - b.body.seq);
  assert.deepEqual(
    bySeq.map(({ body }) => [body.id, body.event, body.status, body.number, body.storeId]),
    [
      [`${shop.store.id}:${order.id}:1`, 'order.placed', 'placed', order.number, shop.store.id],
      [`${shop.store.id}:${order.id}:2`, 'order.moved', 'ready', order.number, shop.store.id],
    ],
  );
  for (const delivery of receiver.received) {
    assert.ok(isGenuine(secret, delivery));
    assert.ok(!isGenuine(secret, { ...delivery, text: `${delivery.text} ` }));
    assert.ok(!isGenuine(`${secret}x`, delivery));
    assert.equal(delivery.headers['matjip-delivery'], delivery.body.id);
  }
});

for (const [name, at] of Object.entries({ 'by the job queue': shop, inline })) {
  test(`${name}: what staff change of an order is told to who asks for it, a line each, once, and without the guest's wish`, async (t) => {
    const [receiver, other] = [await startReceiver(t), await startReceiver(t)];
    await add(at, receiver.url, ['order.changed', 'order.moved']);
    await add(at, other.url, ['order.placed']);
    const { stew, beer } = at.store.dishes;
    const lines = [stew, beer].map(({ id }, nth) => ({ itemId: id, quantity: 3 - nth }));
    const { body: order } = await at.api.client.order(at.store.id, { lines });
    const change = (path: string, body: object) =>
      at.call(`/orders/${order.id}/lines/${path}`, { method: 'PUT', token: ADMIN_KEY, body });
    const less = { from: 3, quantity: 1, reason: 'asked' };
    const making = { from: { optionIds: [] }, to: { optionIds: [], note: '아이가 먹어요' } };
    // The same tap again tells nobody twice, and what is refused tells nobody.
    for (const status of [200, 200]) assert.equal((await change('1', less)).status, status);
    assert.equal((await change('1', { ...less, quantity: 0 })).status, 409);
    assert.equal((await change('2/making', making)).status, 200);
    await at.advance(await at.ticketOf(order.id, 'soup'), 'cooking');
    await eventually(async () => {
      const { rows } = await at.api.db.query('SELECT FROM webhook_delivery WHERE store_id = $1', [at.store.id]);
      assert.deepEqual([rows.length, receiver.received.length, other.received.length], [0, 3, 1]);
    });
    const changed = receiver.received.map(({ body }) => body).filter(({ event }) => event === 'order.changed');
    changed.sort((a, b) => (a.id < b.id ? -1 : 1));
    assert.deepEqual(
      changed.map(({ seq, status, number, orderId, change }) => [seq, status, number, orderId, change]),
      [
        { line: 1, itemId: stew.id, from: 3, quantity: 1, madeOtherwise: false, difference: -2 * 9_000 },
        { line: 2, itemId: beer.id, from: 2, quantity: 2, madeOtherwise: true, difference: 0 },
      ].map((line) => [1, 'placed', order.number, order.id, line]),
    );
    for (const { id } of changed) assert.match(id, new RegExp(`^${at.store.id}:${order.id}:[0-9a-f-]{36}$`));
    for (const { text } of receiver.received) assert.doesNotMatch(text, /아이가/);
  });
}

test('a delivery that failed comes again with the same id and a new signature', async (t) => {
  const receiver = await startReceiver(t);
  const { secret } = await add(shop, receiver.url, ['order.placed']);
  receiver.behave((response) => void response.writeHead(receiver.received.length < 3 ? 500 : 200).end());
  await shop.order();
  await eventually(() => assert.equal(receiver.received.length, 3));
  assert.equal(new Set(receiver.received.map(({ body }) => body.id)).size, 1);
  assert.ok(receiver.received.every((delivery) => isGenuine(secret, delivery)));
  await eventually(async () => {
    const { body } = await shop.call('/webhooks', { token: ADMIN_KEY });
    assert.equal(body.items[0].failures, 0);
    assert.equal(body.items[0].secret, undefined);
  });
});

test('a webhook that hangs holds up neither the kitchen nor another webhook', async (t) => {
  const hanging = await startReceiver(t);
  hanging.behave(() => {});
  const quick = await startReceiver(t);
  await add(shop, hanging.url);
  await add(shop, quick.url);
  const order = await shop.order();
  await eventually(() => assert.equal(hanging.received.length, 1));
  for (let count = 0; count < 20; count += 1) await shop.order();
  const last = await shop.order();
  await shop.ticketOf(last.id, 'soup');
  await eventually(() => assert.equal(quick.received.length, 22));
  // Twenty of its deliveries wait meanwhile.
  // On a machine that takes longer for twenty orders than a delivery may, a second one is tried.
  assert.ok(hanging.mostAtOnce <= BOUNDS.webhooks.perWebhookMax, `${hanging.mostAtOnce} at once`);
  assert.equal(hanging.received[0]!.body.orderId, order.id);
});

test('however many deliveries wait for a webhook that hangs, the job queue holds a job or two of it, and its removal ends them', async (t) => {
  const hanging = await startReceiver(t);
  hanging.behave(() => {});
  const { id } = await add(shop, hanging.url, ['order.placed']);
  for (let count = 0; count < 30; count += 1) await shop.order();
  const count = async (sql: string) => (await shop.api.db.query<{ n: number }>(sql, [id])).rows[0]!.n;
  const waiting = 'SELECT count(*) AS n FROM webhook_delivery WHERE webhook_id = $1';
  const jobs = `SELECT count(*) AS n FROM graphile_worker._private_jobs WHERE payload->>'webhookId' = $1::text`;
  await eventually(async () => {
    assert.equal(await count(waiting), 30);
    assert.ok((await count(jobs)) <= 2, `${await count(jobs)} jobs`);
  });
  await remove(shop, id);
  assert.equal(await count(waiting), 0);
});

test('a delivery that failed as often as it may is a dead letter, and arrives when it is replayed', async (t) => {
  const receiver = await startReceiver(t);
  receiver.behave((response) => void response.writeHead(500).end());
  const { id } = await add(shop, receiver.url, ['order.placed']);
  const order = await shop.order();
  // Once what came of the first try is noted: the note would be one try more, and its pause five minutes.
  await eventually(async () => {
    const { rows } = await shop.api.db.query<{ failures: number }>('SELECT failures FROM webhook WHERE id = $1', [id]);
    assert.ok(rows[0]!.failures >= 1);
  });
  // As if it had been tried all night.
  await shop.api.db.query('UPDATE webhook_delivery SET tries = 18 WHERE webhook_id = $1', [id]);
  const letters = async () =>
    (await shop.api.client.call('/api/v1/jobs/dead', { token: ADMIN_KEY })).body.items.filter(
      (letter: Json) => letter.payload.webhookId === id,
    );
  await eventually(async () => assert.equal((await letters()).length, 1));
  const [letter] = await letters();
  assert.deepEqual([letter.reason, letter.payload.delivery.orderId], ['The receiver answered 500.', order.id]);
  receiver.behave((response) => void response.writeHead(200).end());
  const before = receiver.received.length;
  await shop.api.client.call(`/api/v1/jobs/dead/${letter.id}/replay`, { token: ADMIN_KEY, method: 'POST' });
  await eventually(() => assert.equal(receiver.received.length, before + 1));
  await eventually(async () => assert.equal((await letters()).length, 0));
});

test('a webhook is one worker’s at a time, and another’s when that one has died', async (t) => {
  const { url } = await startReceiver(t);
  const { id } = await add(shop, url, ['order.placed']);
  const ref = { storeId: shop.store.id, webhookId: id };
  const { db } = shop.api;
  const turns = await Promise.all([takeTurn(db, ref, 60_000), takeTurn(db, ref, 60_000)]);
  assert.deepEqual(turns.map(({ kind }) => kind).sort(), ['not before', 'ours']);
  // Nobody gives it back, and its time passes.
  await db.query('UPDATE webhook SET next_at = now() WHERE id = $1', [id]);
  assert.equal((await takeTurn(db, ref, 60_000)).kind, 'ours');
  // What is ordered meanwhile waits for the turn, and comes when it is given back.
  await shop.order();
  await settle(db, ref, [], []);
  await shop.order();
  await eventually(async () => assert.equal(await nextDue(db, ref), undefined));
  assert.equal((await takeTurn(db, { ...ref, webhookId: shop.store.id }, 1)).kind, 'never');
});

test('what came of deliveries is noted although somebody holds the webhook for longer than its lock is waited for', async (t) => {
  // Nobody else works here.
  const still = await openShop(t, { env: allowed, withJobs: false });
  const { db } = still.api;
  const receiver = await startReceiver(t);
  const { id: webhookId } = await add(still, receiver.url, ['order.placed']);
  const order = await still.order();
  await db.transaction((tx) => sendPlacedQueued(tx, [{ storeId: still.store.id, id: order.id }]));
  let tries = 0;
  const held: Db = {
    ...db,
    async transaction(work) {
      tries += 1;
      if (tries < 4) throw Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
      return db.transaction(work);
    },
  };
  const deliver = createDeliver({ timeoutMs: 5_000, connectionsMax: 1, allowPrivate: true }, Date.now);
  t.after(() => deliver.close());
  const bounds = { perWebhookMax: 1, batchMax: 10, timeoutMs: 5_000 };
  const due = { storeId: still.store.id, webhookId };
  await deliveryHandlers(held, deliver, bounds)['webhook-due']!(due);
  assert.deepEqual([receiver.received.length, tries], [1, 4]);
  assert.equal(await nextDue(db, due), undefined);
  // What is not somebody's lock is the job's to be tried again.
  await db.transaction((tx) => enqueue(tx, [{ webhookId, delivery: { ...receiver.received[0]!.body, id: 'again' } }]));
  const broken: Db = { ...db, transaction: () => Promise.reject(new Error('broken')) };
  await assert.rejects(async () => deliveryHandlers(broken, deliver, bounds)['webhook-due']!(due), /broken/);
});

test('inline does the same while the guest waits, and a failure does not refuse the order', async (t) => {
  const receiver = await startReceiver(t);
  await add(inline, receiver.url, ['order.placed']);
  const first = await inline.order();
  assert.deepEqual(
    receiver.received.map(({ body }) => body.orderId),
    [first.id],
  );
  receiver.behave((response) => void response.writeHead(receiver.received.length < 3 ? 503 : 200).end());
  const second = await inline.order();
  await eventually(() => assert.equal(receiver.received.length, 3));
  assert.equal(receiver.received[2]!.body.orderId, second.id);
});

test('failing for too long pauses a webhook, and it can be taken up again', async (t) => {
  const receiver = await startReceiver(t);
  receiver.behave((response) => void response.writeHead(410).end());
  const { id } = await add(shop, receiver.url, ['order.placed']);
  await shop.api.db.query(
    "UPDATE webhook SET failures = 9, failing_since = now() - interval '11 minutes' WHERE id = $1",
    [id],
  );
  const view = async () => (await shop.call('/webhooks', { token: ADMIN_KEY })).body.items[0];
  const failed = await shop.order();
  await eventually(async () => assert.notEqual((await view()).pausedAt, null));
  const triesOf = (order: { id: string }) => receiver.received.filter(({ body }) => body.orderId === order.id).length;
  const before = triesOf(failed);
  const unheard = await shop.order();
  // Who hears of an order is decided by a job of its own, which the ticket does not wait for.
  await eventually(async () => {
    const left = `SELECT FROM graphile_worker._private_jobs WHERE payload::text LIKE '%' || $1 || '%'`;
    assert.equal((await shop.api.db.query(left, [unheard.id])).rowCount, 0);
  });
  assert.equal((await shop.call(`/webhooks/${id}/resume`, { token: ADMIN_KEY, method: 'POST' })).status, 204);
  receiver.behave((response) => void response.writeHead(200).end());
  const heard = await shop.order();
  await eventually(() => assert.ok(triesOf(heard) > 0));
  assert.ok(before >= 1);
  assert.equal(triesOf(unheard), 0);
  // What had failed before the pause was kept.
  await eventually(() => assert.equal(triesOf(failed), before + 1));
});

test('private addresses are refused when they are registered, and when a name turns out to lead to one', async (t) => {
  const strict = await openShop(t);
  for (const url of [
    'http://example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]:8443/x',
    'nonsense',
  ]) {
    const { status, body } = await strict.call('/webhooks', {
      token: ADMIN_KEY,
      body: { url, events: ['order.placed'] },
    });
    assert.deepEqual([status, body.type, body.fields[0].field], [422, 'invalid', 'url'], url);
  }
  // A name whose answer is an address of one's own machine: refused by the look-up that the connection uses.
  const answer = await new Promise<string>((resolve) =>
    publicLookup('localhost', { all: false }, (error) => resolve(error?.message ?? 'was let through')),
  );
  assert.match(answer, /localhost is (127\.0\.0\.1|::1), not public/);
  const receiver = await startReceiver(t);
  const deliver = createDeliver({ timeoutMs: 1_000, connectionsMax: 1, allowPrivate: false }, Date.now);
  t.after(() => deliver.close());
  const { port } = new URL(receiver.url);
  const delivery = {
    id: 'x:1',
    event: 'order.placed',
    storeId: strict.store.id,
    orderId: strict.store.id,
    number: 1,
    seq: 1,
    status: 'placed',
    at: new Date().toISOString(),
  } as const;
  for (const host of ['localhost', '127.0.0.1', 'ip6-localhost']) {
    await assert.rejects(deliver({ url: `https://${host}:${port}/`, secret: 's' }, delivery));
  }
  assert.equal(receiver.received.length, 0);
});

test('only the owner sees and changes webhooks, and a store has no more than five', async (t) => {
  const { url } = await startReceiver(t);
  assert.equal((await shop.call('/webhooks')).status, 401);
  assert.equal((await shop.call('/webhooks', { token: shop.kitchenKey })).status, 403);
  const made = [];
  for (let count = 0; count < 3; count += 1) made.push(await add(shop, url));
  // Added together, they wait for one another: four that were counted first would all be let in.
  const adding = await shop.api.db.transaction(async (tx) => {
    await tx.query('SELECT FROM store WHERE id = $1 FOR UPDATE', [shop.store.id]);
    const asked = Array.from({ length: 4 }, () =>
      shop.call('/webhooks', { token: ADMIN_KEY, body: { url, events: ['order.placed'] } }),
    );
    await eventually(async () => assert.equal(await countLockWaits(shop.api.db), asked.length));
    return { asked };
  });
  const answers = await Promise.all(adding.asked);
  made.push(...answers.filter(({ status }) => status === 201).map(({ body }) => body));
  assert.equal(made.length, 5);
  assert.equal(answers.filter(({ status }) => status === 422).length, 2);
  for (const { id } of made) await remove(shop, id);
  assert.equal((await shop.call(`/webhooks/${made[0]!.id}`, { token: ADMIN_KEY, method: 'DELETE' })).status, 404);
});
