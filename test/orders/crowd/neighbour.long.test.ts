import assert from 'node:assert/strict';
import { setPriority } from 'node:os';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CROWD_CORE, parentOf, pinTree, SERVER_CORE } from '../../../bench/overload/one-core.ts';
import { openDb } from '../../../src/platform/db/pool.ts';
import { prepareJobs } from '../../../src/platform/jobs/prepare.ts';
import { background } from '../../support/background.ts';
import { startNode } from '../../support/child.ts';
import { atEndOf } from '../../support/lifetime.ts';
import type { OpenLoopOrders } from '../../support/open-loop-orders.ts';
import { PATIENT, testDatabase } from '../../support/postgres.ts';
import { startApiProcess } from '../../support/processes.ts';
import { makeStore } from '../../support/store.ts';
import { openCrowd } from './crowd-at-store.ts';

/** Orders a second that the kitchen cooks, and how many times as many guests come. */
const COOKED = 4;
const TIMES = 10;
/** For so long. `CROWD_SECONDS=15` for a try. */
const SECONDS = Number(process.env.CROWD_SECONDS ?? 60);
/** As long before the crowd comes as after it has gone, so that a machine that slows down meanwhile is seen on both sides. */
const QUIET_SECONDS = (SECONDS * 2) / 3;
/** Orders a second of the other store: enough that a hundredth of them is no accident. */
const NEIGHBOURS = 40;
const NEIGHBOUR = fileURLToPath(new URL('../../support/open-loop-orders.ts', import.meta.url));

const quantile = (of: readonly number[], share: number): number =>
  [...of].sort((one, other) => one - other)[Math.min(of.length - 1, Math.floor(share * of.length))]!;

test('while a store is offered ten times what it cooks its neighbour’s orders take as long as before and after', async (t) => {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, applicationName: 'test' });
  atEndOf(t, () => db.close());
  // The whole crowd has one address here.
  const api = await startApiProcess(t, url, { WITH_JOBS: 'yes', PATIENT: 'no', OVERLOAD: 'on', LIMITS: 'off' });
  const other = await makeStore(db, { tea: { price: 4_000 } });
  const options: OpenLoopOrders = {
    url: api.url,
    storeId: other.id,
    itemId: other.dishes.tea.id,
    perSecond: NEIGHBOURS,
  };
  const neighbour = startNode(t, [NEIGHBOUR, JSON.stringify(options)]);
  // Server and database share a core, as in `bench -- overload`; the guests have the other, and those who are measured go first there:
  // what a crowd of phones takes of the machine that plays them is not what it takes of Matjip.
  const { rows } = await db.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`,
  );
  pinTree(process.pid, CROWD_CORE);
  for (const pid of [api.pid, parentOf(rows[0]!.pid)!]) pinTree(pid, SERVER_CORE);
  setPriority(10);
  let lines = 0;
  const measure = async (seconds: number): Promise<number[]> => {
    neighbour.tell(String(seconds));
    lines += 1;
    const [said] = await neighbour.says(new RegExp(`(?:\\[.*\\]\\n){${lines}}`));
    return JSON.parse(said.trim().split('\n').at(-1)!);
  };
  await measure(5);
  const before = await measure(QUIET_SECONDS);

  const gone = new AbortController();
  const crowd = await openCrowd({
    client: api.client,
    db,
    capacity: 60 * COOKED,
    prepMinutes: 1,
    wait: (ms) => delay(ms, undefined, { signal: gone.signal }),
    nowMs: () => performance.now(),
  });
  const cooking = background(t, async (signal) => {
    while (!signal.aborted) {
      const turn = delay(1_000);
      await crowd.cook(COOKED);
      await turn;
    }
  });
  const loud = measure(SECONDS);
  const visits: ReturnType<typeof crowd.visit>[] = [];
  const startedMs = performance.now();
  for (let come = 0; come < COOKED * TIMES * SECONDS; come += 1) {
    await delay(Math.max(0, startedMs + (1_000 * come) / (COOKED * TIMES) - performance.now()));
    const visit = crowd.visit();
    visit.served.catch(() => {});
    visits.push(visit);
  }
  const during = await loud;
  gone.abort();
  await cooking.end();
  for (const ended of await Promise.allSettled(visits.map(({ served }) => served))) {
    if (ended.status === 'rejected') assert.equal(ended.reason.name, 'AbortError', String(ended.reason));
  }
  const after = await measure(QUIET_SECONDS);

  const quiet = [...before, ...after];
  const say = (of: readonly number[]): string =>
    [0.5, 0.9, 0.99].map((share) => quantile(of, share).toFixed(1)).join(' / ');
  const waited = visits.filter(({ guest }) => guest.places.length > 0).length;
  t.diagnostic(`${visits.length} guests, ${waited} with a place, ${(await crowd.orders()).length} orders`);
  t.diagnostic(
    `p50 / p90 / p99 elsewhere, ms: before ${say(before)}, beside ${say(during)}, after ${say(after)}; quiet ${say(quiet)}`,
  );
  assert.ok(waited >= visits.length / 2);
  const times = quantile(during, 0.99) / quantile(quiet, 0.99);
  t.diagnostic(`p99 × ${times.toFixed(2)}`);
  assert.ok(times <= 1.5, `× ${times.toFixed(2)}`);
});
