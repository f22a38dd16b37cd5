import fc from 'fast-check';
import type { Json } from '../values.ts';

/** Of the class numbers. */
export const NUMBERS: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
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
