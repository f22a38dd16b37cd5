import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { deadlocks } from '../model/ledger.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { makeStore, remainingOf } from '../support/store.ts';
import { proveOneRoom } from './crowd/prove-one-room.ts';

const { url } = await testDatabase();
await prepareJobs(url);
const db = openDb({ ...PATIENT, url, connectionsMax: 4 });
after(() => db.close());
const processes = await Promise.all([
  startApiProcess({ after }, url, { INTAKE: 'grouped', WITH_JOBS: 'yes' }),
  startApiProcess({ after }, url, { INTAKE: 'grouped' }),
  startApiProcess({ after }, url, { INTAKE: 'direct', WITH_JOBS: 'yes' }),
]);

/** A machine that is busy with other work may tell an order to come again; it comes, with the same key, as a phone does. */
async function decided(ask: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer | undefined;
  await eventually(async () => {
    answer = await ask();
    return answer.status !== 503;
  });
  return answer!;
}

test('64 guests, 50 portions, five taps each through three processes: 50 orders, none twice', async () => {
  const store = await makeStore(db, { dish: { price: 9_000, remaining: 50 } });
  const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
  const guests = await Promise.all(
    Array.from({ length: 64 }, async (_, guest) => {
      const key = newId();
      const taps = Array.from({ length: 5 }, (_, tap) =>
        decided(() => processes[(guest + tap) % 3]!.client.order(store.id, request, key)),
      );
      return (await Promise.all(taps)).map(({ status }) => status).sort();
    }),
  );
  const served = guests.filter(([status]) => status! < 300);
  assert.equal(served.length, 50);
  for (const statuses of served) {
    // Whoever was told to come again may have been served all the same, and never heard it first.
    assert.deepEqual(statuses.slice(0, 4), [200, 200, 200, 200]);
    assert.ok(statuses[4] === 201 || statuses[4] === 200, String(statuses));
  }
  for (const statuses of guests) if (!served.includes(statuses)) assert.deepEqual(statuses, [409, 409, 409, 409, 409]);
  assert.equal(await remainingOf(db, store.id, store.dishes.dish.id), 0);
  const { rows } = await db.query(
    'SELECT count(*) AS orders, count(DISTINCT number) AS numbers, max(number) AS last FROM orders WHERE store_id = $1',
    [store.id],
  );
  assert.deepEqual(rows, [{ orders: 50, numbers: 50, last: 50 }]);
});

test('groups that span stores in every order sell each portion once and never deadlock', async () => {
  const stores = await Promise.all(
    Array.from({ length: 8 }, () =>
      makeStore(db, { soup: { price: 9_000, remaining: 40 }, rice: { price: 1_000, remaining: 40 } }),
    ),
  );
  const answers = await Promise.all(
    Array.from({ length: 900 }, async (_, guest) => {
      const store = stores[(guest * 5) % stores.length]!;
      const lines = [store.dishes.soup, store.dishes.rice].map(({ id }) => ({ itemId: id, quantity: 1 }));
      if (guest % 2) lines.reverse();
      const key = newId();
      const answer = await decided(() => processes[guest % 3]!.client.order(store.id, { lines }, key));
      assert.ok(
        answer.status === 200 || answer.status === 201 || answer.body.type === 'sold-out',
        JSON.stringify(answer),
      );
      return answer.status;
    }),
  );
  assert.equal(answers.filter((status) => status < 300).length, 8 * 40);
  for (const store of stores) {
    for (const { id } of Object.values(store.dishes)) assert.equal(await remainingOf(db, store.id, id), 0);
    const { rows } = await db.query('SELECT count(*) AS orders, max(number) AS last FROM orders WHERE store_id = $1', [
      store.id,
    ]);
    assert.deepEqual(rows, [{ orders: 40, last: 40 }]);
  }
});

test('before one full kitchen three processes let in together what it has room for, not each of them', () =>
  proveOneRoom({
    unheardMax: 1,
    db,
    clients: processes.map(({ client }) => client),
    async turns(storeId) {
      const { rows } = await db.query<{ teller: string; turn: number }>(
        'SELECT teller, turn FROM line_teller WHERE store_id = $1',
        [storeId],
      );
      return new Map(rows.map(({ teller, turn }) => [teller, turn]));
    },
  }));

test('no process complained, and the database met no deadlock', async () => {
  for (const { kill, complaints } of processes) {
    assert.equal(await kill('SIGTERM'), 0);
    assert.deepEqual(complaints(), []);
  }
  assert.equal(await deadlocks(db), 0);
});
