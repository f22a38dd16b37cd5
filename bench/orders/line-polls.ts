import { setTimeout as delay } from 'node:timers/promises';
import type { LinePlace, LineView } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { usedUs } from '../support/cpu.ts';
import { load, startServer } from '../support/processes.ts';
import type { BenchRow } from '../support/row.ts';

const MATJIP = new URL('../support/matjip-server.ts', import.meta.url);
const WAITERS = 100_000;
/** Between two of those whose poll times are looked at; they stand evenly in the line. */
const FILL_MS = 3_000;
const MEASURE_MS = 15_000;
const SHARE_MAX = 0.1;

/**
 * A hundred thousand who wait at a store whose kitchen is full, over HTTP and by the real process: how often it tells them to ask, and
 * what of its processor's time goes into answering just so many.
 */
export async function benchLinePolls(database: BenchDatabase): Promise<BenchRow> {
  const { storeId, itemId } = await hotDish(database);
  const { rows } = await database.db.query<{ station: string }>(
    'SELECT station FROM item WHERE store_id = $1 AND id = $2',
    [storeId, itemId],
  );
  const server = await startServer(MATJIP, { PORT: '0', DATABASE_URL: database.url, BENCH_JOBS: 'off' });
  const path = `/api/v1/stores/${storeId}`;
  const call = async <T>(below: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: T }> => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}${below}`, init);
    return { status: answer.status, body: (await answer.json()) as T };
  };
  const order = () =>
    call<{ readonly place?: LinePlace }>('/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ lines: [{ itemId, quantity: 1 }] }),
    });
  const join = async (): Promise<LinePlace> => {
    const { status, body } = await order();
    if (status !== 503 || !body.place) throw new Error(`No place was given: ${status} ${JSON.stringify(body)}`);
    return body.place;
  };
  const look = async (token: string): Promise<LineView> =>
    (await call<LineView>('/line', { headers: { 'line-place': token } })).body;
  try {
    const pacing = { strategy: 'load', stations: [{ station: rows[0]!.station, capacity: 1 }] };
    await call('/pacing', {
      method: 'PUT',
      headers: { authorization: 'Bearer bench-admin-key-bench', 'content-type': 'application/json' },
      body: JSON.stringify(pacing),
    });
    await order();
    const task = { host: '127.0.0.1', port: server.port, warmupMs: 0 };
    const waiting: LinePlace[] = [await join()];
    while (waiting.at(-1)!.ahead < WAITERS) {
      await look(waiting[0]!.token);
      const crowd = { kind: 'order', path: `${path}/orders`, itemIds: [itemId] } as const;
      await load({ ...task, connections: 128, durationMs: FILL_MS, request: crowd });
      waiting.push(await join());
    }
    const polls = (token: string) => ({
      kind: 'get' as const,
      path: `${path}/line`,
      headers: { 'line-place': token },
    });
    const last = waiting.at(-1)!;
    // What an answer costs here is learned from answers.
    await load({ ...task, connections: 64, durationMs: 3_000, request: polls(last.token) });
    const views = await Promise.all(waiting.map(({ token }) => look(token)));
    const perSecond =
      (last.ahead * views.reduce((sum, { pollAfterMs }) => sum + 1_000 / pollAfterMs, 0)) / views.length;
    const idleUs = await used(server.pid, () => delay(5_000));
    let answers = 0;
    const us = await used(server.pid, async () => {
      const asked = { ...task, connections: 64, durationMs: MEASURE_MS, perSecondMax: perSecond };
      answers = (await load({ ...asked, request: polls(last.token) })).answers;
    });
    return {
      what: `${last.ahead.toLocaleString('en')} wait and ask as told`,
      ours: `${Math.round(perSecond)}/s, ${Math.round(((us - idleUs) * MEASURE_MS * 1_000) / answers)} µs each`,
      baseline: `a process; ${(100 * idleUs).toFixed(1)} % with nobody asking`,
      ratio: us - idleUs,
      goal: { atMost: SHARE_MAX },
    };
  } finally {
    await server.stop();
  }
}

/** @returns the share of one processor that a process used meanwhile */
async function used(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = { us: usedUs(pid), ms: performance.now() };
  await work();
  return (usedUs(pid) - before.us) / ((performance.now() - before.ms) * 1_000);
}
