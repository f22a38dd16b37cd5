import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.ts';
import { signalIfThere } from '../../test/support/own-postgres.ts';
import { nowMs } from '../crowd/guest.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

/** Long enough for the next process to serve, and for the rate to be seen. */
const BETWEEN_MS = { from: 2_500, to: 3_500 };
const TAIL_MS = 2_500;

export const apiKill: Scenario = {
  name: 'api-kill',
  fault: 'one of two API processes, `kill -9` at random moments',
  seconds: 60,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const kills = Math.max(2, Math.round(scene.seconds / 3));
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 10 }, async (crowd) => {
      await crowd.served(50);
      const at: number[] = [];
      while (at.length < kills) {
        // The other one carries the crowd meanwhile.
        const alive = await eventually(() => {
          const now = site.workers();
          if (now.length !== 2) throw new Error(`${now.length} live`);
          return now;
        }, 'both processes live');
        signalIfThere(alive[scene.random.integer(alive.length)]!, 'SIGKILL');
        at.push(nowMs());
        await delay(BETWEEN_MS.from + scene.random.integer(BETWEEN_MS.to - BETWEEN_MS.from));
      }
      await delay(TAIL_MS);
      return at;
    });
    const backMs = Math.max(...done.map((at) => timeline.rateBackMs(at)));
    return [
      { what: 'kills', measured: done.length, atLeast: kills },
      ...checks,
      { what: 'until 95 % of the rate again, at worst', measured: backMs, unit: 'ms', atMost: 3_000, timed: true },
    ];
  },
};
