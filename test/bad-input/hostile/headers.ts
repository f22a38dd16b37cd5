import fc from 'fast-check';
import { newId } from '../../../src/platform/id.ts';

type HeaderList = readonly (readonly [string, string])[];

/** Of the class headers. They go out as they are. */
export const HEADERS: fc.Arbitrary<HeaderList> = fc.oneof(
  fc.constantFrom<HeaderList>(
    [],
    [['x-large', 'y'.repeat(20_000)]],
    Array.from({ length: 500 }, (_, at) => [`x-${at}`, 'y'] as const),
    Array.from({ length: 3_000 }, (_, at) => [`x${at}`, ''] as const),
    [
      ['content-length', '5'],
      ['content-length', '6'],
    ],
    [['content-length', '-1']],
    [['content-length', '99999999999999999999']],
    [['content-length', '0x10']],
    [
      ['transfer-encoding', 'chunked'],
      ['content-length', '3'],
    ],
    [['transfer-encoding', 'chunked, identity']],
    [['transfer-encoding', 'xchunked']],
    [['transfer-encoding', '\x0bchunked']],
    [['x-folded', 'a\r\n b']],
    [['x-split', 'a\r\nx-injected: 1']],
    [['x-nul', 'a\0b']],
    [['bad name', '1']],
    [['', '1']],
    [
      ['host', 'evil.example'],
      ['x-forwarded-host', 'evil.example'],
      ['x-forwarded-proto', 'https'],
    ],
    [
      ['host', 'a'],
      ['host', 'b'],
    ],
    [['host', '']],
    [['host', 'evil.example:99999@x']],
    [['forwarded', 'for="[::1]";host=evil.example;proto=https']],
    [['x-forwarded-for', '127.0.0.1, 10.0.0.1, nonsense, ,']],
    [
      ['x-http-method-override', 'DELETE'],
      ['x-method-override', 'DELETE'],
    ],
    [['expect', '100-continue']],
    [['expect', '200-ok']],
    [
      ['upgrade', 'websocket'],
      ['connection', 'upgrade'],
      ['sec-websocket-key', 'x'],
    ],
    [
      ['upgrade', 'h2c'],
      ['connection', 'Upgrade, HTTP2-Settings'],
      ['http2-settings', 'AAMAAABk'],
    ],
    [
      ['range', 'bytes=0-0,1-1,2-2'],
      ['if-range', 'x'],
    ],
    [['if-none-match', '*, '.repeat(2_000)]],
    [['if-match', '*']],
    [['if-match', '"99999999999999999999"']],
    [['if-modified-since', 'nonsense']],
    [
      ['accept', 'text/html;q=9'],
      ['accept-encoding', 'br;q=0, gzip;q=0, identity;q=0, *;q=0'],
    ],
    [['accept-encoding', 'br,'.repeat(1_000)]],
    [['accept-language', 'ko;q=x, \u00ff']],
    [['cookie', `${'a=b; '.repeat(1_500)}`]],
    [
      ['idempotency-key', newId()],
      ['idempotency-key', newId()],
    ],
    [['line-place', 'x'.repeat(500)]],
    [['last-event-id', '99999999999999999999']],
    [['last-event-id', '-1; DROP TABLE orders']],
    [['traceparent', '00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff']],
    [['connection', 'close, content-length, authorization']],
    [
      ['te', 'trailers'],
      ['trailer', 'authorization'],
    ],
    [
      ['origin', 'null'],
      ['referer', 'https://evil.example/'],
    ],
  ),
  fc
    .tuple(fc.stringMatching(/^[a-z-]{1,20}$/), fc.string({ unit: 'binary', maxLength: 60 }))
    .map(([name, value]): HeaderList => [[`x-${name}`, value.replaceAll(/[^\x20-\xff]/g, '?')]]),
);

/** undefined: its own. */
export const METHODS: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'TRACE',
      'OPTIONS',
      'PATCH',
      'PROPFIND',
      'PURGE',
      'BREW',
      'get',
      'PUT',
      'DELETE',
      'POST',
      'HEAD',
      'QUERY',
      'LINK',
    ),
  },
);
