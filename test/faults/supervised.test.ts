import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPostmaster } from '../../src/platform/db/embedded/postmaster.ts';
import { openDb } from '../../src/platform/db/pool.ts';
import { namedMetrics, printedMetrics } from '../ops/named-metrics.ts';
import { ADMIN_KEY } from '../support/app.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { startServed } from '../support/served.ts';
import { makeStore, type TestStore } from '../support/store.ts';

const orderOnce = async (client: Client, store: TestStore<'dish'>) => {
  const answer = await client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
};

async function storeAt(t: Parameters<typeof startServed>[0] & { after(hook: () => void): void }, url: string) {
  const db = openDb({ ...PATIENT, url, connectionsMax: 2 });
  t.after(() => db.close());
  return makeStore(db, { dish: { price: 9_000 } });
}

/** Those who heard nothing until they gave up themselves. */
const timedOut = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.filter((each) => each.status === 'rejected' && each.reason.code === 'UND_ERR_HEADERS_TIMEOUT');

test('a process that serves alone and is killed is started again at the same address', async (t) => {
  const { url } = await testDatabase(t);
  const served = await startServed(t, { DATABASE_URL: url });
  const store = await storeAt(t, url);
  await orderOnce(served.client, store);
  for (let kills = 0; kills < 2; kills += 1) {
    const [victim, ...others] = served.workers();
    assert.deepEqual(others, []);
    process.kill(victim!, 'SIGKILL');
    await eventually(() => served.workers().length === 1 && served.workers()[0] !== victim);
    await eventually(() => orderOnce(served.client, store));
  }
  served.signal('SIGTERM');
  assert.equal(await served.ended, 0);
});

test('a scrape while a worker is frozen has the others’ numbers; the frozen one is ended and replaced', async (t) => {
  const { url } = await testDatabase(t);
  const served = await startServed(t, { DATABASE_URL: url, WORKERS: '2' });
  const store = await storeAt(t, url);
  const before = served.workers();
  assert.equal(before.length, 2);
  const scrape = async () => {
    const { status, body } = await served.client.call('/metrics');
    assert.equal(status, 200);
    assert.match(body, /process_cpu_seconds_total/);
    return Number(/^matjip_workers_silent (\d)$/m.exec(body)?.[1]);
  };
  assert.equal(await scrape(), 0);
  // What the dashboard and the alerts are made of is printed.
  const { body: printed } = await served.client.call('/metrics');
  const there = printedMetrics(printed);
  assert.deepEqual(
    [...namedMetrics()].filter((name) => !there.has(name)),
    [],
  );
  // The page for engineers speaks for both, whichever is asked.
  await eventually(async () => {
    const { body } = await served.client.call('/api/v1/ops', { token: ADMIN_KEY });
    assert.deepEqual([body.node.processes, body.node.heard], [2, 2]);
    assert.ok(body.minute.classes.find((each: { class: string }) => each.class === 'probe').perSecond > 0);
  });
  const [frozen] = before;
  process.kill(frozen!, 'SIGSTOP');
  // Whichever of them gets a connection: those of the frozen one hang, as they do before a load balancer.
  const held: Promise<unknown>[] = [];
  await eventually(async () => {
    const asked = Array.from({ length: 4 }, scrape);
    held.push(...asked);
    assert.equal(await Promise.any(asked), 1);
  });
  await eventually(() => served.workers().length === 2 && !served.workers().includes(frozen!));
  const outcomes = await Promise.allSettled(held);
  assert.deepEqual(timedOut(outcomes), []);
  await eventually(async () => assert.equal(await scrape(), 0));
  await orderOnce(served.client, store);
  // And one that is dead at the moment of the scrape: whoever it was given to hears that it is gone, and waits for nothing.
  const scrapes = Promise.allSettled(Array.from({ length: 20 }, scrape));
  process.kill(served.workers()[0]!, 'SIGKILL');
  assert.deepEqual(timedOut(await scrapes), []);
  await eventually(() => served.workers().length === 2);
  await eventually(() => orderOnce(served.client, store));
});

test('an embedded Postgres that is killed comes back, and orders with it', async (t) => {
  const served = await startServed(t, {});
  const folder = join(served.home, 'postgres');
  const password = (await import('node:fs')).readFileSync(join(served.home, 'postgres.password'), 'utf8');
  const { pid, port } = readPostmaster(folder)!;
  const store = await storeAt(t, `postgres://matjip:${password}@127.0.0.1:${port}/matjip`);
  await orderOnce(served.client, store);
  const menu = `/api/v1/stores/${store.id}/menu`;
  assert.equal((await served.client.call(menu)).status, 200);
  process.kill(pid, 'SIGKILL');
  await eventually(async () => {
    assert.equal((await served.client.call(menu)).status, 200);
    assert.notEqual(readPostmaster(folder)?.pid ?? pid, pid);
  });
  await eventually(() => orderOnce(served.client, store));
  assert.match(served.said(), /The embedded Postgres is back/);
  served.signal('SIGTERM');
  assert.equal(await served.ended, 0);
  assert.equal(readPostmaster(folder), undefined);
});
