import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Db, openDb, type Queryable, type Transaction } from '../../src/platform/db/pool.ts';
import { auditDay } from '../../src/sales/audit.ts';
import { auditDays, closeDays, perOrderRollup, rebuildDays, scheduledRollup } from '../../src/sales/index.ts';
import { createRandom } from '../model/random.ts';
import { CITUS_URL } from '../support/citus.ts';
import { atEndOf } from '../support/lifetime.ts';
import { PATIENT } from '../support/postgres.ts';
import { booksOf, openScene, readBooks, type Sold } from './scene.ts';

const HOUR_MS = 3_600_000;
/** Longer than any run here takes. */
const WITHIN_MS = 600_000;

/** The days on which clocks change there, the odd quarter hours, and a day like any other. */
const PLACES = [
  ['Asia/Seoul', 4, '2026-05-10T12:00Z'],
  ['America/New_York', 4, '2026-03-08T07:00Z'],
  ['America/New_York', 0, '2026-11-01T06:00Z'],
  ['Europe/Berlin', 2, '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', 5, '2026-04-04T15:00Z'],
  ['Asia/Kathmandu', 4, '2026-02-28T18:15Z'],
] as const;

const DISHES = ['stew', 'beer', 'soju'] as const;

for (const seed of [1, 2, 3]) {
  test(`the books of random orders and cancels are those of the orders, whenever they were posted (seed ${seed})`, async (t) => {
    const scene = await openScene(t);
    const random = createRandom(seed);
    const shops = await Promise.all(
      PLACES.map(async ([zone, hour, around]) => ({
        shop: await scene.shop(zone, hour),
        aroundMs: Date.parse(around),
      })),
    );
    const all: Sold[] = [];
    for (let step = 0; step < 250; step += 1) {
      // Some keep their books by the order, as if another process had another switch.
      const rollup = random.chance(0.2) ? perOrderRollup : scheduledRollup;
      const { shop, aroundMs } = random.pick(shops);
      const atMs = aroundMs + random.between(-40 * HOUR_MS, 40 * HOUR_MS);
      const lines = Array.from({ length: random.between(1, 4) }, () => ({
        dish: random.pick(DISHES),
        quantity: random.between(1, 3),
        unitPrice: random.between(0, 20_000),
      }));
      all.push(await scene.sell(shop, atMs, lines, rollup, random.between(-24 * HOUR_MS, 24 * HOUR_MS)));
      const victim = random.pick(all);
      if (random.chance(0.15) && !victim.cancelled) await scene.cancel(victim, rollup);
      if (random.chance(0.1)) await scene.post();
    }
    // Before all of it is posted, the books are those of the orders less what is due: nothing is wrong.
    const now = () => Date.parse('2026-12-01T00:00Z');
    assert.deepEqual((await auditDays(scene.db, now, WITHIN_MS)).differences, []);
    await scene.post();
    const right = booksOf(all);
    assert.deepEqual(await scene.books(), right);
    assert.ok(right.sales_quarter!.length > 100);

    assert.deepEqual((await closeDays(scene.db, now, WITHIN_MS)).differences, []);
    const open = await scene.db.query('SELECT FROM sales_day WHERE closed_at IS NULL');
    assert.equal(open.rowCount, 0);
    assert.ok((await rebuildDays(scene.db, { from: '2026-10-20', to: '2026-11-05' })) > 0);
    assert.deepEqual(await scene.books(), right);
  });
}

test('a day is rebuilt while its orders come, are cancelled and are posted, and nothing is counted twice or left out', async (t) => {
  const scene = await openScene(t);
  const shop = await scene.shop('Asia/Seoul');
  const atMs = Date.parse('2026-05-10T12:00Z');
  const all: Sold[] = [];
  const sell = async () => {
    for (let count = 0; count < 40; count += 1) {
      const sold = await scene.sell(shop, atMs + count * 60_000, [{ dish: 'stew', quantity: 1, unitPrice: 9_000 }]);
      all.push(sold);
      if (count % 3 === 0) await scene.cancel(sold);
    }
  };
  const selling = Promise.all([sell(), sell()]);
  let isOver = false;
  void selling.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await Promise.all([scene.post(), rebuildDays(scene.db, { from: '2026-05-10', to: '2026-05-11' }), scene.post()]);
  }
  await selling;
  await scene.post();
  assert.deepEqual(await scene.books(), booksOf(all));
});

test('a day is closed when it is over where the store is, once, and again after a late cancel', async (t) => {
  const scene = await openScene(t);
  const seoul = await scene.shop('Asia/Seoul', 4);
  const lines = [{ dish: 'beer', quantity: 2, unitPrice: 5_000 }] as const;
  const first = await scene.sell(seoul, Date.parse('2026-05-10T12:00Z'), lines);
  await scene.sell(seoul, Date.parse('2026-05-10T18:59Z'), lines);
  await scene.post();
  const closed = async () =>
    (await scene.db.query<{ closed_at: Date | null }>('SELECT closed_at FROM sales_day')).rows[0]!.closed_at;
  const close = (at: string) => closeDays(scene.db, () => Date.parse(at), WITHIN_MS);
  assert.deepEqual(await close('2026-05-10T18:59Z'), { days: 0, differences: [] });
  assert.equal(await closed(), null);
  assert.deepEqual(await close('2026-05-10T19:00Z'), { days: 1, differences: [] });
  const at = await closed();
  assert.ok(at);
  assert.deepEqual(await close('2026-05-10T19:15Z'), { days: 0, differences: [] });
  await scene.cancel(first);
  await scene.post();
  assert.equal(await closed(), null);
  assert.deepEqual(await close('2026-05-10T19:30Z'), { days: 1, differences: [] });
  assert.ok((await closed())! > at);
});

