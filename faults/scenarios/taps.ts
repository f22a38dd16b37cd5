import { setTimeout as delay } from 'node:timers/promises';
import { readTimeline } from '../crowd/timeline.ts';
import type { Scenario } from '../scenario.ts';
import { crowdAt, openSite } from '../site.ts';
import { judge, verdictChecks } from '../verdict/judge.ts';

/** Crowds one after the other, each by a seed of its own. */
const SEEDS = 30;
const SECONDS_EACH = 1.5;

export const taps: Scenario = {
  name: 'taps',
  fault: 'each request 1 to 5 times at once, a tenth with a changed body, a fifth taken back by up to 3 taps',
  seconds: SEEDS * SECONDS_EACH,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const plan = { tapsMax: 5, changedShare: 0.1, cancelShare: 0.2, perSecond: 40 };
    const seeds = Math.min(SEEDS, Math.max(1, Math.round(scene.seconds / SECONDS_EACH)));
    for (let place = 0; place < seeds; place += 1) {
      const crowd = crowdAt(scene, site, { ...plan, seed: scene.seed + place });
      await crowd.served(10);
      await delay((1_000 * scene.seconds) / seeds);
      await crowd.end();
    }
    const verdict = await judge(site.databaseUrl, { files: site.ledgers, store: site.store.id });
    const lines = (await Promise.all(site.ledgers.map(readTimeline))).flatMap((timeline) => timeline.lines);
    const count = (test: (line: (typeof lines)[number]) => boolean) => lines.filter(test).length;
    return [
      { what: 'crowds, each by a seed of its own', measured: seeds, atLeast: seeds },
      { what: 'requests', measured: count(({ kind }) => kind === 'order' || kind === 'cancel'), atLeast: 100 },
      ...verdictChecks(verdict),
      { what: 'changed bodies refused', measured: count(({ problem }) => problem === 'key-reused'), atLeast: 1 },
      {
        what: 'answers of 500 and above but 503',
        measured: count(({ status }) => status! >= 500 && status !== 503),
        atMost: 0,
      },
    ];
  },
};
