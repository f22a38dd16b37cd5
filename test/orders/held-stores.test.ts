import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { deadlocks } from '../model/ledger.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { shardedDatabase } from '../support/sharded.ts';
import { makeStore, type TestStore } from '../support/store.ts';

const apps: Record<string, TestApp> = {
  direct: await startTestApp({ after }, { env: { INTAKE: 'direct' } }),
  grouped: await startTestApp({ after }, { env: { INTAKE: 'grouped' } }),
  'grouped, store by store': await startTestApp(
    { after },
    { env: { INTAKE: 'grouped' }, databaseUrl: await shardedDatabase() },
  ),
};

for (const [intake, { client, db, databaseUrl }] of Object.entries(apps)) {
  const stores = (count: number) =>
    Promise.all(Array.from({ length: count }, () => makeStore(db, { dish: { price: 1_000, remaining: 500 } })));
  const order = (store: TestStore<'dish'>) =>
    client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });

  test(`${intake}: while the rows of stores are held, the orders of all others are taken`, async () => {
    // As many as wait for their rows at once without leaving the others nothing.
    const held = await stores(intake === 'direct' ? 1 : 3);
    const others = await stores(5);
    const answered: Answer[] = [];
    const pending: Promise<Answer>[] = [];
    const holder = new pg.Client(databaseUrl);
    await holder.connect();
    try {
      await holder.query('BEGIN');
      // One by one: of several at once a cluster locks none.
      for (const { id } of held) await holder.query('SELECT FROM store_head WHERE store_id = $1 FOR UPDATE', [id]);
      for (let guest = 0; guest < 30; guest += 1) {
        for (const store of held) {
          const answer = order(store);
          pending.push(answer);
          void answer.then((each) => answered.push(each));
        }
      }
      const crowd = others.flatMap((store, place) => Array.from({ length: place === 0 ? 30 : 3 }, () => order(store)));
      const statuses = (await Promise.all(crowd)).map(({ status }) => status);
      assert.deepEqual(new Set(statuses), new Set([201]));
      // The rows are still held, so none of theirs was taken.
      assert.ok(answered.every(({ status }) => status === 503));
      assert.equal((await holder.query('COMMIT')).command, 'COMMIT');
    } finally {
      await holder.end();
    }
    for (const answer of await Promise.all(pending)) {
      assert.ok(answer.status === 201 || answer.body.type === 'busy', JSON.stringify(answer));
    }
    for (const store of held) assert.equal((await order(store)).status, 201);
    assert.equal(await deadlocks(db), 0);
  });
}
