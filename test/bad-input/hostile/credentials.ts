import fc from 'fast-check';
import { ADMIN_KEY } from '../../support/keys.ts';
import type { House } from '../scene.ts';

export interface Credentials {
  readonly headers: readonly (readonly [string, string])[];
  readonly query?: string;
  /** Good somewhere else. */
  readonly foreign?: boolean;
  /** The session is real and the page is not ours: it may change nothing. What it reads no browser shows it, nor sends a SameSite cookie for. */
  readonly isOtherSite?: boolean;
}

const bearer = (key: string): Credentials => ({ headers: [['authorization', `Bearer ${key}`]] });

/** None of these opens anything of the house. */
export function credentials(house: House, other: House): fc.Arbitrary<Credentials> {
  const elsewhere: Credentials[] = [
    bearer(other.kitchenKey),
    bearer(other.deviceKey),
    bearer(other.order.token),
    { headers: [['cookie', other.cookie]] },
  ];
  const foreign = elsewhere.map((each) => ({ ...each, foreign: true }));
  return fc.oneof(
    fc.constantFrom<Credentials>(
      { headers: [] },
      { headers: [], query: `key=${ADMIN_KEY}` },
      { headers: [], query: `token=${house.kitchenKey}` },
      { headers: [['authorization', ADMIN_KEY]] },
      { headers: [['authorization', `Basic ${Buffer.from(`admin:${ADMIN_KEY}`).toString('base64')}`]] },
      { headers: [['authorization', 'Bearer ']] },
      { headers: [['authorization', 'Bearer undefined']] },
      bearer('eyJhbGciOiJub25lIn0.eyJyb2xlIjoib3duZXIifQ.'),
      bearer('mjd_'),
      bearer('a'.repeat(8_000)),
      bearer(`${ADMIN_KEY}x`),
      bearer(house.id),
      { headers: [['cookie', `${house.cookie}x`]] },
      { headers: [['cookie', house.cookie.replace('matjip-session', '__Host-matjip')]] },
      {
        headers: [
          ['cookie', house.cookie],
          ['sec-fetch-site', 'cross-site'],
          ['origin', 'https://evil.example'],
        ],
        isOtherSite: true,
      },
      {
        headers: [
          ['cookie', house.cookie],
          ['origin', 'null'],
        ],
        isOtherSite: true,
      },
      { headers: [['cookie', 'matjip-session=; matjip-session='.repeat(50)]] },
      {
        headers: [
          ['x-forwarded-for', '127.0.0.1'],
          ['x-original-url', '/healthz'],
          ['x-rewrite-url', '/healthz'],
        ],
      },
      ...foreign,
    ),
    fc.string({ minLength: 1, maxLength: 60 }).map((key) => bearer(key.replaceAll(/[^\x20-\x7e]/g, '?'))),
  );
}
