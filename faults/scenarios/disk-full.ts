import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nowMs } from '../crowd/guest.ts';
import { mountSmallDisk, noSmallDisk } from '../kit/small-disk.ts';
import type { Scenario } from '../scenario.ts';
import { EMBEDDED, serveOn, underLoad } from '../site.ts';

/** Room for a new Postgres and its log, and for the orders of some minutes. */
const DISK_MIB = 320;

export const diskFull: Scenario = {
  name: 'disk-full',
  fault: 'the disk of the embedded Postgres filled to its last byte, then freed',
  seconds: 30,
  missing: noSmallDisk,
  async run(scene) {
    const disk = mountSmallDisk(scene.life, join(scene.folder, 'disk'), DISK_MIB);
    const site = await serveOn(scene, EMBEDDED, { workers: 2, env: { MATJIP_HOME: join(disk.folder, 'home') } });
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 20 }, async (crowd) => {
      await crowd.served(50);
      disk.fill();
      const fullMs = nowMs();
      await delay(scene.seconds * 1_000);
      disk.free();
      const freedMs = nowMs();
      await crowd.served(20);
      await delay(5_000);
      return { fullMs, freedMs };
    });
    const refused = timeline.lines.filter(
      ({ kind, status, atMs }) =>
        kind === 'order-answer' && status === 503 && atMs > done.fullMs && atMs < done.freedMs,
    );
    const { looks, failed } = timeline.menus;
    return [
      ...checks,
      { what: 'orders refused by 503 while it was full', measured: refused.length, atLeast: 1 },
      { what: `of ${looks} looks at the menu, answered`, measured: 100 * (1 - failed / looks), unit: '%', atLeast: 99 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      {
        what: 'first order after it was freed, without a hand',
        measured: timeline.firstTakenMs(done.freedMs),
        unit: 'ms',
        atMost: 15_000,
        timed: true,
      },
    ];
  },
};
