import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import receiptline from 'receiptline';
import { auditBills, createEndVisits } from '../../src/bill/index.ts';
import { paperText } from '../../src/kitchen/printing/agent/to-escpos.ts';
import { newId } from '../../src/platform/id.ts';
import { lockStores } from '../../src/store/index.ts';
import { openSse } from '../events/sse.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore } from '../support/store.ts';

const app = await startTestApp({ after }, { withJobs: true });
// A second process: two tablets need not meet in one.
const other = await startTestApp({ after }, { databaseUrl: app.databaseUrl });
const { client, db } = app;
const PASSWORD = 'a long enough word';

const store = await makeStore(db, { soup: { price: 9_000 }, tea: { price: 3_500 } });
const S = `/api/v1/stores/${store.id}`;
let tables = 0;
/** Each test sits at tables of its own. */
const newTable = (): string => {
  tables += 1;
  return `T${tables}`;
};
const lines = (soup: number, tea = 0) => [
  ...(soup > 0 ? [{ itemId: store.dishes.soup.id, quantity: soup }] : []),
  ...(tea > 0 ? [{ itemId: store.dishes.tea.id, quantity: tea }] : []),
];
const order = async (table: string | undefined, soup: number, tea = 0): Promise<Json> => {
  const answer = await client.order(store.id, { ...(table && { table }), lines: lines(soup, tea) });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
};
/** The owner's, unless somebody else is named. */
const post = (path: string, body: object, key: string | undefined = newId(), token = ADMIN_KEY, via = client) =>
  via.call(`${S}${path}`, { body, key, token });
const get = async (path: string): Promise<Json> => (await client.call(`${S}${path}`, { token: ADMIN_KEY })).body;
const billOf = async ({ id, token }: Json): Promise<Json> =>
  (await client.call(`${S}/orders/${id}/bill`, { token })).body;
const ok = ({ status, body }: Answer, wanted = 201): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};
const pick = ({ state, due, discounted }: Json) => [state, due, discounted];
const signIn = async (role: string): Promise<string> => {
  const login = `${role}-${newId().slice(-12)}`;
  ok(
    await client.call('/api/v1/staff', {
      token: ADMIN_KEY,
      body: { login, name: `Kim ${role}`, password: PASSWORD, roles: [{ role, store: store.slug }] },
    }),
  );
  const answer = await client.call('/api/v1/sessions', { body: { login, password: PASSWORD } });
  return String(answer.headers['set-cookie']).split(';')[0]!;
};

test('the orders of a table are one bill, which ends when it is paid, and the next order begins another', async () => {
  const table = newTable();
  const [first, second] = [await order(table, 2), await order(table, 1, 1)];
  const bill = await billOf(first);
  assert.equal(bill.id, (await billOf(second)).id);
  assert.deepEqual(
    [bill.state, bill.table, bill.total, bill.due, bill.orders.length, bill.orderCount],
    ['open', table, 30_500, 30_500, 2, 2],
  );
  const listed = (await get('/bills')).items.find(({ id }: Json) => id === bill.id);
  assert.deepEqual([listed.table, listed.due], [table, 30_500]);

  const key = newId();
  const half = ok(await post(`/bills/${bill.id}/payments`, { method: 'cash', amount: 20_000, tendered: 50_000 }, key));
  assert.deepEqual([half.due, half.state, half.entries[0].change], [10_500, 'open', 30_000]);
  // Sent again: the same, and nothing is paid twice.
  const again = await post(`/bills/${bill.id}/payments`, { method: 'cash', amount: 20_000, tendered: 50_000 }, key);
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body.paid], [200, 'true', 20_000]);
  assertProblem(await post(`/bills/${bill.id}/payments`, { method: 'cash', amount: 1 }, key), 'key-reused');

  const paid = ok(await post(`/bills/${bill.id}/payments`, { method: 'card', amount: 10_500, approval: '30021177' }));
  assert.deepEqual([paid.due, paid.state], [0, 'closed']);
  const third = await billOf(await order(table, 1));
  assert.notEqual(third.id, bill.id);
  assert.equal(third.due, 9_000);
  const closed = (await get('/bills?state=closed&limit=1')).items;
  assert.equal(closed[0].id, bill.id);
});

