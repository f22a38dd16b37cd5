import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { auditBills } from '../../src/bill/index.ts';
import { createJobs } from '../../src/composition/jobs.ts';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { newId } from '../../src/platform/id.ts';
import { createMemoryCounts } from '../../src/ranking/index.ts';
import { auditDays, postDue } from '../../src/sales/index.ts';
import { lockStores } from '../../src/store/index.ts';
import { openShop } from '../events/shop.ts';
import { ADMIN_KEY } from '../support/app.ts';
import type { Answer, Json } from '../support/client.ts';
import { atEndOf } from '../support/lifetime.ts';
import { captureLog } from '../support/log.ts';

const shop = await openShop({ after }, { env: { PAYMENT: 'sandbox' } });
const { db } = shop.api;
const { stew, beer } = shop.store.dishes;
const OFFERED = 10_000;
await db.query('INSERT INTO stock (store_id, item_id, offered) VALUES ($1, $2, $3)', [shop.store.id, stew.id, OFFERED]);

const jobs = createJobs({
  config: readConfig({}),
  db,
  lockStores,
  announcer: { announce: async () => {} },
  rankingCounts: createMemoryCounts(1),
  now: Date.now,
  log: captureLog().log,
});
atEndOf({ after }, () => jobs.close());
const job = jobs.scheduled.find(({ kind }) => kind === 'unseen-orders')!;
const release = () => job.run();

const ok = ({ status, body }: Answer, wanted = 200): Json => {
  assert.equal(status, wanted, JSON.stringify(body));
  return body;
};
let tables = 0;
const newTable = (): string => {
  tables += 1;
  return `U${tables}`;
};
async function order(dish: 'stew' | 'beer', table: string | null = newTable(), token?: string): Promise<Json> {
  const lines = [{ itemId: (dish === 'stew' ? stew : beer).id, quantity: 2 }];
  const body = { ...(table && { table }), lines };
  return { ...ok(await shop.call('/orders', { body, key: newId(), ...(token && { token }) }), 201), table };
}
/** As long ago as the bound wants, and no moment longer: by the job's own clock it is over now. */
async function wait({ id }: Json, ms = BOUNDS.unseenOrders.afterMs): Promise<void> {
  await db.query(
    `WITH o AS (UPDATE orders SET promised_at = to_timestamp($3::double precision / 1000) WHERE store_id = $1 AND id = $2)
     UPDATE bill b SET opened_at = to_timestamp($3::double precision / 1000) - interval '15 minutes' FROM bill_order x
     WHERE x.store_id = $1 AND x.order_id = $2 AND b.store_id = $1 AND b.id = x.bill_id`,
    [shop.store.id, id, Date.now() - ms],
  );
}
/** The kitchen works: it begins what somebody ordered at the counter. */
async function cookAnother(): Promise<void> {
  const { id } = ok(
    await shop.call('/orders', { body: { lines: [{ itemId: beer.id, quantity: 1 }] }, key: newId() }),
    201,
  );
  ok(await shop.advance(await shop.ticketOf(id, 'drinks'), 'cooking'));
}
const see = async ({ id, token }: Json): Promise<Json> => ok(await shop.call(`/orders/${id}`, { token }));
const billOf = async ({ id }: Json): Promise<Json> => ok(await shop.call(`/orders/${id}/bill`, { token: ADMIN_KEY }));
const left = async (): Promise<number> =>
  (
    await db.query<{ remaining: number }>('SELECT remaining FROM stock WHERE store_id = $1 AND item_id = $2', [
      shop.store.id,
      stew.id,
    ])
  ).rows[0]!.remaining;
async function balanced(): Promise<void> {
  await postDue(db, 1_000);
  assert.deepEqual(await auditBills(db, new Date(0)), []);
  assert.deepEqual((await auditDays(db, Date.now, 600_000)).differences, []);
}
/** It is let wait, and nothing of it changes. */
async function stays(placed: Json, why: string): Promise<void> {
  const before = await left();
  await release();
  assert.equal((await see(placed)).status === 'cancelled', false, why);
  assert.equal(await left(), before, why);
}

test('what a table that nobody has seen ordered of a limited dish comes back half an hour after it was promised, and its phone and the log say why', async () => {
  const before = await left();
  const placed = await order('stew');
  await shop.ticketOf(placed.id, 'soup');
  assert.equal(await left(), before - 2);
  await wait(placed, BOUNDS.unseenOrders.afterMs - 60_000);
  await cookAnother();
  await stays(placed, 'a minute too early');

  await wait(placed);
  // By this one or by the shop's own job, which the clock may start in this moment.
  await release();
  const seen = await see(placed);
  assert.deepEqual([seen.status, seen.cancelReason], ['cancelled', 'unseen']);
  assert.equal(await left(), before);
  assert.equal((await billOf(placed)).due, 0);
  const log = ok(await shop.call('/log', { token: ADMIN_KEY }));
  const [line] = log.items.filter(({ what }: Json) => what === 'order-cancelled');
  assert.deepEqual([line.by, line.details.table, line.details.reason], ['Matjip', placed.table, 'unseen']);
  await release();
  assert.equal(await left(), before, 'once');
  await balanced();
});

