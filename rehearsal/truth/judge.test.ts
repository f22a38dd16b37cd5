import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TruthHistory } from './judge.ts';
import type { Answer } from './shown.ts';

const DISH = 'kimchi-stew';

const shows = (price: number, sentMs: number, receivedMs = sentMs + 10, soldOut = false): Answer => ({
  sentMs,
  receivedMs,
  status: 200,
  shown: new Map([[DISH, { price, soldOut }]]),
});

/** 9,000 won; 9,100 from 1000 ms (acknowledged at 1050); 9,200 from 2000 ms (acknowledged at 2050). */
function history(): TruthHistory {
  const truth = new TruthHistory([{ id: DISH, price: 9_000, soldOut: false }]);
  truth.change(DISH, 'price', 9_100, 1_000, 1_050);
  truth.change(DISH, 'price', 9_200, 2_000, 2_050);
  return truth;
}

const right = { stale: false, ageMs: 0 };

test('before the first change only the first price is right', () => {
  assert.deepEqual(history().judge(shows(9_000, 500)), right);
  assert.equal(history().judge(shows(9_100, 500))!.stale, true);
});

test('while a change is under way both prices are right', () => {
  for (const price of [9_000, 9_100]) {
    assert.deepEqual(history().judge(shows(price, 990, 1_020)), right, 'asked before, answered within');
    assert.deepEqual(history().judge(shows(price, 1_010, 1_020)), right, 'asked and answered within');
    assert.deepEqual(history().judge(shows(price, 1_050, 1_060)), right, 'asked in the very millisecond');
  }
});

test('an old price is as old as the change that replaced it', () => {
  assert.deepEqual(history().judge(shows(9_000, 1_250)), { stale: true, ageMs: 200 });
  assert.deepEqual(
    history().judge(shows(9_000, 3_050)),
    { stale: true, ageMs: 2_000 },
    'not the latest change, the first missed',
  );
  assert.deepEqual(history().judge(shows(9_100, 3_050)), { stale: true, ageMs: 1_000 });
});

test('a price from the future or from nowhere is wrong', () => {
  assert.equal(history().judge(shows(9_200, 1_500, 1_510))!.stale, true);
  assert.equal(history().judge(shows(1, 3_000))!.stale, true);
});

test('a change that nobody acknowledged may have happened or not, until the next one', () => {
  const truth = new TruthHistory([{ id: DISH, price: 9_000, soldOut: false }]);
  truth.change(DISH, 'price', 9_100, 1_000, undefined);
  assert.deepEqual(truth.judge(shows(9_000, 5_000)), right);
  assert.deepEqual(truth.judge(shows(9_100, 5_000)), right);
  truth.change(DISH, 'price', 9_200, 6_000, 6_010);
  assert.deepEqual(truth.judge(shows(9_200, 7_000)), right);
  assert.deepEqual(truth.judge(shows(9_000, 6_510)), { stale: true, ageMs: 500 });
  assert.deepEqual(truth.judge(shows(9_100, 6_510)), { stale: true, ageMs: 500 });
});

test('price and sold-out are judged apart, and the older wrong counts', () => {
  const truth = history();
  truth.change(DISH, 'soldOut', true, 2_500, 2_550);
  assert.deepEqual(truth.judge(shows(9_200, 3_050, 3_060, true)), right);
  assert.deepEqual(truth.judge(shows(9_200, 3_050, 3_060, false)), { stale: true, ageMs: 500 });
  assert.deepEqual(truth.judge(shows(9_100, 3_050, 3_060, false)), { stale: true, ageMs: 1_000 });
});

test('an answer without the dishes in question is not judged', () => {
  assert.equal(history().judge({ ...shows(9_000, 0), shown: undefined }), undefined);
  assert.equal(
    history().judge({ ...shows(9_000, 0), shown: new Map([['other', { price: 1, soldOut: false }]]) }),
    undefined,
  );
});

/** A shop that is changed at random, and a cache in front of it that copies it once in a while. */
const scene = fc.record({
  gaps: fc.array(fc.tuple(fc.integer({ min: 5, max: 400 }), fc.integer({ min: 0, max: 60 })), {
    minLength: 1,
    maxLength: 12,
  }),
  asks: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 20 }),
  lifetimeMs: fc.constantFrom(0, 50, 500),
});

test('a reader of the truth is never called stale, and one of a cache never older than its lifetime', () => {
  fc.assert(
    fc.property(scene, ({ gaps, asks, lifetimeMs }) => {
      const truth = new TruthHistory([{ id: DISH, price: 0, soldOut: false }]);
      const applied = [{ price: 0, atMs: Number.NEGATIVE_INFINITY }];
      let nowMs = 0;
      for (const [index, [gapMs, tookMs]] of gaps.entries()) {
        nowMs += gapMs;
        // It takes effect somewhere between its start and its acknowledgement.
        applied.push({ price: index + 1, atMs: nowMs + tookMs / 2 });
        truth.change(DISH, 'price', index + 1, nowMs, nowMs + tookMs);
        nowMs += tookMs;
      }
      for (const askedMs of asks) {
        const copiedMs = lifetimeMs === 0 ? askedMs : Math.floor(askedMs / lifetimeMs) * lifetimeMs;
        const { price } = applied.findLast(({ atMs }) => atMs <= copiedMs)!;
        const verdict = truth.judge(shows(price, askedMs, askedMs + 5))!;
        if (lifetimeMs === 0) assert.equal(verdict.stale, false);
        else assert.ok(verdict.ageMs <= lifetimeMs, `${verdict.ageMs} ms at a lifetime of ${lifetimeMs} ms`);
      }
    }),
  );
});
