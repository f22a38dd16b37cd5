import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../../test/support/eventually.ts';
import { nowMs } from '../crowd/guest.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const BETWEEN_MS = { from: 200, to: 1_500 };

export const postgresKill: Scenario = {
  name: 'postgres-kill',
  fault: 'Postgres, `kill -9` and started again',
  seconds: 90,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const kills = Math.max(2, Math.round(scene.seconds / 3));
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 20 }, async (crowd) => {
      await crowd.served(50);
      const outages: Outage[] = [];
      while (outages.length < kills) {
        await site.postgres.kill();
        const goneMs = nowMs();
        const starting = site.postgres.restart();
        outages.push({ goneMs, ...(await untilAccepted(site.databaseUrl)) });
        await starting;
        await crowd.served(20);
        await delay(BETWEEN_MS.from + scene.random.integer(BETWEEN_MS.to - BETWEEN_MS.from));
      }
      return outages;
    });
    const whileDown = done.reduce((sum, { goneMs, refusedMs }) => sum + timeline.takenBetween(goneMs, refusedMs), 0);
    const firstMs = Math.max(...done.map(({ acceptsMs }) => timeline.firstTakenMs(acceptsMs)));
    return [
      { what: 'kills', measured: done.length, atLeast: kills },
      ...checks,
      { what: 'orders taken while it was down', measured: whileDown, atMost: 0 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
      { what: 'first order after it accepts, at worst', measured: firstMs, unit: 'ms', atMost: 3_000, timed: true },
    ];
  },
};

interface Outage {
  readonly goneMs: number;
  /** The last moment at which it was seen to let nobody in: Matjip may be let in sooner than whoever looks here. */
  readonly refusedMs: number;
  readonly acceptsMs: number;
}

/** Resolves when Postgres lets somebody in. */
async function untilAccepted(url: string): Promise<Omit<Outage, 'goneMs'>> {
  let refusedMs = nowMs();
  return eventually(async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect().catch((error: unknown) => {
      refusedMs = nowMs();
      throw error;
    });
    const acceptsMs = nowMs();
    await client.end();
    return { refusedMs, acceptsMs };
  }, 'Postgres accepts connections');
}
