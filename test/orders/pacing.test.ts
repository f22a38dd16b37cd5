import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Ticket } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import { openShop, type Shop } from '../events/shop.ts';
import { ADMIN_KEY } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';

const shared = await openShop({ after });
const second = await openShop({ after }, { databaseUrl: shared.api.databaseUrl, withJobs: false }, shared);

type Body = Record<string, unknown>;
const put = (shop: Shop, path: string, body: Body, token = ADMIN_KEY): Promise<Answer> =>
  shop.call(path, { method: 'PUT', token, body });

/** A shop of its own on the shared database. */
async function newShop(): Promise<Shop> {
  return openShop({ after }, { databaseUrl: shared.api.databaseUrl });
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const storeOf = async (shop: Shop) => (await shop.call('')).body;
const order = (shop: Shop, quantity = 1, dish: 'stew' | 'beer' = 'stew') =>
  shop.api.client.order(shop.store.id, { lines: [{ itemId: shop.store.dishes[dish].id, quantity }] });
const openOf = async (shop: Shop, station: string) =>
  (await shop.call('/pacing', { token: shop.kitchenKey })).body.stations.find(
    (each: { station: string }) => each.station === station,
  )?.open;

async function cook(shop: Shop, ticket: Ticket): Promise<void> {
  const cooking = await shop.advance(ticket, 'cooking');
  assert.equal(cooking.status, 200);
  assert.equal((await shop.advance(cooking.body, 'ready')).status, 200);
}

test('a person pauses a store with a reason and a time; guests are told both, and it opens by hand', async () => {
  const shop = await newShop();
  const until = inMinutes(20);
  const paused = await put(shop, '/state', { state: 'paused', reason: ' 단체 손님 ', until }, shop.kitchenKey);
  assert.equal(paused.status, 200, JSON.stringify(paused.body));
  const said = ({ state, reason, until: when }: Body) => [state, reason, when];
  assert.deepEqual(said(paused.body), ['paused', '단체 손님', until]);
  await eventually(async () => assert.deepEqual(said(await storeOf(shop)), ['paused', '단체 손님', until]));
  const refused = await order(shop);
  assertProblem(refused, 'store-closed');
  assert.deepEqual([refused.body.until, refused.body.reason], [until, '단체 손님']);
  const retryS = Number(refused.headers['retry-after']);
  assert.ok(retryS > 0 && retryS <= 20 * 60, String(retryS));

  assert.equal((await put(shop, '/state', { state: 'open' })).body.state, 'open');
  assert.equal((await order(shop)).status, 201);
  await eventually(async () => assert.equal((await storeOf(shop)).until, null));
});

test('a busy store takes orders and promises longer', async () => {
  const shop = await newShop();
  const busy = await put(shop, '/state', { state: 'busy', reason: null });
  assert.deepEqual([busy.body.state, busy.body.promisedMinutes], ['busy', 23]);
  const { body } = await order(shop);
  assert.equal(Math.round((Date.parse(body.promisedAt) - Date.parse(body.placedAt)) / 60_000), 23);
});

test('a store that is called busy without a time is so until its business day ends', async () => {
  const shop = await newShop();
  const { body } = await put(shop, '/state', { state: 'busy' }, shop.kitchenKey);
  // Four in the morning in Seoul.
  assert.match(body.until, /T19:00:00\.000Z$/);
  const until = inMinutes(20);
  assert.equal((await put(shop, '/state', { state: 'busy', until })).body.until, until);
  assert.equal((await put(shop, '/state', { state: 'paused' })).body.until, null);
});

test('a pause that is over is over, without anybody doing anything', async () => {
  const shop = await newShop();
  await put(shop, '/state', { state: 'paused', until: inMinutes(5) });
  // As if the five minutes had passed.
  await shop.api.db.query("UPDATE store_head SET state_until = now() - interval '1 second' WHERE store_id = $1", [
    shop.store.id,
  ]);
  await eventually(async () => assert.equal((await storeOf(shop)).state, 'open'));
  assert.equal((await order(shop)).status, 201);
});

test('a state is refused with the field that is wrong, and strangers may set none', async () => {
  const shop = await newShop();
  const wrong: [Body, string][] = [
    [{ state: 'closed' }, 'state'],
    [{}, 'state'],
    [{ state: 'paused', until: 'soon' }, 'until'],
    [{ state: 'paused', until: inMinutes(-1) }, 'until'],
    [{ state: 'paused', until: inMinutes(100 * 24 * 60) }, 'until'],
    [{ state: 'paused', reason: 'x'.repeat(121) }, 'reason'],
    [{ state: 'paused', reason: 'a\0b' }, 'reason'],
    [{ state: 'paused', why: 'x' }, 'why'],
  ];
  for (const [body, field] of wrong) assertProblem(await put(shop, '/state', body), 'invalid', field);
  assertProblem(await put(shop, '/state', { state: 'paused' }, 'nobody'), 'unauthorized');
  assertProblem(await put(shop, '/pacing', { strategy: 'load', stations: [] }, shop.kitchenKey), 'forbidden');
  const twice = { strategy: 'load', stations: [1, 2].map((capacity) => ({ station: 'soup', capacity })) };
  assertProblem(await put(shop, '/pacing', twice), 'invalid', 'stations[1].station');
  const none = { strategy: 'load', stations: [{ station: 'soup', capacity: 0 }] };
  assertProblem(await put(shop, '/pacing', none), 'invalid');
  assert.equal((await storeOf(shop)).state, 'open');
});

test('a full kitchen makes its store busy, then paused with a time, and cooking brings it back by itself', async () => {
  const shop = await newShop();
  const settings = { strategy: 'load', stations: [{ station: 'soup', capacity: 10 }] };
  assert.equal((await put(shop, '/pacing', settings)).status, 200);
  const ids: string[] = [];
  const minutes: number[] = [];
  for (let taken = 0; taken < 10; taken++) {
    const { status, body } = await order(shop);
    assert.equal(status, 201, JSON.stringify(body));
    ids.push(body.id);
    minutes.push(Math.round((Date.parse(body.promisedAt) - Date.parse(body.placedAt)) / 60_000));
  }
  assert.deepEqual(
    minutes,
    [...minutes].sort((a, b) => a - b),
  );
  assert.deepEqual([minutes[0], minutes.at(-1)], [17, 30]);
  const refused = await order(shop);
  assertProblem(refused, 'busy');
  assert.equal(refused.body.reason, 'kitchen-full');
  // In the minute in which three of ten portions are done.
  assert.match(refused.body.until, /:00\.000Z$/);
  await eventually(async () => {
    const seen = await storeOf(shop);
    assert.deepEqual([seen.state, seen.reason], ['paused', 'kitchen-full']);
    assert.match(seen.until, /:00\.000Z$/);
  });
  // Drinks wait as well: a store takes orders or does not.
  assertProblem(await order(shop, 1, 'beer'), 'busy');

  for (const id of ids.slice(0, 3)) await cook(shop, await shop.ticketOf(id, 'soup'));
  assert.equal(await openOf(shop, 'soup'), 7);
  await eventually(async () => assert.equal((await storeOf(shop)).state, 'busy'));
  assert.equal((await order(shop)).status, 201);
  assert.equal((await order(shop)).status, 201);
  for (const id of ids.slice(3, 8)) await cook(shop, await shop.ticketOf(id, 'soup'));
  await eventually(async () => assert.equal((await storeOf(shop)).state, 'open'));
});

test('a person opens a full kitchen all the same, and the load does not close it at once', async () => {
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'load', stations: [{ station: 'soup', capacity: 2 }] });
  assert.equal((await order(shop, 5)).status, 201);
  assertProblem(await order(shop), 'busy');
  assert.equal((await put(shop, '/state', { state: 'open' }, shop.kitchenKey)).body.state, 'open');
  assert.equal((await order(shop, 5)).status, 201);
});

