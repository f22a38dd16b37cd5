import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { cutCommits } from '../../faults/kit/cut-commits.ts';
import { startProxy } from '../../faults/kit/proxy.ts';
import { startTestApp } from '../support/app.ts';
import { testDatabase } from '../support/postgres.ts';
import { makeStore, remainingOf } from '../support/store.ts';

const GUESTS = 20;
const STOCK = 15;

async function startBehindProxy(intake: string) {
  const proxy = cutCommits(await startProxy({ after }, (await testDatabase()).url));
  return { intake, proxy, app: await startTestApp({ after }, { databaseUrl: proxy.url, env: { INTAKE: intake } }) };
}

// Both are started before the first test is named: node runs the named ones while it waits here, and then calls it a day.
for (const { intake, proxy, app } of [await startBehindProxy('grouped'), await startBehindProxy('direct')]) {
  for (const cut of ['after-commit', 'at-commit', 'before-commit'] as const) {
    test(`${intake}: a connection lost ${cut} costs no order, doubles none, and every guest hears the truth`, async () => {
      const store = await makeStore(app.db, { dish: { price: 9_000, remaining: STOCK } });
      const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
      const cutsBefore = proxy.cuts;
      proxy.arm(cut, 'insert-orders', 2);
      const answers = await Promise.all(Array.from({ length: GUESTS }, () => app.client.order(store.id, request)));
      assert.equal(proxy.cuts - cutsBefore, 2);

      const taken = answers.filter(({ status }) => status === 201 || status === 200);
      const refused = answers.filter((answer) => !taken.includes(answer));
      assert.equal(taken.length, STOCK);
      for (const { body } of refused) assert.equal(body.type, 'sold-out', JSON.stringify(body));
      // What the lost commit did write is found again by asking, and comes back as the replay that it is.
      const replayed = taken.filter(({ status }) => status === 200);
      assert.equal(replayed.length > 0, cut === 'after-commit');
      const { rows } = await app.db.query<{ id: string; number: number }>(
        'SELECT id, number FROM orders WHERE store_id = $1 ORDER BY number',
        [store.id],
      );
      const told = taken.map(({ body }) => ({ id: body.id, number: body.number }));
      assert.deepEqual(
        rows,
        told.sort((a, b) => a.number - b.number),
      );
      assert.equal(await remainingOf(app.db, store.id, store.dishes.dish.id), 0);
    });
  }

  test(`${intake}: a cancel whose commit was lost may be asked again, and returns the portions once`, async () => {
    const store = await makeStore(app.db, { dish: { price: 9_000, remaining: STOCK } });
    const placed = await app.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 4 }] });
    const cancel = () =>
      app.client.call(`/api/v1/stores/${store.id}/orders/${placed.body.id}`, {
        method: 'DELETE',
        token: placed.body.token,
      });
    proxy.arm('after-commit', 'set-order-status');
    const lost = await cancel();
    assert.deepEqual([lost.status, lost.body.type], [503, 'unavailable']);
    assert.ok(Number(lost.headers['retry-after']) >= 1);
    const again = await cancel();
    assert.deepEqual([again.status, again.body.status], [200, 'cancelled']);
    assert.equal(await remainingOf(app.db, store.id, store.dishes.dish.id), STOCK);
  });
}
