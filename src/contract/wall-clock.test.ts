import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { momentOf, wallOf } from './wall-clock.ts';

const ZONES = ['Asia/Seoul', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];
const HOUR_MS = 3_600_000;

test('the wall is told as if it were UTC', () => {
  const ms = Date.parse('2026-11-28T15:30:05.250Z');
  assert.equal(new Date(wallOf(ms, 'Asia/Seoul')).toISOString(), '2026-11-29T00:30:05.250Z');
  assert.equal(new Date(wallOf(ms, 'America/New_York')).toISOString(), '2026-11-28T10:30:05.250Z');
});

test('the moment at which a wall shows something is found from a day around it, also over a change of the clocks', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }),
      fc.integer({ min: -24 * HOUR_MS, max: 24 * HOUR_MS }),
      (zone, ms, off) => {
        // Of an hour that is there twice either one will do.
        assert.equal(wallOf(momentOf(wallOf(ms, zone), zone, ms + off), zone), wallOf(ms, zone));
      },
    ),
  );
});

test('a time that the clocks leave out is the one before or after the change', () => {
  // New York: on 8 March 2026 two o'clock is three.
  const moment = momentOf(Date.UTC(2026, 2, 8, 2, 30), 'America/New_York', Date.UTC(2026, 2, 8, 2, 30));
  assert.ok(
    ['2026-03-08T06:30:00.000Z', '2026-03-08T07:30:00.000Z'].includes(new Date(moment).toISOString()),
    new Date(moment).toISOString(),
  );
});
