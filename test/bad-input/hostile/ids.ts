import fc from 'fast-check';
import { newId } from '../../../src/platform/id.ts';
import type { House } from '../scene.ts';
import type { Json } from '../values.ts';

/** Of the class ids: those of another house among them. */
export const IDS = (house: House, other: House): fc.Arbitrary<Json> =>
  fc.oneof(
    fc.constantFrom<Json>(
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