test('the audit names every figure that is not what the orders say, sets it right and finds nothing the next time', async (t) => {
  const scene = await openScene(t);
  const shop = await scene.shop('Asia/Seoul');
  const atMs = Date.parse('2026-05-10T12:00Z');
  const now = () => atMs + HOUR_MS;
  const all = [await scene.sell(shop, atMs, [{ dish: 'stew', quantity: 1, unitPrice: 9_000 }])];
  await scene.post();
  const right = await scene.books();
  const audit = async () => (await auditDays(scene.db, now, WITHIN_MS)).differences;
  assert.deepEqual(await audit(), []);
  for (const table of ['sales_day', 'sales_quarter', 'sales_item', 'sales_station']) {
    await scene.db.query(`UPDATE ${table} SET total = total + 1`);
    const [found, ...more] = await audit();
    assert.deepEqual(more, [], table);
    assert.deepEqual(
      [found!.storeId, found!.day, found!.books, found!.orders],
      [shop.store.id, '2026-05-10', '1 orders, 1 portions, 9001', '1 orders, 1 portions, 9000'],
    );
    assert.deepEqual(await audit(), []);
    assert.deepEqual(await scene.books(), right);
  }
  // A day of which the books know nothing at all, although it is today's.
  await scene.db.query('DELETE FROM sales_day');
  assert.deepEqual(
    (await audit()).map(({ what }) => what),
    ['the day'],
  );
  assert.deepEqual(await readBooks(scene.db), booksOf(all));
});

test('a large day is read in slices by two connections that see the same, or by one where there is no other', {
  skip: CITUS_URL ? 'a snapshot is one machine’s, so one connection reads there' : false,
}, async (t) => {
  const scene = await openScene(t);
  const shop = await scene.shop('Asia/Seoul');
  const atMs = Date.parse('2026-05-10T12:00Z');
  const all: Sold[] = [];
  for (let order = 0; order < 9; order += 1) {
    const lines = [
      { dish: 'stew', quantity: 1, unitPrice: 9_000 },
      { dish: 'beer', quantity: order, unitPrice: 5_000 },
      { dish: 'stew', quantity: 2, unitPrice: 9_000 },
    ] as const;
    all.push(await scene.sell(shop, atMs + order * 60_000, order === 0 ? lines.slice(0, 1) : lines));
  }
  await scene.cancel(all[3]!);
  await scene.post();
  const day = { storeId: shop.store.id, day: '2026-05-10' };

  const readers: Queryable[] = [];
  let secondReads = () => {};
  const second = new Promise<void>((resolve) => {
    secondReads = resolve;
  });
  // What is sold and posted after both have begun is in neither's snapshot.
  let late: Promise<void> | undefined;
  const sellLate = async () => {
    all.push(await scene.sell(shop, atMs + HOUR_MS, [{ dish: 'soju', quantity: 1, unitPrice: 4_500 }]));
    await scene.post();
  };
  const watched: Db = {
    ...scene.db,
    transaction: (work) =>
      scene.db.transaction((tx) =>
        work({
          ...tx,
          async query(text: string, ...rest: [(readonly unknown[])?, string?]) {
            if (text.includes('posting AS MATERIALIZED')) {
              if (!readers.includes(tx)) readers.push(tx);
              if (readers.length === 2) secondReads();
              await second;
              late ??= sellLate();
              await late;
            }
            return tx.query(text, ...rest);
          },
        } as Transaction),
      ),
  };
  assert.deepEqual(await auditDay(watched, day, true, 2), []);
  assert.equal(readers.length, 2);
  assert.deepEqual(await scene.books(), booksOf(all));

  const alone = openDb({ ...PATIENT, url: scene.url, connectionsMax: 1 });
  atEndOf(t, () => alone.close());
  assert.deepEqual(await auditDay(alone, day, true, 2), []);
  await scene.db.query('UPDATE sales_item SET total = total + 1');
  assert.equal((await auditDay(alone, day, true, 2)).length, 3);
  assert.deepEqual(await scene.books(), booksOf(all));
});

test('days whose orders were archived keep their books', async (t) => {
  const scene = await openScene(t);
  const shop = await scene.shop('Asia/Seoul');
  await scene.sell(shop, Date.parse('2026-02-10T12:00Z'), [{ dish: 'stew', quantity: 1, unitPrice: 9_000 }]);
  await scene.post();
  const before = await scene.books();
  for (const month of ['01', '02']) {
    await scene.db.query(`ALTER TABLE orders DETACH PARTITION orders_2026_${month}`);
  }
  const now = () => Date.parse('2026-05-10T12:00Z');
  assert.deepEqual((await auditDays(scene.db, now, WITHIN_MS)).differences, []);
  await assert.rejects(
    rebuildDays(scene.db, { from: '2026-02-01', to: '2026-05-01' }),
    /before 2026-03-03 are archived/,
  );
  assert.deepEqual(await scene.books(), before);
});
