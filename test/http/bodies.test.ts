import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after });
const store = await makeStore(app.db, { dish: { price: 9_000 } });
const orders = `/api/v1/stores/${store.id}/orders`;
const body = JSON.stringify({ lines: [{ itemId: store.dishes.dish.id, quantity: 1, note: '맵지 않게' }] });
const post = (sent: string | Buffer, headers: Record<string, string> = {}) =>
  app.client.call(orders, { body: sent, key: newId(), headers });

test('a note in EUC-KR is refused with what is expected, and not stored as signs that nobody wrote', async () => {
  // "맵지" in EUC-KR.
  const [head, tail] = body.split('맵지 않게');
  const foreign = Buffer.concat([Buffer.from(head!), Buffer.from([0xb8, 0xca, 0xc1, 0xf6]), Buffer.from(tail!)]);
  const answer = await post(foreign);
  assertProblem(answer, 'malformed-json', 'body');
  assert.match(answer.body.fields[0].allowed, /UTF-8/);
  assertProblem(
    await post(foreign, { 'content-type': 'application/json; charset=euc-kr' }),
    'unsupported-media-type',
    'Content-Type',
  );
  for (const type of ['application/json; charset=utf-8', 'application/json; charset="UTF-8"', 'application/json']) {
    assert.equal((await post(body, { 'content-type': type })).status, 201, type);
  }
});

test('a compressed body is refused by its header, and one that says it is not is taken', async () => {
  assertProblem(
    await post(gzipSync(body), { 'content-encoding': 'gzip' }),
    'unsupported-media-type',
    'Content-Encoding',
  );
  assert.equal((await post(body, { 'content-encoding': 'identity' })).status, 201);
});

test('a request without a body is the same with a JSON content type as without', async () => {
  const placed = await post(body);
  const json = { 'content-type': 'application/json' };
  const cancelled = await app.client.call(`${orders}/${placed.body.id}`, {
    method: 'DELETE',
    token: placed.body.token,
    headers: json,
  });
  assert.equal(cancelled.status, 200);
  for (const headers of [json, {}]) {
    const done = await app.client.call(`/api/v1/stores/${store.id}/print/kitchen/${newId()}:kitchen/done`, {
      method: 'POST',
      token: ADMIN_KEY,
      headers,
    });
    assertProblem(done, 'not-found');
    assertProblem(await app.client.call(orders, { method: 'POST', key: newId(), headers }), 'invalid', 'body');
  }
});

test('JSON that is none, or that reaches for prototypes, is refused', async () => {
  for (const sent of ['{', 'null,', '{"__proto__":{}}', '\ufeff{', '"\\ud800'])
    assertProblem(await post(sent), 'malformed-json', 'body');
});

test('an upload that hangs up in the middle is counted, and writes no line', async () => {
  const aborted = async () => {
    const metrics = await app.client.call('/metrics');
    return Number(/^matjip_problems_total\{type="aborted"\} (\d+)$/m.exec(metrics.body)?.[1] ?? 0);
  };
  const before = await aborted();
  const lines = app.logLines.length;
  const sending = request(`${app.app.url}${orders}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 1_000, 'idempotency-key': newId() },
  });
  sending.on('error', () => {});
  await new Promise<unknown>((resolve) => sending.write('{"lines":', resolve));
  // What was sent before these is read before they are answered.
  for (let times = 0; times < 5; times += 1) await app.client.call('/healthz');
  sending.destroy();
  await eventually(async () => (await aborted()) === before + 1);
  assert.equal(app.logLines.length, lines);
});
