import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { batchListCommand, batchRunCommand } from '../../src/commands/batch.ts';
import { readConfig } from '../../src/config.ts';
import type { BatchJobView } from '../../src/contract/index.ts';
import { createBatch } from '../../src/platform/jobs/batch.ts';
import { ADMIN_KEY, openShop } from '../events/shop.ts';
import { assertProblem } from '../support/assert-problem.ts';
import { eventually } from '../support/eventually.ts';
import { captureLog } from '../support/log.ts';

const shop = await openShop({ after });
const { db, client } = shop.api;
const list = async (): Promise<BatchJobView[]> => (await client.call('/api/v1/batch', { token: ADMIN_KEY })).body.items;
const runsOf = async (name: string) => (await list()).find((job) => job.name === name)!.runs;

/** As if the minute had come in which the clock starts it. */
const fallDue = (kind: string) => db.query('SELECT graphile_worker.add_job($1, job_key => $1)', [kind]);

test('what the clock starts is listed with its last runs and what comes next, for the owner alone', async () => {
  assertProblem(await client.call('/api/v1/batch'), 'unauthorized');
  assertProblem(await client.call('/api/v1/batch', { token: shop.kitchenKey }), 'unauthorized');
  const jobs = await list();
  assert.deepEqual(
    jobs.map(({ name, takesDays }) => [name, takesDays]),
    [
      ['sales-rollup', true],
      ['sales-close', false],
      ['sales-audit', false],
      ['bill-visits', false],
      ['bill-audit', false],
      ['payments', false],
      ['unseen-orders', false],
      ['orders-without-jobs', true],
      ['payment-reconcile', true],
      ['stock-return', false],
      ['menu-turns', false],
      ['calls-over', false],
      ['line-names', false],
      ['pacing-recount', false],
      ['ranking', false],
      ['ranking-hours', false],
      ['webhook-leftovers', false],
      ['staff-sessions', false],
      ['photo-sweep', false],
      ['order-partitions', false],
    ],
  );
  const { rows } = await db.query<{ now: Date }>('SELECT now()');
  for (const { name, nextAt, about } of jobs) {
    const inMs = Date.parse(nextAt!) - rows[0]!.now.getTime();
    assert.ok(inMs > -60_000 && inMs <= (name === 'payment-reconcile' ? 24 : 1) * 3_600_000, `${name} in ${inMs} ms`);
    assert.ok(about.length > 10);
  }
  // What is done at the start was done.
  await eventually(async () => {
    for (const name of ['stock-return', 'order-partitions'])
      assert.equal((await runsOf(name))[0]!.outcome, 'done', name);
  });
});

test('an order is in the sales after the next run, which says what it did', async () => {
  await shop.order(['stew', 'beer']);
  await fallDue('sales-rollup');
  await eventually(async () => {
    const [run] = await runsOf('sales-rollup');
    assert.equal(run!.outcome, 'done');
    assert.ok(run!.tookMs! >= 0);
    assert.match(run!.did!, /^\d+ postings$/);
    const { body } = await shop.call('/sales', { token: ADMIN_KEY });
    assert.deepEqual(body.total, { orders: 1, portions: 2, total: 14_000 });
  });
});

test('a figure that is wrong is reported by the audit: in the run, in the log and as a metric, and is right afterwards', async () => {
  await db.query('UPDATE sales_item SET total = total - 500 WHERE item_id = $1', [shop.store.dishes.stew.id]);
  await fallDue('sales-audit');
  const [run] = await eventually(async () => {
    const runs = await runsOf('sales-audit');
    assert.ok(runs[0]?.alert);
    return runs;
  });
  assert.equal(run!.outcome, 'done');
  assert.match(run!.alert!, /^1 figures of the books were not what the orders say, and were set right\.\n/);
  assert.ok(run!.alert!.includes(shop.store.dishes.stew.id));
  assert.match(run!.alert!, /books 1 orders, 1 portions, 8500; orders 1 orders, 1 portions, 9000/);
  const line = shop.api.logLines.find((text) => text.includes('sales-audit found'));
  assert.ok(line && JSON.parse(line).level === 50);
  assert.match((await client.call('/metrics')).body, /^matjip_sales_wrong_figures_total 1$/m);
  const { body } = await shop.call('/sales?by=item', { token: ADMIN_KEY });
  assert.equal(body.total.total, 14_000);
  assert.equal(body.items[0].total, 9_000);
});

