import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeSince, compareHours } from './compare.ts';

const line = (at: string, total: number) => ({ at, orders: 1, portions: 1, total });

test('hours stand side by side in the order of the business day, with the empty ones between them', () => {
  const rows = compareHours(
    [line('2026-11-27T09:00:00Z', 300), line('2026-11-27T15:00:00Z', 100)],
    [line('2026-11-20T10:00:00Z', 50), line('2026-11-20T12:00:00Z', 70)],
    'Asia/Seoul',
  );
  assert.deepEqual(
    rows.map(({ hour, total, before }) => [hour, total, before]),
    [
      ['18:00', 300, 0],
      ['19:00', 0, 50],
      ['20:00', 0, 0],
      ['21:00', 0, 70],
      ['22:00', 0, 0],
      ['23:00', 0, 0],
      ['00:00', 100, 0],
    ],
  );
});

test('the hour that the clocks show twice is two rows, and a day without sales is none', () => {
  const rows = compareHours(
    [line('2026-10-25T00:00:00Z', 1), line('2026-10-25T01:00:00Z', 2)],
    [line('2026-10-18T00:00:00Z', 4)],
    'Europe/Berlin',
  );
  assert.deepEqual(rows, [
    { hour: '02:00', total: 1, before: 4 },
    { hour: '02:00 (2)', total: 2, before: 0 },
  ]);
  assert.deepEqual(compareHours([], [], 'Asia/Seoul'), []);
});

test('a day that goes on is compared with the hours that are over on both days', () => {
  const before = [line('2026-11-20T03:00:00Z', 100), line('2026-11-20T04:00:00Z', 1_000)];
  const now = [line('2026-11-27T03:00:00Z', 150), line('2026-11-27T04:00:00Z', 5)];
  assert.equal(changeSince(now, before, Date.parse('2026-11-27T04:30:00Z')), 0.5);
  assert.ok(Math.abs(changeSince(now, before, Date.parse('2026-11-27T05:00:00Z'))! + 0.859) < 0.001);
  assert.equal(changeSince(now, before, Date.parse('2026-11-27T03:59:00Z')), undefined);
});
