import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REQUEST_CLASSES, type RequestClass, rankOf, requestClassOf } from './request-class.ts';

const S = '/api/v1/stores/gangnam';
const classOf = (line: string, isStaff = false): RequestClass => {
  const [method, url] = line.split(' ') as [string, string];
  return requestClassOf({ method, url, isStaff });
};

const STRANGERS: readonly [line: string, requestClass: RequestClass][] = [
  ['GET /healthz', 'probe'],
  ['GET /readyz?verbose', 'probe'],
  ['GET /metrics', 'probe'],
  [`POST ${S}/orders`, 'order'],
  [`POST ${S}/orders?x=/menu`, 'order'],
  [`GET ${S}/orders`, 'public'],
  [`GET ${S}/orders/0197-1?token=t`, 'status'],
  [`DELETE ${S}/orders/0197-1`, 'status'],
  [`GET ${S}/orders/0197-1/events?token=t`, 'status'],
  [`GET ${S}/orders/0197-1/nothing`, 'public'],
  [`POST ${S}/waitlist`, 'order'],
  [`GET ${S}/waitlist/0197-1/events`, 'status'],
  [`GET ${S}/line`, 'status'],
  [`POST ${S}/calls`, 'status'],
  [`POST ${S}/visits`, 'status'],
  [`GET ${S}/calls/0197-1`, 'status'],
  [`GET ${S}/calls`, 'public'],
  [`POST ${S}/calls/0197-1/answer`, 'public'],
  [`GET ${S}/menu`, 'menu'],
  [`HEAD ${S}/menu?lang=ko`, 'menu'],
  [`PUT ${S}/menu`, 'public'],
  ['GET /', 'menu'],
  ['GET /s/gangnam/t/7?k=abc', 'menu'],
  ['GET /assets/guest-1a2b.js', 'menu'],
  ['GET /kitchen/gangnam', 'menu'],
  ['GET /photos/abc/320.webp', 'photo'],
  [`POST ${S}/photos`, 'public'],
  ['GET /api/v1/stores?cursor=abc', 'public'],
  [`GET ${S}`, 'public'],
  [`GET ${S}/board`, 'public'],
  [`GET ${S}/ranking`, 'public'],
  [`GET ${S}/board/events`, 'public-stream'],
  // A wrong key makes nobody staff.
  [`GET ${S}/kitchen/tickets`, 'public'],
  [`GET ${S}/kitchen/events?ticket=wrong`, 'public-stream'],
  [`GET ${S}/print/soup/next`, 'public'],
  ['GET /api/v1/nothing', 'public'],
  ['OPTIONS *', 'menu'],
  ['GET /api/v1/stores//orders/x/events/', 'status'],
];

test('a stranger’s request is classed by method and path alone', () => {
  for (const [line, requestClass] of STRANGERS) assert.equal(classOf(line), requestClass, line);
});

test('whoever has a valid key is staff wherever they look, except for probes', () => {
  for (const [line, requestClass] of STRANGERS)
    assert.equal(classOf(line, true), requestClass === 'probe' ? 'probe' : 'staff', line);
});

test('an order is a replay before it is let in before it is new', () => {
  const order = { method: 'POST', url: `${S}/orders`, isStaff: false };
  assert.equal(requestClassOf({ ...order, isAdmitted: true }), 'admitted-order');
  assert.equal(requestClassOf({ ...order, isReplay: true }), 'replay');
  assert.equal(requestClassOf({ ...order, isAdmitted: true, isReplay: true }), 'replay');
  // The signs of an order mean nothing elsewhere.
  assert.equal(requestClassOf({ ...order, method: 'GET', isReplay: true }), 'public');
});

test('kitchens come first, strangers’ streams and then photos last', () => {
  assert.deepEqual(
    [...REQUEST_CLASSES].sort((a, b) => rankOf(a) - rankOf(b)),
    [...REQUEST_CLASSES],
  );
  const order: RequestClass[] = ['staff', 'admitted-order', 'replay', 'order', 'status', 'public-stream', 'photo'];
  assert.deepEqual(
    [...order].sort((a, b) => rankOf(a) - rankOf(b)),
    order,
  );
});
