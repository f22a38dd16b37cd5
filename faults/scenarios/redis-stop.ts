import { setTimeout as delay } from 'node:timers/promises';
import { nowMs } from '../crowd/guest.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const P99 = 0.99;
const BREAKER_MS = 1_000;

export const redisStop: Scenario = {
  name: 'redis-stop',
  fault: 'Redis stands still (SIGSTOP)',
  seconds: 30,
  async run(scene) {
    const site = await openSite(scene, { workers: 2, redis: true });
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 10 }, async (crowd) => {
      await crowd.served(50);
      const healthyMs = nowMs();
      await delay(Math.min(10_000, scene.seconds * 1_000));
      const stoppedMs = nowMs();
      process.kill(site.redis!.pid(), 'SIGSTOP');
      await delay(scene.seconds * 1_000);
      const goesOnMs = nowMs();
      process.kill(site.redis!.pid(), 'SIGCONT');
      await delay(2_000);
      return { healthyMs, stoppedMs, goesOnMs, endMs: nowMs() };
    });
    const healthy = timeline.latencyMs(done.healthyMs, done.stoppedMs, P99);
    const frozen = timeline.latencyMs(done.stoppedMs + BREAKER_MS, done.goesOnMs, P99);
    return [
      ...checks,
      {
        what: 'guests served within 5 s of coming',
        measured:
          100 *
          timeline.servedShare(
            done.stoppedMs,
            done.endMs - 5_000 > done.stoppedMs ? done.endMs - 1_000 : done.endMs,
            5_000,
          ),
        unit: '%',
        atLeast: 99.9,
        timed: true,
      },
      { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      {
        what: `order p99 from 1 s after it stopped (before: ${healthy.toFixed(0)} ms)`,
        measured: frozen,
        unit: 'ms',
        atMost: healthy + 100,
        timed: true,
      },
    ];
  },
};
