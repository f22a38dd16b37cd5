import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import { type Asked, RequestHead } from '../../platform/http/fast-path/request-head.ts';
import { newId } from '../../platform/id.ts';
import { createMemoryLineExchange } from './line-exchange.ts';
import { createLineFastPath } from './line-fast-path.ts';
import { createPlaceTokens } from './place-token.ts';
import { createVirtualLine } from './virtual-line.ts';

const STORE = newId();
const line = createVirtualLine({
  tokens: createPlaceTokens('a-secret-of-16-letters'),
  exchange: createMemoryLineExchange(Date.now),
  capacity: { load: () => 1, perSecond: () => 500, kitchen: () => null },
  bounds: BOUNDS.line,
  now: Date.now,
});
after(() => line.close());
const fastPath = createLineFastPath(line, (path) => (path.includes(STORE) ? STORE : undefined));

function asked(method: string, path: string, headers: Record<string, string>): Asked & { readonly looks: string[] } {
  const looks: string[] = [];
  return {
    method,
    url: `/api/v1/stores/${STORE}${path}`,
    header(name) {
      looks.push(name);
      return headers[name];
    },
    looks,
  };
}

test('a refused order is told its place and nothing that the line does not say, and its head is looked at once', () => {
  const id = newId();
  const request = asked('POST', '/orders', { 'idempotency-key': id });
  const order = fastPath.find(request)!;
  assert.deepEqual([order.isAdmitted, order.mustWait], [false, false]);
  const answer = order.refusal(3)!;
  const { place, ...said } = JSON.parse(answer.body!.toString());
  assert.deepEqual(place, line.give({ storeId: STORE, id })!);
  assert.equal(line.read(place.token, STORE, id)?.id, id);
  assert.deepEqual([said.type, said.status, answer.status], ['busy', 503, 503]);
  assert.equal(answer.headers[answer.headers.indexOf('retry-after') + 1], '3');
  assert.ok(String(answer.bytes()).endsWith(answer.body!.toString()));
  assert.deepEqual(request.looks.sort(), ['idempotency-key', 'line-place']);
});

test('who stands in the line sees how far it has come', () => {
  const id = newId();
  const { token } = line.give({ storeId: STORE, id })!;
  const answer = fastPath.ready(asked('GET', '/line', { 'line-place': token }))!;
  const { ahead, admitted } = JSON.parse(answer.body!.toString());
  assert.deepEqual([answer.status, ahead, admitted], [200, line.look(line.read(token, STORE)!).ahead, false]);
});

test('what is no order of a store that is known here has no place in a line', () => {
  const key = { 'idempotency-key': newId() };
  assert.equal(fastPath.find(asked('GET', '/orders', key)), undefined);
  assert.equal(fastPath.find(asked('POST', '/orders', {})), undefined);
  assert.equal(fastPath.find(asked('POST', '/orders', { 'idempotency-key': 'x' })), undefined);
  assert.equal(fastPath.find({ ...asked('POST', '', key), url: `/api/v1/stores/${newId()}/orders` }), undefined);
});

/** What is refused before it is parsed. @returns how many of so many orders with these bodies got a place */
function bounded() {
  const line = createVirtualLine({
    tokens: createPlaceTokens('a-secret-of-16-letters'),
    exchange: createMemoryLineExchange(Date.now),
    capacity: { load: () => 1, perSecond: () => 100, kitchen: () => null },
    bounds: {
      waitingMax: 1_000,
      perSessionMax: 3,
      perClientMax: 8,
      placeLivesMs: 7_200_000,
      tickMs: 250,
      pollShare: 0.1,
    },
    now: Date.now,
  });
  const fastPath = createLineFastPath(
    line,
    (path) => (path.includes(STORE) ? STORE : undefined),
    ({ peer }) => peer ?? 'nobody',
  );
  const head = (body: string, peer: string): RequestHead => {
    const bytes = Buffer.from(body);
    const text = `POST /api/v1/stores/${STORE}/orders HTTP/1.1\r\nHost: a\r\nIdempotency-Key: ${newId()}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
    const read = RequestHead.read(Buffer.concat([Buffer.from(text), bytes]))!;
    read.peer = peer;
    return read;
  };
  return {
    line,
    refuse(times: number, body: string, peer = 'phone'): number {
      const answers = Array.from({ length: times }, () => fastPath.find(head(body, peer))!.refusal(2));
      return answers.filter((answer) => answer !== undefined).length;
    },
  };
}

const lines = `"lines":[{"itemId":"${newId()}","quantity":1,"note":"not \\"table\\":\\"9\\""}]`;

test('a refusal before the order is parsed keeps to the places of its table, as any other', async () => {
  const { line, refuse } = bounded();
  assert.equal(refuse(5, `{"table":"창가 3",${lines}}`), 3);
  assert.equal(refuse(5, `{ ${lines}, "table" : 12 }`), 3);
  // The same table for somebody else, and one whose name is written in another way.
  assert.equal(refuse(5, `{"table":"창가 3",${lines}}`, 'another'), 3);
  assert.equal(refuse(1, `{"table":"\\ucc3d가 3",${lines}}`), 0);
  await line.close();
});

test('orders for no table, and bodies that say nothing, count as their client’s: what a note says is no table', async () => {
  const { line, refuse } = bounded();
  assert.equal(refuse(6, `{${lines}}`), 6);
  assert.equal(refuse(5, '{"table":"'), 2);
  assert.equal(refuse(5, ''), 0);
  assert.equal(refuse(5, `{${lines}}`, 'another'), 5);
  await line.close();
});

test('a refusal without a place is the ordinary one, and the places that its sender has stay', async () => {
  const { line, refuse } = bounded();
  const key = newId();
  const first = line.give({ storeId: STORE, id: key }, undefined, { client: 'phone', table: '7' })!;
  assert.equal(refuse(5, `{"table":"7",${lines}}`), 2);
  const again = line.give({ storeId: STORE, id: key }, undefined, { client: 'phone', table: '7' })!;
  assert.deepEqual([again.token, again.ahead], [first.token, 0]);
  await line.close();
});
