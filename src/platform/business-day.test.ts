import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENT, testDatabase } from '../../test/support/postgres.ts';
import { businessDay, businessDayEndsMs } from './clock.ts';
import { openDb } from './db/pool.ts';

const HOUR_MS = 3_600_000;
const YEARS = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2028, 0, 1) };
const START_HOURS = [0, 1, 2, 3, 4, 12];

const at = (time: string): number => Date.parse(time);

/** The moment from which it is the second of two days, and the one before it. */
const BEGINNINGS: readonly [zone: string, hour: number, moment: string, before: string, from: string][] = [
  // No change: 04:00 in Seoul is 19:00 UTC of the day before.
  ['Asia/Seoul', 4, '2026-11-23T19:00:00Z', '2026-11-23', '2026-11-24'],
  // The clock went from 02:00 to 03:00 that night: four on the wall is three hours after midnight.
  ['America/New_York', 4, '2026-03-08T08:00:00Z', '2026-03-07', '2026-03-08'],
  // From 02:00 back to 01:00: five hours after midnight.
  ['America/New_York', 4, '2026-11-01T09:00:00Z', '2026-10-31', '2026-11-01'],
  ['Europe/Berlin', 3, '2026-03-29T01:00:00Z', '2026-03-28', '2026-03-29'],
  ['Europe/Berlin', 4, '2026-10-25T03:00:00Z', '2026-10-24', '2026-10-25'],
  // There is no midnight in Cairo that day: it begins at one.
  ['Africa/Cairo', 0, '2026-04-23T22:00:00Z', '2026-04-23', '2026-04-24'],
  // Havana's clock goes from 01:00 back to 00:00, which is the same day again.
  ['America/Havana', 0, '2026-11-01T04:00:00Z', '2026-10-31', '2026-11-01'],
  // Lord Howe moves by half an hour.
  ['Australia/Lord_Howe', 4, '2026-10-03T17:00:00Z', '2026-10-03', '2026-10-04'],
  ['Australia/Lord_Howe', 4, '2026-04-04T17:30:00Z', '2026-04-04', '2026-04-05'],
];

for (const [zone, hour, moment, before, from] of BEGINNINGS) {
  test(`in ${zone} the business day of ${from} begins when the wall shows ${hour}`, () => {
    assert.equal(businessDay(at(moment) - 1, zone, hour), before);
    assert.equal(businessDay(at(moment), zone, hour), from);
    for (const earlierMs of [1, HOUR_MS, 20 * HOUR_MS]) {
      assert.equal(businessDayEndsMs(at(moment) - earlierMs, zone, hour), at(moment), String(earlierMs));
    }
    const next = businessDayEndsMs(at(moment), zone, hour);
    assert.ok(businessDay(next, zone, hour) > from && businessDay(next - 1, zone, hour) === from);
  });
}

test('TypeScript and SQL name the same day around every change of every zone’s clock', async (t) => {
  const { url } = await testDatabase();
  const db = openDb({ ...PATIENT, url, connectionsMax: 1, applicationName: 'test' });
  t.after(() => db.close());
  const { rows } = await db.query<{ name: string }>('SELECT name FROM pg_timezone_names');
  const known = new Set(rows.map(({ name }) => name));
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => known.has(zone));
  assert.ok(zones.length > 300, `only ${zones.length} zones are known to both`);
  let compared = 0;
  let otherRules = 0;
  let changes = 0;
  for (const zone of zones) {
    const moments = changesOf(zone).flatMap((change) => {
      changes += 1;
      return [
        ...Array.from({ length: 31 }, (_, hour) => change + (hour - 15) * HOUR_MS),
        change - 1_000,
        change + 1_000,
      ];
    });
    if (moments.length === 0) moments.push(YEARS.from, YEARS.from + 4 * HOUR_MS);
    const { rows: days } = await db.query<{ ms: number; hour: number; day: string; wall: string }>(
      `SELECT (extract(epoch FROM moment) * 1000)::float8 AS ms, hour, business_day(moment, $1, hour)::text AS day,
         to_char(moment AT TIME ZONE $1, 'YYYY-MM-DD, HH24') AS wall
       FROM unnest($2::timestamptz[]) AS moment, unnest($3::int[]) AS hour`,
      [zone, moments.map((ms) => new Date(ms)), START_HOURS],
    );
    for (const { ms, hour, day, wall } of days) {
      // Two releases of the time zones' rules may differ; then it is not the same clock.
      if (wallOf(zone).format(ms) !== wall) otherRules += 1;
      else assert.equal(businessDay(ms, zone, hour), day, `${zone}, from ${hour} h, ${new Date(ms).toISOString()}`);
      compared += 1;
    }
  }
  t.diagnostic(`${zones.length} zones, ${changes} changes, ${compared} days, ${otherRules} under other rules`);
  assert.ok(changes > 500);
  assert.ok(otherRules < compared / 20, `${otherRules} of ${compared} moments have another clock in Postgres`);
});

const walls = new Map<string, Intl.DateTimeFormat>();
function wallOf(zone: string): Intl.DateTimeFormat {
  let format = walls.get(zone);
  if (!format) {
    const two = '2-digit';
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
    });
    walls.set(zone, format);
  }
  return format;
}

/** The moments, to the second, at which a zone's clock is set. */
function changesOf(zone: string): number[] {
  const offsets = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (ms: number): string => offsets.format(ms).split(', ')[1]!;
  const found: number[] = [];
  // Shorter than a Ramadan, for which Morocco sets its clock back.
  const step = 10 * 24 * HOUR_MS;
  for (let from = YEARS.from; from < YEARS.to; from += step) {
    if (offset(from) === offset(from + step)) continue;
    let [low, high] = [from, from + step];
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}
