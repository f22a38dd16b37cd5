import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import { createNeighbours } from './neighbours.ts';

const BOUND = BOUNDS.overload.flood.neighbours;
const QUIET_MS = 40;

/** @returns neighbours of whom so many orders were answered without a flood, one each 25 ms */
function after(orders: number, tookMs = QUIET_MS) {
  const clock = { nowMs: 0 };
  const neighbours = createNeighbours(BOUND, () => clock.nowMs);
  const quiet = (times: number, ms: number): void => {
    for (let time = 0; time < times; time += 1) {
      clock.nowMs += 25;
      neighbours.ended(ms, false);
    }
  };
  quiet(orders, tookMs);
  /** By what one order of so long changes the limit. */
  const changeFor = (ms: number): number => {
    neighbours.ended(ms, true);
    return neighbours.change();
  };
  return { neighbours, clock, quiet, changeFor };
}

test('an order that takes as long as it may leaves the limit, a quicker one raises it and a slower one lowers it', () => {
  const { neighbours, changeFor } = after(200);
  assert.equal(neighbours.change(), 1);
  assert.ok(Math.abs(changeFor(BOUND.times * QUIET_MS) - 1) < 0.001);
  assert.ok(changeFor(QUIET_MS) > 1);
  assert.ok(changeFor(3 * BOUND.times * QUIET_MS) < 0.91);
  // Each order counts once.
  assert.equal(neighbours.change(), 1);
});

test('however they are spread, orders that take as long as they may on average leave the limit as it is', () => {
  const { neighbours } = after(200);
  const mayMs = BOUND.times * QUIET_MS;
  let factor = 1;
  for (let round = 0; round < 100; round += 1) {
    // One quick order in one round, and six slow ones and more in the next.
    for (let times = 0; times < 6; times += 1) neighbours.ended(mayMs / 2, true);
    factor *= neighbours.change();
    neighbours.ended(4 * mayMs, true);
    factor *= neighbours.change();
  }
  assert.ok(Math.abs(factor - 1) < 0.01, `${factor}`);
});

test('one order that hangs for ever lowers the limit no more than one that is four times as late as it may be', () => {
  const { changeFor } = after(200);
  assert.equal(changeFor(4 * BOUND.times * QUIET_MS), changeFor(60_000));
});

test('what is too short to be noticed is no wait, and where nothing is known of a quiet day there is a time as well', () => {
  assert.ok(Math.abs(after(200, 2).changeFor(BOUND.leastMs) - 1) < 0.001);
  assert.equal(after(0).changeFor(BOUND.unknownMs), 1);
});

test('the first seconds of a flood that is not known to be one hardly change what a quiet order takes, a slower machine does', () => {
  const { neighbours, clock, quiet, changeFor } = after(2_000);
  for (let times = 0; times < 3_000; times += 1) {
    clock.nowMs += 0.5;
    neighbours.ended(3_000, false);
  }
  assert.ok(changeFor(1.1 * BOUND.times * QUIET_MS) > 0.995);
  assert.ok(changeFor(1.5 * BOUND.times * QUIET_MS) < 1);
  quiet(8_000, 3 * QUIET_MS);
  assert.ok(Math.abs(changeFor(3 * BOUND.times * QUIET_MS) - 1) < 0.001);
});

test('in a small shop each order counts, however long ago the one before came, and one that was late does not decide', () => {
  const { clock, neighbours, changeFor } = after(100);
  clock.nowMs += 3_600_000;
  neighbours.ended(60_000, false);
  assert.ok(changeFor(1.05 * BOUND.times * QUIET_MS) >= 1 - 1e-9);
  for (let times = 0; times < 100; times += 1) {
    clock.nowMs += 60_000;
    neighbours.ended(1.5 * QUIET_MS, false);
  }
  assert.ok(Math.abs(changeFor(1.5 * BOUND.times * QUIET_MS) - 1) < 0.001);
});
