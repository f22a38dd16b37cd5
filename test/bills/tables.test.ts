import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { auditBills, createEndVisits, createTableBills, createVisitKeys } from '../../src/bill/index.ts';
import { BOUNDS } from '../../src/config.ts';
import type { Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { lockStores } from '../../src/store/index.ts';
import { openSse } from '../events/sse.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after }, { withJobs: true });
// A second process: what one is told must hold in the other.
const other = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
const { client, db } = app;

const store = await makeStore(db, { soup: { price: 9_000, remaining: 10_000 } });
const S = `/api/v1/stores/${store.id}`;
const kitchenKey = app.app.kitchenKey(store.id);
const TABLES = Array.from({ length: 40 }, (_, index) => `T${index + 1}`);
const ok = ({ status, body }: Answer, wanted = 201): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};
const put = async (body: object) => ok(await client.call(S, { method: 'PUT', token: ADMIN_KEY, body }), 200);
const post = (path: string, body: object | undefined, { key = newId(), token = ADMIN_KEY, via = client } = {}) =>
  via.call(`${S}${path}`, { method: 'POST', body, key, token });
await put({ tables: TABLES, tableLinks: 'signed' });
/** What was set is known in every process within the second: this store has so many tables since. */
const isKnown = (storeId: string, tables: number) =>
  eventually(async () => {
    const seen = await Promise.all([client, other.client].map((via) => via.call(`/api/v1/stores/${storeId}`)));
    return seen.every(({ body }) => body.tables === tables);
  });
await isKnown(store.id, TABLES.length);

/** The key behind `k=` of each table's printed link. */
async function keysOf(): Promise<Map<string, string>> {
  const { tables } = ok(await client.call(`${S}/table-links`, { token: ADMIN_KEY }), 200);
  return new Map(
    tables.map(({ table, path }: Json) => [table, new URL(path, 'http://x').searchParams.get('k')!] as const),
  );
}
const keys = await keysOf();
let tables = 0;
/** Each test sits at tables of its own. */
const newTable = (): string => {
  tables += 1;
  return TABLES[tables]!;
};
const lines = [{ itemId: store.dishes.soup.id, quantity: 1 }];
const send = (table: string, tableKey = keys.get(table), key = newId(), via = client) =>
  via.order(store.id, { table, ...(tableKey !== undefined && { tableKey }), lines }, key);
const order = async (table: string): Promise<Json> => ok(await send(table));
const count = async (): Promise<number> =>
  (await db.query<{ orders: number }>('SELECT count(*)::int AS orders FROM orders')).rows[0]!.orders;
const soldSoups = async () =>
  (await db.query('SELECT * FROM stock WHERE item_id = $1', [store.dishes.soup.id])).rows[0];

test('where tables are signed only the key of the printed link orders for a table, and anything else changes nothing', async () => {
  const [table, neighbour] = [newTable(), newTable()];
  const key = keys.get(table)!;
  assert.match(key, /^[\w-]{16}$/);
  const before = [await count(), await soldSoups()];
  const flipped = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  for (const wrong of [undefined, '', flipped, `${key}A`, key.slice(1), keys.get(neighbour), '한국어', '\0']) {
    const answer = await client.order(store.id, { table, ...(wrong !== undefined && { tableKey: wrong }), lines });
    assertProblem(answer, 'invalid', 'tableKey');
  }
  assertProblem(await client.order(store.id, { table, tableKey: 'k'.repeat(65), lines }), 'invalid', 'tableKey');
  assertProblem(await client.order(store.id, { table: 'T999', tableKey: key, lines }), 'invalid', 'table');
  assert.deepEqual([await count(), await soldSoups()], before);

  ok(await send(table));
  // At the counter there is no table whose key one could have, and staff have keys of their own.
  ok(await client.order(store.id, { lines }));
  const byStaff = { token: kitchenKey, key: newId(), body: { table, lines } };
  ok(await client.call(`${S}/orders`, byStaff));
});

