import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { openSite, type Site, underLoad } from '../site.ts';

const TAPS = 3;
/** Postgres' sessions tell what they wrote when they rest, and after ten seconds at the latest. */
const TOLD_AFTER_MS = 11_000;

export const retries: Scenario = {
  name: 'retries',
  fault: 'every client sends each order three times at once',
  seconds: 20,
  async run(scene) {
    const site = await openSite(scene, { workers: 2 });
    const rows: number[] = [];
    const requests: number[] = [];
    const checks = [];
    let known = 0;
    for (const tapsMin of [1, TAPS]) {
      await delay(TOLD_AFTER_MS);
      const before = await rowsMade(site);
      const plan = { tapsMin, tapsMax: tapsMin, seed: scene.seed + tapsMin };
      const load = await underLoad(scene, site, plan, async () => delay((scene.seconds * 1_000) / 2));
      await delay(TOLD_AFTER_MS);
      const orders = load.verdict.acknowledged - known;
      known = load.verdict.acknowledged;
      rows.push(((await rowsMade(site)) - before) / orders);
      requests.push(load.timeline.lines.filter(({ kind }) => kind === 'order').length / orders);
      checks.push(load.checks);
    }
    return [
      { what: 'requests for an order', measured: requests[1]!, atLeast: TAPS },
      ...checks[1]!,
      {
        what: `rows made for an order (${rows[1]!.toFixed(1)}), against one tap (${rows[0]!.toFixed(1)})`,
        measured: rows[1]! / rows[0]!,
        unit: '×',
        atMost: 1.1,
      },
    ];
  },
};

/**
 * Rows made of orders and of what follows from them: what is written once a group, or by Matjip for itself (its batches, the line's
 * counters), says more about the machine than about the taps.
 */
async function rowsMade(site: Site): Promise<number> {
  const { rows } = await site.db.query<{ rows: number }>(
    `SELECT sum(n_tup_ins)::float AS rows FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname !~ '^(batch|line)_'`,
  );
  return rows[0]!.rows;
}