test('a kitchen that taps nothing says nothing by that, and a dish that is not limited is kept for nobody', async () => {
  const placed = await order('stew');
  await wait(placed, 24 * 3_600_000 - 60_000);
  await db.query("UPDATE ticket SET changed_at = now() - interval '2 days' WHERE store_id = $1", [shop.store.id]);
  await stays(placed, 'nobody worked on anything since');
  const unlimited = await order('beer');
  await wait(unlimited);
  await cookAnother();
  await release();
  assert.equal((await see(unlimited)).status, 'placed', 'beer is not limited');
  assert.equal((await see(placed)).status, 'cancelled', 'now the kitchen works, and passes it over');
});

test('whatever a person of the shop has had to do with a visit keeps its orders', async () => {
  const path = (bill: string, what: string) => `/bills/${bill}/${what}`;
  const staff = (at: string, body?: object) => shop.call(at, { method: 'POST', token: ADMIN_KEY, key: newId(), body });
  const KNOWN: Record<string, (table: string) => Promise<Json>> = {
    'staff opened the table': async (table) => {
      ok(await staff('/bills', { table }), 201);
      return order('stew', table);
    },
    'staff entered an order': async (table) => {
      const placed = await order('stew', table);
      await order('beer', table, ADMIN_KEY);
      return placed;
    },
    'its kitchen began another round': async (table) => {
      const round = await order('beer', table);
      ok(await shop.advance(await shop.ticketOf(round.id, 'drinks'), 'cooking'));
      return order('stew', table);
    },
    'somebody paid a part': async (table) => {
      const placed = await order('stew', table);
      ok(await staff(path((await billOf(placed)).id, 'payments'), { method: 'cash', amount: 1 }), 201);
      return placed;
    },
    'a dish was ticked off': async (table) => {
      const placed = await order('stew', table);
      const ticket = await shop.ticketOf(placed.id, 'soup');
      await db.query("UPDATE ticket SET done_lines = '{1}' WHERE store_id = $1 AND order_id = $2", [
        shop.store.id,
        ticket.orderId ?? placed.id,
      ]);
      return placed;
    },
    'it lies on paper': async (table) => {
      const placed = await order('stew', table);
      await shop.ticketOf(placed.id, 'soup');
      await db.query(
        `INSERT INTO print_slip (store_id, order_id, station, placed_at, number, handed) VALUES ($1, $2, 'soup', now(), 1, 1)
         ON CONFLICT (store_id, order_id, station) DO UPDATE SET handed = 1`,
        [shop.store.id, placed.id],
      );
      return placed;
    },
    'somebody answered its call': async (table) => {
      const placed = await order('stew', table);
      const call = ok(await shop.call('/calls', { method: 'POST', key: newId(), body: { table } }), 201);
      ok(await staff(`/calls/${call.id}/answer`));
      return placed;
    },
  };
  for (const [why, make] of Object.entries(KNOWN)) {
    const placed = await make(newTable());
    await wait(placed);
    await cookAnother();
    await stays(placed, why);
  }
  const atCounter = await order('stew', null);
  await wait(atCounter);
  await stays(atCounter, 'at the counter');
  await balanced();
});

test('a cook, a payment and the release at once: one of them wins, and the portions, the bill and the books are as it says', async () => {
  for (let turn = 0; turn < 6; turn++) {
    const before = await left();
    const placed = await order('stew');
    const ticket = await shop.ticketOf(placed.id, 'soup');
    const bill = await billOf(placed);
    await wait(placed);
    await cookAnother();
    const pays = turn % 2 === 0;
    const [, answer] = await Promise.all([
      release(),
      pays
        ? shop.call(`/bills/${bill.id}/payments`, {
            method: 'POST',
            token: ADMIN_KEY,
            key: newId(),
            body: { method: 'cash', amount: bill.due },
          })
        : shop.advance(ticket, 'cooking'),
    ]);
    const seen = await see(placed);
    const isReleased = seen.status === 'cancelled';
    // Whoever was later is told so, and changed nothing.
    assert.equal(answer.status >= 400, isReleased, `${seen.status}, ${JSON.stringify(answer.body)}`);
    assert.equal(await left(), before - (isReleased ? 0 : 2));
    const now = await billOf(placed);
    assert.equal(now.paid, pays && !isReleased ? bill.due : 0);
    await release();
    assert.equal((await see(placed)).status, seen.status);
  }
  await balanced();
});
