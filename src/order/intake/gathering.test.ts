import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ONE_BY_ONE, orderAt, REPLAYED, turn } from '../../../test/support/intake-gate.ts';
import { createIntake, type IntakeBounds } from './intake.ts';

const BOUNDS: IntakeBounds = {
  ...ONE_BY_ONE,
  groupMax: 250,
  places: { placesMax: 4_000, shares: {} },
  crowdPerSecond: 10,
  gatherMaxMs: 20,
  gatherTimes: 4,
  gatherQuietTimes: 4,
  gatherQuietMinMs: 3,
};
/** Of a commit, and of the way of a phone that orders again. */
const [COMMIT_MS, AGAIN_MS] = [5, 2];

interface Group {
  readonly atMs: number;
  readonly size: number;
}

/** An intake whose time is a list of moments, worked off one after the other. */
function createScene(changes: Partial<IntakeBounds> = {}) {
  let now = 0;
  const due: { readonly atMs: number; readonly work: () => void; readonly isCommit: boolean }[] = [];
  const groups: Group[] = [];
  /** What was put first comes first within a moment. */
  function put(work: () => void, ms: number, isCommit: boolean): void {
    const atMs = now + ms;
    const after = due.findLastIndex((each) => each.atMs <= atMs);
    due.splice(after + 1, 0, { atMs, work, isCommit });
  }
  const later = (work: () => void, ms: number) => put(work, ms, false);
  const intake = createIntake(
    (orders) => {
      groups.push({ atMs: now, size: orders.length });
      return new Promise((resolve) => put(() => resolve(orders.map(() => REPLAYED)), COMMIT_MS, true));
    },
    { ...BOUNDS, ...changes },
    undefined,
    { nowMs: () => now, random: () => 0, later },
  );
  return {
    groups,
    later,
    order: () => intake.take(orderAt('a')),
    /** Orders again as soon as it is answered. */
    async phone(): Promise<void> {
      await intake.take(orderAt('a'));
      later(() => void this.phone(), AGAIN_MS);
    },
    async passUntil(untilMs: number): Promise<void> {
      while (due[0] && due[0].atMs <= untilMs) {
        const { atMs, work, isCommit } = due.shift()!;
        now = atMs;
        work();
        // A committed group is answered in slices.
        for (let turns = 0; isCommit && turns < 6; turns += 1) await turn();
      }
      now = untilMs;
    },
  };
}

const sizeOf = (groups: readonly Group[]): number => groups.reduce((sum, { size }) => sum + size, 0) / groups.length;
/** Of groups that follow each other, how long after the one's end the other begins. */
const restsOf = (groups: readonly Group[]): number[] =>
  groups.slice(1).map(({ atMs }, index) => atMs - groups[index]!.atMs - COMMIT_MS);

/** Moments of an open crowd: pauses as chance makes them, the same in each run. */
function arrivals(perSecond: number, untilMs: number): number[] {
  const moments: number[] = [];
  let seed = 1;
  for (let atMs = 0; atMs < untilMs; ) {
    seed = (seed * 48_271) % 2_147_483_647;
    atMs -= (Math.log(seed / 2_147_483_647) * 1_000) / perSecond;
    moments.push(atMs);
  }
  return moments;
}

async function openCrowd(perSecond: number, changes: Partial<IntakeBounds> = {}): Promise<Group[]> {
  const scene = createScene(changes);
  for (const atMs of arrivals(perSecond, 2_500)) scene.later(() => void scene.order(), atMs);
  await scene.passUntil(2_500);
  // The first second tells how fast they come.
  return scene.groups.filter(({ atMs }) => atMs > 1_000);
}

test('an order that comes alone waits for nothing, and one that comes after another’s commit does not either', async () => {
  const scene = createScene();
  for (const atMs of [0, 500, 506, 1_200]) scene.later(() => void scene.order(), atMs);
  await scene.passUntil(2_000);
  assert.deepEqual(
    scene.groups.map(({ atMs }) => atMs),
    [0, 500, 506, 1_200],
  );
});

for (const [perSecond, atLeast, alone] of [
  [50, 1.4, 1.25],
  [500, 11, 3.5],
  [3_000, 70, 16],
] as const) {
  test(`an open crowd of ${perSecond} a second gathers as if only the bound ended it: groups of ${atLeast} at least, ${alone} without`, async () => {
    const gathered = sizeOf(await openCrowd(perSecond));
    const bound = sizeOf(await openCrowd(perSecond, { gatherQuietTimes: Number.POSITIVE_INFINITY }));
    const without = sizeOf(await openCrowd(perSecond, { gatherMaxMs: 0 }));
    assert.ok(gathered >= atLeast && gathered >= 0.9 * bound, `${gathered} of ${bound}`);
    assert.ok(without <= alone, `${without}`);
  });
}

// How fast few phones come back is only known after some seconds, since what is known of them makes them faster.
for (const [phones, forMs] of [
  [8, 8_000],
  [24, 3_000],
  [64, 2_000],
  [200, 2_000],
] as const) {
  test(`${phones} phones that order again at once are one group as soon as all are there: none waits for who cannot come`, async () => {
    const scene = createScene();
    for (let phone = 0; phone < phones; phone += 1) void scene.phone();
    await scene.passUntil(forMs);
    const late = scene.groups.filter(({ atMs }) => atMs > forMs - 500);
    assert.deepEqual(new Set(late.map(({ size }) => size)), new Set([phones]));
    // Four times the pause between two of them, which by Little's law is the round's time without that wait ÷ (phones - 4).
    const waitMs = Math.max(BOUNDS.gatherQuietMinMs, (4 * (COMMIT_MS + AGAIN_MS)) / (phones - 4));
    for (const rest of restsOf(late)) assert.ok(Math.abs(rest - AGAIN_MS - waitMs) < 1, `${rest} ms`);
  });
}

test('a crowd that goes on coming is waited for up to the bound, which is as many times as the last group took or the most', async () => {
  for (const [gatherTimes, expected] of [
    [2, 2 * COMMIT_MS],
    [4, 20],
    [9, 20],
  ] as const) {
    const scene = createScene({ gatherTimes });
    for (let atMs = 0; atMs < 1_500; atMs += 1) scene.later(() => void scene.order(), atMs);
    await scene.passUntil(1_500);
    assert.deepEqual(new Set(restsOf(scene.groups.slice(40))), new Set([expected]));
  }
});

test('a whole group waits for nothing, and what waits after it gathers anew', async () => {
  const scene = createScene({ groupMax: 4 });
  for (let atMs = 0; atMs < 1_000; atMs += 10) scene.later(() => void scene.order(), atMs);
  // At 1,000 one is under way; four come in the middle of the gathering after it.
  for (let count = 0; count < 4; count += 1) scene.later(() => void scene.order(), 1_010);
  scene.later(() => void scene.order(), 1_016);
  await scene.passUntil(1_100);
  const last = scene.groups.slice(-2);
  assert.deepEqual(
    last.map(({ size }) => size),
    [4, 1],
  );
  assert.equal(last[1]!.atMs - last[0]!.atMs, COMMIT_MS + 20);
});

test('a crowd that has gone is no reason to wait', async () => {
  const scene = createScene();
  for (let atMs = 0; atMs < 500; atMs += 10) scene.later(() => void scene.order(), atMs);
  for (const atMs of [3_000, 3_006]) scene.later(() => void scene.order(), atMs);
  await scene.passUntil(4_000);
  assert.deepEqual(
    scene.groups.slice(-2).map(({ atMs }) => atMs),
    [3_000, 3_006],
  );
});
