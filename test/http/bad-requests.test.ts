import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { PROBLEMS } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after });
const store = await makeStore(app.db, { dish: { price: 9_000, remaining: 5 } });
const orders = `/api/v1/stores/${store.id}/orders`;
const dish = `/api/v1/stores/${store.id}/items/${store.dishes.dish.id}`;

/** Sends bytes as they are and reads until the other side closes. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(app.app.url).port), '127.0.0.1', () => socket.end(bytes));
    let said = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      said += text;
    });
    socket.on('close', () => resolve(said));
    // It may close while we are still sending; what it said before counts.
    socket.on('error', () => {});
  });

test('an address that is not there is a problem too, whatever it looks like', async () => {
  for (const path of [
    '/api/v1/nothing',
    '/api/v1/stores/%00',
    '/api/v1/stores/..%2f..%2fetc',
    '/api/v1/stores/%E0%A4%A',
    `/api/v1/stores/${'x'.repeat(5_000)}`,
    `/api/v1/stores/${store.id}/menu/x`,
    `/api/v1/stores/${newId()}`,
    `/api/v1/stores/${newId()}/menu`,
    `/api/v1/stores/no-such-store/menu`,
    `/api/v1/stores/${encodeURIComponent("a' OR '1'='1")}/menu`,
  ]) {
    const answer = await app.client.call(path);
    assert.ok(answer.status === 404 || answer.status === 400 || answer.status === 422, `${path}: ${answer.status}`);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, path);
  }
  for (const method of ['PATCH', 'PUT', 'GET']) {
    assertProblem(await app.client.call(orders, { method }), 'not-found');
  }
});

test('an address of a page that was typed otherwise leads to it, whatever asks', async () => {
  for (const typed of [`/S/${store.slug}/T/7`, `//s//${store.slug}/t/7/`, `/s/${store.slug}/t/7/`]) {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'text/html' }]) {
      const { status, headers: said } = await app.client.call(`${typed}?k=aB`, { headers });
      assert.deepEqual([status, said.location], [302, `/s/${store.slug}/t/7?k=aB`], typed);
    }
  }
  assertProblem(await app.client.call('//evil.example/s/'), 'not-found');
});

test('the word before a key or a token may be written in any case', async () => {
  const order = await app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const headers = { authorization: `${scheme} ${order.body.token}` };
    assert.equal((await app.client.call(`${orders}/${order.body.id}`, { headers })).status, 200, scheme);
    const owner = { authorization: `${scheme} ${ADMIN_KEY}` };
    assert.equal((await app.client.call('/api/v1/staff', { headers: owner })).status, 200, scheme);
  }
});

test('a request that is no HTTP is answered and closed, and the next one works', async () => {
  for (const [bytes, type] of [
    ['hello\r\n\r\n', 'malformed-request'],
    [`POST ${orders} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!`, 'malformed-request'],
    [`POST ${orders} HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n`, 'malformed-request'],
    [
      `POST ${orders} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nhello`,
      'malformed-request',
    ],
    [`GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 'headers-too-large'],
    [`POST ${orders} HTTP/1.1\r\nhost: a\r\nexpect: 200-ok\r\ncontent-length: 0\r\n\r\n`, 'expectation-failed'],
    ['GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', 'malformed-request'],
  ] as const) {
    const [head, body] = (await raw(bytes)).split('\r\n\r\n');
    assert.match(head!, /^HTTP\/1\.1 4\d\d /, bytes.slice(0, 60));
    assert.match(head!, /^content-type: application\/problem\+json/im, bytes.slice(0, 60));
    const problem = JSON.parse(body!) as { type: string; status: number };
    assert.equal(problem.type, type, bytes.slice(0, 60));
    assert.equal(problem.status, PROBLEMS[type].status);
    assert.equal(Number(head!.slice(9, 12)), problem.status);
  }
  assert.equal((await app.client.call('/healthz')).status, 200);
});

test('what cannot be in a name is found where it stands', async () => {
  for (const path of [`/api/v1/stores/${store.id}%00/menu`, '/%00']) {
    assertProblem(await app.client.call(path), 'not-found');
  }
  const page = await app.client.call(`/s/${store.slug}%00`);
  assert.equal(page.status, 404);
  assert.match(String(page.headers['content-type']), /^text\/html/);
  for (const name of ['station', 'cursor', 'limit']) {
    const path = `/api/v1/stores/${store.id}/kitchen/tickets?${name}=a%00b`;
    assertProblem(await app.client.call(path, { token: ADMIN_KEY }), 'invalid', name);
  }
});

test('a change of a dish is checked field by field, and by who asks', async () => {
  const put = (body: unknown, token?: string) => app.client.call(dish, { method: 'PUT', body, token });
  for (const [body, field] of [
    [{}, 'body'],
    [{ price: -1 }, 'price'],
    [{ price: 1.5 }, 'price'],
    [{ price: '9000' }, 'price'],
    [{ price: 10_000_001 }, 'price'],
    [{ remaining: -1 }, 'remaining'],
    [{ remaining: 100_001 }, 'remaining'],
    [{ soldOut: 'yes' }, 'soldOut'],
    [{ name: 'x' }, 'name'],
  ] as const) {
    assertProblem(await put(body, ADMIN_KEY), 'invalid', field);
  }
  assertProblem(await put({ price: 1 }), 'unauthorized');
  assertProblem(await put({ price: 1 }, 'wrong'), 'unauthorized');
  assertProblem(await put({ price: 1 }, app.app.kitchenKey(store.id)), 'forbidden');
  assertProblem(await put({ soldOut: true }, app.app.kitchenKey(newId())), 'unauthorized');
  assertProblem(
    await app.client.call(`/api/v1/stores/${store.id}/items/${newId()}`, {
      method: 'PUT',
      body: { price: 1 },
      token: ADMIN_KEY,
    }),
    'not-found',
  );
  const { rows } = await app.db.query('SELECT price, sold_out FROM item WHERE id = $1', [store.dishes.dish.id]);
  assert.deepEqual(rows, [{ price: 9_000, sold_out: false }]);
});

test('tickets are moved by the kitchen alone, and only as a version of them stands', async () => {
  const order = await app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  assert.equal(order.status, 201);
  const advance = (id: string, body: unknown, token?: string) =>
    app.client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${id}/advance`, { body, token });
  const id = `${order.body.id}:kitchen`;
  assertProblem(await advance(id, { to: 'cooking', version: 1 }), 'unauthorized');
  assertProblem(await advance(id, { to: 'cooking', version: 1 }, order.body.token), 'unauthorized');
  assertProblem(await advance(id, { to: 'eaten', version: 1 }, ADMIN_KEY), 'invalid', 'to');
  assertProblem(await advance(id, { to: 'cancelled', version: 1 }, ADMIN_KEY), 'invalid', 'to');
  assertProblem(await advance(id, { to: 'cooking', version: 0 }, ADMIN_KEY), 'invalid', 'version');
  assertProblem(await advance(id, { to: 'cooking' }, ADMIN_KEY), 'invalid', 'version');
  for (const other of ['x', `${newId()}:kitchen`, `${order.body.id}:no-such-station`]) {
    assertProblem(await advance(other, { to: 'cooking', version: 1 }, ADMIN_KEY), 'not-found');
  }
});

test('a wrong field is named with what is wrong and what is allowed', async () => {
  const { body } = await app.client.call(`/api/v1/stores/${store.id}/webhooks`, {
    method: 'POST',
    token: ADMIN_KEY,
    body: { url: '', events: ['order.eaten'] },
  });
  assert.deepEqual((body as { fields: unknown }).fields, [
    { field: 'url', problem: 'must NOT have fewer than 1 characters', allowed: 'at least 1 characters' },
    {
      field: 'events[0]',
      problem: 'is not one of the values allowed',
      allowed: '"order.placed", "order.moved", "order.changed"',
    },
  ]);
});

test('no answer of this file put an error or a stack trace into the log, or gave one away', async () => {
  assert.deepEqual(
    app.logLines.filter((line) => JSON.parse(line).level >= 50 || /\bat .+:\d+:\d+/.test(line)),
    [],
  );
});

test('a person at an address that means nothing reads so at once, in their language, and a program reads JSON', async () => {
  const paths = ['/%', '/%ZZ', '/nothing', '/nothing%00', '/?lang=%00', '/join/%', '/photos/%', '/assets/nothing.js'];
  for (const path of [...paths, `/${'x'.repeat(300)}`]) {
    for (const [language, sentence] of [
      ['ko-KR', '이 주소에는 아무것도 없어요'],
      ['zh', '这个地址没有内容'],
    ] as const) {
      const { status, headers, body } = await app.client.call(path, {
        headers: { accept: 'text/html,*/*;q=0.8', 'accept-language': language },
      });
      assert.ok(status === 404 || status === 400 || status === 422, `${path}: ${status}`);
      assert.match(String(headers['content-type']), /^text\/html/, path);
      assert.match(String(headers['content-security-policy']), /default-src 'self'/, path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.ok(String(body).includes(sentence), path);
      assert.doesNotMatch(String(body).replace(/<script[\s\S]*/, ''), /ZZ|xxx/, path);
    }
    const { headers } = await app.client.call(path, { headers: { accept: '*/*' } });
    assert.match(String(headers['content-type']), /^application\/problem\+json/, path);
  }
  for (const path of ['/api/%', '/api/v1/nothing']) {
    const { headers } = await app.client.call(path, { headers: { accept: 'text/html' } });
    assert.match(String(headers['content-type']), /^application\/problem\+json/, path);
  }
});

test('a connection over which somebody has not said to whom is closed with the answer', async () => {
  const said = await new Promise<string>((resolve, reject) => {
    // Its own side stays open: only the server ends it.
    const socket = connect({ port: Number(new URL(app.app.url).port), host: '127.0.0.1', allowHalfOpen: true }, () =>
      socket.write('GET / HTTP/1.1\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => {
      socket.end();
      resolve(text);
    });
    socket.on('error', reject);
  });
  assert.match(said, /^HTTP\/1.1 400 [\s\S]*connection: close[\s\S]*"field":"Host"/i);
  assert.equal(said.split('HTTP/1.1 ').length, 2, 'what came after it is not answered');
});
