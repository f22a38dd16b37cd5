/** What a process knows of orders is never older than Postgres, whoever changes them. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createKnownOrders, readOrders } from '../../src/order/index.ts';
import { openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { openShop } from '../events/shop.ts';
import { ADMIN_KEY } from '../support/app.ts';
import type { Answer, Json } from '../support/client.ts';
import { PATIENT } from '../support/postgres.ts';

const shop = await openShop({ after });
const { api, store } = shop;
const { stew, beer } = store.dishes;
const other = openDb({ ...PATIENT, url: api.databaseUrl, connectionsMax: 2, byIndexOnly: true });
after(() => other.close());

/** Another process, of which each statement is seen. */
function watched(knownMax = 100) {
  const asked: string[] = [];
  const db: Queryable = {
    query(text, values, name) {
      asked.push(name?.startsWith('versions-') ? 'version' : 'whole');
      return other.query(text, values, name);
    },
  };
  const known = createKnownOrders(db, knownMax);
  return { known, whatWasAsked: () => asked.splice(0) };
}

const ok = ({ status, body }: Answer, wanted = 200): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};
const staff = (path: string, body: object, method = 'PUT', key?: string) =>
  shop.call(path, { method, token: ADMIN_KEY, body, ...(key && { key }) });
const refOf = ({ id }: { id: string }) => ({ storeId: store.id, id });

test('an order that nobody changed is asked for by its version alone', async () => {
  const { known, whatWasAsked } = watched();
  const ref = refOf(await shop.order(['stew', 'beer']));
  const first = await known.read(ref);
  assert.deepEqual(whatWasAsked(), ['whole']);
  assert.deepEqual(await known.read(ref), first);
  assert.deepEqual(await Promise.all([known.read(ref), known.read(ref)]), [first, first]);
  assert.ok(whatWasAsked().every((what) => what === 'version'));
  assert.equal(await known.read(refOf({ id: newId() })), undefined);
});

test('who placed an order knows it, and says of it what another process reads', async () => {
  const placed = await shop.order(['stew', 'beer'], 't9');
  const [read] = await readOrders(other, [refOf(placed)]);
  // Planned by the process that placed it, whose statements of whole orders are counted by the database.
  assert.deepEqual(ok(await shop.call(`/orders/${placed.id}`, { token: placed.token })), read);
  const { rows } = await api.db.query<{ query: string }>(
    `SELECT query FROM pg_stat_activity WHERE application_name = 'matjip-status' AND datname = current_database()`,
  );
  assert.ok(rows.length > 0 && rows.every(({ query }) => query.includes('concat(o.xmin')), JSON.stringify(rows));
});

test('whatever changes what a guest sees of an order is seen at once', async () => {
  const { known } = watched();
  // A dish for nothing, so that taking it off leaves the total as it is.
  await api.db.query('UPDATE item SET price = 0 WHERE store_id = $1 AND id = $2', [store.id, beer.id]);
  await staff(`/items/${beer.id}`, { price: 0 });
  const order = ok(
    await api.client.order(store.id, {
      table: 't1',
      lines: [
        { itemId: stew.id, quantity: 2 },
        { itemId: beer.id, quantity: 2 },
      ],
    }),
    201,
  );
  const ref = refOf(order);
  const bill = ok(await shop.call(`/orders/${order.id}/bill`, { token: ADMIN_KEY }));
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    'a dish that cost nothing is taken off': async () =>
      ok(await staff(`/orders/${order.id}/lines/2`, { from: 2, quantity: 1, reason: 'asked' })),
    'a note at the same price': async () =>
      ok(
        await staff(`/orders/${order.id}/lines/1/making`, {
          from: { optionIds: [] },
          to: { optionIds: [], note: 'no onions' },
        }),
      ),
    'another table': async () => ok(await staff(`/bills/${bill.id}/move`, { from: 't1', to: 't2' }, 'POST', newId())),
    'a cook begins': async () => ok(await shop.advance(await shop.ticketOf(order.id, 'soup'), 'cooking')),
    'it is cancelled for a reason': async () =>
      ok(await shop.call(`/orders/${order.id}?reason=asked`, { method: 'DELETE', token: ADMIN_KEY })),
  };
  let before = await known.read(ref);
  for (const [what, change] of Object.entries(changes)) {
    await change();
    const now = await known.read(ref);
    assert.notDeepEqual(now, before, what);
    assert.deepEqual(now, (await readOrders(other, [ref]))[0], what);
    before = now;
  }
});

test('as many are kept as there may be, and one of a month without a table is no order', async () => {
  const { known, whatWasAsked } = watched(2);
  const refs = [];
  for (let count = 0; count < 3; count += 1) refs.push(refOf(await shop.order()));
  for (const ref of refs) await known.read(ref);
  whatWasAsked();
  await known.read(refs[2]!);
  await known.read(refs[1]!);
  assert.deepEqual(whatWasAsked(), ['version', 'version']);
  await known.read(refs[0]!);
  assert.deepEqual(whatWasAsked(), ['whole']);
  // Known, and then its month is gone: archived, or in a database that was made anew.
  const old = { storeId: store.id, id: newId(Date.UTC(2001, 0)) };
  const [placed] = await readOrders(other, [refs[0]!]);
  const candidate = { ...old, table: null } as never;
  const view = {
    candidate,
    priced: { total: 0, lines: [] },
    store: { currency: 'KRW' },
    placedAtMs: 0,
    promisedAtMs: 0,
  };
  known.placed([{ ...view, number: placed!.number } as never], '1');
  assert.equal(await known.read(old), undefined);
});
