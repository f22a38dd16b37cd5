import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { newId } from '../../src/platform/id.ts';
import type { House } from './scene.ts';
import type { Json } from './values.ts';

const among = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Bodies of the class JSON. */
export const BODIES_THAT_ARE_NONE: fc.Arbitrary<string> = fc.oneof(
  among(
    ...[
      '',
      ' ',
      '{',
      '{"',
      '[',
      ']',
      '{"a":1,}',
      "{'a':1}",
      '{"a":01}',
      '{"a":NaN}',
      '{"a":Infinity}',
      '{"a":+1}',
      'nul',
    ],
    ...['null', 'true', '0', '""', '[]', '{}', '[[]]', '{"a":1}{"a":2}', '{"a":1} x', '// x\n{}', '\u{feff}{}', '\0'],
    ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '{"toString":1,"valueOf":2}'],
    ...['{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"a":"\t"}', '{"a":"\\x41"}', '{"lines":[{}],"lines":[]}'],
    ...['['.repeat(5_000), '{"a":'.repeat(5_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`, '[1,'.repeat(2_000)],
    ...[
      `{"a":"${'x'.repeat(120_000)}"}`,
      `[${'0,'.repeat(60_000)}0]`,
      `{"a":${'9'.repeat(20_000)}}`,
      'x'.repeat(200_000),
    ],
  ),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** Of the class numbers. */
export const NUMBERS: fc.Arbitrary<Json> = fc.oneof(
  among<Json>(
    ...[
      0,
      -0,
      -1,
      1.5,
      0.1,
      1e-7,
      2_147_483_647,
      2_147_483_648,
      -2_147_483_649,
      2 ** 53,
      2 ** 53 + 2,
      2 ** 63,
      1e21,
      1e308,
    ],
    ...[
      '1',
      '0x10',
      '1e3',
      ' 1',
      '1 ',
      '+1',
      '-0',
      'NaN',
      'Infinity',
      '１２',
      '٣',
      '1,000',
      '1_000',
      '',
      '௧',
      '1.0',
      '00',
    ],
    ...[true, null, [1], { valueOf: 1 }],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
);

/** Of the class Unicode. */
export const TEXTS: fc.Arbitrary<string> = fc.oneof(
  among(
    ...['\u1112\u1161\u11ab\u1100\u1173\u11af', '\u1100'.repeat(50), 'ㄱㄴㄷㅏㅑ', '\u115f\u1160', '한\u302e글'],
    ...[
      '👩‍👩‍👧‍👦',
      '👩🏽‍🍳',
      '🏳️‍🌈',
      '\u200d'.repeat(30),
      '\u200b',
      '\u2060',
      '\ufeff',
      'e\u0301'.repeat(40),
      'z\u0335\u0322\u031b'.repeat(300),
    ],
    ...[
      '\u202eevil\u202c',
      '\u2066x\u2069',
      'مرحبا',
      'שלום',
      'ﷺ'.repeat(20),
      '\ud800',
      '\udc00x',
      'a\ud83d',
      '\u{10ffff}',
    ],
    ...[
      '\0',
      'a\0b',
      '\x7f',
      '\x1b[2J',
      '\u0085',
      '\u2028',
      '\u2029',
      '\r\n',
      '\t',
      ' ',
      '　',
      '\u00a0',
      'İ',
      'ß',
      'ﬁ',
      'ⅷ',
      'Ａ１',
    ],
    ...['x'.repeat(10_000), '가'.repeat(5_000), '\u0301'.repeat(10_000), '%00', '%', '%u0041', '..%2f', '\\'],
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
);

/** Of the class ids: those of another house among them. */
export const IDS = (house: House, other: House): fc.Arbitrary<Json> =>
  fc.oneof(
    among<Json>(
      ...Object.entries(other.hints).flatMap(([name, values]) => (/^(line|to|version|size)$/.test(name) ? [] : values)),
      ...[
        other.id,
        other.slug,
        other.order.id,
        other.party.id,
        house.id,
        house.order.id.toUpperCase(),
        `${house.order.id}x`,
      ],
      ...[
        '',
        '0',
        '-1',
        '1',
        'null',
        'undefined',
        '[object Object]',
        'NaN',
        '.',
        '..',
        '../..',
        '..;/',
        '/etc/passwd',
        '*',
        '{id}',
      ],
      ...[
        "' OR '1'='1",
        '1;DROP TABLE orders--',
        "'||pg_sleep(1)||'",
        '$\u007b7*7}',
        '__proto__',
        'constructor',
        'toString',
      ],
      ...[
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-7fff-bfff-ffffffffffff',
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      ],
      ...[
        house.order.id.replaceAll('-', ''),
        `{${house.order.id}}`,
        `urn:uuid:${house.order.id}`,
        'x'.repeat(199),
        'x'.repeat(3_000),
      ],
      ...[7, [house.id], { id: house.id }, null, true],
    ),
    fc.uuid(),
    fc.constant(0).map(() => newId()),
  );

/** Of the class time. */
export const TIMES: fc.Arbitrary<Json> = fc.oneof(
  among<Json>(
    ...[
      '2026-02-30',
      '2026-13-01',
      '2025-02-29',
      '0000-00-00',
      '0000-01-01',
      '0001-01-01',
      '9999-12-31',
      '10000-01-01',
      '+275760-09-13',
    ],
    ...[
      '-000001-01-01',
      '1969-12-31',
      '2038-01-19T03:14:08Z',
      '2026-11-28T24:00:00Z',
      '2026-11-28T23:59:60Z',
      '2026-11-28T25:61:61Z',
    ],
    ...[
      '2026-11-28T10:00:00+99:99',
      '2026-11-28T10:00:00+09:00',
      '2026-11-28T10:00:00.123456789Z',
      '2026-11-28 10:00',
      '20261128',
    ],
    ...[
      '2026-W48',
      'now',
      'tomorrow',
      'infinity',
      '-infinity',
      'epoch',
      'allballs',
      '0',
      '-1',
      '1e99',
      '1764288000',
      '28/11/2026',
      '',
    ],
    ...[
      0,
      -1,
      8.64e15,
      8.64e15 + 1,
      1e300,
      null,
      '24:00',
      '23:60',
      '25:00',
      'UTC',
      'Mars/Olympus',
      'Asia/Seoul\0',
      '../../etc/localtime',
    ],
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

/** Of the class content types. */
export const CONTENT_TYPES: fc.Arbitrary<{ type: string; encoding?: string; body?: string }> = fc.oneof(
  among(
    ...[
      'text/plain',
      'text/html',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ],
    ...[
      'application/json; charset=utf-16',
      'application/json; charset=euc-kr',
      'application/json;charset="utf-7"',
      'application/jsonp',
    ],
    ...[
      'application/json, text/plain',
      'application/problem+json',
      'application/json-patch+json',
      'APPLICATION/JSON',
      'application/json;;;',
    ],
    ...[
      'application/json; boundary=x',
      'application',
      '/',
      '',
      'x'.repeat(5_000),
      'image/png',
      'image/svg+xml',
      'text/csv',
      '*/*',
    ],
    ...[
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/octet-stream',
      'application/zip',
      'text/json\t',
    ],
  ).map((type) => ({ type })),
  among('gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x-gzip', 'utf-8', '').map((encoding) => ({
    type: 'application/json',
    encoding,
    body: gzipSync('{}').toString('latin1'),
  })),
  among(
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    'a=1&b=2',
    '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
    'PK\x03\x04',
    'GIF89a',
    '%PDF-1.7',
  ).map((body) => ({ type: 'application/json', body })),
);

type HeaderList = readonly (readonly [string, string])[];

/** Of the class headers. They go out as they are. */
export const HEADERS: fc.Arbitrary<HeaderList> = fc.oneof(
  among<HeaderList>(
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
    arbitrary: among(
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

/** Of the class mass assignment. */
export const UNASKED: fc.Arbitrary<Readonly<Record<string, Json>>> = among<Readonly<Record<string, Json>>>(
  { price: 0 },
  { total: 0 },
  { unitPrice: 1 },
  { status: 'served' },
  { storeId: '00000000-0000-7000-8000-000000000000' },
  { store_id: 'x' },
  { id: '00000000-0000-7000-8000-000000000000' },
  { role: 'owner' },
  { roles: [{ role: 'owner' }] },
  { everywhere: 'owner' },
  { isAdmin: true, admin: true },
  { number: 1 },
  { paid: 1_000_000 },
  { due: 0 },
  { currency: 'XTS' },
  { token: 'x' },
  { placedAt: '2020-01-01T00:00:00Z' },
  { discount: 100 },
  { remaining: 1_000_000 },
  { secret: 'x' },
  { by: 'somebody else' },
  { actor: { role: 'owner', name: 'boss' } },
);

/** Of the class SSRF. */
export const ADDRESSES: fc.Arbitrary<string> = among(
  ...[
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://0x7f000001/',
    'https://2130706433/',
  ],
  ...[
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a00:1]/',
  ],
  ...[
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1%25eth0]/',
    'https://169.254.169.254/latest/meta-data',
  ],
  ...[
    'http://metadata.google.internal/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://printer.local/',
  ],
  ...[
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://127。0。0。1/',
  ],
  ...[
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'ftp://127.0.0.1/',
    'dict://127.0.0.1/',
    'jar:https://x!/',
    'data:text/html,x',
  ],
  ...[
    'javascript:alert(1)',
    '//127.0.0.1/',
    '\\\\127.0.0.1\\c$',
    'https://user:pass@example.com/',
    'https://example.com@127.0.0.1/',
  ],
  ...[
    'https://127.0.0.1#@example.com/',
    'https://example.com\\@127.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https:127.0.0.1',
    'https:///127.0.0.1',
  ],
  ...[
    'https://example.com:6379/',
    'https://example.com:99999/',
    'https://ex ample.com/',
    '/s/x/../../ops',
    '/s//evil.example',
    '/s/\\evil.example',
  ],
);

/** What shows in an answer if somebody forgot to escape it; the mark is looked for. */
export const SINK_MARK = 'mjxsink';

/** Of the class output sinks. */
export const SINKS: fc.Arbitrary<string> = among(
  ...[
    `<script>${SINK_MARK}()</script>`,
    `<img src=x onerror=${SINK_MARK}>`,
    `"><svg onload=${SINK_MARK}>`,
    `</script><b ${SINK_MARK}>`,
  ],
  ...[
    `javascript:${SINK_MARK}`,
    `'"><iframe srcdoc=${SINK_MARK}>`,
    `<!--${SINK_MARK}-->`,
    `]]>${SINK_MARK}`,
    `{{${SINK_MARK}}}`,
  ],
  ...[
    `=cmd|'/c calc'!${SINK_MARK}`,
    `+${SINK_MARK}`,
    `-${SINK_MARK}`,
    `@SUM(${SINK_MARK})`,
    `\t=${SINK_MARK}`,
    `＝${SINK_MARK}`,
  ],
  ...[
    `a\r\nset-cookie: ${SINK_MARK}=1`,
    `a\nx-injected: ${SINK_MARK}`,
    `\x1b]0;${SINK_MARK}\x07`,
    `\x1b[31m${SINK_MARK}`,
    `\x1d\x56\x00${SINK_MARK}`,
  ],
  ...[
    `\${jndi:ldap://127.0.0.1/${SINK_MARK}}`,
    `%0d%0aset-cookie:${SINK_MARK}`,
    `$(${SINK_MARK})`,
    `\`${SINK_MARK}\``,
    `%s%n${SINK_MARK}`,
  ],
);