test("another store's key of a table with the same name opens nothing here", async () => {
  const elsewhere = await makeStore(db, { soup: { price: 1 } });
  await client.call(`/api/v1/stores/${elsewhere.id}`, { method: 'PUT', token: ADMIN_KEY, body: { tables: TABLES } });
  const links = await client.call(`/api/v1/stores/${elsewhere.id}/table-links`, { token: ADMIN_KEY });
  const table = newTable();
  const path: string = links.body.tables.find((each: Json) => each.table === table).path;
  assertProblem(await send(table, new URL(path, 'http://x').searchParams.get('k')!), 'invalid', 'tableKey');
  // A store that leaves its tables open asks for no key, and a wrong one does no harm.
  const soup = [{ itemId: elsewhere.dishes.soup.id, quantity: 1 }];
  ok(await client.order(elsewhere.id, { table, lines: soup }));
  ok(await client.order(elsewhere.id, { table, tableKey: 'anything', lines: soup }));
});

test('a replaced link revokes its old print in every process, no other table’s, and no order that was taken with it', async () => {
  const [table, neighbour] = [newTable(), newTable()];
  const [old, orderKey] = [keys.get(table)!, newId()];
  const first = ok(await send(table, old, orderKey));
  const rotate = (body: object, token = ADMIN_KEY) => post('/table-links/rotate', body, { token });
  assertProblem(await rotate({ table: 'T999' }), 'invalid', 'table');
  assertProblem(await rotate({ table }, kitchenKey), 'forbidden');
  const { path } = ok(await rotate({ table }), 200);
  const fresh = new URL(path, 'http://x').searchParams.get('k')!;
  assert.notEqual(fresh, old);
  assert.equal((await keysOf()).get(table), fresh);
  for (const via of [client, other.client]) {
    await eventually(async () => assertProblem(await send(table, old, newId(), via), 'invalid', 'tableKey'));
  }
  ok(await send(table, fresh, newId(), other.client));
  ok(await send(neighbour));
  // The answer to that order was lost, and its phone asks again.
  const again = ok(await send(table, old, orderKey, other.client), 200);
  assert.deepEqual([again.id, again.number], [first.id, first.number]);
  keys.set(table, fresh);
  const log = ok(await client.call('/api/v1/staff-log', { token: ADMIN_KEY }), 200);
  assert.ok(log.items.some(({ what, about }: Json) => what === 'table link replaced' && about.endsWith(` ${table}`)));
});

const call = (table: string, { key = newId(), tableKey = keys.get(table), via = client } = {}) =>
  via.call(`${S}/calls`, { body: { table, ...(tableKey && { tableKey }) }, key });

test('a table calls the staff once, the hall hears of it at once, and the first who answers is told to the guest', async () => {
  const table = newTable();
  const hall = await openSse(`${client.url}${S}/kitchen/events`, { authorization: `Bearer ${kitchenKey}` });
  after(() => hall.close());
  const key = newId();
  const called = ok(await call(table, { key }));
  assert.deepEqual([called.table, called.state], [table, 'waiting']);
  // Sent again, and from another phone of the table: it is the same call.
  assert.deepEqual(ok(await call(table, { key }), 200), called);
  assert.deepEqual(ok(await call(table, { via: other.client }), 200), called);
  await eventually(() => hall.events.some(({ event }) => event === 'calls'));
  const list = async () => ok(await client.call(`${S}/calls`, { token: kitchenKey }), 200).items;
  assert.deepEqual(
    (await list()).filter((each: Json) => each.table === table),
    [called],
  );
  const answer = (via = client) => post(`/calls/${called.id}/answer`, undefined, { token: kitchenKey, via });
  const answered = await Promise.all([answer(), answer(other.client)]);
  for (const each of answered) assert.equal(ok(each, 200).state, 'coming');
  assert.equal(ok(await other.client.call(`${S}/calls/${called.id}`), 200).state, 'coming');
  assert.equal(
    (await list()).some((each: Json) => each.table === table),
    false,
  );
  // They were just there.
  const again = await call(table);
  assertProblem(again, 'too-many-requests');
  assert.ok(Number(again.headers['retry-after']) >= 1);
  await db.query("UPDATE table_call SET called_at = now() - interval '1 minute' WHERE table_label = $1", [table]);
  assert.equal(ok(await call(table)).state, 'waiting');
  assertProblem(await client.call(`${S}/calls/${called.id}`), 'not-found');
});

