import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { OpsView } from '../../src/contract/ops.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { REQUEST_CLASSES } from '../../src/platform/http/request/request-class.ts';
import { newId } from '../../src/platform/id.ts';
import { addJobs } from '../../src/platform/jobs/jobs.ts';
import { ADMIN_KEY, SECRET, startTestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { makeStore } from '../support/store.ts';
import { expressions, unknownClasses } from './named-metrics.ts';

const PASSWORD = 'a-password-in-an-address';
const shop = await startTestApp(
  { after },
  {
    sampleEveryMs: 250,
    env: { CACHE: 'memory', INTAKE: 'grouped', CACHE_URL: `redis://:${PASSWORD}@127.0.0.1:1`, OVERLOAD: 'on' },
  },
);
const { client, db } = shop;
const store = await makeStore(db, { stew: { price: 9_000 } });
const ops = async (): Promise<OpsView> => {
  const { status, body } = await client.call('/api/v1/ops', { token: ADMIN_KEY });
  assert.equal(status, 200);
  return body;
};
const classOf = ({ minute }: OpsView, name: string) => minute.classes.find((each) => each.class === name)!;

test('menus, orders and looks at orders come to rates and times by class, and so do the groups of the intake', async () => {
  const lines = [{ itemId: store.dishes.stew.id, quantity: 1 }];
  const view = await eventually(async () => {
    const { status, body } = await client.order(store.id, { lines }, newId());
    assert.equal(status, 201);
    await client.call(`/api/v1/stores/${store.id}/orders/${body.id}`, { token: body.token });
    // The second one lies ready, so the fast path answers it.
    for (let look = 0; look < 2; look += 1) await client.call(`/api/v1/stores/${store.id}/menu`);
    const now = await ops();
    for (const name of ['order', 'status', 'menu', 'staff']) assert.ok(classOf(now, name).perSecond > 0, name);
    assert.ok(now.minute.intake.ordersPerSecond > 0 && now.minute.intake.groupSize! >= 1);
    for (const kind of ['menus', 'orders', 'status'] as const) {
      assert.ok(
        now.points.some((point) => point[kind] > 0),
        kind,
      );
    }
    return now;
  });
  for (const name of ['order', 'status', 'menu']) {
    const { p50Ms, p99Ms, refusedPerSecond } = classOf(view, name);
    assert.ok(p50Ms! > 0 && p99Ms! >= p50Ms!, name);
    assert.equal(refusedPerSecond, 0);
  }
  const { intake, cache } = view.minute;
  assert.ok(intake.commitP99Ms! > 0);
  const menu = cache.find(({ place, tier }) => place === 'menu' && tier === 'memory')!;
  assert.ok(menu.perSecond > 0 && menu.hitRatio > 0 && menu.hitRatio <= 1);
  assert.deepEqual([view.node.processes, view.node.heard], [1, 1]);
});

test('a menu that the fast path gives is counted once, and so is one that a route gives', async () => {
  const menus = async () => {
    const { body } = await client.call('/metrics');
    return Number(/matjip_request_seconds_count\{class="menu"\} (\d+)/.exec(body)?.[1]);
  };
  const before = await menus();
  for (let look = 0; look < 5; look += 1) await client.call(`/api/v1/stores/${store.id}/menu`);
  for (let look = 0; look < 3; look += 1) await client.call(`/api/v1/stores/${store.slug}/menu`);
  assert.equal((await menus()) - before, 8);
});

test('dashboard and alerts name no class of requests that there is not', () => {
  assert.ok(expressions().length > 30);
  assert.deepEqual(unknownClasses(), []);
});

test('the page has a name for each class of requests in each of its four languages', () => {
  const said = readFileSync('web/ops/live-words.ts', 'utf8');
  for (const name of REQUEST_CLASSES) assert.equal(said.split(`'class.${name}': `).length - 1, 4, name);
});

test('what stands still is told by kind: how many wait, since when, and dead letters', async () => {
  await addJobs(db, [
    { kind: 'never-worked-on', payload: 1 },
    { kind: 'never-worked-on', payload: 2, runAt: new Date(Date.now() + 3_600_000) },
    { kind: 'never-worked-on', payload: 'gone for good' },
  ]);
  await db.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'no oven' WHERE payload::text = '"gone for good"'`,
  );
  await db.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 hour' WHERE payload::text = '1'`,
  );
  const kind = await eventually(async () => {
    const found = (await ops()).jobs!.kinds.find((each) => each.kind === 'never-worked-on')!;
    assert.equal(found?.dead, 1);
    return found;
  });
  assert.deepEqual([kind.waiting, kind.later, kind.running], [1, 1, 0]);
  assert.ok(kind.oldestS >= 3_600);
  await eventually(async () => {
    const { body } = await client.call('/metrics');
    assert.match(body, /^matjip_jobs_waiting\{kind="never-worked-on"\} 1$/m);
    assert.match(body, /^matjip_jobs_dead\{kind="never-worked-on"\} 1$/m);
  });
});

