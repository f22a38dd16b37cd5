import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { auditBills } from '../../src/bill/index.ts';
import { readKeys } from '../../src/payment/sandbox/book.ts';
import { SIGNATURE_HEADER, sign, TOLERANCE_S } from '../../src/payment/sandbox/signature.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { remainingOf } from '../support/store.ts';
import { openPayments } from './scene.ts';

const scene = await openPayments();
const { client, db, store, S, ok, order, begin, read, choose, billOf, staff, atProvider, newTable } = scene;
const MINUTE_MS = 60_000;
const entriesOf = (bill: Json, kind: string): Json[] => bill.entries.filter((entry: Json) => entry.kind === kind);

/** Says to us what the provider says, as often as one likes. */
async function notify(payment: string, how: { body?: object; atS?: number; header?: string; secret?: string } = {}) {
  const body = Buffer.from(JSON.stringify({ payment: `${store.id}.${payment}`, state: 'paid', ...how.body }));
  const secret = how.secret ?? (await readKeys(db)).signingSecret;
  const header = how.header ?? sign(secret, how.atS ?? Math.floor(scene.now() / 1_000), body);
  return client.call('/api/v1/payments/notifications', { body, headers: { [SIGNATURE_HEADER]: header } });
}

test('a guest pays a bill by phone: the provider’s page, the way back, the notification, and the bill is settled', async () => {
  const placed = await order({ table: newTable(), quantity: 2 });
  const offer = ok(await client.call(`${S}/orders/${placed.id}/payments`, { token: placed.token }), 200);
  assert.deepEqual([offer.isOpen, offer.due, offer.payable, offer.payBy], [true, 18_000, 18_000, null]);
  const key = newId();
  const begun = ok(await begin(placed, 18_000, key));
  assert.deepEqual([begun.id, begun.state, begun.amount, begun.currency], [key, 'open', 18_000, 'KRW']);
  // Sent again, as by a phone in a lift: the same payment, and the same page.
  const again = await begin(placed, 18_000, key);
  assert.deepEqual([again.status, again.body.payUrl], [200, begun.payUrl]);
  assertProblem(await begin(placed, 9_000, key), 'key-reused');
  assert.equal((await billOf(placed)).paid, 0, 'nothing is charged yet');

  const page = await client.call(new URL(begun.payUrl).pathname);
  assert.equal(page.status, 200);
  for (const text of ['18,000원', '결제하기', 'Pay', '카드 거절']) assert.ok(String(page.body).includes(text), text);
  const back = await choose(begun, 'pay');
  assert.equal(back.status, 303);
  assert.ok(
    String(back.headers.location).endsWith(`/s/${store.slug}#order/${placed.id}`),
    String(back.headers.location),
  );
  const bill = await eventually(async () => {
    const seen = await billOf(placed);
    return seen.due === 0 && seen;
  });
  assert.deepEqual([bill.state, bill.paid], ['closed', 18_000]);
  const [payment] = entriesOf(bill, 'payment');
  assert.deepEqual([payment.method, payment.amount], ['online', 18_000]);
  const shown = ok(await read(placed, key), 200);
  assert.deepEqual([shown.state, shown.taken, shown.returned, shown.payUrl], ['paid', 18_000, 0, null]);
  const till = ok(await staff('/till'), 200);
  assert.ok(till.methods.find(({ method }: Json) => method === 'online').paid >= 18_000);
});

