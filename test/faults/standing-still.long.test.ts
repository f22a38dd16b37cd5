import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startProxy } from '../../faults/kit/proxy.ts';
import { stallLines } from '../../faults/kit/stall-lines.ts';
import { watchContention } from '../support/contention.ts';
import { eventually } from '../support/eventually.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { startApiProcess, startApiProcesses } from '../support/processes.ts';
import { startRedis } from '../support/services.ts';
import { openWholeShop, type Slowest, type WholeShop } from '../support/whole-shop.ts';

/*
 * What stands still is taken for lost, refusals and pages come in their time, and all is right soon after. Promises about time: what the
 * machine takes by itself, for an answer that needs nothing (`/healthz`), for the same answer and for a look at everything while all is
 * right, is not held against them. Coming back is work of many steps, each of which waits for a core: where other programs have the cores
 * it may take as many times longer as they slow this one down, counted by the kernel before anything came back.
 */
const FROZEN_MS = 20_000;
const ANSWERED_WITHIN_MS = 3_000;
const RIGHT_WITHIN_MS = 5_000;
/** A connection that leads nowhere says so to nobody: a live one is asked after 2 s and lost after 4 s. */
const NOTICED_WITHIN_MS = 5_000;

type Bounds = Partial<Record<keyof Slowest, number>>;

/** @param usual how long it takes here while all is right */
function assertWithin(slowest: Slowest, usual: Slowest, bounds: Bounds): void {
  for (const [name, boundMs] of Object.entries(bounds)) {
    const what = name as keyof Slowest;
    const ownMs = Math.max(slowest.health, usual[what]);
    assert.ok(
      slowest[what] <= boundMs + ownMs,
      `${what} took ${Math.round(slowest[what])} ms, and the machine ${Math.round(ownMs)} ms of them`,
    );
  }
}

const rounded = (slowest: object) =>
  JSON.stringify(slowest, (_, value) => (typeof value === 'number' ? Math.round(value) : value));

async function timeUntilRight(shop: WholeShop): Promise<number> {
  const sinceMs = performance.now();
  await shop.untilAllIsRight();
  return performance.now() - sinceMs;
}

/** How long a look at everything, and each answer, takes while all is right. */
async function lookWhileRight(shop: WholeShop): Promise<{ healthyMs: number; usual: Slowest }> {
  await shop.untilAllIsRight();
  shop.beginAnew();
  const healthyMs = await timeUntilRight(shop);
  const usual = shop.slowest();
  shop.beginAnew();
  return { healthyMs, usual };
}

async function whileFrozen(
  t: { diagnostic(text: string): void },
  shop: WholeShop,
  { freeze, thaw }: { freeze(): void; thaw(): void },
  bounds: Bounds,
): Promise<void> {
  const contention = watchContention();
  const { healthyMs, usual } = await lookWhileRight(shop);
  freeze();
  try {
    await delay(FROZEN_MS);
  } finally {
    thaw();
  }
  const slower = contention();
  const slowest = shop.slowest();
  const tookMs = await timeUntilRight(shop);
  t.diagnostic(
    `${rounded(slowest)}; all was right after ${Math.round(tookMs)} ms, a look takes ${Math.round(healthyMs)} ms; others make it × ${slower.toFixed(2)}`,
  );
  assertWithin(slowest, usual, bounds);
  assert.ok(
    tookMs - healthyMs <= RIGHT_WITHIN_MS * slower,
    `all was right after ${tookMs} ms, and a look takes ${healthyMs} ms; others make it × ${slower.toFixed(2)}`,
  );
}

const everything = (boundMs: number): Bounds => ({
  order: boundMs,
  status: boundMs,
  tickets: boundMs,
  ready: boundMs,
  menu: boundMs,
  page: boundMs,
});

const signals = (...pids: number[]) => ({
  freeze: () => pids.forEach((pid) => void process.kill(pid, 'SIGSTOP')),
  thaw: () => pids.forEach((pid) => void process.kill(pid, 'SIGCONT')),
});

test('Postgres frozen for 20 s: menus and pages go on, the rest is refused in time, and all is right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, 2, { WITH_JOBS: 'yes', PATIENT: 'no' });
  const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[1]! });
  await whileFrozen(t, shop, postgres, everything(ANSWERED_WITHIN_MS));
  await shop.close();
});

test('Redis frozen for 20 s: orders, pages and slips go on, and screens are right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const redis = await startRedis(t);
  const env = { WITH_JOBS: 'yes', PATIENT: 'no', REDIS_URL: redis.url, CACHE: 'tiered' };
  const apis = await startApiProcesses(t, postgres.url, 2, env);
  const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[1]! });
  await whileFrozen(t, shop, signals(redis.pid), { ...everything(ANSWERED_WITHIN_MS), slip: 5_000 });
  await shop.close();
});

test('one of two processes frozen for 20 s: the other’s guests, pages and slips go on, and all is right within 5 s', async (t) => {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, 2, { WITH_JOBS: 'yes', PATIENT: 'no' });
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
    'database-clock',
    '',
  ],
  Redis: ['\nsubscribe', 'publish', 'brpop', ''],
})) {
  test(`each live connection to ${name} stalled, and then all at once: answers in time, and all is right again by itself`, async (t) => {
    const postgres = await startOwnPostgres(t);
    const redis = name === 'Redis' ? await startRedis(t) : undefined;
    const proxy = stallLines(await startProxy(t, redis?.url ?? postgres.url));
    const env = { WITH_JOBS: 'yes', PATIENT: 'no' };
    const apis = [
      await startApiProcess(t, redis ? postgres.url : proxy.url, { ...env, ...(redis && { REDIS_URL: proxy.url }) }),
      await startApiProcess(t, postgres.url, { ...env, ...(redis && { REDIS_URL: redis.url }) }),
    ];
    const shop = await openWholeShop(t, apis, { databaseUrl: postgres.url, printsAt: apis[0]! });
    for (const word of words) {
      const contention = watchContention();
      const { healthyMs, usual } = await lookWhileRight(shop);
      const slower = contention();
      // Some are opened only when there is nothing else to do, as a printer's that waits.
      await eventually(() => proxy.stall(word) > 0, `a connection has said ${word}`);
      const tookMs = (await timeUntilRight(shop)) - healthyMs;
      const slowest = shop.slowest();
      const said = `right after ${Math.round(tookMs)} ms more than a look takes; others make it × ${slower.toFixed(2)}`;
      t.diagnostic(`${word.trim() || 'all'}: ${said}; ${rounded(slowest)}`);
      assert.ok(tookMs <= NOTICED_WITHIN_MS + RIGHT_WITHIN_MS * slower, said);
      assertWithin(slowest, usual, { ...everything(ANSWERED_WITHIN_MS), slip: 10_000 });
    }
    await shop.close();
  });
}