test('of sixty guests at two processes who race for a kitchen of twenty portions exactly twenty are taken', async () => {
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'learned', stations: [{ station: 'soup', capacity: 20 }] });
  // Both processes know of the pacing.
  await eventually(async () =>
    assert.equal((await second.api.client.call(`/api/v1/stores/${shop.store.id}`)).status, 200),
  );
  const lines = [{ itemId: shop.store.dishes.stew.id, quantity: 1 }];
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, guest) =>
      (guest % 2 ? shop : second).api.client.order(shop.store.id, { lines }, newId()),
    ),
  );
  const taken = answers.filter(({ status }) => status === 201);
  assert.equal(taken.length, 20);
  for (const { status, body } of answers)
    assert.ok(status === 201 || body.reason === 'kitchen-full', JSON.stringify(body));
  assert.equal(await openOf(shop, 'soup'), 20);
});

test('what is open follows orders, cooking, undo, and cancels before and after the tickets', async () => {
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'learned', stations: [{ station: 'soup', capacity: 100 }] });
  const placed = (await order(shop, 3)).body;
  assert.equal(await openOf(shop, 'soup'), 3);
  const ticket = await shop.ticketOf(placed.id, 'soup');
  const cooking = (await shop.advance(ticket, 'cooking')).body;
  assert.equal(await openOf(shop, 'soup'), 3);
  const ready = (await shop.advance(cooking, 'ready')).body;
  assert.equal(await openOf(shop, 'soup'), 0);
  const undone = (await shop.advance(ready, 'cooking')).body;
  assert.equal(await openOf(shop, 'soup'), 3);
  await shop.advance(undone, 'served');
  assert.equal(await openOf(shop, 'soup'), 0);

  const cancel = (of: { id: string; token: string }) =>
    shop.call(`/orders/${of.id}`, { method: 'DELETE', token: ADMIN_KEY });
  const early = (await order(shop, 4)).body;
  assert.equal((await cancel(early)).status, 200);
  assert.equal(await openOf(shop, 'soup'), 0);
  const late = (await order(shop, 4)).body;
  await shop.ticketOf(late.id, 'soup');
  assert.equal((await cancel(late)).status, 200);
  assert.equal((await cancel(late)).status, 200);
  assert.equal(await openOf(shop, 'soup'), 0);
});