test('only who is at a table calls for it, and only the staff see and answer calls', async () => {
  const [table, neighbour] = [newTable(), newTable()];
  assertProblem(await call(table, { tableKey: keys.get(neighbour) }), 'invalid', 'tableKey');
  assertProblem(await call('T999', { tableKey: keys.get(table) }), 'invalid', 'table');
  assertProblem(await call(table, { key: '' }), 'invalid', 'Idempotency-Key');
  assertProblem(await client.call(`${S}/calls`, { body: { table: ' \0' }, key: newId() }), 'invalid', 'table');
  assertProblem(await client.call(`${S}/calls/none`), 'not-found');
  assertProblem(await post(`/calls/${newId()}/answer`, undefined), 'not-found');
  const { id } = ok(await call(table));
  assertProblem(await client.call(`${S}/calls/${id}/answer`, { method: 'POST' }), 'unauthorized');
  assert.equal(ok(await client.call(`${S}/calls/${id}`), 200).state, 'waiting');
});

test('a stranger who invents tables fills no more of the screen than there is', async () => {
  const open = await makeStore(db, { soup: { price: 1 } });
  const ring = (table: string) => client.call(`/api/v1/stores/${open.id}/calls`, { body: { table }, key: newId() });
  await db.query(
    `INSERT INTO table_call (store_id, table_label, id, called_at)
     SELECT $1, 'x' || n, gen_random_uuid(), now() FROM generate_series(1, $2) AS n`,
    [open.id, BOUNDS.calls.openMax],
  );
  assertProblem(await ring('one more'), 'too-many-requests');
  // Whoever waits already is told so.
  assert.equal(ok(await ring('x1'), 200).state, 'waiting');
});

const billOf = async ({ id, token }: Json): Promise<Json> =>
  ok(await client.call(`${S}/orders/${id}/bill`, { token }), 200);
const change = (bill: string, what: string, body: object, via = client) =>
  post(`/bills/${bill}/${what}`, body, { via });
/** All that is on paper or screens says what the orders and entries say. */
const balanced = async () => assert.deepEqual(await auditBills(db, new Date(0)), []);

test('guests are moved to a free table: bill, orders, tickets, slips and their phones go with them', async () => {
  const [here, there] = [newTable(), newTable()];
  const [one, two] = [await order(here), await order(here)];
  const bill = await billOf(one);
  assert.equal(bill.tableKey, keys.get(here));
  const phone = await openSse(`${client.url}${S}/orders/${one.id}/events?token=${one.token}`);
  after(() => phone.close());
  const ticketsOf = async (table: string): Promise<Json[]> =>
    ok(await client.call(`${S}/kitchen/tickets?limit=200`, { token: kitchenKey }), 200).items.filter(
      (each: Json) => each.table === table,
    );
  await eventually(async () => (await ticketsOf(here)).length === 2);

  const moved = ok(await change(bill.id, 'move', { from: here, to: there }), 200);
  assert.deepEqual([moved.id, moved.table, moved.total, moved.orders.length], [bill.id, there, 18_000, 2]);
  assert.deepEqual(
    moved.moves.map(({ kind, from, to, by }: Json) => [kind, from, to, by]),
    [['move', here, there, 'key']],
  );
  await eventually(() => phone.events.some(({ event, data }) => event === 'table' && data.table === there));
  for (const { id, token } of [one, two]) {
    assert.equal(ok(await client.call(`${S}/orders/${id}`, { token }), 200).table, there);
  }
  assert.deepEqual([(await ticketsOf(here)).length, (await ticketsOf(there)).length], [0, 2]);
  // A slip says what its order says when it is handed out.
  const slip = await client.call(`${S}/print/kitchen/next?wait=50`, { token: kitchenKey });
  const printed = await client.call(`${S}/orders/${slip.body.orderId}`, { token: ADMIN_KEY });
  assert.equal(slip.body.table, printed.body.table);
  // Their next order is for the new table, whose key their phone is told; where they sat, other guests begin anew.
  const { tableKey } = await billOf(two);
  assert.equal(tableKey, keys.get(there));
  assert.equal((await billOf(ok(await send(there, tableKey)))).id, bill.id);
  assert.notEqual((await billOf(await order(here))).id, bill.id);
  // The same tap again comes to the same.
  assert.equal(ok(await change(bill.id, 'move', { from: here, to: there }), 200).version, (await billOf(one)).version);
  await balanced();
});

