import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ONE_BY_ONE as BOUNDS,
  createGate,
  createHandClock,
  orderAt,
  REPLAYED,
  turn,
} from '../../../test/support/intake-gate.ts';
import { DatabaseSilent } from '../../platform/db/silence-breaker.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Decision } from '../decide.ts';
import { createIntake, type IntakeTime } from './intake.ts';

const order = () => orderAt('a');
const orders = (count: number) => Array.from({ length: count }, order);
const away = () => Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
const time = (changes: Partial<IntakeTime> = {}): IntakeTime => ({
  nowMs: () => 1_000,
  random: () => 0,
  ...changes,
});

test('an idle shop’s order is taken alone and at once', () => {
  const gate = createGate();
  void createIntake(gate.takeOrders, BOUNDS).take(order());
  // Not even a turn of the event loop has passed.
  assert.deepEqual(gate.sizes(), [1]);
});

test('while one group is under way the next gathers, in the order of arrival and up to the bound', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS);
  const all = orders(8);
  const answers = Promise.all(all.map((each) => intake.take(each)));
  assert.deepEqual(gate.sizes(), [1]);
  for (let group = 0; group < 3; group += 1) {
    gate.groups[group]!.commit();
    await turn();
  }
  assert.deepEqual(gate.sizes(), [1, 4, 3]);
  assert.deepEqual(
    gate.groups.flatMap((group) => group.orders.map(({ id }) => id)),
    all.map(({ id }) => id),
  );
  assert.equal((await answers).length, 8);
});

test('with groups of one and several at once it is the textbook: a transaction an order', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, { ...BOUNDS, groupMax: 1, groupsMax: 4, groupsOfStoreMax: 3 });
  const answers = orders(5).map((each) => intake.take(each));
  // A fourth is not one store's: should its row be held, the others' orders pass.
  assert.deepEqual(gate.sizes(), [1, 1, 1]);
  void intake.take(orderAt('b'));
  assert.deepEqual(gate.shapes().at(-1), 'b1 waits');
  gate.groups[1]!.commit();
  await answers[1];
  await turn();
  assert.equal(gate.groups.length, 5);
});

test('when the waiting room is full the next is told so at once, and those inside are served', async () => {
  const gate = createGate();
  const refusals: string[] = [];
  const observer = { group: () => {}, refused: (reason: string) => refusals.push(reason) };
  const intake = createIntake(gate.takeOrders, BOUNDS, observer, time());
  const inside = orders(BOUNDS.places.placesMax).map((each) => intake.take(each));
  await assert.rejects(intake.take(order()), (error) => {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.type, error.status, error.retryAfterS], ['busy', 503, 1]);
    return true;
  });
  assert.deepEqual(refusals, ['busy']);
  gate.groups[0]!.commit();
  await inside[0];
  await turn();
  // The first has been answered, so there is room again.
  inside.push(intake.take(order()));
  for (let group = 1; group < 4; group += 1) {
    gate.groups[group]!.commit();
    await turn();
  }
  assert.equal((await Promise.all(inside)).length, 12);
});

test('those who are refused together are not told to come back together', async () => {
  let dice = 0;
  const random = () => (dice++ % 3) / 3;
  const intake = createIntake(
    createGate().takeOrders,
    { ...BOUNDS, places: { placesMax: 2, shares: {} } },
    undefined,
    time({ random }),
  );
  void intake.take(order());
  void intake.take(order());
  const refused = await Promise.allSettled(orders(6).map((each) => intake.take(each)));
  const seconds = refused.map((each) => (each.status === 'rejected' ? each.reason.retryAfterS : undefined));
  assert.deepEqual(seconds.sort(), [1, 1, 2, 2, 3, 3]);
});

