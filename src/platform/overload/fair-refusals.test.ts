import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFairRefusals } from './fair-refusals.ts';

/** What came of each holder in one window, and the fair shares in the next. */
function after(came: Readonly<Record<string, number>>) {
  const fair = createFairRefusals(1_000);
  for (const [holder, count] of Object.entries(came))
    for (let times = 0; times < count; times += 1) fair.came(holder, 0);
  // The first of the next window.
  fair.came(Object.keys(came)[0]!, 1_000);
  return fair;
}
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 0.01, `${actual} ≠ ${expected}`);

test('one alone is refused the share of all', () => {
  near(after({ crowd: 1_000 }).shareOf('crowd', 0.3), 0.3);
  assert.equal(after({ crowd: 1_000 }).shareOf('crowd', 0), 0);
});

test('who asks for less than an equal part is refused nothing for one who asks for more', () => {
  const fair = after({ crowd: 9_900, quiet: 60, small: 40 });
  // 500 of 10,000 are let in: 40 + 60 + 400.
  assert.equal(fair.shareOf('small', 0.95), 0);
  assert.equal(fair.shareOf('quiet', 0.95), 0);
  near(fair.shareOf('crowd', 0.95), 1 - 400 / 9_900);
});

test('equal ones are refused equally, and in all as much as is to be refused', () => {
  const came = { a: 400, b: 400, c: 150, d: 50 };
  const fair = after(came);
  for (const share of [0.1, 0.5, 0.9]) {
    near(fair.shareOf('a', share), fair.shareOf('b', share));
    const refused = Object.entries(came).reduce((sum, [holder, count]) => sum + count * fair.shareOf(holder, share), 0);
    near(refused / 1_000, share);
  }
});

test('a flood that begins is seen within its own window, and one that is over is forgotten with the next', () => {
  const fair = after({ quiet: 100 });
  for (let times = 0; times < 2_000; times += 1) fair.came('crowd', 1_500);
  assert.ok(fair.shareOf('crowd', 0.5) > 0.9);
  near(fair.shareOf('quiet', 0.5), 0.5);
  fair.came('quiet', 2_000);
  assert.equal(fair.shareOf('quiet', 0.5), 0);
  fair.came('quiet', 9_000);
  // Nothing is known of the window before.
  assert.equal(fair.shareOf('quiet', 0.5), 0.5);
});

test('a flood is most of what comes, beside others who are there', () => {
  const flood = after({ crowd: 1_000, quiet: 20 });
  assert.equal(flood.flood, 'crowd');
  assert.equal(after({ crowd: 1_000 }).flood, undefined);
  assert.equal(after({ crowd: 1_000, passer: 1 }).flood, undefined);
  assert.equal(after({ one: 1_000, other: 900 }).flood, undefined);
});

test('a shop next door is remembered for ten windows: between two of its orders a flood is still one', () => {
  for (const [windows, isFlood] of [
    [10, true],
    [11, false],
  ] as const) {
    const fair = createFairRefusals(1_000);
    for (let times = 0; times < 5; times += 1) fair.came('quiet', 0);
    for (let window = 1; window <= windows; window += 1)
      for (let times = 0; times < 100; times += 1) fair.came('crowd', 1_000 * window);
    assert.equal(fair.flood, isFlood ? 'crowd' : undefined, `${windows}`);
  }
  // Also where nobody came for a while, in which there are no windows.
  const fair = createFairRefusals(1_000);
  for (let times = 0; times < 5; times += 1) fair.came('quiet', 0);
  for (const atMs of [60_000, 61_000]) for (let times = 0; times < 100; times += 1) fair.came('crowd', atMs);
  assert.equal(fair.flood, undefined);
});