test('whatever races, what is open is what the tickets say', async () => {
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'learned', stations: [] });
  await Promise.all(
    Array.from({ length: 30 }, async (_, guest) => {
      const { body } = await order(shop, 1 + (guest % 3), guest % 2 ? 'stew' : 'beer');
      const station = guest % 2 ? 'soup' : 'drinks';
      const cancel = () => shop.call(`/orders/${body.id}`, { method: 'DELETE', token: ADMIN_KEY });
      if (guest % 3 === 0) return cancel();
      const ticket = await shop.ticketOf(body.id, station);
      return Promise.all([shop.advance(ticket, guest % 5 ? 'ready' : 'cooking'), guest % 4 ? undefined : cancel()]);
    }),
  );
  const { rows } = await shop.api.db.query<{ station: string; portions: number }>(
    `SELECT station, sum((l ->> 'quantity')::int)::int AS portions FROM ticket, jsonb_array_elements(lines) l
     WHERE store_id = $1 AND status IN ('placed', 'cooking') GROUP BY station`,
    [shop.store.id],
  );
  const portions = new Map(rows.map((row) => [row.station, row.portions]));
  for (const station of ['soup', 'drinks']) {
    assert.equal(await openOf(shop, station), portions.get(station) ?? 0, station);
  }
});

test('counting anew forgets what nobody will cook and keeps what was not ticketed yet', async () => {
  const { createRecount } = await import('../../src/kitchen/index.ts');
  const { lockStores } = await import('../../src/store/index.ts');
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'learned', stations: [] });
  const forgotten = await shop.order(['stew', 'beer']);
  await shop.ticketOf(forgotten.id, 'soup');
  await shop.order(['stew', 'stew']);
  await shop.api.db.query("UPDATE ticket SET placed_at = now() - interval '8 hours' WHERE order_id = $1", [
    forgotten.id,
  ]);
  await shop.api.db.query('UPDATE station_pace SET open = 77 WHERE store_id = $1', [shop.store.id]);
  await createRecount(shop.api.db, lockStores)();
  assert.deepEqual([await openOf(shop, 'soup'), await openOf(shop, 'drinks')], [2, 0]);
});

test('a store without pacing costs a group no statement of it, and pacing that is switched off is gone', async () => {
  const shop = await newShop();
  await put(shop, '/pacing', { strategy: 'fixed', stations: [{ station: 'soup', capacity: 1 }] });
  assert.equal((await order(shop)).status, 201);
  assertProblem(await order(shop), 'busy');
  const off = await put(shop, '/pacing', { strategy: 'fixed', stations: [] });
  assert.deepEqual(off.body, { strategy: 'fixed', stations: [] });
  assert.equal((await order(shop)).status, 201);
  const { rows } = await shop.api.db.query('SELECT FROM station_pace WHERE store_id = $1', [shop.store.id]);
  assert.equal(rows.length, 0);
});
