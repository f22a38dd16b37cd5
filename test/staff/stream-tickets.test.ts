import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { createStreamTickets } from '../../src/staff/index.ts';
import { bearer, openSse } from '../events/sse.ts';
import { ADMIN_KEY, SECRET, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const PREVIOUS = 'the-secret-of-last-year-7';
const app = await startTestApp({ after });
const second = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
const [store, other] = [
  await makeStore(app.db, { dish: { price: 1 } }),
  await makeStore(app.db, { dish: { price: 1 } }),
];
/** Processes of before, while and after the secret is rotated; `app` is the last. */
const before = await startTestApp({ after }, { databaseUrl: app.databaseUrl, secret: PREVIOUS });
const rotating = await startTestApp({ after }, { databaseUrl: app.databaseUrl, secret: [SECRET, PREVIOUS] });
const S = `/api/v1/stores/${store.slug}`;
const stream = (ticket: string, at = app, of = store.slug, what = 'kitchen') =>
  `${at.app.url}/api/v1/stores/${of}/${what}/events?ticket=${ticket}`;

async function open(url: string, headers = {}): Promise<number> {
  const reader = await openSse(url, headers);
  reader.close();
  return reader.status;
}
async function ticketFor(key: string, at = app): Promise<string> {
  const answer = await at.client.call(`${S}/stream-tickets`, { method: 'POST', token: key });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.headers['cache-control'], 'no-store');
  return answer.body.ticket;
}
const addDevice = async (role: string) =>
  (await app.client.call(`${S}/devices`, { token: ADMIN_KEY, body: { name: '태블릿', role } })).body;

test('a ticket opens one stream in any process, and never a second', async () => {
  const { key } = await addDevice('kitchen');
  for (const holder of [key, ADMIN_KEY, app.app.kitchenKey(store.id)]) {
    const ticket = await ticketFor(holder);
    assert.equal(await open(stream(ticket, second)), 200);
    assert.deepEqual([await open(stream(ticket, second)), await open(stream(ticket))], [401, 401]);
  }
  const raced = await ticketFor(key);
  const statuses = await Promise.all([app, second, app, second].map((at) => open(stream(raced, at))));
  assert.deepEqual(statuses.sort(), [200, 401, 401, 401]);
});

test('it opens what its holder may follow, at its store, and no page or list', async () => {
  const { key } = await addDevice('kitchen');
  assert.equal(await open(stream(await ticketFor(key), app, store.slug, 'bills')), 403);
  assert.equal(await open(stream(await ticketFor(key), app, other.slug)), 401);
  const ticket = await ticketFor(key);
  assertProblem(await app.client.call(`${S}/kitchen/tickets?ticket=${ticket}`), 'unauthorized');
  assert.equal(await open(stream(ticket)), 200, 'what is no stream has not used it');
});

test('one that is over, was changed, or was made by somebody else opens nothing', async () => {
  const made = { db: app.db, secret: SECRET, now: () => Date.now() - 60_000, livesS: 30 };
  const holder = { role: 'kitchen' } as const;
  assert.equal(await open(stream(createStreamTickets(made).issue(store.id, holder).ticket)), 401);
  const strangers = createStreamTickets({ ...made, now: Date.now, secret: 'of-somebody-else-entirely' });
  assert.equal(await open(stream(strangers.issue(store.id, holder).ticket)), 401);
  const ticket = await ticketFor(app.app.kitchenKey(store.id));
  const asOwner = ticket.replace(/\.\d\./, '.0.');
  assert.notEqual(asOwner, ticket);
  assert.deepEqual(
    [await open(stream(asOwner)), await open(stream(`${ticket}x`)), await open(stream(''))],
    [401, 401, 401],
  );
  assert.equal(await open(stream(ticket)), 200);
});

test('a ticket of a tablet that was revoked meanwhile opens nothing', async () => {
  const { id, key } = await addDevice('kitchen');
  const tickets = await Promise.all(Array.from({ length: 40 }, () => ticketFor(key)));
  await app.client.call(`${S}/devices/${id}`, { method: 'DELETE', token: ADMIN_KEY });
  await eventually(async () => assert.equal(await open(stream(tickets.pop() ?? '', second)), 401));
  assert.ok(tickets.length > 0, 'refused for its holder and not because none was left');
});

test('what a session opened ends with it, in every process', async () => {
  const [revoked, stays] = [await addDevice('kitchen'), await addDevice('kitchen')];
  const screens = await Promise.all([
    openSse(stream(await ticketFor(revoked.key), second)),
    openSse(`${app.app.url}${S}/kitchen/events`, bearer(revoked.key)),
  ]);
  const other = await openSse(stream(await ticketFor(stays.key), second));
  await app.client.call(`${S}/devices/${revoked.id}`, { method: 'DELETE', token: ADMIN_KEY });
  await Promise.all(screens.map(({ gone }) => gone));
  assert.equal(other.ended, false);
  other.close();
});

