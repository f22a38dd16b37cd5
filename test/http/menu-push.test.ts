import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const { db, client } = await startTestApp({ after });
const hq = await makeStore(db, {
  stew: { price: 9_900 },
  soup: { price: 8_000, soldOut: true },
  tea: { price: 2_000 },
});
const shop = () => makeStore(db, { stew: { price: 9_000 }, soup: { price: 8_000 } });
const ask = (path: string, body: object, token: string | undefined = ADMIN_KEY, headers = {}) =>
  client.call(`/api/v1/stores/${hq.id}/menu-push${path}`, { body, token, headers });
const WHAT = { dishes: ['stew', 'soup', 'tea'], fields: ['price', 'soldOut'] };
const look = async (...stores: string[]): Promise<Json> => (await ask('/preview', { ...WHAT, stores })).body;
const push = ({ seen, items }: Json, what: object = WHAT) =>
  ask('', { ...what, seen, stores: items.map((each: Json) => ({ store: each.store, seen: each.seen ?? '' })) });
const outcomes = ({ body }: Json) => body.items.map((each: Json) => [each.outcome, each.changed]);
const dishesIn = async (id: string) => {
  const { rows } = await db.query<Json>('SELECT code, price, sold_out FROM item WHERE store_id = $1 ORDER BY code', [
    id,
  ]);
  return rows.map((row: Json) => `${row.code} ${row.price}${row.sold_out ? ' sold out' : ''}`);
};
const AS_HQ = ['soup 8000 sold out', 'stew 9900'];

test('a preview says what would change in which store and changes nothing; the push does that, is logged, and is shown to guests', async () => {
  const [one, two] = [await shop(), await shop()];
  const seen = await look(one.slug, two.id);
  assert.deepEqual(
    seen.items.map(({ store, outcome, changes, missing }: Json) => ({ store, outcome, changes, missing })),
    [one.slug, two.id].map((store) => ({
      store,
      outcome: 'change',
      changes: [
        { code: 'soup', name: { ko: '요리 soup', en: 'soup' }, soldOut: { from: false, to: true } },
        { code: 'stew', name: { ko: '요리 stew', en: 'stew' }, price: { from: 9_000, to: 9_900 } },
      ],
      missing: ['tea'],
    })),
  );
  assert.deepEqual(await dishesIn(one.id), ['soup 8000', 'stew 9000']);
  assert.deepEqual(outcomes(await push(seen)), [
    ['changed', 2],
    ['changed', 2],
  ]);
  for (const { id } of [one, two]) assert.deepEqual(await dishesIn(id), AS_HQ);
  await eventually(async () => {
    const { body } = await client.call(`/api/v1/stores/${one.id}/menu`);
    assert.equal(body.categories[0].items.find((item: Json) => item.name.en === 'stew').price, 9_900);
  });
  // Sent again, because its answer was lost: nothing happens twice.
  assert.deepEqual(outcomes(await push(seen)), [
    ['same', 0],
    ['same', 0],
  ]);
  const log = (await client.call('/api/v1/staff-log', { token: ADMIN_KEY })).body.items as Json[];
  assert.deepEqual(
    log
      .filter(({ what }) => what === 'menu pushed')
      .map(({ about }) => about)
      .sort(),
    [one, two].map(({ slug }) => `${slug}: soup sold out, stew 9000 to 9900 as in ${hq.slug}`).sort(),
  );
});

test('a store’s own change since the look is not overwritten, and the other stores get theirs', async () => {
  const [one, two] = [await shop(), await shop()];
  const seen = await look(one.id, two.id);
  const own = await client.call(`/api/v1/stores/${one.id}/items/${one.dishes.stew.id}`, {
    method: 'PUT',
    token: ADMIN_KEY,
    body: { price: 7_000 },
  });
  assert.equal(own.status, 200);
  assert.deepEqual(outcomes(await push(seen)), [
    ['stale', 0],
    ['changed', 2],
  ]);
  assert.deepEqual(await dishesIn(one.id), ['soup 8000', 'stew 7000']);
  // What is not pushed may change meanwhile.
  const again = (await ask('/preview', { stores: [one.id], dishes: ['stew'], fields: ['price'] })).body;
  await db.query(`UPDATE item SET sold_out = true WHERE store_id = $1 AND code = 'stew'`, [one.id]);
  assert.deepEqual(outcomes(await push(again, { dishes: ['stew'], fields: ['price'] })), [['changed', 1]]);
  assert.deepEqual(await dishesIn(one.id), ['soup 8000', 'stew 9900 sold out']);
});

