import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { kneeOf, lookForKnee, type TriedLoad } from '../crowd/find-knee.ts';
import { REHEARSAL_MIX } from '../crowd/guests.ts';
import { errorRateOf } from '../crowd/health.ts';
import { runCrowd } from '../crowd/run-crowd.ts';
import { findRungs } from '../ladder/ladders.ts';
import { compareIntervals } from '../stats/noise.ts';
import { type CpuQuota, makeCpuQuota, NoQuota } from './cpu-quota.ts';
import { prepareHome } from './prepared-home.ts';
import { processesOf } from './process-usage.ts';
import { SEARCH } from './rung-knee.ts';
import { startServer } from './server.ts';

/** Of a core, for a server and its Postgres together; the crowd has the rest of the machine. */
const WHOLE = 0.8;
const ROUNDS = 3;
const HISTORY = 10_000;

/**
 * What `find-knee.test.ts` shows of simulated servers in 95 of 100, once for real: the same code on the same data, of which the kernel gives
 * one half of what it gives the other, looked at by the same search in the same turns as two rungs of a ladder are.
 */
test('a rung with half of the capacity is found: the kernel gives one of two alike servers half of the core', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-half-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const quotas: CpuQuota[] = [];
  try {
    for (const name of ['whole', 'half']) quotas.push(makeCpuQuota(`matjip-${process.pid}-${name}`));
  } catch (error) {
    if (error instanceof NoQuota) return t.skip(error.message);
    throw error;
  }
  const [{ rung }] = findRungs(['schedule-batch']) as [ReturnType<typeof findRungs>[number]];
  const home = await prepareHome(folder, HISTORY, t.signal);
  const rungs = [];
  for (const [index, cores] of [WHOLE, WHOLE / 2].entries()) {
    const server = await startServer(await home.copy(`rung-${index}`), rung.switches, t.signal);
    const { server: own, database } = processesOf(server);
    const quota = quotas[index]!;
    quota.take([...own, ...database]);
    t.after(async () => {
      quota.hold(undefined);
      await server.stop();
      quota.end();
    });
    rungs.push({ server, quota, cores, tried: [] as TriedLoad[] });
  }
  const offer = (url: string, rate: number, seed: string) =>
    runCrowd({
      url,
      storeId: home.storeId,
      mix: REHEARSAL_MIX,
      rate,
      durationS: 2,
      warmupS: 0.5,
      timeoutMs: 2_000,
      seed,
      signal: t.signal,
    });
  for (const { server, quota, cores } of rungs) {
    // Unbound, until its code is compiled.
    for (const rate of [200, 600, 600]) await offer(server.url, rate, 'compile');
    quota.hold(cores);
  }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { server, tried } of rungs) {
      const looked = await lookForKnee(SEARCH, tried, async (rate) => {
        const { p99Ms, result, verdict } = await offer(server.url, rate, `half/${round}`);
        return { p99Ms, errorRate: errorRateOf(result), verdict };
      });
      tried.push(...looked);
    }
  }
  const [whole, half] = rungs.map(({ tried, cores }) => {
    const { ratePerSecond, interval } = kneeOf(SEARCH, tried);
    t.diagnostic(`${cores} of a core: knee ${ratePerSecond}/s (${interval?.low} to ${interval?.high})`);
    assert.ok(ratePerSecond && interval?.high, `${cores} of a core: no knee with two ends was found`);
    return { low: interval.low, middle: ratePerSecond, high: interval.high };
  });
  const difference = compareIntervals(whole!, half!);
  t.diagnostic(
    `half ÷ whole ${difference.size.toFixed(2)} (${difference.low?.toFixed(2)} to ${difference.high?.toFixed(2)})`,
  );
  assert.equal(difference.verdict, 'lower');
});
