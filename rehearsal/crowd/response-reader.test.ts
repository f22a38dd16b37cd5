import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HttpAnswer, headerOf, MalformedAnswer, ResponseReader } from './response-reader.ts';

const read = (parts: Buffer[]): HttpAnswer[] => {
  const answers: HttpAnswer[] = [];
  const reader = new ResponseReader((answer) => answers.push(answer));
  reader.keepsBody = true;
  for (const part of parts) reader.push(part);
  return answers;
};

/** Cuts the bytes at the given places. */
const cut = (bytes: Buffer, places: number[]): Buffer[] => {
  const at = [0, ...[...places].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at
    .slice(1)
    .map((end, index) => bytes.subarray(at[index], end))
    .filter((part) => part.length > 0);
};

const answerText = fc
  .record({
    status: fc.constantFrom(200, 201, 304, 409, 503),
    body: fc.string({ maxLength: 60 }),
    chunked: fc.boolean(),
  })
  .map(({ status, body, chunked }) => {
    const bytes = Buffer.from(status === 304 ? '' : body);
    if (status === 304) return { status, body: '', wire: `HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n` };
    if (!chunked)
      return { status, body, wire: `HTTP/1.1 ${status} X\r\nContent-Length: ${bytes.length}\r\n\r\n${body}` };
    const chunk = bytes.length > 0 ? `${bytes.length.toString(16)}\r\n${body}\r\n` : '';
    return { status, body, wire: `HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n` };
  });

test('answers are the same wherever the network cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(answerText, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (sent, places) => {
        const answers = read(cut(Buffer.from(sent.map(({ wire }) => wire).join('')), places));
        assert.deepEqual(
          answers.map(({ status, body }) => ({ status, body: body!.toString() })),
          sent.map(({ status, body }) => ({ status, body })),
        );
      },
    ),
  );
});

test('a body that nobody asked for is skipped', () => {
  const answers: HttpAnswer[] = [];
  const reader = new ResponseReader((answer) => answers.push(answer));
  reader.push(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 204 No Content\r\n\r\n'));
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body]),
    [
      [200, undefined],
      [204, undefined],
    ],
  );
});

test('an answer without an end, a status or a length is malformed', () => {
  assert.throws(() => read([Buffer.from('hello, this is no HTTP\r\n\r\n')]), MalformedAnswer);
  assert.throws(() => read([Buffer.from('HTTP/1.1 200 OK\r\n\r\nall until the end')]), MalformedAnswer);
  assert.throws(() => read([Buffer.alloc(100_000, 'x')]), MalformedAnswer);
});

test('connection: close is told, and a header is found whatever its case', () => {
  const [answer] = read([
    Buffer.from('HTTP/1.1 200 OK\r\nETag: "3.7"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  ]);
  assert.equal(answer!.keepAlive, false);
  assert.equal(headerOf(answer!.head, 'etag'), '"3.7"');
  assert.equal(headerOf(answer!.head, 'tag'), undefined);
});