test('a group that fails is split until the bad order stands alone; the others are taken', async () => {
  const all = orders(9);
  const bad = new Set([all[3]!.id, all[7]!.id]);
  const tried: number[] = [];
  const intake = createIntake(
    async (group) => {
      await turn();
      tried.push(group.length);
      if (group.some(({ id }) => bad.has(id))) throw new Error('a bad order');
      return group.map(() => REPLAYED);
    },
    { ...BOUNDS, groupMax: 8 },
  );
  const outcomes = await Promise.allSettled(all.map((each) => intake.take(each)));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    all.map(({ id }) => (bad.has(id) ? 'rejected' : 'fulfilled')),
  );
  // Halving, not one by one: eight, four, two, one … twice.
  assert.ok(tried.length <= 1 + 2 * 7, `${tried}`);
});

for (const [what, error] of [
  ['is away', away()],
  ['has a full disk', Object.assign(new Error('could not extend file'), { code: '53100' })],
  ['only reads', Object.assign(new Error('cannot execute INSERT in a read-only transaction'), { code: '25006' })],
  ['lacks a month', Object.assign(new Error('no partition of relation "orders" found for row'), { code: '23514' })],
] as const) {
  test(`while the database ${what} a group is tried again, whole, and then taken`, async (t) => {
    const clock = createHandClock(t);
    const tried: number[] = [];
    const intake = createIntake(
      async (group) => {
        tried.push(group.length);
        if (tried.length > 1 && tried.length <= 4) throw error;
        return group.map(() => REPLAYED);
      },
      BOUNDS,
      undefined,
      time(clock),
    );
    const taken = Promise.all(orders(5).map((each) => intake.take(each)));
    for (let passed = 0; passed < 20; passed += 1) await clock.pass(50);
    assert.deepEqual(await taken, Array(5).fill(REPLAYED));
    // Halved it would be four, two, one: each alone against a database that takes none.
    assert.deepEqual(tried, [1, 4, 4, 4, 4]);
  });
}

test('when the database stays away everybody is told so when their patience ends, however many wait', async (t) => {
  const clock = createHandClock(t);
  let tries = 0;
  const intake = createIntake(
    async () => {
      tries += 1;
      throw away();
    },
    { ...BOUNDS, places: { placesMax: 1_000, shares: {} }, patienceMs: 200 },
    undefined,
    time(clock),
  );
  const outcomes = Promise.allSettled(orders(81).map((each) => intake.take(each)));
  let settled = false;
  void outcomes.then(() => {
    settled = true;
  });
  for (let passed = 0; passed < 150; passed += 50) await clock.pass(50);
  assert.equal(settled, false);
  for (let passed = 0; passed < 100; passed += 50) await clock.pass(50);
  for (const outcome of await outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof Problem);
    assert.deepEqual([outcome.reason.type, outcome.reason.retryAfterS], ['unavailable', 2]);
  }
  // The first used up the patience of all: who waited behind it is told at once, or asks an absent database once.
  assert.ok(tries <= 5 + 20, `${tries} tries`);
  await intake.drain();
});

test('while the database is known to say nothing whoever waits is told so at once, however patient, and not when all the others are', async (t) => {
  const clock = createHandClock(t);
  let isSilent = true;
  let tries = 0;
  let dice = 0;
  const intake = createIntake(
    async (group) => {
      tries += 1;
      if (isSilent) throw new DatabaseSilent();
      return group.map(() => REPLAYED);
    },
    { ...BOUNDS, places: { placesMax: 1_000, shares: {} } },
    undefined,
    time({ ...clock, random: () => (dice++ % 3) / 3 }),
  );
  // No time passes: nobody waits for a tick or a second try.
  const outcomes = await Promise.allSettled(orders(81).map((each) => intake.take(each)));
  const told = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined));
  assert.deepEqual(new Set(told.map((problem) => problem?.type)), new Set(['unavailable']));
  assert.deepEqual(new Set(told.map((problem) => problem.retryAfterS)), new Set([2, 3, 4]));
  assert.equal(tries, 1 + Math.ceil(80 / BOUNDS.groupMax));
  isSilent = false;
  assert.deepEqual(await intake.take(order()), REPLAYED);
});