test('what stands in the way of a move is said, and nothing is moved', async () => {
  const [here, taken] = [newTable(), newTable()];
  const [bill, other_] = [await billOf(await order(here)), await billOf(await order(taken))];
  const refused = await change(bill.id, 'move', { from: here, to: taken });
  assertProblem(refused, 'table-taken');
  assert.equal(refused.body.bill, other_.id);
  assertProblem(await change(bill.id, 'move', { from: here, to: 'T999' }), 'invalid', 'to');
  const gone = await change(bill.id, 'move', { from: 'T0', to: newTable() });
  assertProblem(gone, 'stale');
  assert.deepEqual(gone.body.tables, [here]);
  assertProblem(await change(newId(), 'move', { from: here, to: newTable() }), 'not-found');
  assertProblem(
    await post(`/bills/${bill.id}/move`, { from: here, to: newTable() }, { token: kitchenKey }),
    'forbidden',
  );
  ok(await change(bill.id, 'payments', { method: 'card', amount: 9_000 }));
  assertProblem(await change(bill.id, 'move', { from: here, to: newTable() }), 'bill-closed');
});

test('two tablets that move the same guests at once: one has done it, the other is told where they sit', async () => {
  const [here, ...there] = [newTable(), newTable(), newTable(), newTable()];
  const bill = await billOf(await order(here));
  const answers = await Promise.all(
    there.map((to, at) => change(bill.id, 'move', { from: here, to }, at % 2 ? other.client : client)),
  );
  const done = answers.filter(({ status }) => status === 200);
  assert.equal(done.length, 1);
  for (const answer of answers) {
    if (answer.status === 200) continue;
    assertProblem(answer, 'stale');
    assert.deepEqual(answer.body.tables, [done[0]!.body.table]);
  }
});

test('an order that comes while its table is moved is on the bill of whoever sits at the table that it says', async () => {
  const [here, there] = [newTable(), newTable()];
  const bill = await billOf(await order(here));
  const sending = Array.from({ length: 12 }, (_, at) =>
    send(here, keys.get(here), newId(), at % 2 ? other.client : client),
  );
  const moving = change(bill.id, 'move', { from: here, to: there }, other.client);
  const placed = (await Promise.all(sending)).map((answer) => ok(answer));
  ok(await moving, 200);
  const { rows } = await db.query<{ orders: number; matches: boolean }>(
    `SELECT count(*)::int AS orders, bool_and(b.table_label = o.table_label AND b.closed_at IS NULL) AS matches
     FROM orders o JOIN bill_order k ON k.store_id = o.store_id AND k.order_id = o.id
     JOIN bill b ON b.store_id = k.store_id AND b.id = k.bill_id WHERE o.id = ANY($1::uuid[])`,
    [placed.map(({ id }) => id)],
  );
  assert.deepEqual(rows, [{ orders: 12, matches: true }]);
  await balanced();
});

test('two tables are put together and order on one bill, which frees both when it is paid', async () => {
  const [one, two] = [newTable(), newTable()];
  const [first, second] = [await order(one), await order(two)];
  const [a, b] = [await billOf(first), await billOf(second)];
  assertProblem(await change(a.id, 'merge', { table: newTable() }), 'invalid', 'table');
  const merged = ok(await change(a.id, 'merge', { table: two }), 200);
  assert.deepEqual([merged.id, merged.table, merged.merged, merged.total], [b.id, two, [one], 18_000]);
  // From the other side at the same time, or again: it is so already.
  assert.equal(ok(await change(b.id, 'merge', { table: one }), 200).version, merged.version);
  // Both tables in one group, and in another process.
  const more = await Promise.all([send(one), send(two), send(one, keys.get(one), newId(), other.client)]);
  for (const answer of more) assert.equal((await billOf(ok(answer))).id, b.id);
  assert.equal((await billOf(first)).due, 45_000);
  const open = ok(await client.call(`${S}/bills?limit=200`, { token: ADMIN_KEY }), 200).items;
  assert.deepEqual(
    open.filter(({ id }: Json) => id === a.id || id === b.id).map(({ id }: Json) => id),
    [b.id],
  );
  const opened = ok(await post('/bills', { table: one }), 200);
  assert.equal(opened.id, b.id);
  await balanced();

  ok(await change(b.id, 'payments', { method: 'cash', amount: 9_000 }));
  assertProblem(await change(b.id, 'split', { table: one }), 'bill-paid');
  // Paid lines stay where guests go.
  const away = newTable();
  assert.deepEqual(
    [away, 9_000],
    (({ table, paid }) => [table, paid])(ok(await change(b.id, 'move', { from: two, to: away }), 200)),
  );
  ok(await change(b.id, 'payments', { method: 'card', amount: 36_000 }));
  const [next, again] = [await billOf(await order(one)), await billOf(await order(two))];
  assert.equal(new Set([a.id, b.id, next.id, again.id]).size, 4);
  assert.equal(ok(await client.call(`${S}/bills/${a.id}`, { token: ADMIN_KEY }), 200).state, 'closed');
  await balanced();
});