test('a key in an address opens nothing, and the answer says what does', async () => {
  const { key } = await addDevice('kitchen');
  for (const given of [key, ADMIN_KEY, app.app.kitchenKey(store.id)]) {
    for (const path of ['kitchen/events', 'kitchen/tickets', 'bills/events']) {
      const answer = await app.client.call(`${S}/${path}?token=${given}`);
      assertProblem(answer, 'unauthorized');
      assert.match(answer.body.detail, /never read from an address.*stream-tickets/);
    }
    assert.equal(await open(`${app.app.url}${S}/kitchen/events`, bearer(given)), 200);
  }
  assert.equal(app.logLines.join('').includes(key), false);
});

test('while the secret is rotated tickets, orders, places and kitchen keys of the one before are still good', async () => {
  const kitchenKey = before.app.kitchenKey(store.id);
  const lines = [{ itemId: store.dishes.dish!.id, quantity: 1 }];
  const order = (await before.client.order(store.slug, { lines })).body;
  const look = (at: typeof app, token = order.token) => at.client.call(`${S}/orders/${order.id}`, { token });
  assert.deepEqual([(await look(rotating)).status, (await look(app)).status], [200, 404]);
  assert.equal(await open(stream(await ticketFor(kitchenKey, before), rotating)), 200);
  assert.equal(
    await open(stream(await ticketFor(kitchenKey, rotating), app)),
    200,
    'what is new is signed by the new one',
  );
  assert.equal((await app.client.call(`${S}/kitchen/tickets`, { token: kitchenKey })).status, 401);
  assert.equal(rotating.app.kitchenKey(store.id), app.app.kitchenKey(store.id));
  const fresh = (await rotating.client.order(store.slug, { lines })).body;
  const isKnown = (at: typeof app) => at.client.call(`${S}/orders/${fresh.id}`, { token: fresh.token });
  assert.deepEqual([(await isKnown(app)).status, (await isKnown(before)).status], [200, 404]);
});

test('a QR code that was printed under the secret of before, and a visit that was joined then, are good while it is rotated and no longer', async () => {
  const shop = await makeStore(app.db, { dish: { price: 1 } });
  const P = `/api/v1/stores/${shop.slug}`;
  const settings = { tables: ['창가'], tableLinks: 'signed', visitCode: true };
  assert.equal((await before.client.call(P, { method: 'PUT', token: ADMIN_KEY, body: settings })).status, 200);
  await eventually(async () => {
    const seen = await Promise.all([before, rotating, app].map(({ client }) => client.call(P)));
    return seen.every(({ body }) => body.tables === 1);
  });
  const printedBy = async (at: typeof app): Promise<string> => {
    const { tables } = (await at.client.call(`${P}/table-links`, { token: ADMIN_KEY })).body;
    return new URL(tables[0].path, 'http://x').searchParams.get('k')!;
  };
  const table = '창가';
  const body = { table };
  const bill = await before.client.call(`${P}/bills`, { token: ADMIN_KEY, key: newId(), body });
  const join = (at: typeof app, tableKey: string, code: string) =>
    at.client.call(`${P}/visits`, { body: { table, tableKey, code } });
  const codeBy = async (at: typeof app): Promise<string> =>
    (await at.client.call(`${P}/bills/${bill.body.id}`, { token: ADMIN_KEY })).body.codes[0].code;
  const printed = await printedBy(before);
  const joined = await join(before, printed, await codeBy(before));
  assert.equal(joined.status, 200, JSON.stringify(joined.body));
  const lines = [{ itemId: shop.dishes.dish!.id, quantity: 1 }];
  const order = (at: typeof app, tableKey: string, visit: string) =>
    at.client.order(shop.slug, { table, tableKey, visit, lines });

  assert.equal((await order(rotating, printed, joined.body.visit)).status, 201);
  // Who joins now types the code that staff see now, by the old print too; both are of the new secret from then on.
  const later = await join(rotating, printed, await codeBy(rotating));
  assert.equal(later.status, 200, JSON.stringify(later.body));
  const fresh = await printedBy(rotating);
  assert.notEqual(fresh, printed);
  assert.equal((await order(app, fresh, later.body.visit)).status, 201);
  assert.equal(fresh, await printedBy(app));
  // Once it is over the old print is refused by its name, and so is the phone that joined then.
  assertProblem(await order(app, printed, later.body.visit), 'invalid', 'tableKey');
  assertProblem(await order(app, fresh, joined.body.visit), 'visit-code');
});
