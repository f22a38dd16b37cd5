import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after });
const second = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
const store = await makeStore(app.db, {
  soup: {
    price: 9_000,
    remaining: 10,
    groups: [{ min: 1, max: 2, options: [{ price: 500 }, { price: 0, soldOut: true }] }],
  },
  gone: { price: 8_000, remaining: 0 },
  off: { price: 7_000, remaining: 5, soldOut: true },
  tea: { price: 2_000, station: 'bar' },
});
const path = `/api/v1/stores/${store.id}/menu`;

const itemOf = (menu: Json, name: keyof typeof store.dishes) =>
  menu.categories[0].items.find((item: Json) => item.id === store.dishes[name].id);
const put = (name: keyof typeof store.dishes, body: object) =>
  app.client.call(`/api/v1/stores/${store.id}/items/${store.dishes[name].id}`, {
    method: 'PUT',
    body,
    token: ADMIN_KEY,
  });

test('a menu shows what can be had, what remains and what it costs, in the order of the card', async () => {
  const { status, body } = await app.client.call(path);
  assert.equal(status, 200);
  assert.equal(body.currency, 'KRW');
  assert.match(body.version, /^\d+\.\d+$/);
  assert.deepEqual(
    body.categories.map((each: Json) => each.name),
    [{ ko: '전부', en: 'All' }],
  );
  assert.deepEqual(
    body.categories[0].items.map((item: Json) => [
      item.name.en,
      item.price,
      item.soldOut,
      item.remaining,
      item.station,
    ]),
    [
      ['soup', 9_000, false, 10, 'kitchen'],
      ['gone', 8_000, true, 0, 'kitchen'],
      ['off', 7_000, true, 5, 'kitchen'],
      ['tea', 2_000, false, null, 'bar'],
    ],
  );
  const [group] = itemOf(body, 'soup').optionGroups;
  assert.deepEqual(
    [group.min, group.max, group.options.map((each: Json) => [each.price, each.soldOut])],
    [
      1,
      2,
      [
        [500, false],
        [0, true],
      ],
    ],
  );
  assert.deepEqual((await app.client.call(`/api/v1/stores/${store.slug}/menu`)).body, body);
});

test('the same menu comes in whichever encoding is asked for, and not at all to whoever has it', async () => {
  const get = async (headers: Record<string, string>) => {
    const answer = await request(`${app.app.url}${path}`, { headers });
    return { ...answer, bytes: Buffer.from(await answer.body.arrayBuffer()) };
  };
  const plain = await get({});
  const gzip = await get({ 'accept-encoding': 'gzip' });
  const br = await get({ 'accept-encoding': 'gzip, br' });
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(br.headers['content-encoding'], 'br');
  assert.deepEqual(gunzipSync(gzip.bytes), plain.bytes);
  assert.deepEqual(brotliDecompressSync(br.bytes), plain.bytes);
  const etag = String(plain.headers.etag);
  for (const tag of [etag, etag.replace('W/', ''), `"other", ${etag}`]) {
    const same = await get({ 'if-none-match': tag });
    assert.deepEqual([same.statusCode, same.bytes.length, same.headers.etag], [304, 0, etag]);
  }
  assert.equal((await get({ 'if-none-match': '"other"' })).statusCode, 200);
});

test('a change is answered with what holds now, and shows in every process', async () => {
  const { version } = (await app.client.call(path)).body;
  const steps: [object, { price: number; soldOut: boolean; remaining: number | null }][] = [
    [{ price: 9_500 }, { price: 9_500, soldOut: false, remaining: 10 }],
    [{ soldOut: true }, { price: 9_500, soldOut: true, remaining: 10 }],
    [
      { soldOut: false, remaining: 0 },
      { price: 9_500, soldOut: true, remaining: 0 },
    ],
    [{ remaining: null }, { price: 9_500, soldOut: false, remaining: null }],
    [
      { remaining: 3, price: 9_000 },
      { price: 9_000, soldOut: false, remaining: 3 },
    ],
  ];
  let before = Number.parseInt(version, 10);
  for (const [change, expected] of steps) {
    const { status, body } = await put('soup', change);
    const { id, menuVersion, ...now } = body;
    assert.deepEqual([status, id, now], [200, store.dishes.soup.id, expected]);
    assert.ok(menuVersion > before);
    before = menuVersion;
    for (const each of [app, second]) {
      await eventually(async () => {
        const item = itemOf((await each.client.call(path)).body, 'soup');
        return Object.entries(expected).every(([name, value]) => item[name] === value);
      }, 'the change shows');
    }
  }
});

test('what is ordered is gone from the menu, and what is cancelled is back on it', async () => {
  const optionIds = [store.dishes.soup.groups[0]!.options[0]!.id];
  const order = await second.client.order(store.id, {
    lines: [{ itemId: store.dishes.soup.id, quantity: 3, optionIds }],
  });
  assert.equal(order.status, 201, JSON.stringify(order.body));
  const shows = (remaining: number) =>
    eventually(async () => {
      const item = itemOf((await app.client.call(path)).body, 'soup');
      return item.remaining === remaining && item.soldOut === (remaining === 0);
    }, `the menu shows ${remaining}`);
  await shows(0);
  const cancel = { method: 'DELETE', token: order.body.token };
  assert.equal((await second.client.call(`/api/v1/stores/${store.id}/orders/${order.body.id}`, cancel)).status, 200);
  await shows(3);
});

test('a dish of which nothing is left that must be chosen is sold out, on the menu and for an order, until it is back', async () => {
  const shop = await makeStore(app.db, {
    bowl: { price: 9_000, groups: [{ min: 1, max: 1, options: [{ price: 0, soldOut: true }] }] },
    counted: { price: 9_000, remaining: 4, groups: [{ min: 1, max: 1, options: [{ price: 0, soldOut: true }] }] },
  });
  const dishes = async () => (await app.client.call(`/api/v1/stores/${shop.id}/menu`)).body.categories[0].items;
  assert.deepEqual(
    (await dishes()).map((item: Json) => [item.soldOut, item.remaining]),
    [
      [true, null],
      [true, 4],
    ],
  );
  const switchedOn = await app.client.call(`/api/v1/stores/${shop.id}/items/${shop.dishes.bowl.id}`, {
    method: 'PUT',
    body: { soldOut: false },
    token: ADMIN_KEY,
  });
  assert.equal(switchedOn.body.soldOut, true);
  const option = shop.dishes.bowl.groups[0]!.options[0]!;
  for (const optionIds of [[], [option.id]]) {
    const { status, body } = await app.client.order(shop.id, {
      lines: [{ itemId: shop.dishes.bowl.id, quantity: 1, optionIds }],
    });
    assert.deepEqual([status, body.type, body.items[0].itemId], [409, 'sold-out', shop.dishes.bowl.id]);
  }
  await app.db.query('UPDATE item_option SET sold_out = false WHERE store_id = $1', [shop.id]);
  await app.db.query('UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1', [shop.id]);
  await eventually(async () => (await dishes()).every((item: Json) => item.soldOut === false), 'both are back');
  const lines = [{ itemId: shop.dishes.bowl.id, quantity: 1, optionIds: [option.id] }];
  assert.equal((await app.client.order(shop.id, { lines })).status, 201);
});
