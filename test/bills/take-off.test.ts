import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { auditBills } from '../../src/bill/index.ts';
import { newId } from '../../src/platform/id.ts';
import { auditDays, postDue } from '../../src/sales/index.ts';
import { openShop, type Shop } from '../events/shop.ts';
import { openSse } from '../events/sse.ts';
import { ADMIN_KEY } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/services.ts';

const redis = await startRedis({ after });
const shops: Record<string, Shop> = {
  'queued, booked later': await openShop({ after }),
  'inline, booked at once, with Redis': await openShop(
    { after },
    { env: { REDIS_URL: redis.url, EFFECTS: 'inline', ROLLUP: 'per-order' } },
  ),
};

/** Two that the stew can be had with, and one that is gone. */
const SPICY = { id: newId(), price: 500 };
const CHEESE = { id: newId(), price: 1_000 };
const GONE = { id: newId(), price: 300 };
for (const { api, store } of Object.values(shops)) {
  const group = newId();
  await api.db.query(
    `INSERT INTO option_group (store_id, id, item_id, code, position, name_ko, name_en, min, max) VALUES ($1, $2, $3, 'g', 0, '추가', 'Extras', 0, 2)`,
    [store.id, group, store.dishes.stew.id],
  );
  for (const [at, { id, price }] of [SPICY, CHEESE, GONE].entries()) {
    await api.db.query(
      `INSERT INTO item_option (store_id, id, group_id, code, position, name_ko, name_en, price, sold_out) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)`,
      [store.id, id, group, `o${at}`, at, ['매운맛', '치즈', '없음'][at], price, at === 2],
    );
  }
}

const ok = ({ status, body }: Answer, wanted = 200): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};

