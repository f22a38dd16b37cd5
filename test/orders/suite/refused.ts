import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/platform/id.ts';
import { assertProblem } from '../../support/assert-problem.ts';
import { ADMIN_KEY } from '../../support/keys.ts';
import { remainingOf, setStoreState } from '../../support/store.ts';
import type { Scene } from './scene.ts';

/** What is well-formed and refused. */
export function testRefused({ app, store, line, nextOrderWorks }: Scene): void {
  test('a key that was refused may be used again, with another body too', async () => {
    const key = newId();
    assertProblem(await app.client.order(store.id, { lines: [line('gone')] }, key), 'sold-out');
    const [wrong, right, wrongAgain] = await Promise.all([
      app.client.order(store.id, { lines: [line('gone', 2)] }, key),
      app.client.order(store.id, { lines: [line('plain')] }, key),
      app.client.order(store.id, { lines: [line('gone', 2)] }, key),
    ]);
    assert.equal(right.status, 201);
    // They may come before it, or after it and then find the key used.
    for (const answer of [wrong, wrongAgain]) assert.equal(answer.status, 409);
  });

  test('the same key with another body is refused, and the first order stands', async () => {
    const key = newId();
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 201);
    for (const request of [
      { lines: [line('plain', 2)] },
      { lines: [line('plain')], table: 3 },
      { lines: [{ ...line('plain'), note: 'x' }] },
      { lines: [line('plain')], expectedTotal: 9_000 },
    ]) {
      assertProblem(await app.client.order(store.id, request, key), 'key-reused', 'Idempotency-Key');
    }
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 200);
    await nextOrderWorks();
  });

  test('what is sold out is named with how many remain, and the order is refused whole', async () => {
    const stock = () => remainingOf(app.db, store.id, store.dishes.counted.id);
    const before = await stock();
    const answer = await app.client.order(store.id, { lines: [line('counted', 3), line('last', 2), line('last')] });
    assertProblem(answer, 'sold-out');
    assert.deepEqual(answer.body.items, [{ itemId: store.dishes.last.id, remaining: 2 }]);
    assert.equal(await stock(), before);
    assert.equal(await remainingOf(app.db, store.id, store.dishes.last.id), 2);

    for (const name of ['gone', 'off'] as const) {
      const refused = await app.client.order(store.id, { lines: [line('plain'), line(name)] });
      assertProblem(refused, 'sold-out');
      assert.deepEqual(refused.body.items, [{ itemId: store.dishes[name].id, remaining: 0 }]);
    }
    const option = store.dishes.choice.groups[0]!.options[2]!.id;
    const refused = await app.client.order(store.id, { lines: [{ ...line('choice'), optionIds: [option] }] });
    assertProblem(refused, 'sold-out');
    assert.deepEqual(refused.body.items, [{ itemId: store.dishes.choice.id, optionId: option, remaining: 0 }]);
    await nextOrderWorks();
  });

  test('another total than expected is refused with the new one; what the client believes is never charged', async () => {
    const request = { lines: [line('pricey', 2)], expectedTotal: 2 };
    const answer = await app.client.order(store.id, request);
    assertProblem(answer, 'price-changed');
    assert.equal(answer.body.total, 60_000);
    const change = { method: 'PUT', token: ADMIN_KEY, body: { price: 31_000 } };
    const changed = await app.client.call(`/api/v1/stores/${store.id}/items/${store.dishes.pricey.id}`, change);
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const late = await app.client.order(store.id, { ...request, expectedTotal: 60_000 });
    assertProblem(late, 'price-changed');
    assert.equal(late.body.total, 62_000);
    assert.equal((await app.client.order(store.id, { ...request, expectedTotal: 62_000 })).body.total, 62_000);
  });

  test('a paused store takes nothing new, and still knows its orders', async () => {
    const key = newId();
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 201);
    await setStoreState(app.db, store.id, 'paused');
    assertProblem(await app.client.order(store.id, { lines: [line('plain')] }), 'store-closed');
    assert.equal((await app.client.order(store.id, { lines: [line('plain')] }, key)).status, 200);
    await setStoreState(app.db, store.id, 'open');
    await nextOrderWorks();
  });

  test('one bad order in a crowd is refused alone', async () => {
    const good = Array.from({ length: 30 }, () => app.client.order(store.id, { lines: [line('plain')] }));
    const bad = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0
        ? app.client.order(store.id, { lines: [line('gone')] })
        : app.client.order(store.id, { lines: [{ itemId: newId(), quantity: 1 }] }),
    );
    const answers = await Promise.all([...good, ...bad]);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [...good.map(() => 201), ...bad.map((_, index) => (index % 2 === 0 ? 409 : 422))],
    );
  });
}
