import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Check, Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const SHIFT = fileURLToPath(new URL('../kit/shifted-clock.ts', import.meta.url));
const HOUR_MS = 3_600_000;
const OFF_HOURS = [1, -1, 25, -25];

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
      const { rows } = await site.db.query(
        `SELECT o.id FROM orders o JOIN store s ON s.id = o.store_id
         WHERE o.day NOT BETWEEN (now() AT TIME ZONE s.time_zone)::date - 1 AND (now() AT TIME ZONE s.time_zone)::date
           OR abs(extract(epoch FROM o.placed_at - now())) > 1800`,
      );
      wrongDay += rows.length;
      await site.stop();
    }
    const checks = all[0]!.map((check, place) => {
      const each = all.map((of) => of[place]!);
      const measured = each.reduce((sum, { measured: more }) => sum + more, 0);
      const example = each.find((one) => one.example)?.example;
      return { ...check, measured, ...(example && { example }) };
    });
    return [...checks, { what: 'orders of another day, or placed half an hour off', measured: wrongDay, atMost: 0 }];
  },
};
