import { setTimeout as delay } from 'node:timers/promises';
import { type CommitCutter, type Cut, cutCommits } from '../kit/cut-commits.ts';
import { startProxy } from '../kit/proxy.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const CUTS_PER_SECOND = 25;
const BETWEEN_MS = 8;
const CUTS: readonly Cut[] = ['before-commit', 'at-commit', 'after-commit'];

export const commitCut: Scenario = {
  name: 'commit-cut',
  fault: 'the connection to Postgres cut after COMMIT was sent: before it arrived, or before its answer',
  seconds: 40,
  async run(scene) {
    let cutter: CommitCutter | undefined;
    const site = await openSite(scene, {
      workers: 2,
      between: {
        async postgres(url) {
          const proxy = await startProxy(scene.life, url);
          cutter = cutCommits(proxy);
          return proxy.url;
        },
      },
    });
    const cuts = Math.max(5, Math.round(scene.seconds * CUTS_PER_SECOND));
    const { checks } = await underLoad(scene, site, { perSecond: 80 }, async (crowd) => {
      while (cutter!.cuts < cuts) {
        const before = cutter!.cuts;
        // The order is on disk or is not; its guest hears neither.
        cutter!.arm(CUTS[scene.random.integer(CUTS.length)]!, 'insert-orders');
        while (cutter!.cuts === before) await delay(BETWEEN_MS);
      }
      await crowd.served(20);
    });
    return [
      { what: 'connections cut', measured: cutter!.cuts, atLeast: cuts },
      ...checks,
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
    ];
  },
};
