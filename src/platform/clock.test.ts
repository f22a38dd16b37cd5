import assert from 'node:assert/strict';
import { test } from 'node:test';
import { businessDay } from './clock.ts';

const at = (time: string) => Date.parse(time);

test('a business day begins at its hour in the store’s own time zone', () => {
  // 04:00 in Seoul is 19:00 UTC of the day before.
  assert.equal(businessDay(at('2026-11-23T18:59:59.999Z'), 'Asia/Seoul', 4), '2026-11-23');
  assert.equal(businessDay(at('2026-11-23T19:00:00.000Z'), 'Asia/Seoul', 4), '2026-11-24');
  assert.equal(businessDay(at('2026-11-24T15:30:00.000Z'), 'Asia/Seoul', 4), '2026-11-24');
  assert.equal(businessDay(at('2026-11-23T15:00:00.000Z'), 'Asia/Seoul', 0), '2026-11-24');
  assert.equal(businessDay(at('2026-11-24T07:59:59.000Z'), 'America/Los_Angeles', 0), '2026-11-23');
  assert.equal(businessDay(at('2026-12-31T23:00:00.000Z'), 'Asia/Seoul', 4), '2027-01-01');
});

test('days are texts that sort as they follow each other, after the one that no store has had', () => {
  const days = ['-infinity', '2026-09-09', '2026-10-01', '2027-01-01'];
  assert.deepEqual([...days].sort(), days);
});
