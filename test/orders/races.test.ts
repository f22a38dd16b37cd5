import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore, remainingOf } from '../support/store.ts';

/** Tickets are made with the order, so that the kitchen can race the guest. */
const effects = { EFFECTS: 'inline' };
const apps: Record<string, TestApp> = {
  direct: await startTestApp({ after }, { env: { INTAKE: 'direct', ...effects } }),
  grouped: await startTestApp({ after }, { env: { INTAKE: 'grouped', ...effects } }),
};

/** A crowded machine may refuse, but only for a while. */
const told = (call: () => Promise<Answer>): Promise<Answer> =>
  eventually(async () => {
    const answer = await call();
    return answer.status !== 503 && answer;
  }) as Promise<Answer>;

const tally = (statuses: readonly number[]) =>
  Object.fromEntries([...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]));

for (const [intake, app] of Object.entries(apps)) {
  const { client, db } = app;
  const count = async (storeId: string) => {
    const { rows } = await db.query<{ orders: number; lines: number; numbers: number }>(
      `SELECT (SELECT count(*) FROM orders WHERE store_id = $1) AS orders,
         (SELECT count(*) FROM order_line WHERE store_id = $1) AS lines,
         (SELECT count(DISTINCT number) FROM orders WHERE store_id = $1) AS numbers`,
      [storeId],
    );
    return rows[0]!;
  };

  test(`${intake}: of 64 guests who want one of 50 portions, 50 get one, however often each taps`, async () => {
    const store = await makeStore(db, { dish: { price: 9_000, remaining: 50 } });
    const itemId = store.dishes.dish.id;
    const guests = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const key = newId();
        const taps = Array.from({ length: 5 }, () =>
          client.order(store.id, { lines: [{ itemId, quantity: 1 }], expectedTotal: 9_000 }, key),
        );
        return { key, answers: await Promise.all(taps) };
      }),
    );
    const served = guests.filter(({ answers }) => answers.some(({ status }) => status === 201));
    const refused = guests.filter((guest) => !served.includes(guest));
    assert.equal(served.length, 50);
    assert.equal(refused.length, 14);
    for (const { key, answers } of served) {
      assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 4, 201: 1 });
      assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
      assert.equal(answers[0]!.body.id, key);
    }
    for (const { answers } of refused) {
      for (const { status, body } of answers) {
        assert.deepEqual([status, body.type, body.items], [409, 'sold-out', [{ itemId, remaining: 0 }]]);
      }
    }
    assert.equal(await remainingOf(db, store.id, itemId), 0);
    assert.deepEqual(await count(store.id), { orders: 50, lines: 50, numbers: 50 });
  });

  test(`${intake}: an order of several dishes is taken whole or not at all`, async () => {
    const store = await makeStore(db, {
      soup: { price: 1_000, remaining: 40 },
      rice: { price: 100, remaining: 55 },
      tea: { price: 10 },
    });
    const { soup, rice, tea } = store.dishes;
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, guest) => {
        // The dishes stand in another order in every second request: the locks must not.
        const lines = [
          { itemId: soup.id, quantity: 1 },
          { itemId: rice.id, quantity: 1 + (guest % 3) },
          { itemId: tea.id, quantity: 2 },
        ];
        return client.order(store.id, { lines: guest % 2 ? lines : lines.reverse() });
      }),
    );
    const taken = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    assert.ok(answers.every(({ status, body }) => status === 201 || body.type === 'sold-out'));
    const sold = (itemId: string) =>
      taken.flatMap((order) => order.lines).reduce((sum, l) => sum + (l.itemId === itemId ? l.quantity : 0), 0);
    assert.equal((await remainingOf(db, store.id, soup.id))! + sold(soup.id), 40);
    assert.equal((await remainingOf(db, store.id, rice.id))! + sold(rice.id), 55);
    assert.deepEqual(await count(store.id), {
      orders: taken.length,
      lines: taken.length * 3,
      numbers: taken.length,
    });
    // Nobody was refused while what they wanted was there: the smallest order no longer fits.
    assert.ok((await remainingOf(db, store.id, rice.id)) === 0 || (await remainingOf(db, store.id, soup.id)) === 0);
  });

  test(`${intake}: whatever races a cancel, the portions come back once`, async () => {
    const store = await makeStore(db, { dish: { price: 9_000, remaining: 1_000 } });
    const itemId = store.dishes.dish.id;
    const request = { lines: [{ itemId, quantity: 3 }] };
    const path = (id: string) => `/api/v1/stores/${store.id}/orders/${id}`;
    const advance = (id: string) =>
      client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${id}:kitchen/advance`, {
        body: { to: 'cooking', version: 1 },
        token: app.app.kitchenKey(store.id),
      });
    let cancelled = 0;
    let cooking = 0;
    await Promise.all(
      Array.from({ length: 60 }, async (_, guest) => {
        const key = newId();
        const order = (await told(() => client.order(store.id, request, key))).body;
        const cancel = () => told(() => client.call(path(order.id), { method: 'DELETE', token: order.token }));
        const rivals = [
          () => Promise.all([cancel(), cancel()]),
          () =>
            Promise.all(
              guest % 2 ? [cancel(), told(() => advance(order.id))] : [told(() => advance(order.id)), cancel()],
            ),
          () => Promise.all([cancel(), told(() => client.order(store.id, request, order.id)), cancel()]),
        ];
        await rivals[guest % 3]!();
        const { status } = (await client.call(path(order.id), { token: order.token })).body;
        if (status === 'cancelled') cancelled += 1;
        else {
          assert.equal(status, 'cooking');
          assert.equal(guest % 3, 1);
          cooking += 1;
        }
      }),
    );
    assert.equal(cancelled + cooking, 60);
    assert.equal(await remainingOf(db, store.id, itemId), 1_000 - 3 * cooking);
    const { rows } = await db.query<{ wrong: number }>(
      `SELECT count(*) AS wrong FROM ticket t JOIN orders o ON o.store_id = t.store_id AND o.id = t.order_id
       WHERE o.store_id = $1 AND o.status <> t.status`,
      [store.id],
    );
    assert.equal(rows[0]!.wrong, 0);
  });

  test(`${intake}: staff may cancel what is cooking, a guest may not`, async () => {
    const store = await makeStore(db, { dish: { price: 9_000, remaining: 10 } });
    const order = (await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] })).body;
    const path = `/api/v1/stores/${store.id}/orders/${order.id}`;
    const move = (to: string, version: number) =>
      client.call(`/api/v1/stores/${store.id}/kitchen/tickets/${order.id}:kitchen/advance`, {
        body: { to, version },
        token: ADMIN_KEY,
      });
    assert.equal((await move('cooking', 1)).status, 200);
    const refused = await client.call(path, { method: 'DELETE', token: order.token });
    assert.deepEqual(
      [refused.status, refused.body.type, refused.body.orderStatus],
      [409, 'not-cancellable', 'cooking'],
    );
    assert.equal((await client.call(path, { method: 'DELETE', token: ADMIN_KEY })).body.status, 'cancelled');
    assert.equal((await move('ready', 2)).body.type, 'stale');
    // It is in the pan: nobody said that it can be sold again.
    assert.equal(await remainingOf(db, store.id, store.dishes.dish.id), 9);
  });

  test(`${intake}: an order that the database refuses is found in its group and refused alone`, async () => {
    const store = await makeStore(db, { dish: { price: 9_000, remaining: 500 } });
    await db.query(`ALTER TABLE order_note ADD CONSTRAINT no_poison CHECK (note <> 'poison')`);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, guest) =>
        client.order(store.id, {
          lines: [
            { itemId: store.dishes.dish.id, quantity: 1, note: guest === 13 || guest === 40 ? 'poison' : `n${guest}` },
          ],
        }),
      ),
    );
    await db.query('ALTER TABLE order_note DROP CONSTRAINT no_poison');
    assert.deepEqual(
      answers.flatMap(({ status }, guest) => (status === 201 ? [] : [[guest, status]])),
      [
        [13, 500],
        [40, 500],
      ],
    );
    assert.equal(await remainingOf(db, store.id, store.dishes.dish.id), 442);
    assert.deepEqual(await count(store.id), { orders: 58, lines: 58, numbers: 58 });
  });
}