test('who grew too old while they waited is refused before the commit, the others are taken', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, time(clock));
  const first = intake.take(order());
  const arrivedMs = clock.nowMs();
  const hasty = intake.take(order(), { arrivedMs, deadlineMs: arrivedMs + 120 });
  const patient = intake.take(order(), { arrivedMs, deadlineMs: arrivedMs + 500 });
  const refused = assert.rejects(hasty, { type: 'busy' });
  await clock.pass(100);
  assert.equal(intake.load().waiting, 2);
  await clock.pass(50);
  // While the group is still under way: the guest waits for nothing.
  await refused;
  assert.equal(intake.load().waiting, 1);
  gate.groups[0]!.commit();
  await first;
  await turn();
  assert.deepEqual(gate.sizes(), [1, 1]);
  gate.groups[1]!.commit();
  assert.deepEqual(await patient, REPLAYED);
});

test('an order that is too old when it comes is not let in, and one that a commit has begun for is not dropped', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, time(clock));
  const arrivedMs = clock.nowMs();
  await assert.rejects(intake.take(order(), { arrivedMs: arrivedMs - 300, deadlineMs: arrivedMs - 1 }), {
    type: 'busy',
  });
  assert.equal(gate.groups.length, 0);
  const begun = intake.take(order(), { arrivedMs, deadlineMs: arrivedMs + 100 });
  await clock.pass(500);
  gate.groups[0]!.commit();
  assert.deepEqual(await begun, REPLAYED);
});

test('draining waits for everything that was let in', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS);
  const answers = Promise.all(orders(3).map((each) => intake.take(each)));
  let drained = false;
  const draining = intake.drain().then(() => {
    drained = true;
  });
  gate.groups[0]!.commit();
  await turn();
  assert.equal(drained, false);
  gate.groups[1]!.commit();
  await draining;
  assert.equal((await answers).length, 3);
  await intake.drain();
});

test('the observer hears how large each group was and why orders were refused', async () => {
  const groups: number[] = [];
  const refusals: string[] = [];
  const intake = createIntake(
    async (group) =>
      group.map((_, index): Decision => (index % 2 ? { kind: 'refused', problem: new Problem('sold-out') } : REPLAYED)),
    BOUNDS,
    { group: (size) => groups.push(size), refused: (reason) => refusals.push(reason) },
  );
  await Promise.all(orders(5).map((each) => intake.take(each)));
  assert.deepEqual(groups, [1, 4]);
  assert.deepEqual(refusals, ['sold-out', 'sold-out']);
});

test('a crowd at one store is not in front of an order of another', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(
    gate.takeOrders,
    { ...BOUNDS, ownFrom: 2, sharedMax: 4, groupsMax: 2 },
    undefined,
    time(clock),
  );
  void intake.take(orderAt('a'));
  await clock.pass(40);
  gate.groups[0]!.commit();
  await turn();
  for (let times = 0; times < 17; times += 1) intake.take(orderAt('a')).catch(() => {});
  intake.take(orderAt('b')).catch(() => {});
  const [crowd, other] = [intake.loadOf('a'), intake.loadOf('b')];
  assert.ok(crowd.waiting > 8 && crowd.expectedMs > 100, JSON.stringify(crowd));
  assert.ok(other.waiting <= 1 && other.expectedMs <= 60, JSON.stringify(other));
});

test('the load tells how many wait, how long groups take and what an order that comes now may expect', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, time(clock));
  assert.deepEqual(intake.load(), {
    waiting: 0,
    held: 0,
    underway: 0,
    waitedMs: 0,
    groupMs: 0,
    perSecond: 0,
    expectedMs: 0,
  });
  const answers = orders(9).map((each) => intake.take(each));
  for (let group = 0; group < 2; group += 1) {
    await clock.pass(40);
    gate.groups[group]!.commit();
    await turn();
  }
  // One and four orders in 40 ms each; four are under way and nobody waits behind them.
  const load = intake.load();
  assert.deepEqual([load.waiting, load.underway, load.groupMs], [0, 4, 40]);
  assert.ok(load.perSecond > 60 && load.perSecond < 64, `${load.perSecond}`);
  // What is under way is half done, and then comes its own group.
  assert.equal(load.expectedMs, 60);
  gate.groups[2]!.commit();
  await Promise.all(answers);
  await turn();
  assert.equal(intake.load().expectedMs, 0);
});
