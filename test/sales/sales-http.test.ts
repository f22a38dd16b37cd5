import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BOUNDS } from '../../src/config.ts';
import { importMenu } from '../../src/menu/file/apply/import-menu.ts';
import { parseMenu } from '../../src/menu/file/parse/parse-menu.ts';
import { businessDay } from '../../src/platform/clock.ts';
import { newId } from '../../src/platform/id.ts';
import { postDue, scheduledRollup } from '../../src/sales/index.ts';
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/app.ts';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer, Json } from '../support/client.ts';
import { makeStore, type TestStore } from '../support/store.ts';

type Shop = TestStore<'stew' | 'beer' | 'soju'>;

const openStore = (api: TestApp): Promise<Shop> =>
  makeStore(api.db, {
    stew: { price: 9_000, station: 'soup' },
    beer: { price: 5_000, station: 'drinks' },
    soju: { price: 4_500, station: 'drinks' },
  });

const sales = (api: TestApp, store: Shop, query: string, options: Parameters<TestApp['client']['call']>[1] = {}) =>
  api.client.call(`/api/v1/stores/${store.slug}/sales${query}`, { token: ADMIN_KEY, ...options });

/** One order of these portions at a moment, as the intake writes it; how it is taken is tested with the intake itself. */
async function sellAt(
  api: TestApp,
  store: Shop,
  at: string,
  portions: Partial<Record<'stew' | 'beer' | 'soju', number>>,
) {
  const id = newId(Date.parse(at));
  await api.db.transaction(async (tx) => {
    const lines = Object.entries(portions).map(([dish, quantity]) => ({ ...store.dishes[dish as 'stew'], quantity }));
    const total = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    await tx.query(
      `INSERT INTO orders (store_id, id, number, day, total, placed_at, promised_at, request_hash)
       SELECT id, $2, 1, business_day($3::timestamptz, time_zone, day_starts_hour), $4, $3, $3, '\\x00' FROM store WHERE id = $1`,
      [store.id, id, at, total],
    );
    for (const [index, line] of lines.entries()) {
      await tx.query(
        'INSERT INTO order_line (store_id, order_id, line, item_id, quantity, unit_price) VALUES ($1, $2, $3, $4, $5, $6)',
        [store.id, id, index + 1, line.id, line.quantity, line.price],
      );
    }
    await scheduledRollup.placed(tx, [{ storeId: store.id, id }]);
  });
}

const post = (api: TestApp) => postDue(api.db, BOUNDS.batch.postingsMax);

for (const env of [
  { ROLLUP: 'scheduled' },
  { ROLLUP: 'per-order' },
  { ROLLUP: 'per-order', INTAKE: 'direct', EFFECTS: 'inline' },
]) {
  const name = Object.values(env).join(', ');
  test(`${name}: after orders, replays and cancels at once the sales are those of the orders that stand`, async (t) => {
    const api = await startTestApp(t, { env });
    const store = await openStore(api);
    const standing = { orders: 0, portions: 0, total: 0 };
    const dishes = ['stew', 'beer', 'soju'] as const;
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const lines = dishes.slice(0, 1 + (index % 3)).map((dish) => ({
          itemId: store.dishes[dish].id,
          quantity: 1 + (index % 2),
        }));
        const key = newId();
        const first = await api.client.order(store.id, { lines }, key);
        const again = await api.client.order(store.id, { lines }, key);
        assert.deepEqual([first.status, again.status], [201, 200]);
        if (index % 4 === 0) {
          const path = `/api/v1/stores/${store.id}/orders/${key}`;
          const cancels = [1, 2].map(() => api.client.call(path, { method: 'DELETE', token: first.body.token }));
          for (const { status } of await Promise.all(cancels)) assert.equal(status, 200);
          return;
        }
        standing.orders += 1;
        standing.portions += lines.length * (1 + (index % 2));
        standing.total += first.body.total;
      }),
    );
    const due = await api.db.query('SELECT FROM sales_due');
    assert.equal(due.rowCount, env.ROLLUP === 'scheduled' ? 75 : 0);
    await post(api);
    const today = businessDay(Date.now(), 'Asia/Seoul', 4);
    for (const by of ['hour', 'day', 'item', 'station']) {
      const { status, body } = await sales(api, store, `?from=${today}&by=${by}`);
      assert.equal(status, 200);
      assert.deepEqual(body.total, standing, by);
      const sumOf = (what: string) => body.items.reduce((sum: number, line: Json) => sum + line[what], 0);
      assert.equal(sumOf('portions'), standing.portions, by);
      assert.equal(sumOf('total'), standing.total, by);
    }
    const byStation = (await sales(api, store, `?from=${today}&by=station`)).body.items;
    // Two dishes of one station in an order are one order there.
    assert.deepEqual(
      byStation.map((line: Json) => [line.station, line.orders]),
      [
        ['soup', 45],
        ['drinks', 30],
      ],
    );
  });
}

