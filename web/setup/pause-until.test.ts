import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingAt, nextAt } from './pause-until.ts';

const seoul = (local: string): number => Date.parse(`${local}+09:00`);
const all = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from, to }));
const of = (hours: Parameters<typeof closingAt>[0]['hours'], daysOff: string[] = []) => ({
  hours,
  daysOff,
  timeZone: 'Asia/Seoul',
});

test('a pause until closing ends with the day’s last opening, and not with the break in its middle', () => {
  const split = [...all('11:00', '15:00'), ...all('17:00', '22:00')];
  for (const at of ['12:00:30', '16:00', '21:59']) {
    assert.equal(closingAt(of(split), seoul(`2026-11-28T${at}`))?.getTime(), seoul('2026-11-28T22:00'), at);
  }
  assert.equal(closingAt(of(split), seoul('2026-11-28T22:00')), undefined, 'closed for today');
  assert.equal(closingAt(of(all('09:00', '24:00')), seoul('2026-11-28T10:00'))?.getTime(), seoul('2026-11-29T00:00'));
  assert.equal(closingAt(of(null), seoul('2026-11-28T10:00')), undefined, 'always open');
  assert.equal(closingAt(of(split, ['2026-11-28']), seoul('2026-11-28T12:00')), undefined, 'a day off');
});

test('an evening that goes on after midnight ends in the night that it is, and the next one when it is that day', () => {
  const bar = of(all('18:00', '02:00'));
  assert.equal(closingAt(bar, seoul('2026-11-28T20:00'))?.getTime(), seoul('2026-11-29T02:00'));
  assert.equal(closingAt(bar, seoul('2026-11-29T01:30'))?.getTime(), seoul('2026-11-29T02:00'));
  assert.equal(closingAt(bar, seoul('2026-11-29T02:00'))?.getTime(), seoul('2026-11-30T02:00'));
});

test('a given time is the next one on the store’s own clock, wherever the owner is and whatever the clocks do that night', () => {
  assert.equal(nextAt('17:30', 'Asia/Seoul', seoul('2026-11-28T17:29:59')).getTime(), seoul('2026-11-28T17:30'));
  assert.equal(nextAt('17:30', 'Asia/Seoul', seoul('2026-11-28T17:30')).getTime(), seoul('2026-11-29T17:30'));
  // In Berlin the night of 25 October 2026 is an hour longer, that of 29 March an hour shorter.
  const [autumn, spring] = [Date.parse('2026-10-24T22:00+02:00'), Date.parse('2026-03-28T22:00+01:00')];
  assert.equal(nextAt('06:00', 'Europe/Berlin', autumn).getTime(), Date.parse('2026-10-25T06:00+01:00'));
  assert.equal(nextAt('06:00', 'Europe/Berlin', spring).getTime(), Date.parse('2026-03-29T06:00+02:00'));
});
