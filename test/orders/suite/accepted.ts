import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/platform/id.ts';
import { makeStore, remainingOf } from '../../support/store.ts';
import type { Scene } from './scene.ts';

/** What is taken, and what is taken back. */
export function testAccepted({ app, store, path, line }: Scene): void {
  test('an order is answered with all of it, and is found again by its token', async () => {
    const key = newId();
    const [size, topping] = store.dishes.choice.groups;
    const optionIds = [size!.options[1]!.id, topping!.options[0]!.id];
    const before = Date.now();
    const answer = await app.client.order(
      store.slug,
      {
        table: 7,
        lines: [
          { ...line('choice', 2), optionIds, note: ' 덜 맵게, "very" \\ much\n' },
          line('counted', 3),
          line('counted'),
        ],
        expectedTotal: 2 * (10_000 + 1_500 + 500) + 4 * 12_000,
      },
      key,
    );
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { token, placedAt, promisedAt, number, ...order } = answer.body;
    assert.deepEqual(order, {
      id: key,
      storeId: store.id,
      table: '7',
      status: 'placed',
      total: 72_000,
      currency: 'KRW',
      lines: [
        {
          itemId: store.dishes.choice.id,
          name: { ko: '요리 choice', en: 'choice' },
          quantity: 2,
          unitPrice: 12_000,
          options: [
            { id: optionIds[0], name: { ko: '옵션', en: 'option-1' }, price: 1_500 },
            { id: optionIds[1], name: { ko: '옵션', en: 'option-0' }, price: 500 },
          ],
          note: '덜 맵게, "very" \\ much',
          total: 24_000,
        },
        ...[3, 1].map((quantity) => ({
          itemId: store.dishes.counted.id,
          name: { ko: '요리 counted', en: 'counted' },
          quantity,
          unitPrice: 12_000,
          options: [],
          total: 12_000 * quantity,
        })),
      ],
    });
    assert.equal(answer.headers.location, path(`/${key}`));
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['idempotent-replayed'], undefined);
    assert.ok(Number.isInteger(number) && number >= 1);
    // It is the database's clock as this process knows it, which on a busy machine is off by what an answer took.
    assert.ok(Math.abs(Date.parse(placedAt) - before) < 60_000, `placed at ${placedAt}`);
    assert.equal(Date.parse(promisedAt) - Date.parse(placedAt), 15 * 60_000);
    assert.equal(await remainingOf(app.db, store.id, store.dishes.counted.id), 96);

    const found = await app.client.call(path(`/${key}`), { token });
    assert.equal(found.status, 200);
    assert.deepEqual(found.body, { ...order, number, placedAt, promisedAt });
  });

  test('the same key and body again answer the same, and change nothing', async () => {
    const key = newId();
    const request = {
      lines: [{ ...line('choice'), optionIds: [store.dishes.choice.groups[0]!.options[1]!.id], note: '매운 맛' }],
    };
    const first = await app.client.order(store.id, request, key);
    assert.equal(first.status, 201);
    const again = await app.client.order(store.id, request, key.toUpperCase());
    assert.equal(again.status, 200);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.body, first.body);
    const { rows } = await app.db.query<{ orders: number; lines: number }>(
      `SELECT (SELECT count(*) FROM orders WHERE id = $1) AS orders,
         (SELECT count(*) FROM order_line WHERE order_id = $1) AS lines`,
      [key],
    );
    assert.deepEqual(rows, [{ orders: 1, lines: 1 }]);
  });

  test('cancelling returns the portions once, and then says the same again', async () => {
    const stock = () => remainingOf(app.db, store.id, store.dishes.counted.id);
    const before = (await stock())!;
    const placed = await app.client.order(store.id, { lines: [line('counted', 2), line('plain'), line('counted')] });
    assert.equal(await stock(), before - 3);
    const cancel = () => app.client.call(path(`/${placed.body.id}`), { method: 'DELETE', token: placed.body.token });
    for (let times = 0; times < 2; times += 1) {
      const answer = await cancel();
      assert.equal(answer.status, 200);
      const { token: _, ...order } = placed.body;
      assert.deepEqual(answer.body, { ...order, status: 'cancelled' });
      assert.equal(await stock(), before);
    }
  });

  test('numbers count up from one, store by store', async () => {
    const fresh = await makeStore(app.db, { dish: { price: 1_000 } });
    const lines = [{ itemId: fresh.dishes.dish.id, quantity: 1 }];
    const first = await app.client.order(fresh.id, { lines });
    assert.equal(first.body.number, 1);
    const crowd = await Promise.all(Array.from({ length: 40 }, () => app.client.order(fresh.id, { lines })));
    const numbers = crowd.map((answer) => answer.body.number).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: 40 }, (_, index) => index + 2),
    );
  });
}
