import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { type ApiProcess, startApiProcesses } from '../support/processes.ts';
import { startMemcached, startRedis } from '../support/services.ts';
import { makeStore } from '../support/store.ts';
import { changeDish, dishOf, menuLoads, menuPath, openShops, stockPath, TEAS } from './scene.ts';

type Shop = Awaited<ReturnType<typeof openShops>>['stores'][number];

const PORTIONS = 30;

/** Sells one tea after the other, and has every process show each of them. */
async function sellTeas(processes: readonly ApiProcess[], shop: Shop): Promise<void> {
  for (let sold = 1; sold <= PORTIONS; sold++) {
    const { client } = processes[sold % processes.length]!;
    const order = { lines: [{ itemId: shop.dishes.tea.id, quantity: 1 }] };
    assert.equal((await client.order(shop.id, order)).status, 201);
    if (sold % 10 !== 0) continue;
    for (const each of processes) {
      await eventually(
        async () => {
          const menu = (await each.client.call(menuPath(shop))).body;
          return dishOf(menu, shop.dishes.tea.id).remaining === TEAS - sold;
        },
        `${TEAS - sold} teas are shown`,
      );
      const stock = (await each.client.call(stockPath(shop))).body;
      assert.deepEqual(stock.items, [{ id: shop.dishes.tea.id, soldOut: false, remaining: TEAS - sold }]);
    }
  }
}

const WAYS: Record<string, (t: TestContext) => Promise<Record<string, string>>> = {
  'in memory': async () => ({}),
  'with Redis as second tier': async (t) => ({ CACHE: 'tiered', REDIS_URL: (await startRedis(t)).url }),
  'with Memcached as second tier': async (t) => ({ CACHE: 'tiered', CACHE_URL: (await startMemcached(t)).url }),
};

for (const [way, environment] of Object.entries(WAYS)) {
  test(`selling a limited dish loads no menu, in no process: ${way}`, async (t) => {
    const { url, stores } = await openShops(t, 1);
    const shop = stores[0]!;
    const processes = await startApiProcesses(t, url, 2, await environment(t));
    for (const { client } of processes) await client.call(menuPath(shop));
    const before = await menuLoads(processes);
    await sellTeas(processes, shop);
    assert.equal(await menuLoads(processes), before);
    // Another price is another menu.
    await changeDish(processes[0]!.client, shop.id, shop.dishes.rice.id, { price: 2_500 });
    await eventually(async () => {
      const menu = (await processes[1]!.client.call(menuPath(shop))).body;
      return dishOf(menu, shop.dishes.rice.id).price === 2_500;
    }, 'the price shows');
    assert.ok((await menuLoads(processes)) > before);
  });
}

/** A busy machine may keep the second tier from answering in time; then the process loads for itself. */
const ATTEMPTS_MAX = 8;

test('a process that finds an older stock in the second tier shows the newest', async (t) => {
  const { url, stores } = await openShops(t, ATTEMPTS_MAX);
  const { url: redis } = await startRedis(t);
  const [first, second] = await startApiProcesses(t, url, 2, { CACHE: 'tiered', REDIS_URL: redis });
  for (const shop of stores) {
    await first!.client.call(menuPath(shop));
    const order = { lines: [{ itemId: shop.dishes.tea.id, quantity: 7 }] };
    assert.equal((await first!.client.order(shop.id, order)).status, 201);
    const before = await menuLoads([second!]);
    // The second has never had it: it comes from the tier, where it lies with the stock of its load.
    const { body, headers } = await second!.client.call(menuPath(shop));
    assert.equal(dishOf(body, shop.dishes.tea.id).remaining, TEAS - 7);
    assert.equal(headers['x-cache'], 'miss');
    if ((await menuLoads([second!])) === before) return;
  }
  assert.fail('It was never found in the second tier.');
});

test('the stock has an ETag of its own, and the part of its version before the dot is that of its menu', async (t) => {
  const { client, db } = await startTestApp(t);
  const store = await makeStore(db, {
    soup: { price: 9_000, remaining: 2 },
    off: { price: 1, remaining: 3, soldOut: true },
  });
  const menu = (await client.call(menuPath(store))).body;
  const stock = await client.call(stockPath(store));
  assert.equal(stock.status, 200);
  assert.equal(stock.body.version, menu.version);
  assert.deepEqual(stock.body.items, [
    { id: store.dishes.soup.id, soldOut: false, remaining: 2 },
    { id: store.dishes.off.id, soldOut: true, remaining: 3 },
  ]);
  const known = { headers: { 'if-none-match': String(stock.headers.etag) } };
  assert.equal((await client.call(stockPath(store), known)).status, 304);
  assert.equal((await client.call(`/api/v1/stores/${store.slug}/stock`, known)).status, 304);
  assert.equal((await client.call('/api/v1/stores/nowhere/stock')).status, 404);
  await client.order(store.id, { lines: [{ itemId: store.dishes.soup.id, quantity: 2 }] });
  await eventually(async () => {
    const { status, body } = await client.call(stockPath(store), known);
    return status === 200 && body.items[0].soldOut === true;
  }, 'it is sold out');
  const after = (await client.call(stockPath(store))).body;
  assert.equal(after.version.split('.')[0], menu.version.split('.')[0]);
  assert.notEqual(after.version, menu.version);
});

test('where nothing is counted the stock is empty', async (t) => {
  const { client, db } = await startTestApp(t);
  const store = await makeStore(db, { soup: { price: 9_000 } });
  assert.deepEqual((await client.call(stockPath(store))).body.items, []);
});

test('CACHE=off: the stock is right at once', async (t) => {
  const { client, db } = await startTestApp(t, { env: { CACHE: 'off' } });
  const store = await makeStore(db, { soup: { price: 9_000, remaining: 2 } });
  await client.order(store.id, { lines: [{ itemId: store.dishes.soup.id, quantity: 1 }] });
  assert.equal((await client.call(stockPath(store))).body.items[0].remaining, 1);
  assert.equal(dishOf((await client.call(menuPath(store))).body, store.dishes.soup.id).remaining, 1);
});
