import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../test/support/eventually.ts';
import { findProgram } from '../../test/support/programs.ts';
import { startSystemPostgres } from '../../test/support/system-postgres.ts';
import { moveClock, noMovedClock } from '../kit/moved-clock.ts';
import type { Check, Scenario, Scene } from '../scenario.ts';
import { openSite, serveOn, underLoad } from '../site.ts';
import { OFF_HOURS, strangersInTime, summed } from './clock.ts';

const HOUR_MS = 3_600_000;
/** Enough for a slow machine to start everything before the moment; then the clock is moved to shortly before it. */
const BEFORE_MS = 300_000;
const SHORTLY_MS = 4_000;

/** A moment at which a store's day changes, that of its machine with it. */
interface Moment {
  readonly at: string;
  readonly zone: string;
  readonly dayStartsHour: number;
}

const MOMENTS: readonly Moment[] = [
  // The last hour of January, the first of a leap day, and an hour of the night that there is not.
  { at: '2027-01-31T19:00:00Z', zone: 'Asia/Seoul', dayStartsHour: 4 },
  { at: '2028-02-28T19:00:00Z', zone: 'Asia/Seoul', dayStartsHour: 4 },
  { at: '2027-03-28T01:00:00Z', zone: 'Europe/Berlin', dayStartsHour: 3 },
];

export const movedClock: Scenario = {
  name: 'moved-clock',
  fault:
    'libfaketime: whole processes off by 1 and 25 hours beside a right Postgres; then all of it over a month’s end, into a leap day, over the night on which clocks change',
  seconds: 35,
  missing: () => noMovedClock() ?? noPostgres(),
  async run(scene) {
    const all: Check[][] = [];
    const eachMs = (1_000 * scene.seconds) / (OFF_HOURS.length + MOMENTS.length);
    let wrong = 0;
    for (const hours of OFF_HOURS) {
      const clock = moveClock(join(scene.folder, `off-${hours}`), hours * HOUR_MS);
      const site = await openSite(scene, { workers: 1, env: clock.env });
      const { checks } = await underLoad(scene, site, {}, async (crowd) => {
        await crowd.served(20);
        await delay(eachMs);
      });
      all.push(checks);
      wrong += await strangersInTime(site.db);
      await site.stop();
      scene.say(`  ${hours} hours off: done`);
    }
    let [others, days] = [0, 0];
    for (const [place, moment] of MOMENTS.entries()) {
      const told = await overA(moment, place, scene, eachMs);
      all.push(told.checks);
      others += told.others;
      days += told.days;
      scene.say(`  ${moment.at}: done`);
    }
    return [
      ...summed(all),
      { what: 'orders of another day, or placed half an hour off', measured: wrong, atMost: 0 },
      { what: 'days with orders, before and after each of three moments', measured: days, atLeast: 6, atMost: 6 },
      { what: 'orders of another day than the wall there showed, or of another hour', measured: others, atMost: 0 },
    ];
  },
};

/** The embedded one has an environment of its own. @returns why there is no other */
function noPostgres(): string | undefined {
  try {
    findProgram('postgres');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A machine whose own clock comes to a moment while guests order: Postgres, processes and phones agree. */
async function overA({ at, zone, dayStartsHour }: Moment, place: number, scene: Scene, eachMs: number) {
  const atMs = Date.parse(at);
  const offMs = atMs - BEFORE_MS - Date.now();
  // Postgres runs as somebody else, and reads it, too.
  chmodSync(scene.folder, 0o755);
  const clock = moveClock(join(scene.folder, `moment-${place}`), offMs);
  const postgres = await startSystemPostgres(scene.life, { env: clock.env });
  const site = await serveOn(scene, postgres.url, { workers: 1, env: clock.env });
  await site.db.query('UPDATE store SET time_zone = $2, day_starts_hour = $3 WHERE id = $1', [
    site.store.id,
    zone,
    dayStartsHour,
  ]);
  const { tea } = site.store.dishes;
  // Portions are counted anew each day; what is without a number is there on both.
  const plan = { dishes: [{ id: tea.id, price: tea.price }], phonesOffMs: offMs };
  const { checks } = await underLoad(scene, site, plan, async (crowd) => {
    await crowd.served(20);
    clock.move(atMs - SHORTLY_MS - Date.now());
    await eventually(async () => {
      const { rows } = await site.db.query<{ over: boolean }>('SELECT now() > $1::timestamptz AS over', [at]);
      return rows[0]!.over;
    }, `it is ${at}`);
    // Matjip looks at Postgres' clock once in a while.
    await eventually(async () => {
      const { rows } = await site.db.query<{ days: number }>(
        'SELECT count(DISTINCT day)::int AS days FROM orders WHERE store_id = $1',
        [site.store.id],
      );
      return rows[0]!.days > 1;
    }, 'an order is one of the new day').catch(() => {});
    await delay(eachMs);
  });
  const { rows } = await site.db.query<{ others: number; days: number }>(
    `SELECT count(DISTINCT day)::int AS days, (count(*) FILTER (
       WHERE day <> (placed_at AT TIME ZONE $2 - make_interval(hours => $3))::date
         OR abs(extract(epoch FROM placed_at - $4::timestamptz)) > 1800))::int AS others
     FROM orders WHERE store_id = $1`,
    [site.store.id, zone, dayStartsHour, at],
  );
  await site.stop();
  return { checks, ...rows[0]! };
}