test('where no notification ever comes, asking finds the payment; one that is declined or given up frees the bill', async () => {
  const placed = await order({ table: newTable() });
  const declined = ok(await begin(placed, 9_000));
  await choose(declined, 'decline');
  assert.equal(ok(await read(placed, declined.id), 200).state, 'declined');
  const given = ok(await begin(placed, 9_000));
  assert.equal(ok(await read(placed, given.id, 'DELETE'), 200).state, 'cancelled');
  assert.equal((await atProvider(given.id))!.state, 'cancelled');
  // What is over at the provider cannot be paid any more.
  assert.equal((await choose(given, 'pay')).status, 200);
  const lost = ok(await begin(placed, 9_000));
  await choose(lost, 'lost');
  assert.equal(ok(await read(placed, lost.id), 200).state, 'paid');
  const mine = await billOf(placed);
  assert.deepEqual([mine.due, entriesOf(mine, 'payment').length], [0, 1]);
  // Given up too late: it stays paid.
  assert.equal(ok(await read(placed, lost.id, 'DELETE'), 200).state, 'paid');
});

test('notifications that come twice, at once, or after an older one change nothing', async () => {
  for (const choice of ['twice', 'disorder']) {
    const placed = await order({ table: newTable() });
    const begun = ok(await begin(placed, 9_000));
    await choose(begun, choice);
    const answers = await Promise.all(Array.from({ length: 8 }, () => notify(begun.id)));
    assert.ok(answers.every(({ status }) => status === 204));
    assert.equal((await notify(begun.id, { body: { state: 'declined' } })).status, 204);
    await eventually(async () => {
      const { rows } = await db.query('SELECT FROM sandbox_notice WHERE payment = $1', [`${store.id}.${begun.id}`]);
      return rows.length === 0;
    });
    const bill = await billOf(placed);
    assert.deepEqual([bill.paid, bill.due, entriesOf(bill, 'payment').length], [9_000, 0, 1]);
  }
  // One that comes a minute and a half late is signed when it is sent; until then asking knows.
  const placed = await order({ table: newTable() });
  const begun = ok(await begin(placed, 9_000));
  await choose(begun, 'late');
  assert.equal(ok(await read(placed, begun.id), 200).state, 'paid');
});

test('a notification that is forged, changed or old is refused, and nothing changes', async () => {
  const placed = await order({ table: newTable() });
  const begun = ok(await begin(placed, 9_000));
  await choose(begun, 'lost');
  const body = Buffer.from(JSON.stringify({ payment: `${store.id}.${begun.id}`, state: 'paid' }));
  const nowS = Math.floor(scene.now() / 1_000);
  const { signingSecret } = await readKeys(db);
  const refused = [
    await notify(begun.id, { header: '' }),
    await notify(begun.id, { header: `t=${nowS},v1=${'0'.repeat(64)}` }),
    await notify(begun.id, { secret: 'somebody-elses' }),
    await notify(begun.id, { atS: nowS - TOLERANCE_S - 60 }),
    await notify(begun.id, { atS: nowS + TOLERANCE_S + 60 }),
    await notify(begun.id, { header: sign(signingSecret, nowS, body), body: { amount: 1 } }),
    await client.call('/api/v1/payments/notifications', { method: 'POST' }),
  ];
  for (const answer of refused) assertProblem(answer, 'signature-refused', SIGNATURE_HEADER);
  // Whoever has the secret and says nonsense gains nothing either: the provider is asked.
  assert.equal((await notify(newId())).status, 204);
  assertProblem(await notify('nobody'), 'invalid', 'payment');
  const { rows } = await db.query<{ state: string }>(
    'SELECT state FROM payment_intent WHERE store_id = $1 AND id = $2',
    [store.id, begun.id],
  );
  // The job may have asked meanwhile; a forged notification has not.
  assert.ok(['open', 'paid'].includes(rows[0]!.state));
  const foreign = await client.call(`${S}/orders/${placed.id}/payments`, {
    token: 'x',
    key: newId(),
    body: { amount: 1 },
  });
  assertProblem(foreign, 'not-found');
});