test('what is wrong with a payment is said, and nothing is taken', async () => {
  const bill = await billOf(await order(newTable(), 1));
  const pay = (body: object, key?: string) => post(`/bills/${bill.id}/payments`, body, key);
  const tooMuch = await pay({ method: 'cash', amount: 9_001 });
  assertProblem(tooMuch, 'more-than-due');
  assert.equal(tooMuch.body.due, 9_000);
  assertProblem(await pay({ method: 'cash' }), 'invalid', 'amount');
  assertProblem(await pay({ method: 'cash', amount: 5, tendered: 4 }), 'invalid', 'tendered');
  assertProblem(await pay({ method: 'card', amount: 5, tendered: 5 }), 'invalid', 'tendered');
  assertProblem(await pay({ method: 'gold', amount: 5 }), 'invalid', 'method');
  assertProblem(await pay({ method: 'card', amount: 5, approval: '1\0' }), 'invalid', 'approval');
  assertProblem(await post(`/bills/${bill.id}/discounts`, { coupon: 'a\0b' }), 'invalid', 'coupon');
  assertProblem(await pay({ method: 'card', amount: 5 }, ''), 'invalid', 'Idempotency-Key');
  assertProblem(await post(`/bills/${newId()}/payments`, { method: 'card', amount: 5 }), 'not-found');
  assertProblem(await post('/bills/none/payments', { method: 'card', amount: 5 }), 'not-found');
  assert.deepEqual((await get(`/bills/${bill.id}`)).entries, []);
});