for (const [name, shop] of Object.entries(shops)) {
  const { stew, beer } = shop.store.dishes;
  const { db } = shop.api;
  const order = async (table: string | undefined, stews: number, beers: number): Promise<Json> => {
    const lines = [{ itemId: stew.id, quantity: stews }, ...(beers > 0 ? [{ itemId: beer.id, quantity: beers }] : [])];
    return ok(await shop.api.client.order(shop.store.id, { ...(table && { table }), lines }), 201);
  };
  const take = (of: Json, line: number, from: number, quantity: number, more: object = {}, token = ADMIN_KEY) =>
    shop.call(`/orders/${of.id}/lines/${line}`, {
      method: 'PUT',
      token,
      body: { from, quantity, reason: 'asked', ...more },
    });
  const see = async (of: Json): Promise<Json> => ok(await shop.call(`/orders/${of.id}`, { token: of.token }));
  const billOf = async (of: Json): Promise<Json> => ok(await shop.call(`/orders/${of.id}/bill`, { token: ADMIN_KEY }));
  const pay = (of: Json, body: object) =>
    shop.call(`/bills/${of.id}/payments`, { method: 'POST', token: ADMIN_KEY, key: newId(), body });
  const post = () => postDue(db, 1_000);
  /** Bills are their orders and entries, and the books are the orders, whatever was posted when. */
  const balanced = async () => {
    assert.deepEqual(await auditBills(db, new Date(0)), []);
    assert.deepEqual((await auditDays(db, Date.now, 600_000)).differences, []);
  };
  const sold = async (itemId: string): Promise<number> => {
    const { rows } = await db.query<{ portions: number }>(
      'SELECT coalesce(sum(portions), 0)::int AS portions FROM sales_item WHERE store_id = $1 AND item_id = $2',
      [shop.store.id, itemId],
    );
    return rows[0]!.portions;
  };
  const counted = async (itemId: string): Promise<number> => {
    const { rows } = await db.query<{ portions: number }>(
      'SELECT coalesce(sum(quantity), 0)::int AS portions FROM ranking_hour WHERE store_id = $1 AND item_id = $2',
      [shop.store.id, itemId],
    );
    return rows[0]!.portions;
  };
  /** The slips of all that was done so far: those of orders are made by a job, which a ticket does not wait for. */
  const printed = async (station: string): Promise<Json[]> => {
    await eventually(async () => {
      const due = await db.query('SELECT FROM graphile_worker._private_jobs WHERE run_at <= now()');
      assert.equal(due.rowCount, 0);
    });
    const slips: Json[] = [];
    for (;;) {
      const { status, body } = await shop.call(`/print/${station}/next?wait=0`, { token: shop.kitchenKey });
      if (status !== 200) return slips;
      slips.push(body);
      const id = encodeURIComponent(body.id);
      ok(await shop.call(`/print/${station}/${id}/done`, { token: shop.kitchenKey, method: 'POST' }));
    }
  };

  test(`${name}: what staff take off a line leaves the bill, the books, the ranking, the stock and the ticket, and paper says so`, async () => {
    ok(await shop.call(`/items/${stew.id}`, { method: 'PUT', token: ADMIN_KEY, body: { remaining: 100 } }));
    const posted = await order('t1', 3, 1);
    // One of the two is in the books already.
    await post();
    const due = await order('t1', 3, 1);
    const phone = await openSse(shop.url(`/orders/${posted.id}/events?token=${posted.token}`));
    after(() => phone.close());
    await shop.ticketOf(due.id, 'soup');
    await eventually(async () => assert.equal(await counted(stew.id), 6));
    assert.equal((await printed('soup')).length, 2);

    for (const each of [posted, due]) {
      const changed = ok(await take(each, 1, 3, 1));
      assert.deepEqual([changed.total, changed.lines[0].quantity, changed.lines[0].total], [14_000, 1, 9_000]);
      assert.equal((await see(each)).total, 14_000);
    }
    const bill = await billOf(posted);
    assert.deepEqual([bill.total, bill.due], [28_000, 28_000]);
    const ticket = await shop.ticketOf(posted.id, 'soup');
    assert.deepEqual([ticket.lines[0]!.quantity, ticket.lines[0]!.was], [1, 3]);
    const { rows } = await db.query<{ left: number }>('SELECT offered - sold AS left FROM stock WHERE item_id = $1', [
      stew.id,
    ]);
    assert.equal(rows[0]!.left, 98);
    await eventually(async () => assert.equal(await counted(stew.id), 2));
    await eventually(() => assert.ok(phone.events.some(({ event }) => event === 'changed')));
    const slips = await printed('soup');
    assert.deepEqual(
      slips.map(({ kind, orderId, lines, changed }) => [kind, orderId, lines.length, changed.from, changed.to]),
      [posted, due].map(({ id }) => ['changed', id, 0, 3, 1]),
    );
    assert.deepEqual(await printed('drinks').then((all) => all.map(({ kind }) => kind)), ['order', 'order']);
    await balanced();
    await post();
    assert.equal(await sold(stew.id), 2);
    await balanced();

    // The same tap again comes to the same, on paper too; whoever has seen another number is told how many there are.
    assert.equal(ok(await take(posted, 1, 3, 1)).total, 14_000);
    assert.deepEqual(await printed('soup'), []);
    const stale = await take(posted, 1, 3, 2);
    assertProblem(stale, 'stale');
    assert.equal(stale.body.quantity, 1);
    const { rows: noted } = await db.query<Record<string, unknown>>('SELECT * FROM order_change WHERE order_id = $1', [
      posted.id,
    ]);
    const [{ line, from_quantity, to_quantity, reason, portions_returned, by_whom }, ...more] = noted as [Json];
    assert.deepEqual(
      [line, from_quantity, to_quantity, reason, portions_returned, by_whom, more.length],
      [1, 3, 1, 'asked', true, 'key', 0],
    );
  });

  test(`${name}: a dish of which nothing is left is on no slip and in no sales, and what was begun does not come back`, async () => {
    const [before, portions] = [await sold(beer.id), await counted(beer.id)];
    const of = await order('t2', 1, 2);
    const ticket = await shop.ticketOf(of.id, 'drinks');
    await eventually(async () => assert.equal(await counted(beer.id), portions + 2));
    ok(await shop.advance(ticket, 'cooking'));
    ok(await take(of, 2, 2, 0));
    assert.deepEqual(await printed('drinks'), []);
    assert.deepEqual(
      (await see(of)).lines.map(({ quantity }: Json) => quantity),
      [1, 0],
    );
    assert.equal((await shop.ticketOf(of.id, 'drinks')).lines[0]!.quantity, 0);
    const { rows } = await db.query('SELECT portions_returned FROM order_change WHERE order_id = $1', [of.id]);
    assert.deepEqual(rows, [{ portions_returned: false }]);
    await post();
    assert.deepEqual([await sold(beer.id), await counted(beer.id)], [before, portions]);
    await balanced();
    // A line that has gone can still be cancelled with its order, and is paid by nobody.
    assert.equal((await billOf(of)).due, 9_000);
    ok(await shop.call(`/orders/${of.id}`, { method: 'DELETE', token: ADMIN_KEY }));
    await post();
    await balanced();
  });

  test(`${name}: tablets that take off at once, while orders are booked, come one after the other`, async () => {
    const of = await order('t3', 9, 1);
    const asked = [8, 7, 6, 5, 8, 7];
    const [answers] = await Promise.all([
      Promise.all(asked.map((quantity) => take(of, 1, 9, quantity))),
      post(),
      post(),
    ]);
    const done = answers.filter(({ status }) => status === 200);
    assert.ok(done.length >= 1);
    const { quantity } = (await see(of)).lines[0];
    for (const [at, answer] of answers.entries()) {
      if (answer.status === 200) assert.equal(asked[at], quantity);
      else assertProblem(answer, 'stale');
    }
    await post();
    await balanced();
  });

  test(`${name}: what cannot be taken off is said, and nothing changes`, async () => {
    const of = await order('t4', 2, 1);
    await shop.ticketOf(of.id, 'soup');
    const before = JSON.stringify(await see(of));
    assertProblem(await take(of, 1, 2, 2), 'invalid', 'quantity');
    assertProblem(await take(of, 1, 1, 0), 'stale');
    assertProblem(await take(of, 1, 2, -1), 'invalid', 'quantity');
    assertProblem(await take(of, 1, 2, 1, { reason: 'because' }), 'invalid', 'reason');
    assertProblem(await take(of, 1, 2, 1, { reason: 'unpaid' }), 'invalid', 'reason');
    assertProblem(await take(of, 3, 1, 0), 'not-found');
    assertProblem(await take({ ...of, id: newId() }, 1, 2, 1), 'not-found');
    assertProblem(await take({ ...of, id: 'nonsense' }, 1, 2, 1), 'not-found');
    assertProblem(await take(of, 1, 2, 1, {}, shop.kitchenKey), 'forbidden');
    assertProblem(await take(of, 1, 2, 1, {}, of.token), 'unauthorized');
    const single = await order('t4', 1, 0);
    assertProblem(await take(single, 1, 1, 0), 'invalid', 'quantity');
    // Paid by dish it stays until it is paid back.
    const bill = await billOf(of);
    ok(await pay(bill, { method: 'cash', dishes: [{ orderId: of.id, line: 1, quantity: 2 }] }), 201);
    const paid = await take(of, 1, 2, 1);
    assertProblem(paid, 'bill-paid');
    assert.equal(paid.body.paid, 2);
    assert.equal(JSON.stringify(await see(of)), before);
    ok(await shop.call(`/orders/${single.id}`, { method: 'DELETE', token: ADMIN_KEY }));
    assertProblem(await take(single, 1, 1, 0), 'not-cancellable');
    await balanced();
  });

  const make = (of: Json, from: object, to: object, line = 1, token = ADMIN_KEY) =>
    shop.call(`/orders/${of.id}/lines/${line}/making`, { method: 'PUT', token, body: { from, to } });
  const plain = { optionIds: [] as string[] };

  test(`${name}: a dish that staff change to other options is so on the bill, in the books, on the ticket and on paper`, async () => {
    await post();
    const [stews, portions] = [await sold(stew.id), await counted(stew.id)];
    const posted = await order('t6', 2, 1);
    await post();
    const due = await order('t6', 2, 1);
    const phone = await openSse(shop.url(`/orders/${posted.id}/events?token=${posted.token}`));
    after(() => phone.close());
    await shop.ticketOf(due.id, 'soup');
    await eventually(async () => assert.equal(await counted(stew.id), portions + 4));
    await printed('soup');
    // Ticked off, it is to be made again.
    const ticket = await shop.ticketOf(posted.id, 'soup');
    ok(await shop.advance(ticket, 'cooking'));
    const tick = `/kitchen/tickets/${encodeURIComponent(ticket.id)}/lines/0`;
    ok(await shop.call(tick, { method: 'PUT', token: shop.kitchenKey, body: { done: true } }));

    const to = { optionIds: [CHEESE.id, SPICY.id], note: ' 덜 짜게 ' };
    for (const each of [posted, due]) {
      const changed = ok(await make(each, plain, to));
      const [line] = changed.lines;
      assert.deepEqual([changed.total, line.unitPrice, line.quantity, line.note], [26_000, 10_500, 2, '덜 짜게']);
      assert.deepEqual(
        line.options.map(({ id }: Json) => id),
        to.optionIds,
      );
      assert.equal((await see(each)).total, 26_000);
    }
    assert.equal((await billOf(posted)).total, 52_000);
    const made = await shop.ticketOf(posted.id, 'soup');
    assert.deepEqual(
      [made.lines[0]!.options.map(({ ko }) => ko), made.lines[0]!.note, made.lines[0]!.before, made.doneLines],
      [['치즈', '매운맛'], '덜 짜게', { options: [] }, []],
    );
    await eventually(() => assert.ok(phone.events.some(({ event }) => event === 'changed')));
    assert.deepEqual(
      (await printed('soup')).map(({ kind, orderId, lines, changed: { from, to, note, before } }) => [
        kind,
        orderId,
        lines.length,
        from,
        to,
        note,
        before.options.length,
      ]),
      [posted, due].map(({ id }) => ['changed', id, 0, 2, 2, '덜 짜게', 0]),
    );
    await balanced();
    await post();
    assert.deepEqual([await sold(stew.id), await counted(stew.id)], [stews + 4, portions + 4]);
    await balanced();

    // The same again, also with the options in another order, comes to the same; what is not so any more is stale.
    assert.equal(ok(await make(due, plain, { ...to, optionIds: [SPICY.id, CHEESE.id] })).total, 26_000);
    assert.deepEqual(await printed('soup'), []);
    assertProblem(await make(due, plain, { optionIds: [SPICY.id] }), 'stale');
    // As it was ordered: nothing is changed any more.
    assert.equal(ok(await make(due, to, plain)).total, 23_000);
    assert.equal((await shop.ticketOf(due.id, 'soup')).lines[0]!.before, undefined);
    assert.deepEqual(
      (await printed('soup')).map(({ changed: { options, before } }) => [options.length, before.options.length]),
      [[0, 2]],
    );
    const { rows } = await db.query(
      'SELECT line, made_before, by_whom FROM order_change WHERE order_id = $1 ORDER BY id',
      [due.id],
    );
    assert.deepEqual(rows[0], { line: 1, made_before: plain, by_whom: 'key' });
    assert.equal(rows.length, 2);
    await post();
    await balanced();
  });

  test(`${name}: an option that stays keeps its price, one that is gone cannot be chosen, and what is on no paper yet is printed as it is`, async () => {
    await db.query('UPDATE item_option SET price = 700 WHERE id = $1', [SPICY.id]);
    await db.query('UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1', [shop.store.id]);
    const lines = [{ itemId: stew.id, quantity: 1, optionIds: [SPICY.id] }];
    const of = ok(await shop.api.client.order(shop.store.id, { table: 't7', lines }), 201);
    await db.query('UPDATE item_option SET price = $2 WHERE id = $1', [SPICY.id, SPICY.price]);
    await db.query('UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = $1', [shop.store.id]);
    const from = { optionIds: [SPICY.id] };
    assertProblem(await make(of, from, { optionIds: [SPICY.id, GONE.id] }), 'sold-out');
    assertProblem(await make(of, from, { optionIds: [SPICY.id, newId()] }), 'invalid', 'to.optionIds[1]');
    assertProblem(await make(of, from, { optionIds: [SPICY.id], note: 'x\0' }), 'invalid', 'to.note');
    assertProblem(await make(of, from, { optionIds: 'none' }), 'invalid', 'to.optionIds');
    assertProblem(await make(of, from, plain, 2), 'not-found');
    assertProblem(await make(of, from, plain, 1, shop.kitchenKey), 'forbidden');
    assertProblem(await make(of, from, plain, 1, of.token), 'unauthorized');
    assert.equal(ok(await make(of, from, { optionIds: [SPICY.id, CHEESE.id] })).total, 10_700);
    await shop.ticketOf(of.id, 'soup');
    const slips = await eventually(async () => {
      const all = await printed('soup');
      assert.ok(all.length > 0);
      return all;
    });
    assert.deepEqual(
      slips.map(({ kind, lines: [line] }) => [kind, line.options.length]),
      [['order', 2]],
    );
    await post();
    await balanced();
  });

  test(`${name}: what is paid by dish, closed or cancelled is made no dearer, and two who change at once come one after the other`, async () => {
    const of = await order('t8', 1, 1);
    const asked = [[SPICY.id], [CHEESE.id], [SPICY.id, CHEESE.id]].map((optionIds) => ({ optionIds }));
    const [answers] = await Promise.all([Promise.all(asked.map((to) => make(of, plain, to))), post()]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409)) assertProblem(answer, 'stale');
    const is = { optionIds: (await see(of)).lines[0].options.map(({ id }: Json) => id) };
    ok(await make(of, is, plain));

    const bill = await billOf(of);
    ok(await pay(bill, { method: 'cash', dishes: [{ orderId: of.id, line: 1, quantity: 1 }] }), 201);
    assertProblem(await make(of, plain, { optionIds: [CHEESE.id] }), 'bill-paid');
    // A wish costs nothing.
    ok(await make(of, plain, { optionIds: [], note: '따뜻하게' }));
    ok(await pay(bill, { method: 'cash', amount: 5_000 }), 201);
    const counter = await order(undefined, 1, 0);
    ok(await pay(counter, { method: 'cash', amount: 9_000 }), 201);
    assertProblem(await make(counter, plain, { optionIds: [CHEESE.id] }), 'bill-paid');
    assert.equal((await see(counter)).total, 9_000);
    const cancelled = await order('t9', 1, 0);
    ok(await shop.call(`/orders/${cancelled.id}`, { method: 'DELETE', token: ADMIN_KEY }));
    assertProblem(await make(cancelled, plain, { optionIds: [CHEESE.id] }), 'not-cancellable');
    await post();
    await balanced();
  });

  test(`${name}: what was served only a manager takes off; a bill that is paid by then is over, and more than paid is owed back`, async () => {
    const { cookie } = await signIn(shop, 'hall', 'Kim');
    const of = await order('t5', 1, 2);
    for (const station of ['soup', 'drinks']) ok(await shop.advance(await shop.ticketOf(of.id, station), 'served'));
    const body = { from: 2, quantity: 1, reason: 'asked' };
    const asHall = await shop.call(`/orders/${of.id}/lines/2`, { method: 'PUT', headers: { cookie }, body });
    assertProblem(asHall, 'forbidden');
    const bill = await billOf(of);
    ok(await pay(bill, { method: 'card', amount: 14_000 }), 201);
    assert.equal((await billOf(of)).state, 'open');
    ok(await take(of, 2, 2, 1));
    assert.deepEqual((({ state, due }) => [state, due])(await billOf(of)), ['closed', 0]);
    ok(await take(of, 2, 1, 0));
    assert.equal((await billOf(of)).due, -5_000);
    await post();
    await balanced();
  });
}