test('tables that were put together are taken apart while nothing is paid, each with what was ordered there', async () => {
  const [one, two] = [newTable(), newTable()];
  const [first, second] = [await order(one), await order(two)];
  const [a, b] = [await billOf(first), await billOf(second)];
  ok(await change(a.id, 'merge', { table: two }), 200);
  const [third, gone] = [await order(one), await order(one)];
  ok(await client.call(`${S}/orders/${gone.id}`, { method: 'DELETE', token: gone.token }), 200);
  assertProblem(await change(b.id, 'split', { table: two }), 'invalid', 'table');
  const apart = ok(await change(b.id, 'split', { table: one }), 200);
  assert.deepEqual([apart.id, apart.table, apart.total, apart.orderCount], [a.id, one, 18_000, 2]);
  assert.deepEqual([(await billOf(third)).id, (await billOf(second)).id], [a.id, b.id]);
  assert.equal((await billOf(await order(one))).id, a.id);
  assert.equal((await billOf(second)).due, 9_000);
  // Who has paid something does not come along.
  ok(await change(a.id, 'payments', { method: 'cash', amount: 100 }));
  assertProblem(await change(a.id, 'merge', { table: two }), 'bill-paid');
  await balanced();
});

test("the day's end frees merged tables together", async () => {
  const [one, two] = [newTable(), newTable()];
  const [a, b] = [await billOf(await order(one)), await billOf(await order(two))];
  ok(await change(a.id, 'merge', { table: two }), 200);
  await db.query("UPDATE bill SET opened_at = now() - interval '2 days' WHERE id = $1", [b.id]);
  await createEndVisits(db, lockStores, { announce: async () => {} }, Date.now)();
  for (const id of [a.id, b.id]) {
    assert.equal(ok(await client.call(`${S}/bills/${id}`, { token: ADMIN_KEY }), 200).state, 'closed');
  }
  assert.notEqual((await billOf(await order(one))).id, b.id);
});

