import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsefulnessTally } from '../../rehearsal/crowd/usefulness.ts';
import { rowsOf } from './rows.ts';
import type { MeasuredLoad } from './stage.ts';

/** A load of one second of which so many orders were useful, on a machine where others had this share of the crowd's core. */
function loadOf(planned: number, useful: number, waitedShare = 0): MeasuredLoad {
  const tally = new UsefulnessTally(1_000);
  for (let index = 0; index < planned; index++) {
    tally.planned('order', 0);
    tally.ended('order', 0, 10, index < useful ? 'right' : 'timeouts');
  }
  return {
    ...tally.sum({ offeredPerSecond: planned, durationS: 1 }, { cpuShare: 0.5, waitedShare, reconnects: 0 }),
    server: { cpuShare: 1, databaseCpuShare: 0, residentMaxMiB: 100, loopDelayP99Ms: 10 },
  };
}

const KNEE = loadOf(100, 100);
const rowsAt2 = (load: MeasuredLoad, knee = KNEE) =>
  rowsOf(
    {
      kind: 'matjip-overload',
      startedAt: '2026-01-01T00:00:00.000Z',
      processor: 'any',
      phones: 100,
      retry: 'never',
      inFront: 'nothing',
      kneePerSecond: 100,
      steps: [{ multiple: 2, isAfter: false, load }],
      orders: null,
    },
    knee,
  ).filter(({ what }) => what.endsWith('at 2 ×'));

test('a load is held against the knee, and the row says how much of the core others had', () => {
  const rows = rowsAt2(loadOf(200, 90, 0.03));
  assert.deepEqual(
    rows.map(({ ratio, goal, baseline }) => [ratio, goal, baseline]),
    [
      [0.9, { atLeast: 0.9 }, 'at the knee 100/s (others 3 %)'],
      [0.9, { atLeast: 0.7 }, 'at the knee 100/s (others 3 %)'],
    ],
  );
});

test('there is no verdict where other work had the core of the crowd, at the load or at the knee', () => {
  for (const rows of [rowsAt2(loadOf(200, 90, 0.09)), rowsAt2(loadOf(200, 90), loadOf(100, 100, 0.09))]) {
    assert.equal(rows.length, 2);
    for (const { goal, baseline } of rows) {
      assert.equal(goal, undefined);
      assert.equal(baseline, "NO VERDICT: others had 9 % of the generator's core");
    }
  }
});