test('a dead letter that nobody is to do any more is put away once, by the owner, and the log has it', async () => {
  const dead = async () => (await client.call('/api/v1/jobs/dead', { token: ADMIN_KEY })).body.items;
  const [letter] = await dead();
  const putAway = (id: string, token?: string) =>
    client.call(`/api/v1/jobs/dead/${id}`, { method: 'DELETE', ...(token && { token }) });
  assert.equal((await putAway(letter.id)).status, 401);
  assert.equal((await dead()).length, 1);
  assert.equal((await putAway(letter.id, ADMIN_KEY)).status, 204);
  assert.deepEqual(await dead(), []);
  assert.equal((await putAway(letter.id, ADMIN_KEY)).status, 404);
  assert.equal((await putAway('x', ADMIN_KEY)).status, 404);
  // One that is not dead stays.
  const { rows } = await db.query<{ id: string }>(
    `SELECT id::text FROM graphile_worker._private_jobs WHERE payload::text = '1'`,
  );
  assert.equal((await putAway(rows[0]!.id, ADMIN_KEY)).status, 404);
  const line = shop.logLines
    .map((each) => JSON.parse(each))
    .find(({ msg, message }) => /put away/.test(msg ?? message));
  assert.deepEqual([line.kind, line.payload], ['never-worked-on', 'gone for good']);
});

test('only the owner sees it, and no secret is in it: of an address it says that it is set', async () => {
  assert.equal((await client.call('/api/v1/ops')).status, 401);
  assert.equal((await client.call('/api/v1/ops', { token: shop.app.kitchenKey(store.id) })).status, 401);
  const view = await ops();
  const text = JSON.stringify(view);
  for (const hidden of [ADMIN_KEY, SECRET, PASSWORD, shop.databaseUrl, '127.0.0.1:1']) {
    assert.ok(!text.includes(hidden), hidden);
  }
  const switches = Object.fromEntries(view.switches.map(({ name, value }) => [name, value]));
  assert.equal(switches.INTAKE, 'grouped');
  assert.equal(switches.OVERLOAD, 'on');
  assert.equal(switches.CACHE_URL, 'set');
  assert.equal(switches.REDIS_URL, 'unset');
  assert.match(view.versions.postgres!, /^\d+/);
  assert.equal(view.versions.node, process.versions.node);
  assert.equal(view.versions.redis, null);
});

test('when the database is away the answer says so and has the rest', async (t) => {
  const name = new URL(shop.databaseUrl).pathname.slice(1);
  const admin = new URL(shop.databaseUrl);
  admin.pathname = '/postgres';
  const other = openDb({ url: admin.href, connectionsMax: 1, statementTimeoutMs: 0 });
  atEndOf(t, () => other.close());
  await other.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  atEndOf(t, async () => void (await other.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)));
  await eventually(async () => {
    await other.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    const view = await ops();
    assert.equal(view.jobs, null);
    assert.equal(view.versions.postgres, null);
    assert.ok(view.points.length > 0 && view.switches.length > 0);
  });
});