test('two tablets that take the same rest at once: one has it, the other hears what is left', async () => {
  const bill = await billOf(await order(newTable(), 2));
  const answers = await Promise.all(
    [client, other.client, client, other.client].map((via) =>
      post(`/bills/${bill.id}/payments`, { method: 'card', amount: 18_000 }, newId(), ADMIN_KEY, via),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  assert.equal(refused.length, 3);
  for (const answer of refused) {
    assertProblem(answer, 'more-than-due');
    assert.equal(answer.body.due, 0);
  }
  assert.equal((await get(`/bills/${bill.id}`)).paid, 18_000);
});

test('an order that comes while a bill is paid is on it, or on the next, and never lost', async () => {
  const table = newTable();
  const first = await order(table, 1);
  const bill = await billOf(first);
  const [paid, ...late] = await Promise.all([
    post(`/bills/${bill.id}/payments`, { method: 'card', amount: 9_000 }),
    ...Array.from({ length: 6 }, () => order(table, 0, 1)),
  ]);
  assert.equal(paid.status, 201);
  const bills = await Promise.all(late.map(billOf));
  const ids = [...new Set([bill.id, ...bills.map(({ id }) => id)])];
  const all = await Promise.all(ids.map((id) => get(`/bills/${id}`)));
  assert.equal(
    all.reduce((sum, { due }) => sum + due, 0),
    6 * 3_500,
    'what was not paid is due',
  );
  assert.equal(all.filter(({ state }) => state === 'open').length, 1, 'a table has one visit at a time');
});

test('a bill is split by dish: each portion is paid once, and the last pays what is left, discount included', async () => {
  const placed = await order(newTable(), 2, 1);
  const bill = await billOf(placed);
  ok(await post(`/bills/${bill.id}/discounts`, { amount: 1_000, reason: 'late' }));
  const dishes = (line: number, quantity: number) => [{ orderId: placed.id, line, quantity }];
  const one = ok(await post(`/bills/${bill.id}/payments`, { method: 'card', dishes: dishes(1, 1) }));
  // 9,000 of 21,500, of which 20,500 is charged.
  assert.equal(one.paid, 8_581);
  assert.equal(one.orders[0].lines[0].paid, 1);
  const twice = await post(`/bills/${bill.id}/payments`, { method: 'card', dishes: dishes(1, 2) });
  assertProblem(twice, 'invalid', 'dishes[0].quantity');
  ok(await post(`/bills/${bill.id}/payments`, { method: 'card', dishes: dishes(2, 1) }));
  const last = ok(await post(`/bills/${bill.id}/payments`, { method: 'cash', dishes: dishes(1, 1) }));
  assert.deepEqual([last.paid, last.due, last.state], [20_500, 0, 'closed']);
  // Paid back whole, its dish is unpaid again.
  const [, payment] = last.entries;
  const back = { payment: payment.id, amount: payment.amount, reason: 'wrong card', payAgain: true };
  const open = ok(await post(`/bills/${bill.id}/refunds`, back));
  assert.deepEqual([open.due, open.orders[0].lines[0].paid], [8_581, 1]);
});

test('each role gives so much and no more', async () => {
  const [hall, manager] = [await signIn('hall'), await signIn('manager')];
  const bill = await billOf(await order(newTable(), 10));
  const give = (cookie: string, body: object) =>
    client.call(`${S}/bills/${bill.id}/discounts`, { body, key: newId(), headers: { cookie } });
  assertProblem(await give(hall, { percent: 5 }), 'invalid', 'reason');
  assertProblem(await give(hall, { percent: 5, amount: 5, reason: 'x' }), 'invalid', 'percent');
  const tooMuch = await give(hall, { percent: 11, reason: 'regular' });
  assertProblem(tooMuch, 'discount-too-large');
  assert.equal(tooMuch.body.most, 9_000);
  const given = ok(await give(hall, { percent: 10, reason: 'regular' }));
  assert.deepEqual([given.due, given.entries[0].by, given.entries[0].reason], [81_000, 'Kim hall', 'regular']);
  assertProblem(await give(hall, { amount: 1, reason: 'again' }), 'discount-too-large');
  assert.equal(ok(await give(manager, { amount: 30_000, reason: 'hair in it' })).due, 51_000);
  const voided = (cookie: string) =>
    client.call(`${S}/bills/${bill.id}/void`, { body: { reason: 'left' }, key: newId(), headers: { cookie } });
  assertProblem(await voided(hall), 'forbidden');
  const ended = ok(await voided(manager));
  assert.deepEqual([ended.state, ended.due, ended.waived], ['closed', 0, 51_000]);
  assertProblem(await voided(manager), 'bill-closed');
});

test('the last use of a coupon goes to exactly one of those who use it at once', async () => {
  const code = `BOM-${tables}`;
  const coupon = { code, percent: 50, usesMax: 1, validTo: '2999-01-01T00:00:00Z' };
  const made = ok(await post('/coupons', coupon));
  assertProblem(await post('/coupons', coupon), 'invalid', 'code');
  const bills = await Promise.all([1, 2, 3].map(async () => billOf(await order(newTable(), 2))));
  const use = ({ id }: Json, of = code) => post(`/bills/${id}/discounts`, { coupon: of });
  const answers = await Promise.all([...bills, bills[0]].map((bill) => use(bill, code.toLowerCase())));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) assertProblem(answer, 'coupon-refused');
  const after = await Promise.all(bills.map(({ id }) => get(`/bills/${id}`)));
  assert.equal(
    after.reduce((sum, { discounted }) => sum + discounted, 0),
    9_000,
  );
  assert.equal((await get('/coupons')).items[0].uses, 1);

  const unknown = await use(bills[0], 'NONE-1');
  assert.equal(unknown.body.reason, 'unknown');
  const twice = ok(await post('/coupons', { ...coupon, code: `${code}-B`, usesMax: 9 }));
  ok(await use(bills[1], twice.code));
  assert.equal((await use(bills[1], twice.code)).body.reason, 'used-here');
  ok(await client.call(`${S}/coupons/${twice.id}`, { method: 'DELETE', token: ADMIN_KEY }), 200);
  assert.equal((await use(bills[2], twice.code)).body.reason, 'late');
  const early = ok(await post('/coupons', { ...coupon, code: `${code}-C`, validFrom: '2998-01-01T00:00:00Z' }));
  assert.equal((await use(bills[2], early.code)).body.reason, 'early');
  assert.ok(made.id);
});

test('a discount that was given by mistake is taken back once, whoever asks at once, and as if it had never been given', async () => {
  const hall = await signIn('hall');
  const byHall = (path: string, body: object) =>
    client.call(`${S}${path}`, { body, key: newId(), headers: { cookie: hall } });
  const bill = await billOf(await order(newTable(), 10));
  const before = await get('/till');
  const given = ok(await byHall(`/bills/${bill.id}/discounts`, { percent: 10, reason: 'regular' }));
  const [discount] = given.entries;
  assert.deepEqual([given.due, discount.reversible, discount.discount], [81_000, true, null]);
  const path = `/bills/${bill.id}/reversals`;
  const body = { discount: discount.id, reason: 'wrong table' };
  assertProblem(await post(path, { discount: discount.id }), 'invalid', 'reason');
  assertProblem(await post(path, { ...body, discount: newId() }), 'invalid', 'discount');
  const elsewhere = await billOf(await order(newTable(), 1));
  assertProblem(await post(`/bills/${elsewhere.id}/reversals`, body), 'invalid', 'discount');

  // One key is one change; of two keys at two processes one has it, and the other hears that it is done.
  const key = newId();
  const answers = await Promise.all([
    post(path, body, key),
    post(path, { ...body, discount: discount.id.toUpperCase() }, newId(), ADMIN_KEY, other.client),
    post(path, body, key, ADMIN_KEY, other.client),
  ]);
  const made = answers.filter(({ status }) => status < 300);
  for (const answer of answers.filter(({ status }) => status >= 300)) assertProblem(answer, 'stale');
  assert.equal(made.filter(({ status }) => status === 201).length, 1);
  assert.ok(made.every(({ status, headers }) => status === 201 || headers['idempotent-replayed'] === 'true'));
  const now = await get(`/bills/${bill.id}`);
  assert.deepEqual([now.due, now.discounted, now.entries.length], [90_000, 0, 2]);
  assert.deepEqual(
    now.entries.map(({ kind, amount, reversible, discount: of }: Json) => [kind, amount, reversible, of]),
    [
      ['discount', 9_000, false, null],
      ['reversal', 9_000, false, discount.id],
    ],
  );
  assert.equal((await get('/till')).discounted, before.discounted);
  const [line] = (await get('/log?limit=1')).items;
  assert.deepEqual([line.what, line.details.amount, line.details.reason], ['reversal', 9_000, 'wrong table']);
  // What the hall may give it may give again, and the bill can be merged as if nothing had been given.
  const again = ok(await byHall(`/bills/${bill.id}/discounts`, { percent: 10, reason: 'regular' }));
  const back = { discount: again.entries[2].id, reason: 'again' };
  ok(await byHall(path, back));
  ok(await post(`/bills/${bill.id}/merge`, { table: elsewhere.table }), 200);
});

test('a settled bill keeps its discounts, one that owes again does not, and one that a discount ended goes on', async () => {
  const reverse = ({ id }: Json, discount: string) => post(`/bills/${id}/reversals`, { discount, reason: 'mistake' });
  const bill = await billOf(await order(newTable(), 2));
  const [discount] = ok(await post(`/bills/${bill.id}/discounts`, { amount: 1_000, reason: 'late' })).entries;
  const paid = ok(await post(`/bills/${bill.id}/payments`, { method: 'card', amount: 17_000 }));
  assert.deepEqual([paid.state, paid.entries[0].reversible], ['closed', false]);
  assertProblem(await reverse(bill, discount.id), 'bill-closed');
  // The wrong card was charged: the guests pay anew, so what they pay is still open.
  const again = { payment: paid.entries[1].id, amount: 17_000, reason: 'wrong card', payAgain: true };
  assert.ok(ok(await post(`/bills/${bill.id}/refunds`, again)).entries[0].reversible);
  assert.deepEqual(pick(ok(await reverse(bill, discount.id))), ['closed', 18_000, 0]);
  // Half of it is paid when it is seen: what was paid counts, and the rest is asked for.
  const half = await billOf(await order(newTable(), 2));
  const [wrong] = ok(await post(`/bills/${half.id}/discounts`, { percent: 50, reason: 'x' })).entries;
  ok(await post(`/bills/${half.id}/payments`, { method: 'cash', amount: 4_000 }));
  assert.deepEqual(pick(ok(await reverse(half, wrong.id))), ['open', 14_000, 0]);

  // 100 % typed for 10 %: two tables that pay together are free at once, and taken again.
  const [one, two] = [newTable(), newTable()];
  const first = await billOf(await order(one, 1));
  ok(await post(`/bills/${(await billOf(await order(two, 1))).id}/merge`, { table: one }), 200);
  const all = async () => ok(await post(`/bills/${first.id}/discounts`, { percent: 100, reason: 'typed' }));
  const ended = await all();
  assert.deepEqual([pick(ended), ended.entries[0].reversible], [['closed', 0, 18_000], true]);
  const open = ok(await reverse(first, ended.entries[0].id));
  assert.deepEqual([pick(open), open.merged], [['open', 18_000, 0], [two]]);
  const next = await order(two, 1);
  assert.equal((await billOf(next)).id, first.id);
  // Where other guests sit at one of them by then, the visit stays ended and its bill is paid from the list.
  const endedAgain = (await all()).entries.at(-1);
  assert.notEqual((await billOf(await order(two, 1))).id, first.id);
  assert.deepEqual(pick(ok(await reverse(first, endedAgain.id))), ['closed', 27_000, 0]);
  assert.ok((await get('/bills?limit=100')).items.some(({ id, due }: Json) => id === first.id && due === 27_000));
  assert.equal(ok(await post(`/bills/${first.id}/payments`, { method: 'cash', amount: 27_000 })).due, 0);
});

test('a coupon whose discount was taken back is used again exactly once, on any bill', async () => {
  const code = `BACK-${tables}`;
  ok(await post('/coupons', { code, amount: 2_000, usesMax: 1, validTo: '2999-01-01T00:00:00Z' }));
  const bills = await Promise.all([1, 2].map(async () => billOf(await order(newTable(), 2))));
  const use = ({ id }: Json, via = client) => post(`/bills/${id}/discounts`, { coupon: code }, newId(), ADMIN_KEY, via);
  const uses = async () => (await get('/coupons')).items.find((each: Json) => each.code === code).uses;
  const [discount] = ok(await use(bills[0])).entries;
  assert.equal((await use(bills[1])).body.reason, 'used-up');
  const back = (via: typeof client) =>
    post(`/bills/${bills[0].id}/reversals`, { discount: discount.id, reason: 'x' }, newId(), ADMIN_KEY, via);
  const answers = await Promise.all([back(client), back(other.client)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
  assert.equal(await uses(), 0);
  const again = await Promise.all([use(bills[0]), use(bills[1], other.client), use(bills[0], other.client)]);
  assert.equal(again.filter(({ status }) => status === 201).length, 1);
  for (const answer of again.filter(({ status }) => status !== 201)) assertProblem(answer, 'coupon-refused');
  assert.equal(await uses(), 1);
  // The audit counts uses; here one that nobody made.
  const wrong = (more: number) =>
    db.query('UPDATE coupon SET uses = uses + $3 WHERE store_id = $1 AND code = $2', [store.id, code, more]);
  await wrong(-1);
  const found = (await auditBills(db, new Date(0))).map(({ what, stored, counted }) => [what, stored, counted]);
  assert.deepEqual(found, [[`uses of coupon ${code}`, 0, 1]]);
  await wrong(1);
});

test('more than was paid never comes back, not even to those who ask at once', async () => {
  const bill = await billOf(await order(newTable(), 2));
  const paid = ok(await post(`/bills/${bill.id}/payments`, { method: 'card', amount: 18_000 }));
  const [payment] = paid.entries;
  const back = (amount: number, via = client) =>
    post(`/bills/${bill.id}/refunds`, { payment: payment.id, amount, reason: 'cold' }, newId(), ADMIN_KEY, via);
  assert.equal((await back(18_001)).body.refundable, 18_000);
  const answers = await Promise.all([client, other.client, client].map((via) => back(10_000, via)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assertProblem(answer, 'more-than-paid');
    assert.equal(answer.body.refundable, 8_000);
  }
  const now = await get(`/bills/${bill.id}`);
  assert.deepEqual([now.refunded, now.waived, now.due, now.state], [10_000, 10_000, 0, 'closed']);
  assertProblem(
    await post(`/bills/${bill.id}/refunds`, { payment: newId(), amount: 1, reason: 'x' }),
    'invalid',
    'payment',
  );
});

test('an order that is cancelled after it was paid is owed back until it is', async () => {
  const placed = await order(undefined, 1);
  const bill = await get(`/bills/${placed.id}`);
  assert.deepEqual([bill.table, bill.number, bill.due, bill.state], [null, placed.number, 9_000, 'open']);
  const waits = async () => (await get('/bills?state=counter')).items.some(({ id }: Json) => id === placed.id);
  assert.ok(await waits());
  const paid = ok(await post(`/bills/${placed.id}/payments`, { method: 'cash', amount: 9_000, tendered: 10_000 }));
  assert.equal(paid.state, 'closed');
  assert.ok(!(await waits()));
  ok(await client.call(`${S}/orders/${placed.id}?reason=sold-out`, { method: 'DELETE', token: ADMIN_KEY }), 200);
  const owed = (await get('/bills')).items.find(({ id }: Json) => id === placed.id);
  assert.deepEqual([owed.due, owed.total, owed.number], [-9_000, 0, placed.number]);
  const back = { payment: paid.entries[0].id, amount: 9_000, reason: 'sold out' };
  const settled = ok(await post(`/bills/${placed.id}/refunds`, back));
  assert.deepEqual([settled.due, settled.waived], [0, 0]);
  assert.ok(!(await get('/bills')).items.some(({ id }: Json) => id === placed.id));
});

test('staff open a table before its first order, and end it again', async () => {
  const table = newTable();
  const key = newId();
  const opened = ok(await post('/bills', { table }, key));
  assert.deepEqual([opened.id, opened.table, opened.due], [key, table, 0]);
  assert.equal(ok(await post('/bills', { table }), 200).id, opened.id);
  assert.equal((await billOf(await order(table, 1))).id, opened.id);
  const empty = ok(await post('/bills', { table: newTable() }));
  const ended = await client.call(`${S}/bills/${empty.id}/void`, {
    body: { reason: 'nobody came' },
    key: newId(),
    headers: { cookie: await signIn('hall') },
  });
  assert.equal(ok(ended).state, 'closed');
});

test('every phone of a table sees its bill live, and a stranger sees none', async () => {
  const table = newTable();
  const first = await order(table, 1);
  const path = `${S}/orders/${first.id}/bill/events?token=${first.token}`;
  const [one, two] = [await openSse(`${app.app.url}${path}`), await openSse(`${other.app.url}${path}`)];
  after(() => {
    for (const stream of [one, two]) stream.close();
  });
  const second = await order(table, 0, 1);
  const sees = (due: number) =>
    eventually(() => [one, two].every((stream) => stream.events.at(-1)?.data.due === due), `both see ${due}`);
  await sees(12_500);
  ok(await post(`/bills/${(await billOf(second)).id}/payments`, { method: 'cash', amount: 2_500 }));
  await sees(10_000);
  assert.equal(one.events.at(-1)!.data.entries[0].by, null, 'who took the money is no guest’s business');
  ok(await client.call(`${S}/orders/${second.id}`, { method: 'DELETE', token: second.token }), 200);
  await sees(6_500);
  const stranger = await order(newTable(), 1);
  for (const token of [undefined, stranger.token]) {
    assertProblem(await client.call(`${S}/orders/${first.id}/bill`, { token }), 'not-found');
  }
});

test('a table that wants more than it may have waits for the staff, and passes when they say yes', async () => {
  const small = await makeStore(db, { soup: { price: 1_000 } });
  const path = `/api/v1/stores/${small.id}`;
  const limits = { orders: 3, portions: 10, unpaid: 8_000 };
  const put = { method: 'PUT', token: ADMIN_KEY, body: { tableLimits: limits } };
  ok(await client.call(path, put), 200);
  const asks = (table: string, quantity: number, key = newId(), via = client) =>
    via.order(small.id, { table, lines: [{ itemId: small.dishes.soup.id, quantity }] }, key);
  // One phone, two hundred orders, two processes: three are taken, each other is refused, and nothing else has changed.
  await eventually(async () => {
    const probe = await asks('probe', 11, newId(), other.client);
    return probe.status === 429;
  });
  /** On a machine that is busy with other work some are told to come again; they do, with the same key. */
  const decided = async (at: number): Promise<Answer> => {
    const key = newId();
    let answer: Answer | undefined;
    await eventually(async () => {
      answer = await asks('5', 1, key, at % 2 ? client : other.client);
      return answer.status !== 503;
    });
    return answer!;
  };
  const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => decided(at)));
  const refused = answers.filter(({ status }) => status !== 201 && status !== 200);
  assert.equal(refused.length, 197);
  for (const answer of refused) {
    assertProblem(answer, 'table-limit');
    assert.deepEqual([answer.body.limit, answer.body.most], ['orders', 3]);
    assert.ok(Number(answer.headers['retry-after']) > 0);
  }
  const list = async (): Promise<Json> =>
    (await client.call(`${path}/bills`, { token: ADMIN_KEY })).body.items.find(({ table }: Json) => table === '5');
  const asking = await list();
  assert.deepEqual(
    [asking.orderCount, asking.total, asking.asked],
    [3, 3_000, { orders: 4, portions: 4, unpaid: 4_000 }],
  );
  const { rows } = await db.query<{ orders: number }>(
    'SELECT count(*)::int AS orders FROM orders WHERE store_id = $1',
    [small.id],
  );
  assert.equal(rows[0]!.orders, 3);

  // The guest's page sends the same again, with the same key.
  const key = newId();
  assertProblem(await asks('5', 1, key), 'table-limit');
  const allow = () => client.call(`${path}/bills/${asking.id}/allow`, { method: 'POST', token: ADMIN_KEY });
  assert.equal(ok(await allow(), 200).asked, null);
  ok(await asks('5', 1, key));
  assert.equal(ok(await allow(), 200).asked, null, 'a second tap changes nothing');
  // As much again: three orders more.
  for (let more = 0; more < 3; more++) ok(await asks('5', 1));
  assertProblem(await asks('5', 1), 'table-limit');
  // Paid, the table begins anew.
  const pay = { method: 'cash', amount: 7_000 };
  ok(await client.call(`${path}/bills/${asking.id}/payments`, { token: ADMIN_KEY, key: newId(), body: pay }));
  ok(await asks('5', 1));
  assert.equal((await asks('6', 9)).body.limit, 'unpaid');
  assert.equal((await asks('7', 11)).body.limit, 'portions');
});

test('the till says what was taken, the audit finds every bill in balance, and sales stay what was ordered', async () => {
  const till = await get('/till');
  const { rows } = await db.query<{ paid: number; refunded: number }>(
    'SELECT sum(paid)::bigint AS paid, sum(refunded)::bigint AS refunded FROM bill WHERE store_id = $1',
    [store.id],
  );
  assert.equal(till.taken, rows[0]!.paid - rows[0]!.refunded);
  assert.equal(
    till.taken,
    till.methods.reduce((sum: number, { paid, refunded }: Json) => sum + paid - refunded, 0),
  );
  assert.ok(till.unsettled.bills > 0 && till.discounted > 0 && till.waived > 0);
  // An order at the counter has no bill of its own before somebody pays, and is owed all the same.
  const takeaway = await order(undefined, 1);
  const owed = (await get('/till')).unsettled;
  assert.deepEqual(owed, { bills: till.unsettled.bills + 1, due: till.unsettled.due + takeaway.total });
  assertProblem(await client.call(`${S}/till?day=2026-02-30`, { token: ADMIN_KEY }), 'invalid', 'day');

  assert.deepEqual(await auditBills(db, new Date(0)), []);
  const { rows: wrong } = await db.query<{ id: string }>(
    'UPDATE bill SET paid = paid + 1 WHERE store_id = $1 AND id = (SELECT id FROM bill WHERE store_id = $1 LIMIT 1) RETURNING id',
    [store.id],
  );
  const [found] = await auditBills(db, new Date(0));
  assert.deepEqual([found?.billId, found?.what, found && found.stored - found.counted], [wrong[0]!.id, 'paid', 1]);
});

test('a receipt has what the law wants: who sold, and the tax in it', async () => {
  const business = { name: '맛집 본점', number: '220-81-62517', representative: '김사장', vatPercent: 10 };
  const put = (body: object) => client.call(S, { method: 'PUT', token: ADMIN_KEY, body });
  assertProblem(await put({ business: { ...business, number: '220-81-62518' } }), 'invalid', 'business.number');
  assertProblem(await put({ business: { ...business, representative: ' ' } }), 'invalid', 'business.representative');
  assert.deepEqual(ok(await put({ business }), 200).business, business);
  const placed = await order(newTable(), 1);
  const bill = await eventually(async () => {
    const found = await billOf(placed);
    assert.deepEqual([found.business?.number, found.vat], ['220-81-62517', 818]);
    return found;
  });
  // On paper it is a slip like any other: waited for, printed, acknowledged, and handed out once however often it is asked for.
  ok(await post(`/bills/${bill.id}/payments`, { method: 'card', amount: 9_000, approval: '30021177' }));
  const key = newId();
  ok(await post(`/bills/${bill.id}/receipt`, {}, key));
  ok(await post(`/bills/${bill.id}/receipt`, {}, key), 200);
  const next = () => client.call(`${S}/print/receipt/next?wait=0`, { token: ADMIN_KEY });
  const slip = ok(await next(), 200);
  assert.deepEqual([slip.kind, slip.receipt.due, slip.table, slip.lines], ['receipt', 0, bill.table, []]);
  const printed = receiptline.transform(paperText(slip, { columns: 42, language: 'ko', timeZone: 'Asia/Seoul' }), {
    command: 'text',
    encoding: 'cp949',
    cpl: 42,
  });
  for (const text of [
    '맛집 본점',
    '사업자등록번호 220-81-62517',
    '대표자 김사장',
    /요리 soup x1 +9,000/,
    /공급가액 +8,182/,
    /부가세 10% +818/,
    /카드 +9,000/,
    '승인번호 30021177',
  ]) {
    assert.match(printed, new RegExp(text), printed);
  }
  const done = `${S}/print/receipt/${encodeURIComponent(slip.id)}/done`;
  ok(await client.call(done, { method: 'POST', token: ADMIN_KEY }), 200);
  assert.equal((await next()).status, 204);
});

test('what is served is open no more, and a business day ends the visits that it left open', async () => {
  const small = await makeStore(db, { soup: { price: 1_000 } });
  const path = `/api/v1/stores/${small.id}`;
  const limits = { orders: 2, portions: 10, unpaid: 100_000 };
  ok(await client.call(path, { method: 'PUT', token: ADMIN_KEY, body: { tableLimits: limits } }), 200);
  const asks = (quantity: number, table = '5') =>
    client.order(small.id, { table, lines: [{ itemId: small.dishes.soup.id, quantity }] });
  const billOfTable = async () =>
    (await client.call(`${path}/bills`, { token: ADMIN_KEY })).body.items.find(({ table }: Json) => table === '5');
  await eventually(async () => (await asks(11, 'probe')).body.limit === 'portions', 'the limits are known');
  // A shop that settles elsewhere: a table eats all day, two orders at a time.
  for (let round = 0; round < 3; round++) {
    for (let each = 0; each < 2; each++) ok(await asks(5));
    assertProblem(await asks(1), 'table-limit');
    await db.query("UPDATE orders SET status = 'served' WHERE store_id = $1", [small.id]);
  }
  const before = await billOfTable();
  assert.deepEqual([before.orderCount, before.total, before.due], [6, 30_000, 30_000]);

  let nowMs = Date.now();
  const endVisits = createEndVisits(db, lockStores, { announce: async () => {} }, () => nowMs);
  const opened = () =>
    db
      .query<{ id: string }>("SELECT id FROM bill WHERE store_id = $1 AND closed_at IS NULL AND table_label = '5'", [
        small.id,
      ])
      .then(({ rows }) => rows);
  await endVisits();
  assert.equal((await opened()).length, 1, 'the day goes on');
  nowMs += 2 * 24 * 3_600_000;
  // Two processes at once, as after a run that was cut off.
  const ended = await Promise.all([endVisits(), endVisits()]);
  assert.ok(ended[0] + ended[1] >= 1);
  assert.equal((await opened()).length, 0);
  assert.equal(await endVisits(), 0);
  const left = await billOfTable();
  assert.deepEqual([left.id, left.due, left.asked], [before.id, 30_000, null]);
  ok(await asks(1));
  assert.notEqual((await opened())[0]!.id, before.id);
  assert.ok((await auditBills(db, new Date(0))).every(({ storeId }) => storeId !== small.id));
});
