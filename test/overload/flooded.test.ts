import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { makeStore } from '../support/store.ts';

/** A phone with a connection of its own. */
async function phone(t: Lifetime, url: string, request: string) {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true });
  atEndOf(t, async () => void socket.destroy());
  const said = { text: '' };
  socket.setEncoding('utf8').on('data', (chunk) => {
    said.text += chunk;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    send: () => void socket.write(request),
    status: () => Number(/^HTTP\/1\.1 (\d+)/.exec(said.text)?.[1] ?? 0),
    header: (name: string) => new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(said.text)?.[1],
  };
}

/** As a process is that has too much to do: everything that comes meanwhile lies unread. */
function blockEventLoop(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

test('what lay unread too long is refused before any work, but not menus, the kitchen, or what was acknowledged', async (t) => {
  const { app, client, db } = await startTestApp(t, { env: { OVERLOAD: 'on' } });
  const store = await makeStore(db, { stew: { price: 9_000 } });
  const path = `/api/v1/stores/${store.id}`;
  const order = (key: string) => {
    const body = JSON.stringify({ lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
    return `POST ${path}/orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  const get = (url: string, key?: string) =>
    `GET ${url} HTTP/1.1\r\nHost: a\r\n${key ? `Authorization: Bearer ${key}\r\n` : ''}\r\n`;

  const early = newId();
  const first = await phone(t, app.url, order(early));
  first.send();
  await eventually(() => assert.equal(first.status(), 201));
  await eventually(async () => assert.equal((await client.call(`${path}/menu`)).status, 200));

  await client.call(`/api/v1/stores/${store.slug}`);
  const orders = await Promise.all(Array.from({ length: 60 }, () => phone(t, app.url, order(newId()))));
  const menus = await Promise.all(Array.from({ length: 20 }, () => phone(t, app.url, get(`${path}/menu`))));
  const owner = await phone(t, app.url, get(`${path}/kitchen/tickets`, ADMIN_KEY));
  // Its key has opened nothing yet, and its page knows the store by name.
  const kitchen = await phone(
    t,
    app.url,
    get(`/api/v1/stores/${store.slug}/kitchen/tickets`, app.kitchenKey(store.id)),
  );
  const probe = await phone(t, app.url, get('/healthz'));
  const replay = await phone(t, app.url, order(early));
  // The system takes them at once; the server, in the same event loop, reads nothing before it is free.
  const all = [...orders, ...menus, owner, kitchen, probe, replay];
  for (const each of all) each.send();
  blockEventLoop(1_500);

  await eventually(() => assert.ok(all.every((each) => each.status() > 0)));
  // Until twenty have been read nobody knows that they are a crowd.
  const letIn = orders.filter((each) => each.status() === 201);
  const refused = orders.filter((each) => each.status() === 503);
  assert.equal(letIn.length + refused.length, orders.length);
  assert.ok(letIn.length <= 20, `${letIn.length} of a crowd were let in`);
  assert.ok(refused.every((each) => Number(each.header('retry-after')) >= 1));
  assert.deepEqual(new Set(menus.map((each) => each.status())), new Set([200]));
  assert.equal(owner.status(), 200);
  assert.equal(kitchen.status(), 200);
  assert.equal(probe.status(), 200);
  assert.equal(replay.status(), 200, 'an order that was acknowledged is told so again, however full it is');
  const { rows } = await db.query<{ orders: number }>('SELECT count(*) AS orders FROM orders');
  assert.deepEqual(rows, [{ orders: 1 + letIn.length }]);

  // The same guests, when it is quiet again.
  const key = newId();
  await eventually(async () => {
    const again = await client.order(store.id, { lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] }, key);
    assert.equal(again.status, 201);
  });
  const metrics = String((await client.call('/metrics')).body);
  const counted = Number(/matjip_requests_refused_total\{class="order"\} (\d+)/.exec(metrics)?.[1]);
  assert.ok(counted >= refused.length, `${counted}`);
});

test('one long turn of a quiet process refuses nobody', async (t) => {
  const { app, db } = await startTestApp(t, { env: { OVERLOAD: 'on' } });
  const store = await makeStore(db, { stew: { price: 9_000 } });
  const path = `/api/v1/stores/${store.id}`;
  const body = JSON.stringify({ lines: [{ itemId: store.dishes.stew.id, quantity: 1 }] });
  const asked = [
    `POST ${path}/orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: ${newId()}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${path}/ranking HTTP/1.1\r\nHost: a\r\n\r\n`,
  ];
  const phones = await Promise.all(asked.map((request) => phone(t, app.url, request)));
  for (const each of phones) each.send();
  blockEventLoop(1_500);
  await eventually(() =>
    assert.deepEqual(
      phones.map((each) => each.status()),
      [201, 200, 200],
    ),
  );
});
