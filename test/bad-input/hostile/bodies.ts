import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Bodies of the class JSON. */
export const BODIES_THAT_ARE_NONE: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
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

/** Of the class content types. */
export const CONTENT_TYPES: fc.Arbitrary<{ type: string; encoding?: string; body?: string }> = fc.oneof(
  fc
    .constantFrom(
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
    )
    .map((type) => ({ type })),
  fc.constantFrom('gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x-gzip', 'utf-8', '').map((encoding) => ({
    type: 'application/json',
    encoding,
    body: gzipSync('{}').toString('latin1'),
  })),
  fc
    .constantFrom(
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
      'a=1&b=2',
      '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
      'PK\x03\x04',
      'GIF89a',
      '%PDF-1.7',
    )
    .map((body) => ({ type: 'application/json', body })),
);
