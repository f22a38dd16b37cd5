import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAt, endOfDay } from './end-of-day.ts';

test('a day ends at the store’s midnight, wherever its owner is', () => {
  assert.equal(endOfDay('2026-12-31', 'Asia/Seoul').toISOString(), '2026-12-31T15:00:00.000Z');
  assert.equal(endOfDay('2026-12-31', 'America/New_York').toISOString(), '2027-01-01T05:00:00.000Z');
});

test('the night on which clocks change ends at its own midnight', () => {
  // New York: forward on 8 March 2026, back on 1 November.
  assert.equal(endOfDay('2026-03-07', 'America/New_York').toISOString(), '2026-03-08T05:00:00.000Z');
  assert.equal(endOfDay('2026-03-08', 'America/New_York').toISOString(), '2026-03-09T04:00:00.000Z');
  assert.equal(endOfDay('2026-11-01', 'America/New_York').toISOString(), '2026-11-02T05:00:00.000Z');
});

test('the store’s day is that of its wall, and so many later is by its calendar', () => {
  const ms = Date.parse('2026-11-28T15:30:00Z');
  assert.equal(dayAt(ms, 'Asia/Seoul'), '2026-11-29');
  assert.equal(dayAt(ms, 'America/New_York'), '2026-11-28');
  assert.equal(dayAt(ms, 'Asia/Seoul', 30), '2026-12-29');
});