test('of pushes and a store’s own change at once each is made or refused as a whole', async () => {
  const one = await shop();
  const seen = await look(one.id);
  const [first, second, own] = await Promise.all([
    push(seen),
    push(seen),
    client.call(`/api/v1/stores/${one.id}/items/${one.dishes.stew.id}`, {
      method: 'PUT',
      token: ADMIN_KEY,
      body: { price: 5_000 },
    }),
  ]);
  assert.equal(own.status, 200);
  const ends = [...outcomes(first), ...outcomes(second)].map(([outcome]) => outcome);
  const dishes = await dishesIn(one.id);
  // Whoever came first made the others find another store; the store's own change is last, or was never overwritten.
  assert.deepEqual(dishes[1], 'stew 5000');
  assert.ok(
    ends.every((end) => ['changed', 'same', 'stale'].includes(end)),
    ends.join(),
  );
  assert.equal(dishes[0] === 'soup 8000 sold out', ends.includes('changed'));
});

test('a push whose own store has changed since the look is refused, and so is a dish that it does not have', async () => {
  const one = await shop();
  const seen = await look(one.id);
  await db.query(`UPDATE item SET price = 9950 WHERE id = $1`, [hq.dishes.stew.id]);
  const { status, body } = await push(seen);
  assert.deepEqual([status, body.type], [409, 'stale']);
  assert.deepEqual(await dishesIn(one.id), ['soup 8000', 'stew 9000']);
  await db.query(`UPDATE item SET price = 9900 WHERE id = $1`, [hq.dishes.stew.id]);
  const none = await ask('/preview', { ...WHAT, dishes: ['nothing'], stores: [one.id] });
  assert.deepEqual([none.status, none.body.fields[0].field], [422, 'dishes']);
});

test('a store in which the pusher has no office role is left alone and told apart, as are unknown stores and other currencies', async () => {
  const [mine, other, abroad] = [await shop(), await shop(), await shop()];
  await db.query(`UPDATE store SET currency = 'USD' WHERE id = $1`, [abroad.id]);
  const added = await client.call('/api/v1/staff', {
    token: ADMIN_KEY,
    body: {
      login: 'push-manager',
      name: '매니저',
      password: 'a long enough word',
      roles: [
        { store: hq.slug, role: 'manager' },
        { brand: `brand-${mine.slug}`, role: 'manager' },
        { store: other.slug, role: 'kitchen' },
        { store: abroad.slug, role: 'owner' },
      ],
    },
  });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  const signedIn = await client.call('/api/v1/sessions', {
    body: { login: 'push-manager', password: 'a long enough word' },
  });
  const cookie = { cookie: String(signedIn.headers['set-cookie']).split(';')[0]! };
  const stores = [mine.slug, other.slug, abroad.slug, 'no-such-store'];
  const { status, body } = await client.call(`/api/v1/stores/${hq.id}/menu-push/preview`, {
    body: { ...WHAT, stores },
    headers: cookie,
  });
  assert.equal(status, 200, JSON.stringify(body));
  const wanted = ['change', 'forbidden', 'other-currency', 'not-found'];
  assert.deepEqual(
    body.items.map(({ outcome }: Json) => outcome),
    wanted,
  );
  const pushed = await client.call(`/api/v1/stores/${hq.id}/menu-push`, {
    body: { ...WHAT, seen: body.seen, stores: stores.map((store) => ({ store, seen: body.items[0].seen })) },
    headers: cookie,
  });
  assert.deepEqual(
    pushed.body.items.map(({ outcome }: Json) => outcome),
    ['changed', ...wanted.slice(1)],
  );
  assert.deepEqual(await dishesIn(mine.id), AS_HQ);
  assert.deepEqual(await dishesIn(other.id), ['soup 8000', 'stew 9000']);
});