test('phones that pay the same bill at once pay it once: the others are told, and can pay when the first gives up', async () => {
  const placed = await order({ table: newTable(), quantity: 2 });
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, at) => begin(placed, 18_000, newId(), at % 2 ? scene.client : scene.other.client)),
  );
  const begun = answers.filter(({ status }) => status === 201);
  assert.equal(begun.length, 1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    assertProblem(answer, 'payment-underway');
    assert.deepEqual([answer.body.due, answer.body.payable], [18_000, 0]);
  }
  assertProblem(await begin(placed, 18_001), 'more-than-due');
  assertProblem(await begin(placed, 0), 'invalid', 'amount');
  ok(await read(placed, begun[0]!.body.id, 'DELETE'), 200);
  // Shares: each pays theirs.
  const [one, two] = [ok(await begin(placed, 8_000)), ok(await begin(placed, 10_000))];
  await Promise.all([choose(one, 'pay'), choose(two, 'pay')]);
  const bill = await eventually(async () => {
    const seen = await billOf(placed);
    return seen.due === 0 && seen;
  });
  assert.deepEqual(
    entriesOf(bill, 'payment')
      .map(({ amount }) => amount)
      .sort(),
    [10_000, 8_000],
  );
});

test('what the hall took meanwhile, the phone gets back: as much goes on the bill as it still owes', async () => {
  const placed = await order({ table: newTable(), quantity: 2 });
  const begun = ok(await begin(placed, 18_000));
  const { id } = await billOf(placed);
  ok(await staff(`/bills/${id}/payments`, { method: 'cash', amount: 10_000 }));
  await choose(begun, 'pay');
  const bill = await eventually(async () => {
    const seen = await billOf(placed);
    return seen.due === 0 && seen;
  });
  assert.deepEqual([bill.paid, bill.refunded], [18_000, 0]);
  const shown = ok(await read(placed, begun.id), 200);
  assert.deepEqual([shown.taken, shown.returned], [8_000, 10_000]);
  await eventually(async () =>
    assert.deepEqual(await atProvider(begun.id), { state: 'paid', refunded: 10_000, refunds: 1 }),
  );
});

test('an amount that is not ours is not taken: all of it goes back', async () => {
  const placed = await order({ table: newTable() });
  const begun = ok(await begin(placed, 9_000));
  await db.query('UPDATE sandbox_payment SET amount = 8999 WHERE key = $1', [`${store.id}.${begun.id}`]);
  await choose(begun, 'pay');
  await eventually(async () =>
    assert.deepEqual(await atProvider(begun.id), { state: 'paid', refunded: 8_999, refunds: 1 }),
  );
  assert.deepEqual([(await billOf(placed)).due, (await billOf(placed)).paid], [9_000, 0]);
});

test('staff pay a payment by phone back by the way it came, whole or in part, and once', async () => {
  const placed = await order({ table: newTable() });
  const begun = ok(await begin(placed, 9_000));
  await choose(begun, 'lost');
  assert.equal(ok(await read(placed, begun.id), 200).state, 'paid');
  const bill = await billOf(placed);
  const [payment] = entriesOf(bill, 'payment');
  const key = newId();
  const body = { payment: payment.id, amount: 4_000, reason: 'cold' };
  const refunds = await Promise.all([1, 2, 3].map(() => staff(`/bills/${bill.id}/refunds`, body, key)));
  assert.deepEqual(refunds.map(({ status }) => status).sort(), [200, 200, 201]);
  await eventually(async () =>
    assert.deepEqual(await atProvider(begun.id), { state: 'paid', refunded: 4_000, refunds: 1 }),
  );
  ok(await staff(`/bills/${bill.id}/refunds`, { ...body, amount: 5_000 }));
  await eventually(async () =>
    assert.deepEqual(await atProvider(begun.id), { state: 'paid', refunded: 9_000, refunds: 2 }),
  );
  assertProblem(await staff(`/bills/${bill.id}/refunds`, { ...body, amount: 1 }), 'more-than-paid');
});

