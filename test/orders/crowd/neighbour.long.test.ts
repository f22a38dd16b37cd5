import assert from 'node:assert/strict';
import { setPriority } from 'node:os';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CROWD_CORE, parentOf, pinTree, SERVER_CORE } from '../../../bench/overload/one-core.ts';
import { quantileOf, ratioInterval } from '../../../rehearsal/stats/quantile-interval.ts';
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
/** A crowd at a small kitchen, which is full at once. */
const WARM_UP_SECONDS = 10;
/** Orders a second of the other store: enough that a hundredth of them is no accident. */
const NEIGHBOURS = 40;
const NEIGHBOUR = fileURLToPath(new URL('../../support/open-loop-orders.ts', import.meta.url));

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
  /** A crowd of so many seconds at a kitchen of its own. @returns how its guests fared, and its orders */
  const crowdFor = async (seconds: number, capacity: number) => {
    const gone = new AbortController();
    const crowd = await openCrowd({
      client: api.client,
      db,
      capacity,
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
    const measured = measure(seconds);
    const visits: ReturnType<typeof crowd.visit>[] = [];
    const startedMs = performance.now();
    for (let come = 0; come < COOKED * TIMES * seconds; come += 1) {
      await delay(Math.max(0, startedMs + (1_000 * come) / (COOKED * TIMES) - performance.now()));
      const visit = crowd.visit();
      visit.served.catch(() => {});
      visits.push(visit);
    }
    const took = await measured;
    gone.abort();
    await cooking.end();
    for (const ended of await Promise.allSettled(visits.map(({ served }) => served))) {
      if (ended.status === 'rejected') assert.equal(ended.reason.name, 'AbortError', String(ended.reason));
    }
    return { visits, took, crowd };
  };
  await measure(5);
  // What a full kitchen asks for is asked for once before anything is measured: a process and connections that have never met one compile and plan
  // for it, on the core that they share with the neighbour.
  const cold = await crowdFor(WARM_UP_SECONDS, COOKED);
  const before = await measure(QUIET_SECONDS);
  const { visits, took: during, crowd } = await crowdFor(SECONDS, 60 * COOKED);
  const after = await measure(QUIET_SECONDS);

  const quiet = [...before, ...after];
  const seconds = (of: readonly number[]): number[][] =>
    Array.from({ length: of.length / NEIGHBOURS }, (_, at) => of.slice(NEIGHBOURS * at, NEIGHBOURS * (at + 1)));
  const say = (of: readonly number[]): string =>
    [0.5, 0.9, 0.99].map((share) => quantileOf(of, share).toFixed(1)).join(' / ');
  const waited = visits.filter(({ guest }) => guest.places.length > 0).length;
  t.diagnostic(`${visits.length} guests, ${waited} with a place, ${(await crowd.orders()).length} orders`);
  t.diagnostic(
    `p50 / p90 / p99 elsewhere, ms: before ${say(before)}, beside ${say(during)}, after ${say(after)}; quiet ${say(quiet)}`,
  );
  t.diagnostic(`the first crowd that the process has met: ${say(cold.took)}`);
  const median = seconds(during).map((each) => `${quantileOf(each, 0.5).toFixed(0)}/${Math.max(...each).toFixed(0)}`);
  t.diagnostic(`beside it, second by second, p50/max: ${median.join(' ')}`);
  assert.ok(waited >= visits.length / 2);
  for (const share of [0.5, 0.9, 0.99]) {
    const { low, middle, high } = ratioInterval(seconds(quiet), seconds(during), share);
    t.diagnostic(`p${100 * share} × ${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`);
  }
  const times = quantileOf(during, 0.99) / quantileOf(quiet, 0.99);
  assert.ok(times <= 1.5, `× ${times.toFixed(2)}`);
});
