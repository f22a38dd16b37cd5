import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createJobs } from '../../src/composition/jobs.ts';
import { BOUNDS, readConfig } from '../../src/config.ts';
import { pacing } from '../../src/kitchen/index.ts';
import { followDatabaseClock } from '../../src/platform/db/database-clock.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { createMemoryCounts } from '../../src/ranking/index.ts';
import { findStores, lockStores, type Store } from '../../src/store/index.ts';
import { ADMIN_KEY, startTestApp } from '../support/app.ts';
import type { Answer, Json } from '../support/client.ts';
import { atEndOf } from '../support/lifetime.ts';
import { captureLog } from '../support/log.ts';
import { PATIENT_WAITS } from '../support/patient.ts';
import { makeStore } from '../support/store.ts';

/** A house with the sandbox as its provider: two processes, and one shop of which each test takes tables or orders of its own. */
export async function openPayments() {
  const env = { PAYMENT: 'sandbox' };
  const life = { after };
  const app = await startTestApp(life, { withJobs: true, env });
  const other = await startTestApp(life, { databaseUrl: app.databaseUrl, env });
  const { client, db } = app;
  const store = await makeStore(db, { soup: { price: 9_000 }, rare: { price: 9_000, remaining: 10_000 } });
  const S = `/api/v1/stores/${store.id}`;
  const clock = await followDatabaseClock(db, BOUNDS.databaseClock, captureLog().log);
  atEndOf(life, async () => clock.close());

  /** What the jobs work with, on a connection that may be cut, by a clock that may be ahead. */
  function jobs({ on = db, aheadMs = 0, url = app.app.url }: { on?: Db; aheadMs?: number; url?: string } = {}) {
    const jobs = createJobs({
      config: readConfig({ ...env, PAYMENT_URL: url }),
      db: on,
      lockStores,
      announcer: { announce: async () => {} },
      rankingCounts: createMemoryCounts(1),
      now: () => clock.now() + aheadMs,
      log: captureLog().log,
      providerWithinMs: PATIENT_WAITS.providerWithinMs,
    });
    atEndOf(life, () => jobs.close());
    return jobs.payments;
  }

  const ok = ({ status, body }: Answer, wanted = 201): Json => {
    assert.equal(status, wanted, JSON.stringify(body));
    return body;
  };
  let tables = 0;
  async function order(of: { table?: string; dish?: 'soup' | 'rare'; quantity?: number } = {}): Promise<Json> {
    const { table, dish = 'soup', quantity = 1 } = of;
    const lines = [{ itemId: store.dishes[dish].id, quantity }];
    return ok(await client.order(store.id, { ...(table && { table }), lines }));
  }
  const begin = ({ id, token }: Json, amount: number, key = newId(), via = client): Promise<Answer> =>
    via.call(`${S}/orders/${id}/payments`, { token, key, body: { amount } });
  const read = ({ id, token }: Json, payment: string, method?: string): Promise<Answer> =>
    client.call(`${S}/orders/${id}/payments/${payment}`, { token, ...(method && { method }) });
  /** As the guest does on the provider's page. */
  function choose(payment: Json, choice: string): Promise<Answer> {
    return client.call(new URL(payment.payUrl).pathname, {
      body: `choice=${choice}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  }
  const billOf = async ({ id, token }: Json): Promise<Json> =>
    ok(await client.call(`${S}/orders/${id}/bill`, { token }), 200);
  const staff = (path: string, body?: object, key = newId()): Promise<Answer> =>
    client.call(`${S}${path}`, { token: ADMIN_KEY, ...(body && { body, key }) });
  /** What the provider's own books say of a payment. */
  async function atProvider(
    payment: string,
  ): Promise<{ state: string; refunded: number; refunds: number } | undefined> {
    const { rows } = await db.query<{ state: string; refunded: number; refunds: number }>(
      `SELECT state, refunded, (SELECT count(*)::int FROM sandbox_refund r WHERE r.payment = p.key) AS refunds
       FROM sandbox_payment p WHERE key = $1`,
      [`${store.id}.${payment}`],
    );
    return rows[0];
  }
  async function ticketsOf(orderId: string): Promise<number> {
    const { rows } = await db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM ticket WHERE store_id = $1 AND order_id = $2',
      [store.id, orderId],
    );
    return rows[0]!.count;
  }
  const setPayFirst = async (payFirst: boolean): Promise<void> =>
    void ok(await client.call(S, { method: 'PUT', token: ADMIN_KEY, body: { payFirst } }), 200);

  return {
    app,
    other,
    client,
    db,
    store,
    S,
    jobs,
    ok,
    order,
    begin,
    read,
    choose,
    billOf,
    staff,
    atProvider,
    ticketsOf,
    setPayFirst,
    now: clock.now,
    shop: async (): Promise<Store> => (await findStores({ db, pacing, now: clock.now }, [store.id], []))[0]!,
    newTable: (): string => {
      tables += 1;
      return `P${tables}`;
    },
  };
}
export type PaymentScene = Awaited<ReturnType<typeof openPayments>>;
