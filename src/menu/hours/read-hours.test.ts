import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notNow } from './not-now.ts';
import { parseHours, readHours } from './read-hours.ts';

test('hours are read as people write them, and written in one way', () => {
  for (const [written, kept] of [
    ['mon-fri 11:00-14:30', 'mon-fri 11:00-14:30'],
    ['Mon-Fri 9:00 - 14:30; SAT 10:00-15:00', 'mon-fri 09:00-14:30, sat 10:00-15:00'],
    ['월-금 11:00~14:30, 토요일 10:00-15:00', 'mon-fri 11:00-14:30, sat 10:00-15:00'],
    ['매일 17:00-02:00', 'mon-sun 17:00-02:00'],
    ['평일 11:00-14:00\n주말 10:00-24:00', 'mon-fri 11:00-14:00, sat-sun 10:00-24:00'],
    ['17:00-22:00', 'mon-sun 17:00-22:00'],
    ['금-월 18:00-01:00', 'fri-mon 18:00-01:00'],
  ] as const) {
    assert.equal(readHours(written), kept, written);
    assert.equal(readHours(kept), kept);
  }
  for (const wrong of [
    ...['lunch', '11-14', 'mon 25:00-26:00', 'mon 11:60-12:00', 'mon 11:00-11:00', 'xyz 11:00-12:00', ','],
    ...['mon-tue-wed 11:00-12:00', 'mon 24:00-01:00', Array(22).fill('mon 1:00-2:00').join()],
  ])
    assert.equal(readHours(wrong), undefined, wrong);
});

test('days go over the end of the week', () => {
  assert.deepEqual(
    parseHours('sat-mon 18:00-01:00').map(({ day }) => day),
    [6, 7, 1],
  );
});

test('guests are told the time, and the day where it is not today’s', () => {
  const at = (time: string) => notNow('mon-fri 11:00-14:30', 'Asia/Seoul', Date.parse(`${time}+09:00`))?.words;
  assert.deepEqual(at('2026-11-27T09:00'), { ko: '11:00부터', en: 'From 11:00' });
  assert.equal(at('2026-11-27T11:00'), undefined);
  assert.deepEqual(at('2026-11-27T14:30'), { ko: '월 11:00부터', en: 'From Mon 11:00' });
});
