import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Db } from '../../src/platform/db/pool.ts';
import type { Check, Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const SHIFT = fileURLToPath(new URL('../kit/shifted-clock.ts', import.meta.url));
const HOUR_MS = 3_600_000;
export const OFF_HOURS = [1, -1, 25, -25];

export const clock: Scenario = {
  name: 'clock',
  fault: 'every process’s clock off by + 1, − 1, + 25 and − 25 hours; phones and Postgres are right',
  seconds: 20,
  async run(scene) {
    const all: Check[][] = [];
    let wrongDay = 0;
    for (const off of OFF_HOURS) {
      const env = {
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${SHIFT}`.trim(),
        CLOCK_OFF_MS: String(off * HOUR_MS),
      };
      const site = await openSite(scene, { workers: 1, env });
      const { checks } = await underLoad(scene, site, {}, async (crowd) => {
        await crowd.served(20);
        await delay((1_000 * scene.seconds) / OFF_HOURS.length);
      });
      all.push(checks);
      wrongDay += await strangersInTime(site.db);
      await site.stop();
    }
    return [
      ...summed(all),
      { what: 'orders of another day, or placed half an hour off', measured: wrongDay, atMost: 0 },
    ];
  },
};

/** Orders of another day than today's or, of a store whose day begins late, yesterday's, or placed at another time than the last half hour. */
export async function strangersInTime(db: Pick<Db, 'query'>): Promise<number> {
  const { rows } = await db.query(
    `SELECT o.id FROM orders o JOIN store s ON s.id = o.store_id
     WHERE o.day NOT BETWEEN (now() AT TIME ZONE s.time_zone)::date - 1 AND (now() AT TIME ZONE s.time_zone)::date
       OR abs(extract(epoch FROM o.placed_at - now())) > 1800`,
  );
  return rows.length;
}

/** The same checks of several sites as one: what was counted is added up. */
export function summed(all: readonly (readonly Check[])[]): Check[] {
  return all[0]!.map((check, place) => {
    const each = all.map((of) => of[place]!);
    const measured = each.reduce((sum, { measured: more }) => sum + more, 0);
    const example = each.find((one) => one.example)?.example;
    return { ...check, measured, ...(example && { example }) };
  });
}
