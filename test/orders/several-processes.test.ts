import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openDb } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { deadlocks } from '../model/ledger.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startApiProcess } from '../support/processes.ts';
import { makeStore, remainingOf } from '../support/store.ts';

const { url } = await testDatabase();
await prepareJobs(url);
const db = openDb({ ...PATIENT, url, connectionsMax: 4 });
after(() => db.close());
const processes = await Promise.all([
  startApiProcess({ after }, url, { INTAKE: 'grouped', WITH_JOBS: 'yes' }),
  startApiProcess({ after }, url, { INTAKE: 'grouped' }),
  startApiProcess({ after }, url, { INTAKE: 'direct', WITH_JOBS: 'yes' }),
]);

test('64 guests, 50 portions, five taps each through three processes: 50 orders, none twice', async () => {
  const store = await makeStore(db, { dish: { price: 9_000, remaining: 50 } });
  const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
  const guests = await Promise.all(
    Array.from({ length: 64 }, async (_, guest) => {
      const key = newId();
      const taps = Array.from({ length: 5 }, (_, tap) =>
        processes[(guest + tap) % 3]!.client.order(store.id, request, key),
      );
      return (await Promise.all(taps)).map(({ status }) => status).sort();
    }),
  );
  const served = guests.filter((statuses) => statuses.includes(201));
  assert.equal(served.length, 50);
  for (const statuses of served) assert.deepEqual(statuses, [200, 200, 200, 200, 201]);
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
      const answer = await processes[guest % 3]!.client.order(store.id, { lines });
      assert.ok(answer.status === 201 || answer.body.type === 'sold-out', JSON.stringify(answer));
      return answer.status;
    }),
  );
  assert.equal(answers.filter((status) => status === 201).length, 8 * 40);
  for (const store of stores) {
    for (const { id } of Object.values(store.dishes)) assert.equal(await remainingOf(db, store.id, id), 0);
    const { rows } = await db.query('SELECT count(*) AS orders, max(number) AS last FROM orders WHERE store_id = $1', [
      store.id,
    ]);
    assert.deepEqual(rows, [{ orders: 40, last: 40 }]);
  }
});

test('before one full kitchen three processes let in together what it has room for, not each of them', async () => {
  const CAPACITY = 20;
  // An order of the usual size has two portions.
  const ROOM = CAPACITY / 2;
  const store = await makeStore(db, { stew: { price: 9_000, station: 'soup' } });
  const path = `/api/v1/stores/${store.id}`;
  const [first] = processes;
  const pacing = { strategy: 'load', stations: [{ station: 'soup', capacity: CAPACITY }] };
  const set = await first.client.call(`${path}/pacing`, { method: 'PUT', token: ADMIN_KEY, body: pacing });
  assert.equal(set.status, 200);
  const lines = [{ itemId: store.dishes.stew.id, quantity: 2 }];
  for (let taken = 0; taken < ROOM; taken += 1) {
    const { status, body } = await first.client.order(store.id, { lines });
    assert.equal(status, 201, JSON.stringify(body));
  }
  // A process believes for a moment that there is room still.
  for (const { client } of processes) {
    await eventually(async () => (await client.call(path)).body.state === 'paused', 'the kitchen is full');
  }
  const guests: { readonly key: string; readonly place: string }[] = [];
  for (let guest = 0; guest < 4 * ROOM; guest += 1) {
    const key = newId();
    const { status, body } = await processes[guest % 3]!.client.order(store.id, { lines }, key);
    assert.equal(status, 503, JSON.stringify(body));
    guests.push({ key, place: body.place.token });
  }
  const letInAt = async ({ client }: (typeof processes)[number]): Promise<typeof guests> => {
    const looks = await Promise.all(
      guests.map(({ place }) => client.call(`${path}/line`, { headers: { 'line-place': place } })),
    );
    return guests.filter((_, guest) => looks[guest]!.body.admitted);
  };
  const nowS = async (): Promise<number> =>
    (await db.query<{ now: number }>('SELECT extract(epoch FROM clock_timestamp())::float8 AS now')).rows[0]!.now;
  const turns = async (): Promise<number[]> =>
    (
      await db.query<{ turn: number }>('SELECT turn FROM line_teller WHERE store_id = $1 ORDER BY teller', [store.id])
    ).rows.map(({ turn }) => turn);
  const passTurns = async (count: number): Promise<void> => {
    const before = await turns();
    await eventually(async () => {
      const now = await turns();
      return now.length === 3 && before.every((turn, at) => now[at]! >= turn + count);
    }, `each process has had ${count} turns`);
  };
  for (const each of processes) assert.deepEqual(await letInAt(each), []);
  await eventually(async () => (await turns()).length === 3, 'all three have the line');
  await passTurns(2);

  // All of them see at about the same moment that the kitchen has room.
  await eventually(async () => {
    const { body } = await first.client.call(`${path}/kitchen/tickets?limit=200`, { token: ADMIN_KEY });
    for (const { id, version } of body.items) {
      const advance = `${path}/kitchen/tickets/${encodeURIComponent(id)}/advance`;
      await first.client.call(advance, { token: ADMIN_KEY, body: { to: 'served', version } });
    }
    return (await letInAt(first)).length > 0;
  }, 'somebody is let in');
  const since = await nowS();
  await passTurns(4);
  const letIn = await Promise.all(processes.map(letInAt));
  // Within a second each process orders whom it has seen, so they can differ by a guest each; and whoever has not come after 20 s is waited for
  // no more, and others are let in for them.
  const roomMax = ROOM * (1 + Math.floor(((await nowS()) - since) / 20)) + processes.length - 1;
  for (const each of letIn)
    assert.ok(each.length > 0 && each.length <= roomMax, `${letIn.map(({ length }) => length)}`);
  // None of them comes in vain, wherever they come.
  const everywhere = letIn[0]!.filter(({ key }) => letIn.every((each) => each.some((guest) => guest.key === key)));
  assert.ok(everywhere.length > 0);
  for (const [guest, { key, place }] of everywhere.slice(0, ROOM).entries()) {
    const { client } = processes[(guest + 1) % 3]!;
    const headers = { 'line-place': place };
    const taken = await client.call(`${path}/orders`, { key, body: { lines }, headers });
    assert.equal(taken.status, 201, JSON.stringify(taken.body));
  }
});

test('no process complained, and the database met no deadlock', async () => {
  for (const { kill, complaints } of processes) {
    assert.equal(await kill('SIGTERM'), 0);
    assert.deepEqual(complaints(), []);
  }
  assert.equal(await deadlocks(db), 0);
});
