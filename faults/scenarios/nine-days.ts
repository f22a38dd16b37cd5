import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { eventually } from '../../test/support/eventually.ts';
import { signalIfThere } from '../../test/support/own-postgres.ts';
import { nowMs } from '../crowd/guest.ts';
import { type CommitCutter, cutCommits } from '../kit/cut-commits.ts';
import { type Garbler, garbleNotifications } from '../kit/garble-notifications.ts';
import { startProxy, type TcpProxy } from '../kit/proxy.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, openStoreAside, type Site, underLoad } from '../site.ts';

/** An hour of the nine days, in which one thing fails. */
const HOUR_MS = 3_000;
/** What stands still does so for as long as others take it for slow, and for longer. */
const FROZEN_MS = { from: 200, to: 4_000 };

interface Kit {
  readonly site: Site;
  readonly toPostgres: TcpProxy;
  readonly cutter: CommitCutter;
  readonly garbler: Garbler;
  /** A whole number from 0, the bound left out. */
  integer(below: number): number;
}

const forAWhile = ({ integer }: Kit) => delay(FROZEN_MS.from + integer(FROZEN_MS.to - FROZEN_MS.from));

const HOURS: Readonly<Record<string, (kit: Kit) => Promise<unknown>>> = {
  async 'an API process killed'({ site, integer }) {
    const alive = await eventually(() => {
      const now = site.workers();
      if (now.length === 0) throw new Error('None lives.');
      return now;
    }, 'a process lives');
    signalIfThere(alive[integer(alive.length)]!, 'SIGKILL');
  },
  async 'Postgres killed'({ site }) {
    await site.postgres.kill();
    await site.postgres.restart();
  },
  async 'Postgres still'(kit) {
    kit.site.postgres.freeze();
    await forAWhile(kit).finally(() => kit.site.postgres.thaw());
  },
  async 'Redis killed'(kit) {
    await kit.site.redis!.kill();
    await forAWhile(kit);
    await kit.site.redis!.start();
  },
  async 'Redis still'(kit) {
    process.kill(kit.site.redis!.pid(), 'SIGSTOP');
    await forAWhile(kit);
    process.kill(kit.site.redis!.pid(), 'SIGCONT');
  },
  async 'Redis flushed'({ site }) {
    const redis = new Redis(site.redis!.url);
    await redis.flushall().finally(() => redis.disconnect());
  },
  async 'connections to Postgres reset'({ toPostgres }) {
    toPostgres.resetAll();
  },
  async 'connections to Postgres silent'({ toPostgres, integer }) {
    for (const line of toPostgres.lines) if (integer(2) === 0) line.silence(integer(2) === 0 ? 'in' : 'both');
  },
  async 'Postgres far away'(kit) {
    kit.toPostgres.delayMs = 20 + kit.integer(200);
    await forAWhile(kit);
    kit.toPostgres.delayMs = 0;
  },
  async 'Postgres by a thin line'(kit) {
    kit.toPostgres.bytesPerSecond = 20_000 + kit.integer(200_000);
    await forAWhile(kit);
    kit.toPostgres.bytesPerSecond = 0;
  },
  async 'Postgres behind a black hole'(kit) {
    kit.toPostgres.leads = false;
    kit.toPostgres.resetAll();
    await forAWhile(kit);
    kit.toPostgres.leads = true;
    // Who was let in meanwhile would wait for ever.
    kit.toPostgres.resetAll();
  },
  async 'commits cut'({ cutter }) {
    cutter.arm('after-commit', 'insert-orders', 5);
  },
  async 'live messages harmed'(kit) {
    kit.garbler.share = 0.7;
    await forAWhile(kit);
    kit.garbler.share = 0;
  },
};

export const nineDays: Scenario = {
  name: 'nine-days',
  fault: 'hour after hour something at random: kills, standstills, resets, delays, lost commits, harmed messages',
  // Some thirty hours; nine days are ten minutes.
  seconds: 90,
  async run(scene) {
    const kit: { toPostgres?: TcpProxy; cutter?: CommitCutter; garbler?: Garbler } = {};
    const site = await openSite(scene, {
      workers: 2,
      redis: true,
      between: {
        async postgres(url) {
          kit.toPostgres = await startProxy(scene.life, url);
          kit.cutter = cutCommits(kit.toPostgres);
          kit.garbler = garbleNotifications(kit.toPostgres, scene.random);
          return kit.toPostgres.url;
        },
      },
    });
    const aside = await openStoreAside(scene, site);
    const plan = { menusPerSecond: 5, tapsMax: 3, changedShare: 0.1, cancelShare: 0.1 };
    const { timeline, checks, done } = await underLoad(scene, site, plan, async (crowd) => {
      await crowd.served(50);
      const hours: Record<string, number> = {};
      const endMs = nowMs() + scene.seconds * 1_000;
      const names = Object.keys(HOURS);
      while (nowMs() < endMs) {
        const name = names[scene.random.integer(names.length)]!;
        hours[name] = (hours[name] ?? 0) + 1;
        await HOURS[name]!({ ...(kit as Required<typeof kit>), site, integer: scene.random.integer });
        await delay(scene.random.integer(HOUR_MS));
      }
      const goodMs = nowMs();
      await crowd.served(20);
      await delay(12_000);
      return { hours, goodMs };
    });
    const rightMs = await aside.timeUntilRight();
    const hours = Object.values(done.hours).reduce((sum, each) => sum + each, 0);
    const said = Object.entries(done.hours).map(([name, times]) => `${times} × ${name}`);
    return [
      { what: `hours (${said.join(', ')})`, measured: hours, atLeast: 1 },
      ...checks,
      {
        what: 'until 95 % of the rate again, at the end',
        measured: timeline.rateBackMs(done.goodMs),
        unit: 'ms',
        atMost: 10_000,
        timed: true,
      },
      {
        what: 'ranking, line, board and status as SQL has them, at the end',
        measured: rightMs,
        unit: 'ms',
        atMost: 5_000,
        timed: true,
      },
    ];
  },
};
