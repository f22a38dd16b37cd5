import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { nowMs } from '../crowd/guest.ts';
import type { Check, Scenario, Scene } from '../scenario.ts';
import { openSite, openStoreAside, underLoad } from '../site.ts';

const P99 = 0.99;
/** What a machine's noise may add to a latency of milliseconds. */
const NOISE_MS = 10;

/** What is remembered without Redis runs out meanwhile, and so does the patience of whoever tries to connect. */
const GONE_LONG_MS = 300_000;

export const redisKill: Scenario = {
  name: 'redis-kill',
  fault: 'Redis, `kill -9` without anything on disk; gone for a while; back; FLUSHALL',
  seconds: 45,
  run: (scene) => killRedis(scene, (scene.seconds * 1_000) / 3),
};

export const redisKillLong: Scenario = {
  ...redisKill,
  name: 'redis-kill-long',
  fault: 'Redis, `kill -9`; gone for five minutes; back; FLUSHALL',
  seconds: 90,
  byNameOnly: true,
  run: (scene) => killRedis(scene, GONE_LONG_MS),
};

async function killRedis(scene: Scene, goneForMs: number): Promise<Check[]> {
  const site = await openSite(scene, { workers: 2, redis: true });
  const aside = await openStoreAside(scene, site);
  const partMs = (scene.seconds * 1_000) / 3;
  const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 10 }, async (crowd) => {
    await crowd.served(50);
    const healthyMs = nowMs();
    await delay(partMs);
    const goneMs = nowMs();
    await site.redis!.kill();
    await delay(goneForMs);
    await site.redis!.start();
    const backMs = nowMs();
    const rightMs = await aside.timeUntilRight();
    await delay(partMs / 2);
    const flushedMs = nowMs();
    const redis = new Redis(site.redis!.url);
    await redis.flushall();
    redis.disconnect();
    const rightAfterFlushMs = await aside.timeUntilRight();
    await delay(partMs / 2);
    return { healthyMs, goneMs, backMs, flushedMs, rightMs, rightAfterFlushMs, endMs: nowMs() };
  });
  const healthy = timeline.latencyMs(done.healthyMs, done.goneMs, P99);
  const without = timeline.latencyMs(done.goneMs, done.backMs, P99);
  return [
    ...checks,
    {
      what: 'guests served within 5 s of coming',
      measured: 100 * timeline.servedShare(done.goneMs, done.endMs, 5_000),
      unit: '%',
      atLeast: 99.9,
      timed: true,
    },
    { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
    { what: 'processes that ended', measured: site.ended(), atMost: 0 },
    {
      what: `order p99 without Redis (with: ${healthy.toFixed(0)} ms)`,
      measured: without,
      unit: 'ms',
      atMost: 2 * healthy + NOISE_MS,
      timed: true,
    },
    {
      what: 'ranking, line, board and status as SQL has them, after it is back or flushed',
      measured: Math.max(done.rightMs, done.rightAfterFlushMs),
      unit: 'ms',
      atMost: 5_000,
      timed: true,
    },
  ];
}