test('where the store asks for it, a phone orders only with the code of a visit that staff opened, and only during it', async () => {
  const shop = await makeStore(db, { soup: { price: 9_000 } });
  const P = `/api/v1/stores/${shop.id}`;
  const staff = (path: string, body: object) => client.call(`${P}${path}`, { token: ADMIN_KEY, key: newId(), body });
  ok(
    await client.call(P, { method: 'PUT', token: ADMIN_KEY, body: { tables: ['1', '2', '3'], visitCode: true } }),
    200,
  );
  const soup = [{ itemId: shop.dishes.soup.id, quantity: 1 }];
  const eat = (visit?: string, table = '1') =>
    client.order(shop.id, { table, lines: soup, ...(visit !== undefined && { visit }) });
  const join = (code: string, table = '1') => client.call(`${P}/visits`, { body: { table, code } });
  const refused = (answer: Answer, reason: string) => {
    assertProblem(answer, 'visit-code');
    assert.equal(answer.body.reason, reason);
  };
  await isKnown(shop.id, 3);
  refused(await eat(), 'no-visit');
  refused(await join('0000'), 'no-visit');

  const bill = ok(await staff('/bills', { table: '1' }));
  const { code } = bill.codes[0];
  assert.match(code, /^\d{4}$/);
  refused(await eat(), 'needed');
  refused(await join(String((Number(code) + 1) % 10_000).padStart(4, '0')), 'wrong');
  // Two phones of the table, one bill.
  const [one, two] = [ok(await join(code), 200).visit, ok(await join(code), 200).visit];
  const [first, second] = [ok(await eat(one)), ok(await eat(two))];
  const seen = ok(await client.call(`${P}/orders/${second.id}/bill`, { token: second.token }), 200);
  assert.deepEqual([seen.id, seen.orders.length, seen.codes], [bill.id, 2, undefined]);
  refused(await eat(`${one.slice(0, -1)}${one.endsWith('A') ? 'B' : 'A'}`), 'needed');
  // Staff need none, and another table's visit opens nothing here.
  const neighbour = ok(await staff('/bills', { table: '2' }));
  const its = ok(await join(neighbour.codes[0].code, '2'), 200).visit;
  refused(await eat(its), 'needed');
  ok(await client.call(`${P}/orders`, { token: ADMIN_KEY, key: newId(), body: { table: '1', lines: soup } }));
  // It goes along to another table.
  ok(await staff(`/bills/${bill.id}/move`, { from: '1', to: '3' }), 200);
  ok(await eat(one, '3'));
  refused(await eat(one), 'no-visit');

  const due = ok(await client.call(`${P}/bills/${bill.id}`, { token: ADMIN_KEY }), 200).due;
  ok(await staff(`/bills/${bill.id}/payments`, { method: 'card', amount: due }));
  // From home, with the photo and all that the phone has kept.
  refused(await eat(one, '3'), 'no-visit');
  ok(await staff('/bills', { table: '3' }));
  refused(await eat(one, '3'), 'needed');
  assert.equal(ok(await client.call(`${P}/orders/${first.id}`, { token: first.token }), 200).table, '3');
});

test('wrong codes are bounded, and whoever has joined goes on', async () => {
  const shop = await makeStore(db, { soup: { price: 9_000 } });
  const P = `/api/v1/stores/${shop.id}`;
  ok(await client.call(P, { method: 'PUT', token: ADMIN_KEY, body: { tables: ['1'], visitCode: true } }), 200);
  await isKnown(shop.id, 1);
  const bill = ok(await client.call(`${P}/bills`, { token: ADMIN_KEY, key: newId(), body: { table: '1' } }));
  const listed = ok(await client.call(`${P}/bills`, { token: ADMIN_KEY }), 200).items[0];
  const join = (code: string) => client.call(`${P}/visits`, { body: { table: '1', code } });
  const { code } = listed.codes[0];
  const { visit } = ok(await join(code), 200);
  const wrong = code === '1234' ? '1235' : '1234';
  for (let at = 0; at < BOUNDS.visitCodes.ofClient.max; at++) assertProblem(await join(wrong), 'visit-code');
  for (const each of [wrong, code]) assertProblem(await join(each), 'too-many-requests');
  ok(await client.order(shop.id, { table: '1', visit, lines: [{ itemId: shop.dishes.soup.id, quantity: 1 }] }));
  assert.equal(listed.id, bill.id);
});

test('a store without merged tables pays no statement more for its orders, and one with them pays one', async () => {
  const [one, two] = [newTable(), newTable()];
  const [a] = [await billOf(await order(one)), await order(two)];
  const bills = createTableBills({
    announcer: { announce: async () => {} },
    hasLimits: true,
    visits: createVisitKeys('unused'),
    now: Date.now,
  });
  const limits = { orders: 30, portions: 150, unpaid: 2_000_000 };
  const statements = async (): Promise<(string | undefined)[]> => {
    const asked: (string | undefined)[] = [];
    const watched: Queryable = {
      ...db,
      query: (text: string, values?: unknown[], name?: string) => {
        asked.push(name);
        return db.query(text, values, name);
      },
    };
    await bills.read(
      watched,
      [one, two].map((table) => ({ storeId: store.id, table, portions: 1, limits })),
    );
    return asked;
  };
  assert.deepEqual(await statements(), ['read-table-bills']);
  ok(await change(a.id, 'merge', { table: two }), 200);
  assert.deepEqual(await statements(), ['read-table-bills', 'read-merged-bills']);
});
