import { setTimeout as delay } from 'node:timers/promises';
import { nowMs } from '../crowd/guest.ts';
import { memoryMiB } from '../kit/memory.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

/** Known to all after 2.75 s (ADR 22), and a moment for what had begun before. */
const KNOWN_AFTER_MS = 4_000;

export const postgresStop: Scenario = {
  name: 'postgres-stop',
  fault: 'Postgres stands still (SIGSTOP)',
  seconds: 20,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 20 }, async (crowd) => {
      await crowd.served(50);
      await delay(2_000);
      const heapMiB = memoryMiB(site.workers());
      const stoppedMs = nowMs();
      site.postgres.freeze();
      let grownMiB = 0;
      try {
        while (nowMs() < stoppedMs + scene.seconds * 1_000) {
          await delay(250);
          grownMiB = Math.max(grownMiB, memoryMiB(site.workers()) - heapMiB);
        }
      } finally {
        site.postgres.thaw();
      }
      const goesOnMs = nowMs();
      await crowd.served(20);
      await delay(12_000);
      return { stoppedMs, goesOnMs, grownMiB };
    });
    const refused = timeline.lines.filter(
      ({ kind, status, atMs, tookMs }) =>
        kind === 'order-answer' &&
        status === 503 &&
        atMs - tookMs! > done.stoppedMs + KNOWN_AFTER_MS &&
        atMs < done.goesOnMs,
    );
    const tookMs = refused.map((line) => line.tookMs!).sort((one, other) => one - other);
    const silent = refused.filter(({ retryAfterS }) => retryAfterS === null).length;
    return [
      ...checks,
      { what: 'refused while it stood still', measured: refused.length, atLeast: 1 },
      { what: 'of them without `Retry-After`', measured: silent, atMost: 0 },
      { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      { what: 'memory of both processes grew by', measured: done.grownMiB, unit: 'MiB', atMost: 128 },
      {
        what: 'p99 of a refusal, once it was known: an order is tried for 2.75 s before it is refused',
        measured: tookMs[Math.floor(tookMs.length * 0.99)] ?? Number.POSITIVE_INFINITY,
        unit: 'ms',
        atMost: 3_250,
        timed: true,
      },
      {
        what: 'until 95 % of the rate again',
        measured: timeline.rateBackMs(done.goesOnMs),
        unit: 'ms',
        atMost: 10_000,
        timed: true,
      },
    ];
  },
};
