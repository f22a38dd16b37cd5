import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { killedAt } from '../support/killed-at.ts';
import { remainingOf } from '../support/store.ts';
import { openPayments, type PaymentScene } from './scene.ts';

const MINUTE_MS = 60_000;

/** One life of a payment: what goes before, what is killed, and what must be so when it was all made good. */
interface Life {
  begin(): Promise<{ placed: Json; payment: Json }>;
  prove(life: { placed: Json; payment: Json }): Promise<void>;
  /** So many statements at least, or it was not this work that was killed. */
  statements: number;
}

/** Payments are killed at every so many of their statements, begun again, and must come to the same end. */
export async function crashSuite(every: number): Promise<void> {
  const scene = await openPayments();
  const { client, db, store, S, ok, order, begin, choose, billOf, atProvider } = scene;
  await scene.setPayFirst(true);

  const job = async (of: Parameters<PaymentScene['jobs']>[0]): Promise<void> => {
    const payments = scene.jobs(of);
    await payments.sweep();
    await payments.close();
  };
  const portionsLeft = () => remainingOf(db, store.id, store.dishes.rare.id);
  const waitingOf = async (id: string): Promise<number> => {
    const { rows } = await db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM payment_hold WHERE store_id = $1 AND order_id = $2',
      [store.id, id],
    );
    return rows[0]!.count;
  };

  const LIVES: Readonly<Record<string, Life>> = {
    'a payment whose notification was lost': {
      async begin() {
        const placed = await order({ dish: 'rare' });
        const payment = ok(await begin(placed, 9_000));
        await choose(payment, 'lost');
        return { placed, payment };
      },
      async prove({ placed, payment }) {
        const bill = await billOf(placed);
        assert.deepEqual([bill.due, bill.paid, bill.entries.length], [0, 9_000, 1]);
        assert.deepEqual(await atProvider(payment.id), { state: 'paid', refunded: 0, refunds: 0 });
        assert.equal(
          (await ok(await client.call(`${S}/orders/${placed.id}`, { token: placed.token }), 200)).status,
          'placed',
        );
        assert.equal(await waitingOf(placed.id), 0);
        await eventually(async () => assert.equal(await scene.ticketsOf(placed.id), 1), 'the kitchen has it, once');
      },
      statements: 12,
    },
    'a payment whose order is gone': {
      async begin() {
        const placed = await order({ dish: 'rare' });
        const payment = ok(await begin(placed, 9_000));
        ok(await client.call(`${S}/orders/${placed.id}`, { method: 'DELETE', token: placed.token }), 200);
        await choose(payment, 'lost');
        return { placed, payment };
      },
      async prove({ placed, payment }) {
        assert.deepEqual(await atProvider(payment.id), { state: 'paid', refunded: 9_000, refunds: 1 });
        const { rows } = await db.query<{ state: string }>(
          'SELECT state FROM payment_refund WHERE store_id = $1 AND intent_id = $2',
          [store.id, payment.id],
        );
        assert.deepEqual(rows, [{ state: 'done' }]);
        assert.equal((await billOf(placed)).paid, 0);
      },
      statements: 9,
    },
    'an order that nobody pays': {
      async begin() {
        const placed = await order({ dish: 'rare' });
        return { placed, payment: ok(await begin(placed, 9_000)) };
      },
      async prove({ placed, payment }) {
        const seen = ok(await client.call(`${S}/orders/${placed.id}`, { token: placed.token }), 200);
        assert.deepEqual([seen.status, seen.cancelReason], ['cancelled', 'unpaid']);
        assert.equal((await atProvider(payment.id))!.state, 'cancelled');
      },
      statements: 15,
    },
  };

  for (const [name, life] of Object.entries(LIVES)) {
    test(`${name}: killed at a statement and begun again, it comes to the same end`, async (t) => {
      const returns = name.includes('nobody') || name.includes('gone');
      let kills = 0;
      for (let at = 1; ; at += every) {
        const before = await portionsLeft();
        const lived = await life.begin();
        const { db: dying, wasKilled } = killedAt(t, scene.app.databaseUrl, db, at);
        await job({ on: dying, aheadMs: 11 * MINUTE_MS }).catch(() => {});
        if (wasKilled()) kills += 1;
        await job({ aheadMs: 12 * MINUTE_MS });
        await job({ aheadMs: 14 * MINUTE_MS });
        await life.prove(lived);
        assert.equal(await portionsLeft(), before! - (returns ? 0 : 1), `portions, killed at statement ${at}`);
        if (!wasKilled()) break;
      }
      t.diagnostic(`${kills} kills`);
      assert.ok(kills * every >= life.statements, `${kills} kills`);
    });
  }

  test('a guest whose payment is begun is killed out of every statement: the same key again goes on, and the provider has one payment', async (t) => {
    let kills = 0;
    for (let at = 1; ; at += every) {
      const placed = await order({ table: scene.newTable() });
      const shop = await scene.shop();
      const ref = { storeId: store.id, id: placed.id };
      const asked = { key: newId(), amount: 9_000, returnUrl: `${scene.app.app.url}/s/${store.slug}` };
      const { db: dying, wasKilled } = killedAt(t, scene.app.databaseUrl, db, at);
      await scene
        .jobs({ on: dying })
        .start(shop, ref, asked)
        .catch(() => {});
      const { intent } = await scene.jobs().start(shop, ref, asked);
      assert.equal(intent.state, 'open');
      const again = ok(await begin(placed, 9_000, asked.key), 200);
      assert.equal(again.payUrl, intent.payUrl);
      const { rows } = await db.query('SELECT FROM sandbox_payment WHERE key LIKE $1', [`%${asked.key}`]);
      assert.equal(rows.length, 1);
      if (!wasKilled()) break;
      kills += 1;
    }
    assert.ok(kills * every >= 9, `${kills} kills`);
  });

  test('a payment that reached nobody keeps nobody from paying', async () => {
    const placed = await order({ table: scene.newTable() });
    const shop = await scene.shop();
    const asked = { key: newId(), amount: 9_000, returnUrl: `${scene.app.app.url}/s/${store.slug}` };
    const nobody = scene.jobs({ url: 'http://127.0.0.1:9' });
    await assert.rejects(nobody.start(shop, { storeId: store.id, id: placed.id }, asked), /cannot be reached/);
    await job({ aheadMs: 2 * MINUTE_MS });
    const { rows } = await db.query<{ state: string }>(
      'SELECT state FROM payment_intent WHERE store_id = $1 AND id = $2',
      [store.id, asked.key],
    );
    assert.equal(rows[0]!.state, 'cancelled');
    ok(await begin(placed, 9_000));
  });
}
