import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFairShares, type FairShares, type Holders } from './fair-shares.ts';

/** Takes places for these holders until there is none; says how many there were. */
function takeAll<D extends string>(places: FairShares<D>, holders: Holders<D>): number {
  let count = 0;
  while (places.take(holders)) count += 1;
  return count;
}

test('one holder alone has its share of what is free, and another who comes later still finds places', () => {
  const places = createFairShares({ placesMax: 1_000, shares: { client: 1 } });
  assert.equal(takeAll(places, { client: 'a' }), 500);
  assert.equal(takeAll(places, { client: 'b' }), 250);
  assert.equal(takeAll(places, { client: 'c' }), 125);
  assert.equal(places.taken, 875);
});

test('a place that is given back is free again', () => {
  const places = createFairShares({ placesMax: 4, shares: { client: 1 } });
  assert.equal(takeAll(places, { client: 'a' }), 2);
  places.giveBack({ client: 'a' });
  assert.equal(places.taken, 1);
  assert.equal(takeAll(places, { client: 'a' }), 1);
});

test('each way of telling holders apart is a bound of its own, and who is not told apart is bounded by all places only', () => {
  const places = createFairShares({ placesMax: 100, shares: { store: 3, client: 1 } });
  assert.equal(takeAll(places, { store: 'hot', client: 'a' }), 50);
  // The same store by others: up to three times what is free.
  assert.equal(takeAll(places, { store: 'hot' }), 25);
  assert.equal(takeAll(places, {}), 25);
  assert.equal(places.take({}), false);
});

test('the first place of a holder is given as long as there is one', () => {
  const places = createFairShares({ placesMax: 3, shares: { client: 1 / 4 } });
  for (const client of ['a', 'b', 'c']) assert.equal(takeAll(places, { client }), 1);
  assert.equal(places.take({ client: 'd' }), false);
});

test('whatever is taken and given back: never too many, and no holder above its share when it takes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.1, max: 8, noNaN: true }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.boolean()), { maxLength: 300 }),
      (placesMax, share, steps) => {
        const places = createFairShares({ placesMax, shares: { client: share } });
        const given = new Map<string, number>();
        for (const [name, takes] of steps) {
          const client = String(name);
          const mine = given.get(client) ?? 0;
          const free = placesMax - places.taken;
          if (takes) {
            const taken = places.take({ client });
            assert.equal(taken, free > 0 && mine < Math.max(1, share * free));
            given.set(client, mine + Number(taken));
          } else if (mine > 0) {
            places.giveBack({ client });
            given.set(client, mine - 1);
          }
          const all = [...given.values()].reduce((sum, count) => sum + count, 0);
          assert.equal(places.taken, all);
          assert.ok(all <= placesMax);
        }
      },
    ),
  );
});
