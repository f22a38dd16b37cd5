import assert from 'node:assert/strict';
import sharp from 'sharp';
import { batchListCommand, batchRunCommand } from '../../src/commands/batch.ts';
import { readConfig } from '../../src/config.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, type Shop } from '../events/shop.ts';
import type { Answer, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

/** Of the shop that does everything: payments by phone go to the provider that is there to be tried. */
export const EVERYTHING = { PAYMENT: 'sandbox' } as const;

const ok = ({ status, body }: Answer, wanted = 201): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};

/**
 * One of each thing that a shop does, and each batch that the clock starts: what touches a table is sent here, so that a cluster has taken
 * it once. It must be right on any database.
 */
export async function everything(shop: Shop): Promise<void> {
  await cookAndWait(shop);
  await payAndMove(shop);
  await callAndJoin(shop);
  await changeMenu(shop);
  await staffComeAndGo(shop);
  await runBatches(shop);
  await eventually(async () => {
    const { body } = await shop.api.client.call('/api/v1/ranking?window=day');
    return body.items?.length > 0;
  });
  const listed = ok(await shop.api.client.call('/api/v1/stores?limit=200'), 200);
  assert.ok(listed.items.length > 0);
  const glance = ok(await shop.api.client.call('/api/v1/sales/stores', { token: ADMIN_KEY }), 200);
  assert.ok(glance.items.some(({ id, total }: Json) => id === shop.store.id && total > 0));
}

async function cookAndWait(shop: Shop): Promise<void> {
  const order = await shop.order(['stew', 'beer'], '5');
  const ticket = await shop.ticketOf(order.id, 'soup');
  ok(await shop.advance(ticket, 'cooking'), 200);
  ok(await shop.call('/print/drinks/next?wait=50', { token: shop.kitchenKey }), 200);
  const second = await shop.order(['soju']);
  const cancelled = await shop.call(`/orders/${second.id}`, { method: 'DELETE', token: second.token });
  assert.equal(ok(cancelled, 200).status, 'cancelled');
  assert.equal(ok(await shop.call(`/orders/${order.id}`, { token: order.token }), 200).status, 'cooking');
  ok(await shop.call('/waitlist', { body: { size: 2, name: '지우' }, key: newId() }));
  assert.ok((await shop.call('/waitlist/call', { token: shop.kitchenKey, body: {} })).status < 300);
}