test('what nobody reads or will hear any more is thrown away in batches, and what is younger stays', async () => {
  const { id } = shop.store;
  await db.query(`INSERT INTO ranking_head (store_id) VALUES ($1) ON CONFLICT DO NOTHING`, [id]);
  await db.query(
    `INSERT INTO ranking_hour (store_id, hour, item_id, quantity)
     SELECT $1, date_trunc('hour', now()) - h * interval '1 hour', $2, 1 FROM generate_series(100, 500, 10) AS h`,
    [id, shop.store.dishes.stew.id],
  );
  await db.query(
    `INSERT INTO webhook (store_id, id, url, secret, events, paused_at)
     SELECT $1, md5(name)::uuid, 'http://127.0.0.1:9', 's', '{}', now() - days * interval '1 day'
     FROM (VALUES ('left', 8), ('late', 6)) AS w (name, days)`,
    [id],
  );
  await db.query(
    `INSERT INTO webhook_delivery (store_id, webhook_id, id, body)
     SELECT $1, md5(name)::uuid, overlay(uuid_v7_floor(now() - days * interval '1 day')::text PLACING to_char(n, 'FM000000000000') FROM 25)::uuid, '{}'
     FROM unnest(ARRAY['left', 'late']) AS name, unnest(ARRAY[6, 8]) AS days, generate_series(1, 60) AS n`,
    [id],
  );
  const config = readConfig({ DATABASE_URL: shop.api.databaseUrl });
  const said: string[] = [];
  await batchRunCommand(config, 'ranking-hours', { log: (line) => said.push(line) });
  await batchRunCommand(config, 'webhook-leftovers', { log: (line) => said.push(line) });
  assert.match(said[0]!, /^ranking-hours: 12 counts, /);
  assert.match(said[1]!, /^webhook-leftovers: 60 deliveries, /);
  const { rows } = await db.query<{ hours: number; left: number; late: number }>(
    `SELECT (SELECT count(*) FROM ranking_hour WHERE hour < now() - interval '99 hours') AS hours,
       (SELECT count(*) FROM webhook_delivery WHERE webhook_id = md5('left')::uuid) AS left,
       (SELECT count(*) FROM webhook_delivery WHERE webhook_id = md5('late')::uuid) AS late`,
  );
  assert.deepEqual(rows, [{ hours: 29, left: 60, late: 120 }]);
  await db.query('DELETE FROM webhook WHERE store_id = $1', [id]);
});

test('of the runs of a kind the last fifty are kept; one says why it failed, and one that was killed is lost', async () => {
  let work = async () => {};
  const batch = createBatch(
    db,
    [
      {
        kind: 'stock-return',
        pattern: '0 0 * * *',
        backfill: '1d',
        about: '',
        run: async () => {
          await work();
          return { did: 'it' };
        },
      },
    ],
    captureLog().log,
  );
  for (let count = 0; count < 60; count += 1) await batch.run('stock-return');
  work = async () => {
    throw new Error('the grill is on fire\0');
  };
  await assert.rejects(batch.run('stock-return'), /on fire/);
  await db.query(
    `UPDATE batch_run r SET ended_at = NULL FROM batch_job j WHERE r.kind = j.kind AND r.run = j.runs - 1`,
  );
  const runs = await runsOf('stock-return');
  assert.equal(runs.length, 50);
  assert.deepEqual([runs[0]!.outcome, runs[0]!.error], ['failed', 'the grill is on fire']);
  assert.deepEqual([runs[1]!.outcome, runs[2]!.outcome], ['lost', 'done']);
  await assert.rejects(batch.run('stock-return', { from: '2026-01-01', to: '2026-01-02' }), /has no days/);
  await assert.rejects(batch.run('nothing'), /There is no 'nothing': stock-return/);
});

test('the command lists the runs and runs one, for days too, and says what is wrong with what was asked', async () => {
  const config = readConfig({ DATABASE_URL: shop.api.databaseUrl });
  const said: string[] = [];
  const log = (line: string) => said.push(line);
  await db.query('DELETE FROM sales_quarter');
  const today = (await db.query<{ day: string }>('SELECT max(day) AS day FROM sales_day')).rows[0]!.day;
  const tomorrow = new Date(Date.parse(today) + 24 * 3_600_000).toISOString().slice(0, 10);
  await batchRunCommand(config, 'sales-rollup', { from: today, to: tomorrow, log });
  assert.match(said.pop()!, /^sales-rollup: 0 postings, 1 days of stores made anew, in /);
  const { body } = await shop.call('/sales?by=hour', { token: ADMIN_KEY });
  assert.equal(body.items[0].total, 14_000);
  for (const name of [
    'sales-close',
    'sales-audit',
    'bill-visits',
    'bill-audit',
    'payments',
    'unseen-orders',
    'orders-without-jobs',
    'payment-reconcile',
    'stock-return',
    'calls-over',
    'line-names',
    'pacing-recount',
    'ranking',
    'ranking-hours',
    'webhook-leftovers',
    'staff-sessions',
    'order-partitions',
  ]) {
    await batchRunCommand(config, name, { log });
    assert.match(said.pop()!, new RegExp(`^${name}: .+, in `));
  }
  await batchListCommand(config, { log });
  const list = said.pop()!;
  assert.match(list, /^sales-rollup: posts .+\n {2}next \d{4}-\d\d-\d\d \d\d:\d\d:00 UTC \(\* \* \* \* \*\)\n/);
  assert.match(list, /failed: the grill is on fire/);
  await batchListCommand(config, { json: true, log });
  assert.equal(JSON.parse(said.pop()!).length, 20);
  for (const [name, range, problem] of [
    ['nothing', {}, /There is no 'nothing'/],
    ['stock-return', { from: '2026-11-01', to: '2026-11-02' }, /has no days/],
    ['sales-rollup', { from: '2026-11-01' }, /both --from and --to/],
    ['sales-rollup', { from: '2026-11-31', to: '2026-12-02' }, /--from: 2026-11-31 is not a day/],
    ['sales-rollup', { from: '2026-11-02', to: '2026-11-02' }, /is not after/],
  ] as const) {
    await assert.rejects(batchRunCommand(config, name, { ...range, log }), problem);
  }
});
