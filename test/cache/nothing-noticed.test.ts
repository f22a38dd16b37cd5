import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensurePages } from '../../scripts/pages.mjs';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { makeStore, type TestStore } from '../support/store.ts';
import { changeDish, dishOf, menuPath, TIERS } from './scene.ts';

/** Changes the price and reads the menu for a while; every read must be answered, and they end at the last price. */
async function rush({ client }: TestApp, store: TestStore<'soup'>, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const price = 9_000 + round;
    await changeDish(client, store.id, store.dishes.soup.id, { price });
    const statuses = new Set<number>();
    await eventually(async () => {
      const { status, body } = await client.call(menuPath(store));
      statuses.add(status);
      assert.equal(dishOf(body, store.dishes.soup.id).price, price);
    });
    assert.deepEqual([...statuses], [200]);
  }
}

for (const [name, start] of Object.entries(TIERS)) {
  test(`guests notice nothing when ${name} is frozen, wakes, and is killed`, async (t) => {
    const { service, env } = await start(t);
    const app = await startTestApp(t, { env });
    const store = await makeStore(app.db, { soup: { price: 8_000 } });
    await rush(app, store, 3);
    process.kill(service.pid, 'SIGSTOP');
    await rush(app, store, 5);
    process.kill(service.pid, 'SIGCONT');
    await rush(app, store, 3);
    process.kill(service.pid, 'SIGKILL');
    await rush(app, store, 5);
  });
}

test('when the database is away menus go on, marked stale, and what was never read is an honest error', async (t) => {
  const database = await testDatabase();
  const app = await startTestApp(t, { databaseUrl: database.url });
  const store = await makeStore(app.db, { soup: { price: 8_000 } });
  const unread = await makeStore(app.db, { soup: { price: 8_000 } });
  assert.equal((await app.client.call(menuPath(store))).status, 200);
  await database.drop();
  const statuses = new Set<number>();
  const marked = async () => {
    const { status, headers } = await app.client.call(menuPath(store));
    statuses.add(status);
    assert.equal(headers['x-cache'], 'stale');
  };
  await eventually(marked);
  for (let reader = 0; reader < 200; reader++) await marked();
  assert.deepEqual([...statuses], [200]);
  const blank = await app.client.call(menuPath(unread));
  assert.ok(blank.status >= 500 && blank.headers['retry-after'], `it was answered ${blank.status}`);
});

test('a process that has begun a moment ago goes on without the database with all that guests of stores that sell ask for', async (t) => {
  await ensurePages();
  const database = await testDatabase();
  const { client, db } = await startTestApp(t, { databaseUrl: database.url });
  const selling = await makeStore(db, { soup: { price: 8_000 } });
  const other = await makeStore(db, { soup: { price: 8_000 } });
  const taken = await client.order(selling.id, { lines: [{ itemId: selling.dishes.soup.id, quantity: 1 }] });
  assert.equal(taken.status, 201);
  // Nobody has asked this one for anything.
  const fresh = await startTestApp(t, { databaseUrl: database.url });
  await database.drop();
  const S = `/api/v1/stores/${selling.id}`;
  for (const path of ['/api/v1/stores', S, `${S}/menu`, `/s/${selling.slug}`, `/s/${selling.slug}/t/7`]) {
    assert.equal((await fresh.client.call(path)).status, 200, path);
  }
  const unread = await fresh.client.call(menuPath(other));
  assert.ok(unread.status >= 500 && unread.headers['retry-after'], `it was answered ${unread.status}`);
});

test('the guest page comes with its menu inside, is kept by its ETag, and follows a change', async (t) => {
  await ensurePages();
  const app = await startTestApp(t);
  const store = await makeStore(app.db, { soup: { price: 8_000 } });
  const path = `/s/${store.slug}/t/7`;
  const first = await app.client.call(path);
  assert.equal(first.status, 200);
  assert.ok(String(first.body).includes(store.dishes.soup.id), 'the menu is not inside');
  assert.match(String(first.headers['content-security-policy']), /default-src 'self'/);
  const etag = String(first.headers.etag);
  assert.equal((await app.client.call(path, { headers: { 'if-none-match': etag } })).status, 304);
  assert.equal((await app.client.call(`/s/${store.id}`)).headers.etag, etag, 'by slug or by id it is the same page');
  for (const encoding of ['br', 'gzip']) {
    const { headers } = await app.client.call(path, { headers: { 'accept-encoding': encoding } });
    assert.equal(headers['content-encoding'], encoding);
  }
  await changeDish(app.client, store.id, store.dishes.soup.id, { price: 8_888 });
  await eventually(async () => assert.match(String((await app.client.call(path)).body), /8888/));
});
