import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT_MIX, Guests, type Mix, REHEARSAL_MIX } from './guests.ts';
import { createRandom } from './random.ts';

const DISH = {
  id: '01a20f8a-dcf2-7000-8000-000000000002',
  price: 9_000,
  soldOut: false,
  remaining: null,
  optionGroups: [],
};
const MENU = { currency: 'KRW', categories: [{ items: [DISH] }] } as never;

/** What a crowd of one mix wanted, of 10,000 wishes. */
function wanted(mix: Mix) {
  const guests = new Guests({
    random: createRandom('mix'),
    host: '127.0.0.1:3000',
    storeId: '01a20f8a-dcf2-7000-8000-000000000001',
    menu: MENU,
    etag: '"1"',
    mix,
    population: 500,
  });
  guests.ordered(0, { id: DISH.id, token: 'token' });
  const counts = { menu: 0, ranking: 0, order: 0, status: 0 };
  const paths = new Set<string>();
  for (let wishes = 0; wishes < 10_000; wishes++) {
    const { kind, text } = guests.next();
    counts[kind] += 1;
    if (kind === 'ranking') paths.add(text.slice(0, text.indexOf(' HTTP')));
  }
  return { counts, paths: [...paths] };
}

test('a rehearsal asks what sells now in one of ten wishes, and still orders and watches as often as the event does', () => {
  const { counts, paths } = wanted(REHEARSAL_MIX);
  for (const kind of ['ranking', 'order', 'status'] as const)
    assert.ok(Math.abs(counts[kind] - 1_000) < 150, JSON.stringify(counts));
  assert.ok(Math.abs(counts.menu - 7_000) < 250, JSON.stringify(counts));
  assert.deepEqual(paths, ['GET /api/v1/stores/01a20f8a-dcf2-7000-8000-000000000001/ranking?window=hour&limit=10']);
  assert.equal(wanted(EVENT_MIX).counts.ranking, 0);
});
