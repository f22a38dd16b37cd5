import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAndTime } from './day-and-time.ts';

test('the day is the store’s, as the time is: the evening of one zone is the next morning of another', () => {
  const at = '2026-11-28T21:44:00Z';
  assert.equal(dayAndTime(at, 'ko', 'Asia/Seoul'), '11월 29일 06:44');
  assert.equal(dayAndTime(at, 'en', 'America/New_York'), 'Nov 28 16:44');
});
