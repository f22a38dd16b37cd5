import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import type { Asked } from '../../platform/http/fast-path/request-head.ts';
import { newId } from '../../platform/id.ts';
import { createLineAtHand } from './line-at-hand.ts';
import { createMemoryLineExchange } from './line-exchange.ts';
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
const atHand = createLineAtHand(line, (path) => (path.includes(STORE) ? STORE : undefined));

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
  const order = atHand.find(request)!;
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
  const answer = atHand.ready(asked('GET', '/line', { 'line-place': token }))!;
  const { ahead, admitted } = JSON.parse(answer.body!.toString());
  assert.deepEqual([answer.status, ahead, admitted], [200, line.look(line.read(token, STORE)!).ahead, false]);
});

test('what is no order of a store that is known here has no place in a line', () => {
  const key = { 'idempotency-key': newId() };
  assert.equal(atHand.find(asked('GET', '/orders', key)), undefined);
  assert.equal(atHand.find(asked('POST', '/orders', {})), undefined);
  assert.equal(atHand.find(asked('POST', '/orders', { 'idempotency-key': 'x' })), undefined);
  assert.equal(atHand.find({ ...asked('POST', '', key), url: `/api/v1/stores/${newId()}/orders` }), undefined);
});
