import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closedUntil, nextBoundary, type Opening } from './opening-hours.ts';

const SEOUL = 'Asia/Seoul';
const at = (time: string, zone = '+09:00') => Date.parse(`${time}:00${zone}`);
const until = (opening: Partial<Opening>, time: string, zone?: string) => {
  const found = closedUntil({ timeZone: SEOUL, hours: null, daysOff: [], ...opening }, at(time, zone));
  return typeof found === 'number' ? new Date(found).toISOString().slice(0, 16) : found;
};
const MONDAY_EVENING = [{ day: 1, from: '17:00', to: '02:00' }];

test('a store without hours is always open', () => {
  assert.equal(until({}, '2026-11-23T04:00'), undefined);
});

test('a night belongs to the day on which it began', () => {
  // 23 November 2026 is a Monday.
  assert.equal(until({ hours: MONDAY_EVENING }, '2026-11-23T16:59'), '2026-11-23T08:00');
  assert.equal(until({ hours: MONDAY_EVENING }, '2026-11-23T17:00'), undefined);
  assert.equal(until({ hours: MONDAY_EVENING }, '2026-11-24T01:59'), undefined);
  assert.equal(until({ hours: MONDAY_EVENING }, '2026-11-24T02:00'), '2026-11-30T08:00');
});

test('a break between lunch and dinner ends when dinner begins', () => {
  const hours = [
    { day: 1, from: '17:00', to: '22:00' },
    { day: 1, from: '11:00', to: '15:00' },
  ];
  assert.equal(until({ hours }, '2026-11-23T15:30'), '2026-11-23T08:00');
});

test('all day is from midnight to midnight', () => {
  const hours = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7 * 24 * 60 }), (minute) => {
      const now = at('2026-11-23T00:00') + minute * 60_000;
      assert.equal(closedUntil({ timeZone: SEOUL, hours, daysOff: [] }, now), undefined);
    }),
    { numRuns: 200 },
  );
});

test('a day off has no evening, but the night of the day before goes on', () => {
  const hours = [1, 2].map((day) => ({ day, from: '17:00', to: '02:00' }));
  const daysOff = ['2026-11-24'];
  assert.equal(until({ hours, daysOff }, '2026-11-24T01:00'), undefined);
  assert.equal(until({ hours, daysOff }, '2026-11-24T18:00'), '2026-11-30T08:00');
});

test('a store that has closed for good opens at no time', () => {
  const daysOff = Array.from({ length: 20 }, (_, week) =>
    new Date(at('2026-11-23T12:00') + week * 7 * 24 * 3_600_000).toISOString().slice(0, 10),
  );
  assert.equal(until({ hours: MONDAY_EVENING, daysOff }, '2026-11-23T18:00'), null);
});

test('a store opens by the clock on its wall, also after the night on which clocks change', () => {
  const hours = [{ day: 7, from: '11:00', to: '15:00' }];
  // On Sunday, 25 October 2026, at 03:00 clocks in Berlin go back to 02:00.
  assert.equal(until({ timeZone: 'Europe/Berlin', hours }, '2026-10-24T12:00', '+02:00'), '2026-10-25T10:00');
  assert.equal(until({ timeZone: 'Europe/Berlin', hours }, '2026-03-28T12:00', '+01:00'), '2026-03-29T09:00');
});

test('the next boundary is the next begin or end on the wall, over midnight and over a change of the clocks', () => {
  const next = (hours: Parameters<typeof nextBoundary>[0], zone: string, time: string) => {
    const found = nextBoundary(hours, zone, Date.parse(time));
    return found === undefined ? undefined : new Date(found).toISOString().slice(0, 16);
  };
  // Monday evening into Tuesday, in Seoul.
  assert.equal(next(MONDAY_EVENING, SEOUL, '2026-11-23T07:59:30Z'), '2026-11-23T08:00');
  assert.equal(next(MONDAY_EVENING, SEOUL, '2026-11-23T08:00:00Z'), '2026-11-23T17:00');
  assert.equal(next(MONDAY_EVENING, SEOUL, '2026-11-23T17:00:00Z'), '2026-11-30T08:00');
  assert.equal(next([], SEOUL, '2026-11-23T17:00:00Z'), undefined);
  // New York: the clocks go ahead on Sunday 8 March 2026, so breakfast comes an hour sooner, and back on 1 November.
  const breakfast = [{ day: 7, from: '08:00', to: '10:00' }];
  assert.equal(next(breakfast, 'America/New_York', '2026-03-08T05:00:00Z'), '2026-03-08T12:00');
  assert.equal(next(breakfast, 'America/New_York', '2026-03-01T05:00:00Z'), '2026-03-01T13:00');
  assert.equal(next(breakfast, 'America/New_York', '2026-11-01T04:00:00Z'), '2026-11-01T13:00');
});
