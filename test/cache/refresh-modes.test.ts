import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { movableClock } from '../support/movable-clock.ts';
import { startApiProcess } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { makeStore, type TestStore } from '../support/store.ts';
import { changeDish, dishOf, menuPath, metric, openShops } from './scene.ts';

/** Of the refresher, which goes by timers. All else waits for a clock that is moved by hand. */
const PERIOD_MS = 1_500;
const LIFETIME_MS = 3_600_000;

/** Makes the clock of this process, and so of the app in it, one that can be moved ahead. */
function moveClock(t: TestContext): (ms: number) => void {
  const { pass, restore } = movableClock();
  t.after(restore);
  return pass;
}

test('CACHE=tiered without an address stops the start with one line that says what to do', () => {
  assert.throws(() => readConfig({ CACHE: 'tiered' }), { name: 'ConfigError', message: /CACHE_URL or REDIS_URL/ });
  assert.equal(readConfig({ CACHE: 'tiered', REDIS_URL: 'redis://127.0.0.1' }).cacheUrl, 'redis://127.0.0.1');
});

async function priceOf({ client }: Pick<TestApp, 'client'>, store: TestStore<'soup'>): Promise<number | undefined> {
  const { status, body } = await client.call(menuPath(store));
  return status === 200 ? dishOf(body, store.dishes.soup.id).price : undefined;
}

/** A restaurant whose one dish costs 9,000 and then, once it was read, 9,500. */
async function changed(t: Parameters<typeof startTestApp>[0], env: Record<string, string>) {
  const app = await startTestApp(t, { env: { CACHE_TTL_MS: String(LIFETIME_MS), ...env } });
  const store = await makeStore(app.db, { soup: { price: 9_000 } });
  return {
    app,
    store,
    change: () => changeDish(app.client, store.id, store.dishes.soup.id, { price: 9_500 }),
  };
}

test('CACHE=off: right at once, and every read is a load', async (t) => {
  const { app, store, change } = await changed(t, { CACHE: 'off' });
  assert.equal(await priceOf(app, store), 9_000);
  await change();
  assert.equal(await priceOf(app, store), 9_500);
  assert.equal(await metric([app], 'matjip_cache_load_seconds_count', 'place="menu"'), 2);
});

test('CACHE_REFRESH=event: right by itself', async (t) => {
  const { app, store, change } = await changed(t, {});
  assert.equal(await priceOf(app, store), 9_000);
  await change();
  await eventually(async () => assert.equal(await priceOf(app, store), 9_500));
});

test('CACHE_REFRESH=expiry: wrong until its time is over, then right', async (t) => {
  const pass = moveClock(t);
  const { app, store, change } = await changed(t, { CACHE_REFRESH: 'expiry' });
  assert.equal(await priceOf(app, store), 9_000);
  await change();
  assert.equal(await priceOf(app, store), 9_000);
  pass(LIFETIME_MS / 2);
  assert.equal(await priceOf(app, store), 9_000);
  pass(LIFETIME_MS / 2);
  assert.equal(await priceOf(app, store), 9_500);
});

test('CACHE_REFRESH=never: wrong for ever, and loaded once', async (t) => {
  const pass = moveClock(t);
  const { app, store, change } = await changed(t, { CACHE_REFRESH: 'never' });
  assert.equal(await priceOf(app, store), 9_000);
  await change();
  pass(LIFETIME_MS * 100);
  assert.equal(await priceOf(app, store), 9_000);
  assert.equal(await metric([app], 'matjip_cache_load_seconds_count', 'place="menu"'), 1);
});

test('CACHE_REFRESH=external: readers never load; blank before the refresher came, wrong for up to a period', async (t) => {
  const { app, store, change } = await changed(t, { CACHE_REFRESH: 'external', CACHE_TTL_MS: String(PERIOD_MS) });
  // A process whose refresher has not come yet, and here never comes.
  const before = await startTestApp(t, {
    databaseUrl: app.databaseUrl,
    env: { CACHE_REFRESH: 'external', CACHE_REFRESHER: 'off' },
  });
  const blank = await before.client.call(menuPath(store));
  assert.equal(blank.status, 503);
  assert.equal(blank.body.type, 'unavailable');
  assert.ok(Number(blank.headers['retry-after']) >= 1);
  await eventually(async () => assert.equal(await priceOf(app, store), 9_000));
  await change();
  await eventually(async () => assert.equal(await priceOf(app, store), 9_500));
  const loads = await metric([app], 'matjip_cache_load_seconds_count', 'place="menu"');
  for (let reader = 0; reader < 100; reader++) await priceOf(app, store);
  // The refresher comes round once or, on a slow machine, a few times.
  assert.ok((await metric([app], 'matjip_cache_load_seconds_count', 'place="menu"')) - loads <= 20);
});

test('CACHE_REFRESH=external, the refresher in another process: when it is killed the menu becomes blank', async (t) => {
  const { url, stores } = await openShops(t, 1);
  const { url: redis } = await startRedis(t);
  const env = { CACHE: 'tiered', CACHE_URL: redis, CACHE_REFRESH: 'external', CACHE_TTL_MS: '400' };
  const refresher = await startApiProcess(t, url, { ...env, WITH_JOBS: 'yes' });
  const reader = await startApiProcess(t, url, env);
  const status = async () => (await reader.client.call(menuPath(stores[0]!))).status;
  await eventually(async () => assert.equal(await status(), 200));
  await refresher.kill('SIGKILL');
  await eventually(async () => assert.equal(await status(), 503));
  assert.equal(await metric([reader], 'matjip_cache_load_seconds_count', 'place="menu"'), 0);
});
