import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { startApiProcess, startApiProcesses } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { openWholeShop, type Slowest, type WholeShop } from '../support/whole-shop.ts';
import { startStallingProxy } from './stalling-proxy.ts';

/*
 * What stands still is taken for lost, refusals and pages come in their time, and all is right soon after. Promises about time: what the
 * machine takes by itself, for an answer that needs nothing (`/healthz`), is not held against them.
 */
const FROZEN_MS = 20_000;
const REFUSED_WITHIN_MS = 3_000;
const PAGES_WITHIN_MS = 2_000;
const RIGHT_WITHIN_MS = 5_000;

type Bounds = Partial<Record<keyof Slowest, number>>;

function assertWithin({ health, ...slowest }: Slowest, bounds: Bounds): void {
  for (const [what, boundMs] of Object.entries(bounds)) {
    const tookMs = slowest[what as keyof typeof slowest];
    assert.ok(
      tookMs <= boundMs + health,
      `${what} took ${Math.round(tookMs)} ms, and nothing ${Math.round(health)} ms`,
    );
  }
}

const rounded = (slowest: object) =>
  JSON.stringify(slowest, (_, value) => (typeof value === 'number' ? Math.round(value) : value));

async function untilRight(t: { diagnostic(text: string): void }, shop: WholeShop): Promise<void> {
  const sinceMs = performance.now();
  shop.beginAnew();
  await shop.untilAllIsRight();
  const tookMs = performance.now() - sinceMs;
  const { health } = shop.slowest();
  t.diagnostic(`all was right after ${Math.round(tookMs)} ms`);
  assert.ok(tookMs <= RIGHT_WITHIN_MS + health, `all was right after ${tookMs} ms, and nothing took ${health} ms`);
}

async function whileFrozen(
  t: { diagnostic(text: string): void },
  shop: WholeShop,
  { freeze, thaw }: { freeze(): void; thaw(): void },
  bounds: Bounds,
): Promise<void> {
  await shop.untilAllIsRight();
  shop.beginAnew();
  freeze();
  try {
    await delay(FROZEN_MS);
  } finally {
    thaw();
  }
  const slowest = shop.slowest();
  t.diagnostic(rounded(slowest));
  await untilRight(t, shop);
  assertWithin(slowest, bounds);
}

const everything = (boundMs: number): Bounds => ({
  order: boundMs,
  status: boundMs,
  tickets: boundMs,
  ready: boundMs,
  menu: PAGES_WITHIN_MS,
  page: PAGES_WITHIN_MS,
});

const signals = (...pids: number[]) => ({
  freeze: () => pids.forEach((pid) => void process.kill(pid, 'SIGSTOP')),
  thaw: () => pids.forEach((pid) => void process.kill(pid, 'SIGCONT')),
});

test('Postgres frozen for 20 s: menus and pages go on, the rest is refused in time, and all is right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, 2, { WITH_JOBS: 'yes' });
  const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[1]! });
  await whileFrozen(t, shop, postgres, everything(REFUSED_WITHIN_MS));
  await shop.close();
});

test('Redis frozen for 20 s: orders, pages and slips go on, and screens are right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const redis = await startRedis(t);
  const env = { WITH_JOBS: 'yes', REDIS_URL: redis.url, CACHE: 'tiered' };
  const apis = await startApiProcesses(t, postgres.url, 2, env);
  const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[1]! });
  await whileFrozen(t, shop, signals(redis.pid), { ...everything(REFUSED_WITHIN_MS), slip: 5_000 });
  await shop.close();
});

test('one of two processes frozen for 20 s: the other’s guests, pages and slips go on, and all is right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, 2, { WITH_JOBS: 'yes' });
  const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[1]! });
  await whileFrozen(t, shop, signals(apis[0]!.pid), { slip: 10_000 });
  await shop.close();
});

for (const [name, words] of Object.entries({
  Postgres: [
    'listen matjip_live',
    'listen "jobs:insert"',
    'holders as materialized',
    'insert-orders',
    'find-stores',
    '',
  ],
  Redis: ['\nsubscribe', 'publish', 'brpop', ''],
})) {
  test(`each live connection to ${name} stalled, and then all at once: answers in time, and all is right again by itself`, async (t) => {
    const postgres = await startOwnPostgres(t);
    const redis = name === 'Redis' ? await startRedis(t) : undefined;
    const proxy = await startStallingProxy(t, redis?.url ?? postgres.url);
    const env = { WITH_JOBS: 'yes' };
    const apis = [
      await startApiProcess(t, redis ? postgres.url : proxy.url, { ...env, ...(redis && { REDIS_URL: proxy.url }) }),
      await startApiProcess(t, postgres.url, { ...env, ...(redis && { REDIS_URL: redis.url }) }),
    ];
    const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[0]! });
    for (const word of words) {
      await shop.untilAllIsRight();
      shop.beginAnew();
      assert.ok(proxy.stall(word) > 0, `no connection said ${word}`);
      const sinceMs = performance.now();
      await shop.untilAllIsRight();
      const slowest = shop.slowest();
      t.diagnostic(`${word || 'all'}: ${Math.round(performance.now() - sinceMs)} ms; ${rounded(slowest)}`);
      assertWithin(slowest, { ...everything(REFUSED_WITHIN_MS), slip: 10_000 });
    }
    await shop.close();
  });
}