/** Signs in a new person who has this role at the shop. */
async function signIn(shop: Shop, role: 'hall' | 'manager', name: string): Promise<{ cookie: string; login: string }> {
  const [login, password] = [`${role}-${newId().slice(-12)}`, 'a long enough word'];
  const person = { login, name, password, roles: [{ role, store: shop.store.slug }] };
  ok(await shop.api.client.call('/api/v1/staff', { token: ADMIN_KEY, body: person }), 201);
  // A machine with much else to do may say once that it is too busy.
  const signedIn = await eventually(async () => {
    const answer = await shop.api.client.call('/api/v1/sessions', { body: { login, password } });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer;
  });
  return { cookie: String(signedIn.headers['set-cookie']).split(';')[0]!, login };
}

test('who changed what a store charges is written down with it, once, for owners and managers of that store, page by page', async () => {
  const shop = shops['queued, booked later']!;
  const { stew } = shop.store.dishes;
  const { cookie, login } = await signIn(shop, 'manager', '박매니저');
  const by = (path: string, method: string, body?: object, key?: string) =>
    shop.call(path, { method, headers: { cookie }, ...(body && { body }), ...(key && { key }) });
  const lines = [{ itemId: stew.id, quantity: 2 }];
  const place = async (): Promise<Json> => ok(await shop.api.client.order(shop.store.id, { table: 't20', lines }), 201);
  const price = async (value: number) => ok(await by(`/items/${stew.id}`, 'PUT', { price: value }));
  await price(9_100);
  // The same again is no change.
  await price(9_100);
  const { headers } = await by('/menu-file?format=json', 'GET');
  const file = { 'content-type': 'text/csv', 'if-match': String(headers.etag) };
  const body = 'kind,code,price\nitem,stew,9000\n';
  ok(await shop.call('/menu-file?partial=true', { method: 'PUT', headers: { cookie, ...file }, body }));
  const of = await place();
  ok(await by(`/orders/${of.id}/lines/1`, 'PUT', { from: 2, quantity: 1, reason: 'asked' }));
  const making = { from: { optionIds: [] }, to: { optionIds: [], note: '따로' } };
  ok(await by(`/orders/${of.id}/lines/1/making`, 'PUT', making));
  const bill = ok(await shop.call(`/orders/${of.id}/bill`, { token: ADMIN_KEY }));
  const key = newId();
  const less = { amount: 1_000, reason: '늦었음' };
  for (const status of [201, 200]) ok(await by(`/bills/${bill.id}/discounts`, 'POST', less, key), status);
  const payment = newId();
  ok(await by(`/bills/${bill.id}/payments`, 'POST', { method: 'cash', amount: 3_000 }, payment), 201);
  const back = { payment, amount: 500, reason: '식었음' };
  ok(await by(`/bills/${bill.id}/refunds`, 'POST', back, newId()), 201);
  ok(await by(`/bills/${bill.id}/void`, 'POST', { reason: '나감' }, newId()), 201);
  const refused = await place();
  for (let nth = 0; nth < 2; nth++) ok(await by(`/orders/${refused.id}?reason=sold-out`, 'DELETE'));
  const taken = await place();
  ok(await shop.call(`/orders/${taken.id}`, { method: 'DELETE', token: taken.token }));

  const seen: Json[] = [];
  for (let cursor = ''; ; ) {
    const page = ok(await by(`/log?limit=3${cursor}`, 'GET'));
    seen.push(...page.items);
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  const where = { table: 't20', number: of.number };
  const own = seen.filter(({ by: who }) => who === '박매니저' || who === login);
  assert.deepEqual(
    // What one transaction writes has one moment.
    own.map(({ what, details: { dish: _, ...rest } }) => [what, rest]).filter(([what]) => what !== 'menu-changed'),
    [
      ['order-cancelled', { table: 't20', number: refused.number, amount: 18_000, reason: 'sold-out' }],
      ['void', { table: 't20', amount: 9_000 - 1_000 - 3_000, reason: '나감' }],
      ['refund', { table: 't20', amount: 500, reason: '식었음' }],
      ['discount', { table: 't20', amount: 1_000, reason: '늦었음' }],
      ['made-otherwise', where],
      ['taken-off', { ...where, from: 2, to: 1, amount: 9_000 }],
      ['price-changed', { from: 9_100, to: 9_000 }],
      ['price-changed', { from: 9_000, to: 9_100 }],
      ['signed-in', {}],
    ],
  );
  assert.deepEqual(own.find(({ what }) => what === 'menu-changed').details, { rows: 1 });
  for (const { details } of own.filter(({ what }) => /^(taken-off|made|price)/.test(what))) assert.ok(details.dish.ko);
  assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length);
  assertProblem(await by('/log?cursor=x', 'GET'), 'invalid', 'cursor');
});

test('an order that waits for its money is cooked once what is left of it is paid', async () => {
  const shop = shops['queued, booked later']!;
  const settings = (payFirst: boolean) => shop.call('', { method: 'PUT', token: ADMIN_KEY, body: { payFirst } });
  ok(await settings(true));
  await eventually(async () => assert.equal((await shop.call('')).body.payFirst, true));
  const lines = [{ itemId: shop.store.dishes.stew.id, quantity: 2 }];
  const of = ok(await shop.api.client.order(shop.store.id, { lines }), 201);
  const body = { method: 'cash', amount: 9_000 };
  ok(await shop.call(`/bills/${of.id}/payments`, { method: 'POST', token: ADMIN_KEY, key: newId(), body }), 201);
  const asked = { from: 2, quantity: 1, reason: 'asked' };
  ok(await shop.call(`/orders/${of.id}/lines/1`, { method: 'PUT', token: ADMIN_KEY, body: asked }));
  const ticket = await shop.ticketOf(of.id, 'soup');
  assert.equal(ticket.lines[0]!.quantity, 1);
  ok(await settings(false));
});