async function payAndMove(shop: Shop): Promise<void> {
  const staff = (path: string, body: object) => shop.call(path, { token: ADMIN_KEY, key: newId(), body });
  const billOf = async ({ id, token }: { id: string; token: string }): Promise<Json> =>
    ok(await shop.call(`/orders/${id}/bill`, { token }), 200);
  const [one, two] = [await shop.order(['stew', 'beer'], '6'), await shop.order(['stew'], '7')];
  const [first, second] = [await billOf(one), await billOf(two)];
  ok(await staff(`/bills/${first.id}/move`, { from: '6', to: '8' }), 200);
  const merged = ok(await staff(`/bills/${second.id}/merge`, { table: '8' }), 200);
  assert.deepEqual([merged.id, merged.total, merged.merged], [first.id, 23_000, ['7']]);
  ok(await staff(`/bills/${first.id}/split`, { table: '7' }), 200);

  // By phone, with the provider's notice, and paid back.
  const begun = ok(
    await shop.call(`/orders/${one.id}/payments`, { token: one.token, key: newId(), body: { amount: 14_000 } }),
  );
  const chosen = await shop.api.client.call(new URL(begun.payUrl).pathname, {
    body: 'choice=pay',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.ok(chosen.status < 400, String(chosen.body));
  await eventually(async () => {
    ok(await shop.call(`/orders/${one.id}/payments/${begun.id}`, { token: one.token }), 200);
    return (await billOf(one)).due === 0;
  }, 'the payment is on the bill');
  const [entry] = ok(await shop.call(`/bills/${first.id}`, { token: ADMIN_KEY }), 200).entries;
  ok(await staff(`/bills/${first.id}/refunds`, { payment: entry.id, amount: 5_000, reason: 'cold' }));

  // At the till, with a coupon.
  const code = `C${newId().slice(-6)}`;
  ok(await staff('/coupons', { code, percent: 10, usesMax: 1, validTo: '2099-01-01T00:00:00Z' }));
  const [given] = ok(await staff(`/bills/${second.id}/discounts`, { coupon: code })).entries;
  ok(await staff(`/bills/${second.id}/reversals`, { discount: given.id, reason: 'mistake' }));
  ok(await staff(`/bills/${second.id}/discounts`, { coupon: code }));
  const { due } = await billOf(two);
  const all = ok(await staff(`/bills/${second.id}/discounts`, { amount: due, reason: 'typed' })).entries.at(-1);
  assert.equal(ok(await staff(`/bills/${second.id}/reversals`, { discount: all.id, reason: 'mistake' })).state, 'open');
  ok(await staff(`/bills/${second.id}/payments`, { method: 'cash', amount: due, tendered: due }));
  ok(await shop.call('/till', { token: ADMIN_KEY }), 200);
  ok(await shop.call('/bills?limit=50', { token: ADMIN_KEY }), 200);

  // A counter that asks for its money first: what nobody pays waits.
  ok(await shop.call('', { method: 'PUT', token: ADMIN_KEY, body: { payFirst: true } }), 200);
  const held = await eventually(async () => {
    const placed = await shop.order(['stew']);
    const { rowCount } = await shop.api.db.query('SELECT FROM payment_hold WHERE order_id = $1', [placed.id]);
    assert.equal(rowCount, 1);
    return placed;
  }, 'an order waits for its money');
  ok(await staff(`/bills/${held.id}/payments`, { method: 'card', amount: 9_000 }));
  await shop.ticketOf(held.id, 'soup');
  ok(await shop.call('', { method: 'PUT', token: ADMIN_KEY, body: { payFirst: false } }), 200);
}

async function callAndJoin(shop: Shop): Promise<void> {
  const called = ok(await shop.call('/calls', { body: { table: '5' }, key: newId() }));
  ok(await shop.call(`/calls/${called.id}/answer`, { method: 'POST', token: shop.kitchenKey }), 200);
  assert.equal(ok(await shop.call(`/calls/${called.id}`), 200).state, 'coming');

  const { client, db } = shop.api;
  const other = await makeStore(db, { tea: { price: 3_500 } });
  const path = `/api/v1/stores/${other.id}`;
  ok(await client.call(path, { method: 'PUT', token: ADMIN_KEY, body: { tables: ['1', '2'], visitCode: true } }), 200);
  await eventually(async () => (await client.call(path)).body.tables === 2, 'what was set is known');
  const bill = ok(await client.call(`${path}/bills`, { token: ADMIN_KEY, key: newId(), body: { table: '1' } }));
  const { visit } = ok(await client.call(`${path}/visits`, { body: { table: '1', code: bill.codes[0].code } }), 200);
  ok(await client.order(other.id, { table: '1', visit, lines: [{ itemId: other.dishes.tea.id, quantity: 2 }] }));
}

async function changeMenu(shop: Shop): Promise<void> {
  const { client, db } = shop.api;
  const item = (body: object) =>
    shop.call(`/items/${shop.store.dishes.stew.id}`, { method: 'PUT', token: ADMIN_KEY, body });
  assert.equal(ok(await item({ remaining: 7 }), 200).remaining, 7);
  const bytes = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#c2261d' } })
    .jpeg()
    .toBuffer();
  const { photo } = ok(
    await shop.call('/photos', { body: bytes, token: ADMIN_KEY, headers: { 'content-type': 'image/jpeg' } }),
  );
  // A photo of ours, one of another server, which does not answer, and hours that are over: as a file has them.
  const menu = [
    'kind,code,name_ko,name_en,price,station,hours,photo',
    'category,all,전부,All,,,,',
    `item,stew,찌개,Stew,9100,soup,,${photo}`,
    'item,beer,맥주,Beer,5000,drinks,mon-sun 00:00-24:00,',
    'item,soju,소주,Soju,5000,drinks,,https://photos.invalid/soju.jpg',
  ].join('\n');
  const was = await shop.call('/menu-file', { token: ADMIN_KEY });
  const headers = { 'content-type': 'text/csv', 'if-match': String(was.headers.etag) };
  ok(await shop.call('/menu-file', { method: 'PUT', token: ADMIN_KEY, body: menu, headers }), 200);
  const shown = (await shop.call('/menu')).body.categories.flatMap((each: Json) => each.items);
  assert.ok(
    shown.some((each: Json) => each.photo === photo),
    JSON.stringify(shown),
  );
  ok(await shop.call('/photos', { token: ADMIN_KEY }), 200);

  const other = await makeStore(db, { stew: { price: 1 } });
  const what = { dishes: ['stew'], fields: ['price'] };
  const look = ok(
    await shop.call('/menu-push/preview', { token: ADMIN_KEY, body: { ...what, stores: [other.id] } }),
    200,
  );
  const pushed = ok(
    await shop.call('/menu-push', {
      token: ADMIN_KEY,
      body: { ...what, seen: look.seen, stores: [{ store: other.id, seen: look.items[0].seen }] },
    }),
    200,
  );
  assert.equal(pushed.items[0].outcome, 'changed');
  ok(await client.call(`/api/v1/stores/${other.id}/menu`), 200);
}

async function staffComeAndGo(shop: Shop): Promise<void> {
  const { client } = shop.api;
  const invited = ok(await shop.call('/invitations', { token: ADMIN_KEY, body: { role: 'manager' } }));
  const token = new URL(invited.link, 'http://x').hash.split('=')[1];
  const login = `jiwoo-${newId().slice(-12)}`;
  const password = 'a long enough word';
  ok(await client.call('/api/v1/invitations/accept', { body: { token, login, name: '지우', password } }));
  const signedIn = await client.call('/api/v1/sessions', { body: { login, password } });
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!;
  const pin = await client.call('/api/v1/sessions/current/pin', {
    method: 'PUT',
    headers: { cookie },
    body: { pin: '9137' },
  });
  assert.ok(pin.status < 300, JSON.stringify(pin.body));
  const device = ok(await shop.call('/devices', { token: ADMIN_KEY, body: { name: 'tablet', role: 'hall' } }));
  const [person] = ok(await shop.call('/pins', { token: device.key }), 200).items;
  const taken = ok(await shop.call('/pins', { token: device.key, body: { staffId: person.id, pin: '9137' } }));
  ok(await shop.call('/bills', { token: taken.key }), 200);
  ok(await shop.call('/stream-tickets', { method: 'POST', token: taken.key }));
}

/** All of them, also those that nobody has written yet. */
async function runBatches(shop: Shop): Promise<void> {
  const { databaseUrl, app } = shop.api;
  const config = { ...readConfig({ ...EVERYTHING, PAYMENT_URL: app.url }), databaseUrl };
  const said: string[] = [];
  await batchListCommand(config, { json: true, log: (line) => said.push(line) });
  for (const { name } of JSON.parse(said.join('\n')) as { name: string }[]) {
    await batchRunCommand(config, name, { log: () => {} });
  }
}