test('a counter that wants its money first: the kitchen hears of an order when it is paid, by phone or at the till', async () => {
  await scene.setPayFirst(true);
  await eventually(async () => {
    const held = await order();
    const offer = ok(await client.call(`${S}/orders/${held.id}/payments`, { token: held.token }), 200);
    return offer.payBy !== null;
  }, 'every process knows of the setting');
  const [unpaid, byPhone, byCash] = [await order(), await order(), await order()];
  const atTable = await order({ table: newTable() });
  await choose(ok(await begin(byPhone, 9_000)), 'pay');
  ok(await staff(`/bills/${byCash.id}/payments`, { method: 'cash', amount: 9_000 }));
  for (const paid of [byPhone, byCash, atTable]) {
    await eventually(async () => assert.equal(await scene.ticketsOf(paid.id), 1));
  }
  // Placed before all of them.
  assert.equal(await scene.ticketsOf(unpaid.id), 0);
  const cancelled = ok(
    await client.call(`${S}/orders/${byPhone.id}?returnPortions=true`, { method: 'DELETE', token: ADMIN_KEY }),
    200,
  );
  assert.equal(cancelled.status, 'cancelled');
  // Nobody is charged without an order: what was paid by phone goes back by phone.
  const bill = await eventually(async () => {
    const seen = await billOf(byPhone);
    return seen.due === 0 && seen;
  });
  assert.deepEqual([bill.paid, bill.refunded], [9_000, 9_000]);
});

test('portions are kept for ten minutes: then an order that nobody paid is cancelled once, and one that was paid is cooked', async () => {
  const before = (await remainingOf(db, store.id, store.dishes.rare.id))!;
  const [left, late, guestCancels] = [
    await order({ dish: 'rare', quantity: 3 }),
    await order({ dish: 'rare', quantity: 2 }),
    await order({ dish: 'rare', quantity: 1 }),
  ];
  const silent = ok(await begin(left, 27_000));
  await choose(silent, 'silence');
  const paid = ok(await begin(late, 18_000));
  await choose(paid, 'lost');
  // Paid when the order is gone: refunded by itself, once.
  const gone = ok(await begin(guestCancels, 9_000));
  ok(await client.call(`${S}/orders/${guestCancels.id}`, { method: 'DELETE', token: guestCancels.token }), 200);
  await choose(gone, 'pay');
  assert.equal(await remainingOf(db, store.id, store.dishes.rare.id), before - 5);

  const later = scene.jobs({ aheadMs: 11 * MINUTE_MS });
  await Promise.all([later.sweep(), later.sweep()]);
  await later.sweep();
  await later.close();
  const status = async ({ id, token }: Json) => ok(await client.call(`${S}/orders/${id}`, { token }), 200);
  assert.deepEqual([(await status(left)).status, (await status(left)).cancelReason], ['cancelled', 'unpaid']);
  assert.equal((await status(late)).status, 'placed');
  assert.equal((await billOf(late)).due, 0);
  assert.equal(await remainingOf(db, store.id, store.dishes.rare.id), before - 2, 'three came back, once');
  assert.equal((await atProvider(silent.id))!.state, 'cancelled', 'it cannot be paid any more');
  await eventually(async () => assert.equal(await scene.ticketsOf(late.id), 1));
  await eventually(async () =>
    assert.deepEqual(await atProvider(gone.id), { state: 'paid', refunded: 9_000, refunds: 1 }),
  );
});

test('a provider that is away costs no order its portions for ever, and its late money goes back', async () => {
  const placed = await order({ dish: 'rare' });
  const begun = ok(await begin(placed, 9_000));
  const nobody = 'http://127.0.0.1:9';
  const soon = scene.jobs({ aheadMs: 11 * MINUTE_MS, url: nobody });
  await soon.sweep();
  const status = async () => ok(await client.call(`${S}/orders/${placed.id}`, { token: placed.token }), 200).status;
  assert.equal(await status(), 'placed', 'it may have been paid');
  await scene.jobs({ aheadMs: 16 * MINUTE_MS, url: nobody }).sweep();
  assert.equal(await status(), 'cancelled');
  await choose(begun, 'lost');
  await read(placed, begun.id);
  await eventually(async () =>
    assert.deepEqual(await atProvider(begun.id), { state: 'paid', refunded: 9_000, refunds: 1 }),
  );
  await scene.setPayFirst(false);
});