const api = await startTestApp({ after });

test('the four tables of a store’s days, as the contract has them', async () => {
  const store = await openStore(api);
  // Four in the morning in Seoul is 19:00 UTC: the first is still the 9th's.
  await sellAt(api, store, '2026-11-09T18:59:00Z', { stew: 1 });
  await sellAt(api, store, '2026-11-09T19:00:00Z', { stew: 2, beer: 1 });
  await sellAt(api, store, '2026-11-10T03:10:00Z', { beer: 1, soju: 2 });
  await sellAt(api, store, '2026-11-10T03:55:00Z', { stew: 1 });
  await sellAt(api, store, '2026-11-10T19:00:00Z', { stew: 9 });
  await post(api);
  const of = async (by: string) => (await sales(api, store, `?from=2026-11-10&to=2026-11-11&by=${by}`)).body;
  const total = { orders: 3, portions: 7, total: 46_000 };
  assert.deepEqual(await of('hour'), {
    currency: 'KRW',
    items: [
      { at: '2026-11-09T19:00:00.000Z', orders: 1, portions: 3, total: 23_000 },
      { at: '2026-11-10T03:00:00.000Z', orders: 2, portions: 4, total: 23_000 },
    ],
    total,
  });
  assert.deepEqual(await of('day'), { currency: 'KRW', items: [{ at: '2026-11-10', ...total }], total });
  const dish = (name: 'stew' | 'beer' | 'soju') => ({
    itemId: store.dishes[name].id,
    name: { ko: `요리 ${name}`, en: name },
  });
  assert.deepEqual(await of('item'), {
    currency: 'KRW',
    items: [
      { ...dish('stew'), orders: 2, portions: 3, total: 27_000 },
      { ...dish('beer'), orders: 2, portions: 2, total: 10_000 },
      { ...dish('soju'), orders: 1, portions: 2, total: 9_000 },
    ],
    total,
  });
  assert.deepEqual(await of('station'), {
    currency: 'KRW',
    items: [
      { station: 'soup', orders: 2, portions: 3, total: 27_000 },
      { station: 'drinks', orders: 2, portions: 4, total: 19_000 },
    ],
    total,
  });
  const days = await api.client.call(`/api/v1/stores/${store.slug}/sales/days?from=2026-11-01&to=2026-12-01`, {
    token: ADMIN_KEY,
  });
  assert.deepEqual(
    days.body.items.map(({ day, orders, closedAt }: Json) => [day, orders, closedAt]),
    [
      ['2026-11-11', 1, null],
      ['2026-11-10', 3, null],
      ['2026-11-09', 1, null],
    ],
  );
  assert.deepEqual((await sales(api, store, '?from=2020-01-01&to=2020-02-01&by=item')).body, {
    currency: 'KRW',
    items: [],
    total: { orders: 0, portions: 0, total: 0 },
  });
});

test('the hour that the clocks show twice is two lines, and a quarter-hour zone has its own hours', async () => {
  const store = await openStore(api);
  await api.db.query(`UPDATE store SET time_zone = 'Europe/Berlin' WHERE id = $1`, [store.id]);
  for (const at of ['00:30', '00:59', '01:00', '01:59', '02:00'])
    await sellAt(api, store, `2026-10-25T${at}:00Z`, { stew: 1 });
  await post(api);
  const hours = async (query: string) =>
    (await sales(api, store, `${query}&by=hour`)).body.items.map((line: Json) => [line.at, line.orders]);
  // The day of the 24th goes on until four.
  assert.deepEqual(await hours('?from=2026-10-24'), [
    ['2026-10-25T00:00:00.000Z', 2],
    ['2026-10-25T01:00:00.000Z', 2],
    ['2026-10-25T02:00:00.000Z', 1],
  ]);
  await api.db.query(`UPDATE store SET time_zone = 'Asia/Kathmandu' WHERE id = $1`, [store.id]);
  const moved = await openStore(api);
  await api.db.query(`UPDATE store SET time_zone = 'Asia/Kathmandu' WHERE id = $1`, [moved.id]);
  await sellAt(api, moved, '2026-11-10T03:14:00Z', { stew: 1 });
  await sellAt(api, moved, '2026-11-10T03:15:00Z', { stew: 1 });
  await post(api);
  const { body } = await sales(api, moved, '?from=2026-11-10&by=hour');
  assert.deepEqual(
    body.items.map((line: Json) => line.at),
    ['2026-11-10T02:15:00.000Z', '2026-11-10T03:15:00.000Z'],
  );
});

