import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { turnCounts } from '../../src/menu/counts.ts';
import { importMenu } from '../../src/menu/file/apply/import-menu.ts';
import { parseMenu } from '../../src/menu/file/parse/parse-menu.ts';
import { countOn, type StockCount } from '../../src/order/stock-count.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore, type TestStore } from '../support/store.ts';

const { client, db, app } = await startTestApp({ after }, { withJobs: true });

type Store = TestStore<'dish'>;
const shop = (remaining?: number): Promise<Store> =>
  makeStore(db, { dish: { price: 9_000, ...(remaining !== undefined && { remaining }) } });

const order = async (store: Store, quantity: number): Promise<Json> => {
  const { status, body } = await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity }] });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
const put = (store: Store, body: object) =>
  client.call(`/api/v1/stores/${store.id}/items/${store.dishes.dish.id}`, { method: 'PUT', body, token: ADMIN_KEY });
const cancel = (store: Store, { id }: Json, query = '', token = ADMIN_KEY) =>
  client.call(`/api/v1/stores/${store.id}/orders/${id}${query}`, { method: 'DELETE', token });
/** What the menu says. It may be a moment behind. */
const shows = (store: Store, remaining: number | null) =>
  eventually(async () => {
    const { body } = await client.call(`/api/v1/stores/${store.id}/menu`);
    assert.equal(body.categories[0].items[0].remaining, remaining);
  });
const row = async (store: Store) =>
  (
    await db.query<{ remaining: number | null; sold: number; count: number }>(
      'SELECT remaining, sold, count FROM stock WHERE store_id = $1 AND item_id = $2',
      [store.id, store.dishes.dish.id],
    )
  ).rows[0]!;
const limit = (store: Store, portions: number | '-') =>
  db.transaction((tx) =>
    importMenu(
      tx,
      store.id,
      parseMenu(Buffer.from(`kind,code,daily_limit\nitem,dish,${portions}\n`), { format: 'csv', partial: true }),
    ),
  );
