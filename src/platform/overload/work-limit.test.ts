import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../../config.ts';
import { createWorkLimit, type WorkLimitBounds } from './work-limit.ts';

const { targetMs, hastyMs, start, min, max } = BOUNDS.overload;

/** Work that is finished first come first served, so many a second, and never sooner than `leastMs`. */
function server(
  perSecond: number,
  leastMs: number,
  unreadMs = (): number => 5,
  bounds: WorkLimitBounds = BOUNDS.overload,
) {
  let nowMs = 0;
  const underway: { sinceMs: number; isOrder: boolean }[] = [];
  const limit = createWorkLimit(bounds, () => nowMs, unreadMs);
  const speed = { perSecond };
  let owed = 0;
  return {
    limit,
    speed,
    underway: () => underway.length,
    /** As many come a second; whoever is refused is gone. @returns how many of them were refused, as a share */
    offer(comePerSecond: number, forMs: number): number {
      let [came, refused] = [0, 0];
      let due = 0;
      for (const untilMs = nowMs + forMs; nowMs < untilMs; ) {
        nowMs += 1;
        for (due += comePerSecond / 1_000; due >= 1; due -= 1) {
          came += 1;
          // Drawn evenly, as with lots, so that the test has none.
          if ((came * 0.618) % 1 < limit.pressure()) refused += 1;
          else {
            limit.began();
            underway.push({ sinceMs: nowMs, isOrder: came % 2 === 0 });
          }
        }
        for (owed = Math.min(owed + speed.perSecond / 1_000, 60); owed >= 1; owed -= 1) {
          const first = underway[0];
          if (!first || nowMs - first.sinceMs < leastMs) break;
          underway.shift();
          limit.ended(first.isOrder, nowMs - first.sinceMs);
        }
      }
      return refused / Math.max(1, came);
    },
  };
}

test('what is borne is let in, however long it takes within the time that answers have', () => {
  for (const leastMs of [5, 100, 0.8 * targetMs]) {
    const borne = server(1_000, leastMs);
    // The first guests tell how long it takes.
    borne.offer(900, 5_000);
    assert.equal(borne.offer(900, 10_000), 0, `${leastMs}`);
  }
});

test('of twice as much about half is refused, and what is let in takes no longer than answers may', () => {
  const full = server(1_000, 50);
  full.offer(2_000, 5_000);
  const refused = full.offer(2_000, 10_000);
  assert.ok(refused > 0.4 && refused < 0.6, `${refused}`);
  assert.ok(full.limit.tookMs > 0.5 * targetMs && full.limit.tookMs < 1.3 * targetMs, `${full.limit.tookMs}`);
});

test('a server that becomes slower is found out, and one that is fast again as well', () => {
  const changing = server(1_000, 20);
  changing.offer(2_000, 5_000);
  changing.speed.perSecond = 200;
  changing.offer(2_000, 10_000);
  assert.ok(changing.underway() < 200, `${changing.underway()}`);
  changing.speed.perSecond = 1_000;
  changing.offer(800, 3_000);
  assert.equal(changing.offer(800, 5_000), 0);
});

test('where nothing is finished any more no more is let in than the limit', () => {
  const stuck = server(0, 0);
  stuck.offer(1_000, 5_000);
  assert.ok(stuck.underway() <= 1.5 * start, `${stuck.underway()}`);
});

test('a handful is never left out, however long it takes', () => {
  let nowMs = 0;
  const slow = createWorkLimit(
    BOUNDS.overload,
    () => nowMs,
    () => 5,
  );
  for (let round = 0; round < 100; round += 1) {
    for (let times = 0; times < 20; times += 1) slow.began();
    assert.equal(slow.pressure(), 0);
    nowMs += 10_000;
    for (let times = 0; times < 20; times += 1) slow.ended(true, 10_000);
  }
});

test('the slower kind decides: many quick looks at an order do not hide that orders take too long', () => {
  let nowMs = 0;
  const limit = createWorkLimit(
    BOUNDS.overload,
    () => nowMs,
    () => 5,
  );
  for (let round = 0; round < 50; round += 1) {
    for (let times = 0; times < 100; times += 1) limit.began();
    nowMs += 2 * targetMs;
    for (let times = 0; times < 99; times += 1) limit.ended(false, 10);
    limit.ended(true, 2 * targetMs);
  }
  assert.ok(limit.limit < start, `${limit.limit}`);
});

test('where most has to be refused and turns are long less time is taken, where turns are short or little has to be refused it is not', () => {
  const long = (): number => 60;
  const tenfold = server(1_000, 20, long);
  tenfold.offer(10_000, 20_000);
  assert.ok(tenfold.limit.tookMs < 1.3 * hastyMs, `${tenfold.limit.tookMs}`);
  const short = server(1_000, 20);
  short.offer(10_000, 20_000);
  assert.ok(short.limit.tookMs > 1.4 * hastyMs, `${short.limit.tookMs}`);
  const borne = server(1_000, 200, long);
  borne.offer(900, 10_000);
  assert.equal(borne.offer(900, 5_000), 0);
});

test('a limit that is never reached stays, one that is reached rises to its bound, and after a pause it begins as it did', () => {
  const idle = server(1_000, 5);
  idle.offer(500, 10_000);
  assert.equal(idle.limit.limit, start);
  const wide = server(50_000, 300);
  wide.offer(15_000, 12_000);
  assert.equal(wide.limit.limit, max);
  const small = server(20, 0);
  small.offer(1_000, 20_000);
  assert.equal(small.limit.limit, min);
  small.speed.perSecond = 10_000;
  small.offer(0, 5_000);
  small.offer(1, 2_000);
  assert.equal(small.limit.limit, start);
});

test('a limit follows what others who share the process bear, and what those take whom it counts, whichever is less', () => {
  let nowMs = 0;
  let forOthers = 1;
  const limit = createWorkLimit(
    BOUNDS.overload.flood,
    () => nowMs,
    () => 5,
    () => forOthers,
  );
  /** A round in which all of it was under way. */
  const round = (tookMs: number): number => {
    const before = limit.limit;
    const many = Math.ceil(before);
    for (let times = 0; times < many; times += 1) limit.began();
    nowMs += 1_500;
    for (let times = 0; times < many; times += 1) limit.ended(true, tookMs);
    return limit.limit / before;
  };
  const { targetMs } = BOUNDS.overload.flood;
  round(targetMs / 2);
  // As nobody knows what the others bear, it does not rise, however quick its own are.
  assert.equal(round(targetMs / 2), 1);
  forOthers = 0.5;
  assert.equal(round(targetMs / 2), 0.5);
  forOthers = 1.1;
  assert.ok(Math.abs(round(targetMs / 2) - 1.1) < 1e-9);
  forOthers = 2;
  assert.ok(Math.abs(round(targetMs / 2) - 1.2) < 1e-9);
  // Its first answer ends the round before it.
  round(10 * targetMs);
  assert.ok(Math.abs(round(10 * targetMs) - 0.8) < 1e-9);
});

test('a flood is kept to a time of its own, and its handful is let in however long that takes', () => {
  const { flood } = BOUNDS.overload;
  const shared = server(1_000, 20, () => 60, flood);
  shared.offer(10_000, 20_000);
  assert.ok(shared.limit.tookMs < 1.3 * flood.targetMs, `${shared.limit.tookMs}`);
  const slow = server(20, 500, () => 60, flood);
  slow.offer(1_000, 20_000);
  assert.equal(slow.limit.limit, flood.min);
  assert.ok(slow.underway() >= 0.6 * flood.min, `${slow.underway()}`);
});
