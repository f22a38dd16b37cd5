import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ensurePages } from '../../scripts/pages.mjs';
import { openSse } from '../events/sse.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import { nginxExample } from '../support/nginx-example.ts';
import { startNginx } from '../support/services.ts';
import { behindNginx } from './behind-nginx.ts';
import { changeDish, dishOf, menuPath, metric } from './scene.ts';

const reads = (matjip: Parameters<typeof metric>[0][number]) =>
  metric([matjip], 'matjip_cache_reads_total', 'place="menu"');

const ENCODINGS = ['identity', 'gzip', 'gzip, deflate, br, zstd'];

const READERS = 50;
const READS = 1_500;

test('of fifteen hundred reads Matjip sees at most one of each reader in each half second', async (t) => {
  const { matjip, client, store } = await behindNginx(t);
  const reader = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      const headers = { 'accept-encoding': ENCODINGS[time % ENCODINGS.length]! };
      const answer = await fetch(`${client.url}${menuPath(store)}`, { headers });
      assert.equal(answer.status, 200);
      await answer.arrayBuffer();
    }
  };
  await reader(ENCODINGS.length);
  const before = await reads(matjip);
  // biome-ignore lint/style/noRestrictedGlobals: what is allowed grows with the time that it took
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: READERS }, () => reader(READS / READERS)));
  // One fetches each encoding, and whoever found that too slow goes on to Matjip.
  // biome-ignore lint/style/noRestrictedGlobals: as above
  const moments = Math.ceil((performance.now() - beganMs) / 500) + 1;
  const seen = (await reads(matjip)) - before;
  t.diagnostic(`${seen} of ${READS} in ${moments} half seconds`);
  assert.ok(seen <= moments * READERS, `${seen} reads reached Matjip in ${moments} half seconds`);
});

test('while a menu is fetched late nobody hears that nobody answers, however few connections there are for those who wait', async (t) => {
  // A node that has a menu when this says so.
  const open = new Set<ServerResponse>();
  let isLate = true;
  const answer = (response: ServerResponse) =>
    response.setHeader('cache-control', 'public, max-age=0, s-maxage=1').end('{"categories":[]}');
  const node = createServer((_, response) => {
    if (!isLate) return void answer(response);
    open.add(response);
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  t.after(() => node.close());
  const text = nginxExample(`127.0.0.1:${(node.address() as AddressInfo).port}`);
  // However slow the machine is, nobody waits in vain here.
  const nginx = await startNginx(t, (listen, folder) =>
    text(listen, folder)
      .replaceAll('proxy_read_timeout 2s', 'proxy_read_timeout 60s')
      .replace('proxy_cache_lock_timeout 1s', 'proxy_cache_lock_timeout 60s'),
  );
  const connections = 32 + 16;
  const readers = Array.from({ length: 2 * connections }, async () => {
    const { status } = await fetch(`${nginx.url}/api/v1/stores/any/menu`);
    return status;
  });
  let answered = 0;
  for (const each of readers) each.then(() => (answered += 1)).catch(() => {});
  await eventually(() => assert.equal(open.size, connections), 'all connections are taken by who did not wait longer');
  isLate = false;
  assert.equal(answered, 0);
  for (const response of open) answer(response);
  assert.deepEqual(new Set(await Promise.all(readers)), new Set([200]));
});

test('each encoding is kept apart', async (t) => {
  const { client, store, matjip } = await behindNginx(t);
  const expected = (await matjip.client.call(menuPath(store))).body;
  for (const accepts of ['identity', 'gzip', 'deflate, gzip;q=1.0, br', 'gzip;q=0.8, br;q=0']) {
    // The half second may be over between two requests.
    await eventually(async () => {
      const answer = await fetch(`${client.url}${menuPath(store)}`, { headers: { 'accept-encoding': accepts } });
      const encoding = answer.headers.get('content-encoding');
      assert.equal(encoding, accepts === 'identity' ? null : accepts.endsWith('br') ? 'br' : 'gzip');
      assert.deepEqual(await answer.json(), expected);
      assert.equal(answer.headers.get('x-proxy-cache'), 'HIT');
    });
  }
});

test('a guest reads the page in their own language, whoever had it before', async (t) => {
  await ensurePages();
  const { client, store } = await behindNginx(t);
  const names = {
    'ko-KR,ko;q=0.9': '시험점',
    'en-GB': 'Test',
    'fr-FR,ko;q=0.5': 'Test',
    'zh-TW': '可以点餐',
    ja: '注文',
  };
  for (const round of [1, 2]) {
    for (const [language, name] of Object.entries(names)) {
      const { status, body } = await client.call(`/s/${store.slug}`, { headers: { 'accept-language': language } });
      assert.equal(status, 200);
      assert.ok(String(body).split('type="application/json"')[0]!.includes(name), `${language}, round ${round}`);
    }
  }
});

test('a browser that has the menu gets 304 from nginx', async (t) => {
  const { client, store } = await behindNginx(t);
  const { etag } = (await client.call(menuPath(store))).headers;
  const again = await client.call(menuPath(store), { headers: { 'if-none-match': String(etag) } });
  assert.equal(again.status, 304);
});

test('a change is seen through nginx', async (t) => {
  const { client, store } = await behindNginx(t);
  await client.call(menuPath(store));
  await changeDish(client, store.id, store.dishes.soup.id, { price: 9_500 });
  await eventually(async () => {
    assert.equal(dishOf((await client.call(menuPath(store))).body, store.dishes.soup.id).price, 9_500);
  });
});

test('orders pass, and nothing personal is kept', async (t) => {
  const { client, store } = await behindNginx(t);
  const placed = await client.order(store.id, { lines: [{ itemId: store.dishes.soup.id, quantity: 1 }] });
  assert.equal(placed.status, 201);
  const path = `/api/v1/stores/${store.id}/orders/${placed.body.id}`;
  assert.equal((await client.call(path, { token: placed.body.token })).status, 200);
  assert.equal((await client.call(path)).status, 404);
  assert.equal((await client.call(path, { token: ADMIN_KEY })).headers['x-proxy-cache'], undefined);
});

test('menus go on while Matjip is away', async (t) => {
  const { matjip, client, store } = await behindNginx(t);
  const menu = (await client.call(menuPath(store))).body;
  await matjip.close();
  const cached = await eventually(async () => {
    const answer = await client.call(menuPath(store));
    assert.equal(answer.headers['x-proxy-cache'], 'STALE');
    return answer;
  });
  assert.equal(cached.status, 200);
  assert.deepEqual(cached.body, menu);
});

test('events come through nginx when they happen, and the stream ends with the server', async (t) => {
  const { matjip, client, store } = await behindNginx(t);
  const stream = await openSse(`${client.url}/api/v1/stores/${store.id}/board/events`);
  assert.deepEqual([stream.status, stream.headers['content-type']], [200, 'text/event-stream; charset=utf-8']);
  await eventually(() => stream.events.some(({ event }) => event === 'board'), 'the board comes');
  assert.equal((await fetch(`${client.url}/api/v1/stores/${store.id}/board/events`, { method: 'HEAD' })).status, 200);
  await matjip.close();
  await eventually(() => stream.ended, 'the stream ends');
});