const cook = async (store: Store, { id }: Json, ...steps: readonly string[]) => {
  for (const [index, to] of steps.entries()) {
    await eventually(async () => {
      const { status } = await client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${id}:kitchen/advance`, {
        token: app.kitchenKey(store.id),
        body: { to, version: index + 1 },
      });
      assert.equal(status, 200);
    });
  }
};

test('what was ordered while nothing was counted gives nothing to a count that began later', async () => {
  const store = await shop();
  const before = await order(store, 50);
  assert.equal((await put(store, { remaining: 3 })).body.remaining, 3);
  const counted = await order(store, 2);
  assert.equal((await cancel(store, before)).status, 200);
  await shows(store, 1);
  assert.equal((await cancel(store, counted)).status, 200);
  await shows(store, 3);
  // The same for a dish that was counted before and then was not.
  await put(store, { remaining: null });
  const meanwhile = await order(store, 20);
  await put(store, { remaining: 3 });
  await cancel(store, meanwhile);
  await shows(store, 3);
  assert.equal((await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 4 }] })).status, 409);
});

test('an order that took from a count gives back to that count, and not to one that a person began anew', async () => {
  const store = await shop(10);
  const early = await order(store, 4);
  // Corrected: the same count.
  await put(store, { remaining: 8 });
  const late = await order(store, 1);
  await cancel(store, early);
  assert.equal((await row(store)).remaining, 11);
  // Unlimited, then counted anew.
  await put(store, { remaining: null });
  await put(store, { remaining: 5 });
  await cancel(store, late);
  assert.deepEqual(await row(store), { remaining: 5, sold: 0, count: 2 });
});

test('what was sold today stays sold, whatever becomes of the limit', async () => {
  const store = await shop();
  await order(store, 20);
  // Portions a business day: those sold before the limit was written down count.
  await limit(store, 50);
  await shows(store, 30);
  const taken = await order(store, 27);
  await limit(store, '-');
  await shows(store, null);
  await order(store, 1);
  await limit(store, 50);
  await shows(store, 2);
  await limit(store, 40);
  await shows(store, 0);
  await limit(store, 50);
  await shows(store, 2);
  await put(store, { remaining: null });
  await limit(store, 60);
  await shows(store, 12);
  await cancel(store, taken);
  await shows(store, 39);
  assert.equal((await row(store)).sold, 21);
});

test('a change against what was seen is refused when something was sold meanwhile, and says what is now', async () => {
  const store = await shop(5);
  await order(store, 1);
  const refused = await put(store, { remaining: 7, expected: 5, price: 1 });
  assert.deepEqual([refused.status, refused.body.type, refused.body.remaining], [409, 'stale', 4]);
  assert.equal((await row(store)).remaining, 4);
  const { body } = await client.call(`/api/v1/stores/${store.id}/menu`);
  assert.equal(body.categories[0].items[0].price, 9_000, 'refused whole');
  const taken = await put(store, { remaining: 6, expected: 4 });
  assert.deepEqual([taken.status, taken.body.remaining], [200, 6]);
  // Twenty who saw the same, and guests: one change is taken at most, and no sale is overwritten.
  const answers = await Promise.all([
    ...Array.from({ length: 20 }, () => put(store, { remaining: 16, expected: 6 })),
    ...Array.from({ length: 4 }, () => order(store, 1).then(() => ({ status: 201 }))),
  ]);
  const changes = answers.filter(({ status }) => status === 200).length;
  assert.ok(changes <= 1, `${changes} changes were taken`);
  assert.equal((await row(store)).remaining, (changes === 1 ? 16 : 6) - 4);
  // Unlimited is something that can be seen, too.
  assert.equal((await put(store, { remaining: 3, expected: null })).status, 409);
  await put(store, { remaining: null });
  assert.equal((await put(store, { remaining: 3, expected: 3 })).body.remaining, null);
  assert.equal((await put(store, { remaining: 3, expected: null })).status, 200);
  for (const wrong of [{ expected: 3 }, { expected: -1, remaining: 3 }, { expected: '3', remaining: 3 }]) {
    const { status, body: problem } = await put(store, wrong);
    assert.deepEqual([status, problem.fields[0].field], [422, 'expected']);
  }
});

test('portions that were begun are waste unless the shop says that they return, and the order’s history says which', async () => {
  const cases = [
    { steps: [], query: '', returned: true },
    { steps: ['cooking'], query: '', returned: false },
    { steps: ['cooking', 'ready'], query: '', returned: false },
    { steps: ['cooking', 'placed'], query: '', returned: true },
    { steps: ['cooking', 'ready'], query: '?returnPortions=true', returned: true },
    { steps: [], query: '?returnPortions=false', returned: false },
  ];
  for (const { steps, query, returned } of cases) {
    const store = await shop(10);
    const ordered = await order(store, 2);
    await cook(store, ordered, ...steps);
    assert.equal((await cancel(store, ordered, query)).body.status, 'cancelled');
    const what = `${steps.join()} ${query}`;
    assert.equal((await row(store)).remaining, returned ? 10 : 8, what);
    // Again, and otherwise: nothing changes any more.
    assert.equal((await cancel(store, ordered, `?returnPortions=${!returned}`)).status, 200);
    assert.equal((await row(store)).remaining, returned ? 10 : 8, what);
    const events = await db.query<{ status: string; portions_returned: boolean | null }>(
      'SELECT status, portions_returned FROM order_event WHERE store_id = $1 AND order_id = $2 ORDER BY seq DESC LIMIT 1',
      [store.id, ordered.id],
    );
    assert.deepEqual(events.rows[0], { status: 'cancelled', portions_returned: returned }, what);
  }
});

test('a guest takes back what nobody has begun, and says nothing about portions', async () => {
  const store = await shop(10);
  const ordered = await order(store, 2);
  assert.equal((await cancel(store, ordered, '?returnPortions=false', ordered.token)).status, 403);
  const wrong = await cancel(store, ordered, '?returnPortions=maybe');
  assert.deepEqual([wrong.status, wrong.body.fields[0].field], [422, 'returnPortions']);
  assert.equal((await cancel(store, ordered, '', ordered.token)).status, 200);
  assert.equal((await row(store)).remaining, 10);
});

test('an order and the scheduled return turn a day the same way', async () => {
  const today = '2026-06-02';
  const of = <T, U>(some: readonly T[], each: (value: T) => U[]) => some.flatMap(each);
  const cases = of([null, 5], (dailyLimit) =>
    of([null, 10], (offered) =>
      of([0, 3, 12], (sold) =>
        ['-infinity', '2026-06-01', today, '2026-06-03'].map((day) => ({ dailyLimit, offered, sold, day, count: 7 })),
      ),
    ),
  );
  const store = await makeStore(db, Object.fromEntries(cases.map((_, index) => [`dish-${index}`, { price: 1 }])));
  const id = (index: number) => store.dishes[`dish-${index}`]!.id;
  for (const [index, { dailyLimit, offered, sold, day, count }] of cases.entries()) {
    await db.query('UPDATE item SET daily_limit = $3 WHERE store_id = $1 AND id = $2', [
      store.id,
      id(index),
      dailyLimit,
    ]);
    await db.query('INSERT INTO stock (store_id, item_id, count, day, offered, sold) VALUES ($1, $2, $3, $4, $5, $6)', [
      store.id,
      id(index),
      count,
      day,
      offered,
      sold,
    ]);
  }
  assert.deepEqual(await turnCounts(db, [{ storeId: store.id, day: today }]), [store.id]);
  assert.deepEqual(await turnCounts(db, [{ storeId: store.id, day: today }]), [], 'what was turned is left alone');
  const { rows } = await db.query<StockCount & { id: string }>(
    'SELECT item_id AS id, count, day, offered, sold FROM stock WHERE store_id = $1',
    [store.id],
  );
  const turned = new Map(rows.map(({ id: item, ...count }) => [item, count]));
  for (const [index, { dailyLimit, ...count }] of cases.entries()) {
    const what = JSON.stringify(cases[index]);
    assert.deepEqual(turned.get(id(index)), { ...countOn(count, dailyLimit, today) }, what);
  }
});
