import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

export const taps: Scenario = {
  name: 'taps',
  fault: 'each request 1 to 5 times at once, a tenth with a changed body, a fifth taken back by up to 3 taps',
  seconds: 20,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const plan = { tapsMax: 5, changedShare: 0.1, cancelShare: 0.2, perSecond: 40 };
    const { timeline, checks } = await underLoad(scene, site, plan, async (crowd) => {
      await crowd.served(50);
      await delay(scene.seconds * 1_000);
    });
    const count = (test: (line: (typeof timeline.lines)[number]) => boolean) => timeline.lines.filter(test).length;
    return [
      { what: 'requests', measured: count(({ kind }) => kind === 'order' || kind === 'cancel'), atLeast: 100 },
      ...checks,
      { what: 'changed bodies refused', measured: count(({ problem }) => problem === 'key-reused'), atLeast: 1 },
      {
        what: 'answers of 500 and above but 503',
        measured: count(({ status }) => status! >= 500 && status !== 503),
        atMost: 0,
      },
    ];
  },
};
