import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openDb } from '../../../src/platform/db/pool.ts';
import { prepareJobs } from '../../../src/platform/jobs/prepare.ts';
import { background } from '../../support/background.ts';
import { atEndOf } from '../../support/lifetime.ts';
import { PATIENT, testDatabase } from '../../support/postgres.ts';
import { startApiProcess } from '../../support/processes.ts';
import { assertAllServed, assertInOrder, type Guest, openCrowd } from './crowd-at-store.ts';

/** Orders a second that the kitchen cooks, and how many times as many guests come. */
const COOKED = 4;
const TIMES = 10;
/** For so long; the line takes ten times that to drain. `CROWD_SECONDS=15` for a try. */
const SECONDS = Number(process.env.CROWD_SECONDS ?? 60);

test('a store offered ten times what it cooks for a minute: everybody has an order or a place and a time that is right', async (t) => {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, applicationName: 'test' });
  atEndOf(t, () => db.close());
  // The whole crowd has one address here.
  const { client } = await startApiProcess(t, url, { WITH_JOBS: 'yes', PATIENT: 'no', LIMITS: 'off' });
  const crowd = await openCrowd({
    client,
    db,
    capacity: 60 * COOKED,
    prepMinutes: 1,
    wait: delay,
    nowMs: () => performance.now(),
  });
  const cooking = background(t, async (signal) => {
    while (!signal.aborted) {
      const turn = delay(1_000);
      await crowd.cook(COOKED);
      await turn;
    }
  });
  const visits: ReturnType<typeof crowd.visit>[] = [];
  const startedMs = performance.now();
  for (let come = 0; come < COOKED * TIMES * SECONDS; come++) {
    // An open loop: who is late makes the others no later.
    await delay(Math.max(0, startedMs + (1_000 * come) / (COOKED * TIMES) - performance.now()));
    visits.push(crowd.visit());
  }
  await Promise.all(visits.map(({ served }) => served));
  await cooking.end();

  const guests = visits.map(({ guest }) => guest);
  await assertAllServed(crowd, guests);
  assertInOrder(crowd, guests);

  const waited = guests.filter(({ places }) => places.length > 0);
  const told = waited.flatMap(toldOf);
  const right = told.filter(
    ({ etaSeconds, tookS }) => tookS >= 0.75 * etaSeconds - 1 && tookS <= 1.25 * etaSeconds + 1,
  );
  const [last] = told.slice(-1);
  t.diagnostic(
    `${guests.length} guests, ${waited.length} waited, ${guests.filter(({ places }) => places.length > 1).length} were let in in vain; ${right.length} of ${told.length} told times right; the last was told ${last?.etaSeconds} s and took ${last?.tookS.toFixed(0)} s`,
  );
  for (const at of [0.1, 0.25, 0.5, 0.75, 0.9]) {
    const each = told[Math.floor(at * told.length)]!;
    t.diagnostic(`${at}: told ${each.etaSeconds} s, took ${each.tookS.toFixed(0)} s`);
  }
  assert.ok(told.length >= waited.length / 3, `${told.length} of ${waited.length}`);
  assert.ok(right.length >= 0.8 * told.length, `${right.length} of ${told.length} told times were right`);
  assert.ok(last!.tookS >= 0.75 * last!.etaSeconds && last!.tookS <= 1.25 * last!.etaSeconds, JSON.stringify(last));
});

/** What a guest was told when it had looked three times, and how long it then took to be let in; nothing of short waits. */
function toldOf({ looks }: Guest): { etaSeconds: number; tookS: number }[] {
  const [told, letIn] = [looks[2], looks.find(({ admitted }) => admitted)];
  if (!told || told.admitted || told.etaSeconds < 10 || !letIn) return [];
  return [{ etaSeconds: told.etaSeconds, tookS: (letIn.atMs - told.atMs) / 1_000 }];
}