test('the daily comparison lists what differs, settles what was never heard of, and is written down for ever', async () => {
  const [from, to] = [new Date(scene.now() - 86_400_000), new Date(scene.now() + 60_000)];
  const jobs = scene.jobs();
  const placed = await order({ table: newTable() });
  const [forgotten, wrong] = [ok(await begin(placed, 4_000)), ok(await begin(placed, 5_000))];
  // Given up here, and all the same paid there: a provider that lost our cancel.
  await db.query("UPDATE payment_intent SET state = 'cancelled', decided_at = now() WHERE store_id = $1 AND id = $2", [
    store.id,
    forgotten.id,
  ]);
  await choose(forgotten, 'lost');
  await choose(wrong, 'lost');
  assert.equal(ok(await read(placed, wrong.id), 200).state, 'paid');
  await db.query('UPDATE sandbox_payment SET refunded = 7 WHERE key = $1', [`${store.id}.${wrong.id}`]);
  const unknown = newId();
  await db.query(
    `INSERT INTO sandbox_payment (key, id, amount, currency, name, return_url, notify_url, state, made_at, expires_at, changed_at)
     VALUES ($1, $2, 5, 'KRW', '', 'http://shop.example', '', 'paid', now(), now(), now())`,
    [`${store.id}.${unknown}`, unknown],
  );
  await jobs.reconcile(from, to);
  const list = async (): Promise<Json[]> => ok(await staff('/payments/differences'), 200).items;
  const of = (items: Json[], id: string) => items.filter(({ paymentId }) => paymentId === id);
  const first = await list();
  assert.deepEqual(
    [forgotten.id, wrong.id, unknown].map((id) => of(first, id).map(({ what, ours, theirs }) => [what, ours, theirs])),
    [[['state', 'cancelled', 'paid']], [['returned', '0', '7']], [['unknown', 'nothing', '5 KRW']]],
  );
  assert.equal((await billOf(placed)).due, 0, 'what was never heard of is on the bill');
  const logged = async () =>
    (await db.query("SELECT FROM staff_log WHERE what = 'payment-difference' AND about LIKE $1", [`%${wrong.id}%`]))
      .rowCount;
  assert.equal(await logged(), 1);
  await db.query('UPDATE sandbox_payment SET refunded = 0 WHERE key = $1', [`${store.id}.${wrong.id}`]);
  await jobs.reconcile(from, to);
  const second = await list();
  assert.ok(of(second, wrong.id)[0].goneAt && of(second, forgotten.id)[0].goneAt);
  assert.equal(of(second, unknown)[0].goneAt, null);
  assert.equal(await logged(), 1, 'found once, said once');
  assert.deepEqual(await auditBills(db, new Date(0)), []);
});

test('where payments are switched off a guest is told so, and there is no provider', async () => {
  const off = await startTestApp({ after }, { databaseUrl: scene.app.databaseUrl });
  const placed = await order({ table: newTable() });
  const at = (path: string, body?: object) =>
    off.client.call(path, { token: placed.token, ...(body && { body, key: newId() }) });
  assert.equal(ok(await at(`${S}/orders/${placed.id}/payments`), 200).isOpen, false);
  assertProblem(await at(`${S}/orders/${placed.id}/payments`, { amount: 1 }), 'not-found');
  assertProblem(await at('/api/v1/payments/notifications', {}), 'not-found');
  assertProblem(await at('/sandbox-pay/v1/payments/x'), 'not-found');
  assertProblem(await client.call('/sandbox-pay/v1/payments/x'), 'unauthorized');
});
