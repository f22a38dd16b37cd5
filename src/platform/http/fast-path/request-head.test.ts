import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestHead } from './request-head.ts';

const read = (text: string) => RequestHead.read(Buffer.from(text, 'latin1'));
const get = (...lines: string[]) => read(['GET /menu HTTP/1.1', ...lines, '', ''].join('\r\n'));

test('a whole request is read, its headers by name in any case and without blanks around them', () => {
  const head = get('Host: a', 'If-None-Match:  "x" ', 'accept-ENCODING:br', 'Connection: keep-alive')!;
  assert.deepEqual([head.method, head.url, head.bodyMissing], ['GET', '/menu', 0]);
  assert.equal(head.header('if-none-match'), '"x"');
  assert.equal(head.header('accept-encoding'), 'br');
  assert.equal(head.header('accept'), undefined);
});

test('a body that came along is counted, and what is missing of it', () => {
  const post = (length: string, body: string) =>
    read(`POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`);
  assert.equal(post('4', '{"a"')?.bodyMissing, 0);
  assert.equal(post('10', '{"a"')?.bodyMissing, 6);
  assert.equal(post('4', '{"a"')?.body(), '{"a"');
  const table = Buffer.from('{"table":"창가"}');
  assert.equal(post(`${table.length}`, table.toString('latin1'))?.body(), '{"table":"창가"}');
  // What follows is another request's.
  assert.equal(post('3', '{"a"'), undefined);
});

for (const [what, request] of [
  ['half a head', 'GET /menu HTTP/1.1\r\nHost: a\r\n'],
  ['two requests', 'GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['no host', 'GET /menu HTTP/1.1\r\nAccept: a\r\n\r\n'],
  ['two hosts', 'GET /menu HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
  ['HTTP/1.0', 'GET /menu HTTP/1.0\r\nHost: a\r\n\r\n'],
  ['an absolute address', 'GET http://a/menu HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a blank in the address', 'GET /me nu HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method in lower case', 'get /menu HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['lines that end without a return', 'GET /menu HTTP/1.1\nHost: a\n\n'],
  ['one line that does', 'GET /menu HTTP/1.1\r\nHost: a\nContent-Length: 5\r\n\r\n'],
  ['a folded line', 'GET /menu HTTP/1.1\r\nHost: a\r\n b\r\n\r\n'],
  ['a blank before the colon', 'GET /menu HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n'],
  ['a NUL', 'GET /menu HTTP/1.1\r\nHost: a\0\r\n\r\n'],
  ['chunks', 'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na'],
  ['a length that is no number', 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na'],
  ['an upgrade', 'GET /menu HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n'],
  ['an expectation', 'POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n'],
  ['a connection that is to be closed', 'GET /menu HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ['a head of 9 KiB', `GET /menu HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9 * 1024)}\r\n\r\n`],
  ['noise', '\x16\x03\x01\x02\x00'],
] as const) {
  test(`${what} is left to the parser`, () => assert.equal(read(request), undefined));
}
