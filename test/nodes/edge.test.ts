import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { openSse } from '../events/sse.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { createClient } from '../support/client.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { nginxExample } from '../support/nginx-example.ts';
import { freePort, startNginx } from '../support/services.ts';
import { makeStore } from '../support/store.ts';

/** A node that reads each request and hangs up on it, as one that is killed. */
async function startHangingUp(t: Lifetime) {
  const open = new Set<Socket>();
  const seen: string[] = [];
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      seen.push(bytes.toString('latin1').split('\r\n')[0]!);
      socket.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOf(t, async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { host: `127.0.0.1:${(server.address() as { port: number }).port}`, seen };
}

test('a node that hangs up on a request: reads and orders are asked of the next, a move of a ticket is not', async (t) => {
  const matjip = await startTestApp(t, { env: { TRUST_PROXY: 'loopback' } });
  const broken = await startHangingUp(t);
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  // Asked first by each nginx; then it rests.
  const ask = async (call: (client: ReturnType<typeof createClient>) => Promise<{ status: number; body: unknown }>) => {
    const nginx = await startNginx(t, nginxExample(broken.host, new URL(matjip.app.url).host));
    const client = createClient(nginx.url);
    atEndOf(t, () => client.close());
    broken.seen.length = 0;
    const answer = await call(client);
    assert.equal(broken.seen.length, 1, 'the node that hangs up was asked');
    return answer;
  };
  const lines = [{ itemId: store.dishes.soup.id, quantity: 1 }];
  assert.equal((await ask((client) => client.call(`/api/v1/stores/${store.id}/menu`))).status, 200);
  assert.equal((await ask((client) => client.order(store.id, { lines }))).status, 201);
  const party = { key: newId(), body: { size: 2 } };
  assert.equal((await ask((client) => client.call(`/api/v1/stores/${store.id}/waitlist`, party))).status, 201);
  const move = { token: ADMIN_KEY, body: { to: 'cooking', version: 1 } };
  const moved = await ask((client) =>
    client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${newId()}/advance`, move),
  );
  assert.equal(moved.status, 503);
  assert.equal((moved.body as { type: string }).type, 'unavailable');
});

test('where no node answers, nginx says so in Matjip’s words, and finds one that has come back at once', async (t) => {
  const port = await freePort();
  const nginx = await startNginx(t, nginxExample(`127.0.0.1:${port}`));
  const client = createClient(nginx.url);
  atEndOf(t, () => client.close());
  for (let times = 0; times < 3; times += 1) {
    const { status, headers, body } = await client.call('/api/v1/stores');
    assert.deepEqual([status, headers['content-type'], body.type], [503, 'application/problem+json', 'unavailable']);
    assert.match(String(headers['retry-after']), /^[123]$/);
  }
  const matjip = await startTestApp(t, { env: { PORT: String(port) } });
  assert.equal((await client.call('/api/v1/stores')).status, 200);
  await matjip.close();
});

test('one address has its share of requests, and hears when it may come again', async (t) => {
  const matjip = await startTestApp(t);
  const text = nginxExample(new URL(matjip.app.url).host);
  // This machine itself is not counted, so here another address is it, and the share is small.
  const nginx = await startNginx(t, (listen, folder) =>
    text(listen, folder)
      .replace('127.0.0.1 1;', '127.0.0.2 1;')
      .replace('burst=10000', 'burst=5')
      .replace('1000r/s', '1r/m'),
  );
  const client = createClient(nginx.url);
  atEndOf(t, () => client.close());
  const answers = [];
  for (let times = 0; times < 7; times += 1) answers.push(await client.call('/healthz'));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200, 200, 429],
  );
  assert.equal(answers[6]!.body.type, 'too-many-requests');
  assert.match(String(answers[6]!.headers['retry-after']), /^[123]$/);
});

test('of more menus than nginx gives every second one waits, as long as its phone does, and orders pass them by', async (t) => {
  const matjip = await startTestApp(t, { env: { TRUST_PROXY: 'loopback' } });
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  const text = nginxExample(new URL(matjip.app.url).host);
  const places = 3;
  const nginx = await startNginx(t, (listen, folder) => {
    const config = text(listen, folder);
    const [, ratePerS, burst] = /zone=matjip_menus:\S+ rate=(\d+)r\/s;[\s\S]*zone=matjip_menus burst=(\d+);/.exec(
      config,
    )!;
    // Longer, and phones give up.
    assert.ok(Number(burst) / Number(ratePerS) <= 4);
    // As slowly as can be and with few places, so that nobody's turn comes while this looks; and all of them wait.
    return config
      .replace(`rate=${ratePerS}r/s`, 'rate=1r/m')
      .replace(`burst=${burst}`, `burst=${places}`)
      .replace('50% "";', '');
  });
  const client = createClient(nginx.url);
  const gone = new AbortController();
  atEndOf(t, async () => {
    gone.abort();
    await client.close();
  });
  const menu = `/api/v1/stores/${store.id}/menu`;
  assert.equal((await client.call(menu)).status, 200);
  const answered: Response[] = [];
  const asked = Array.from({ length: places + 1 }, async () => {
    answered.push(await fetch(`${nginx.url}${menu}`, { signal: gone.signal }));
  });
  // The one for which there is no place.
  await Promise.race(asked);
  const lines = [{ itemId: store.dishes.soup.id, quantity: 1 }];
  const placed = await client.order(store.id, { lines });
  assert.equal(placed.status, 201);
  assert.equal(
    (await client.call(`/api/v1/stores/${store.id}/orders/${placed.body.id}`, { token: placed.body.token })).status,
    200,
  );
  const [refused] = answered;
  assert.deepEqual([answered.length, refused!.status], [1, 503]);
  assert.equal(((await refused!.json()) as { type: string }).type, 'busy');
  assert.match(String(refused!.headers.get('retry-after')), /^[123]$/);
  gone.abort();
  await Promise.allSettled(asked);
});

test('while there are no more menus than nginx gives none of them waits', async (t) => {
  const matjip = await startTestApp(t, { env: { TRUST_PROXY: 'loopback' } });
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  const nginx = await startNginx(t, (listen, folder) =>
    nginxExample(new URL(matjip.app.url).host)(listen, folder).replace(
      /limit_req zone=matjip_menus burst=\d+;/,
      '$& add_header X-Waits $limit_req_status always;',
    ),
  );
  const client = createClient(nginx.url);
  atEndOf(t, () => client.close());
  const seen = new Set<unknown>();
  for (let times = 0; times < 50; times += 1) {
    const { status, headers } = await client.call(`/api/v1/stores/${store.id}/menu`);
    assert.equal(status, 200);
    seen.add(headers['x-waits']);
  }
  // The local address has no limit of its own, so whoever belongs to those that never wait has no status at all.
  assert.deepEqual(seen, new Set([undefined, 'PASSED']));
});

test('streams of a whole crowd at the only node that is left take no connection from orders', async (t) => {
  const matjip = await startTestApp(t, { env: { TRUST_PROXY: 'loopback' } });
  const store = await makeStore(matjip.db, { soup: { price: 9_000 } });
  const text = nginxExample(new URL(matjip.app.url).host);
  // Three connections for requests, and more streams than these.
  const nginx = await startNginx(t, (listen, folder) => {
    const config = text(listen, folder);
    const nodes = `${folder}/matjip-nodes.conf`;
    writeFileSync(nodes, readFileSync(nodes, 'utf8').replace('max_conns=800', 'max_conns=2').replace('=64 ', '=1 '));
    return config;
  });
  const client = createClient(nginx.url);
  atEndOf(t, () => client.close());
  const streams = await Promise.all(
    Array.from({ length: 12 }, () => openSse(`${nginx.url}/api/v1/stores/${store.id}/board/events`)),
  );
  atEndOf(t, async () => {
    for (const stream of streams) stream.close();
  });
  assert.deepEqual(new Set(streams.map(({ status }) => status)), new Set([200]));
  const lines = [{ itemId: store.dishes.soup.id, quantity: 1 }];
  assert.equal((await client.order(store.id, { lines })).status, 201);
});