test('dishes that were renamed, moved to another station or taken off keep their lines under the names they had', async () => {
  const store = await openStore(api);
  const now = () => new Date().toISOString();
  const order = (dish: 'stew' | 'beer') =>
    api.client.order(store.id, { lines: [{ itemId: store.dishes[dish].id, quantity: 1 }] });
  const rename = (rows: string) =>
    api.db.transaction((tx) =>
      importMenu(tx, store.id, parseMenu(Buffer.from(rows), { format: 'csv', partial: true })),
    );
  await order('stew');
  await order('beer');
  await rename('kind,code,name_ko,name_en,station\nitem,stew,새 찌개,New stew,grill\n');
  // The clock of the orders passes the second that a change is given.
  await api.db.query("UPDATE item_former SET until = now() - interval '1 second' WHERE store_id = $1", [store.id]);
  await api.db.query("UPDATE orders SET placed_at = now() - interval '1 minute' WHERE store_id = $1", [store.id]);
  await order('stew');
  await api.db.query('UPDATE item SET archived = true WHERE store_id = $1', [store.id]);
  await post(api);
  const lines = (body: Json, key: string) => body.items.map((line: Json) => [line[key]?.ko ?? line[key], line.orders]);
  const today = businessDay(Date.parse(now()), 'Asia/Seoul', 4);
  const items = (await sales(api, store, `?from=${today}&by=item`)).body;
  assert.deepEqual(lines(items, 'name').sort(), [
    ['새 찌개', 1],
    ['요리 beer', 1],
    ['요리 stew', 1],
  ]);
  const stations = (await sales(api, store, `?from=${today}&by=station`)).body;
  assert.deepEqual(lines(stations, 'station').sort(), [
    ['drinks', 1],
    ['grill', 1],
    ['soup', 1],
  ]);
});

test('as CSV the table opens in a spreadsheet, and no name in it is worked out as a formula', async () => {
  const store = await openStore(api);
  const names = ['=cmd|calc', '+1', '-1', '@SUM(A1)', '보통 "이름", 둘'];
  for (const name of names) {
    await api.db.query('UPDATE item SET name_ko = $2 WHERE store_id = $1', [store.id, name]);
    await sellAt(api, store, '2026-11-10T03:10:00Z', { stew: 1 });
    await post(api);
  }
  for (const answer of [
    await sales(api, store, '?from=2026-11-10&by=item&format=csv'),
    await sales(api, store, '?from=2026-11-10&by=item', { headers: { accept: 'text/csv' } }),
  ]) {
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['content-type']), /^text\/csv; charset=utf-8/);
    assert.equal(
      answer.headers['content-disposition'],
      `attachment; filename="sales-${store.slug}-2026-11-10-2026-11-11-item.csv"`,
    );
    const [header, ...lines] = (answer.body as string).trimEnd().split('\r\n');
    assert.equal(header, 'item_id,name_ko,name_en,orders,portions,total_krw');
    const id = store.dishes.stew.id;
    assert.deepEqual(
      lines.sort(),
      ["'=cmd|calc", "'+1", "'-1", "'@SUM(A1)", '"보통 ""이름"", 둘"']
        .map((name) => `${id},${name},stew,1,1,9000`)
        .sort(),
    );
  }
  const address = `${api.app.url}/api/v1/stores/${store.slug}/sales?from=2026-11-10&format=csv`;
  const raw = await fetch(address, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  // The mark by which Excel knows UTF-8.
  assert.deepEqual([...new Uint8Array(await raw.arrayBuffer()).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const hours = await sales(api, store, '?from=2026-11-10&by=hour&format=csv');
  assert.match(hours.body, /2026-11-10 12:00,2026-11-10T03:00:00.000Z,5,5,45000\r\n$/);
});

test('only the owner sees what was sold, and a wrong question is told what is wrong with it', async () => {
  const store = await openStore(api);
  const ask = (query: string, token?: string): Promise<Answer> =>
    api.client.call(`/api/v1/stores/${store.id}/sales${query}`, { token });
  for (const query of ['', '/days', '?by=item&format=csv']) {
    assertProblem(await ask(query), 'unauthorized');
    assertProblem(await ask(query, api.app.kitchenKey(store.id)), 'forbidden');
    assert.equal((await ask(query, ADMIN_KEY)).status, 200);
  }
  for (const [query, field] of [
    ['?from=2026-13-01', 'from'],
    ['?from=2026-02-30', 'from'],
    ['?from=yesterday', 'from'],
    ['?from=2026-11-10&to=2026-11-10', 'to'],
    ['?from=2026-11-10&to=2026-11-09', 'to'],
    ['?from=2026-01-01&to=2026-06-01&by=hour', 'to'],
    ['?from=1990-01-01&to=2026-06-01', 'to'],
    ['?by=dish', 'by'],
    ['?format=xlsx', 'format'],
  ] as const) {
    const answer = await ask(query, ADMIN_KEY);
    assertProblem(answer, 'invalid', field);
  }
  assertProblem(await api.client.call('/api/v1/stores/nowhere/sales', { token: ADMIN_KEY }), 'not-found');
});
