import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import { type Candidate, toCandidate } from './candidate.ts';
import type { Decision } from './decide.ts';
import { createIntake, type IntakeBounds } from './intake.ts';
import type { TakeOrders } from './take-orders.ts';

const BOUNDS: IntakeBounds = { groupMax: 4, waitingMax: 10, groupsMax: 1, retryForMs: 100 };
const order = () => toCandidate('a', newId(), { lines: [{ itemId: newId(), quantity: 1 }] });
const orders = (count: number) => Array.from({ length: count }, order);
const replayed: Decision = { kind: 'replayed' };
const away = () => Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });

/** Takes groups only when told to, so that a test decides what is under way. */
function createGate() {
  const groups: { readonly orders: readonly Candidate[]; commit(): void; fail(error: Error): void }[] = [];
  const takeOrders: TakeOrders = (group) =>
    new Promise((resolve, reject) => {
      groups.push({ orders: group, commit: () => resolve(group.map(() => replayed)), fail: reject });
    });
  return { groups, takeOrders, sizes: () => groups.map((group) => group.orders.length) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

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
  const intake = createIntake(gate.takeOrders, { ...BOUNDS, groupMax: 1, groupsMax: 3 });
  const answers = orders(5).map((each) => intake.take(each));
  assert.deepEqual(gate.sizes(), [1, 1, 1]);
  gate.groups[1]!.commit();
  await answers[1];
  await turn();
  assert.deepEqual(gate.sizes(), [1, 1, 1, 1]);
});

test('when the waiting room is full the next is told so at once, and those inside are served', async () => {
  const gate = createGate();
  const refusals: string[] = [];
  const intake = createIntake(gate.takeOrders, BOUNDS, { group: () => {}, refused: (reason) => refusals.push(reason) });
  const inside = orders(1 + BOUNDS.waitingMax).map((each) => intake.take(each));
  await assert.rejects(intake.take(order()), (error) => {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.type, error.status, error.retryAfterS], ['busy', 503, 1]);
    return true;
  });
  assert.deepEqual(refusals, ['busy']);
  gate.groups[0]!.commit();
  await inside[0];
  await turn();
  // Four have gone on to their group, so there is room again.
  inside.push(intake.take(order()));
  for (let group = 1; group < 4; group += 1) {
    gate.groups[group]!.commit();
    await turn();
  }
  assert.equal((await Promise.all(inside)).length, 12);
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
      return group.map(() => replayed);
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

test('while the database is away a group is tried again, whole, and then taken', async () => {
  let tries = 0;
  const sizes = new Set<number>();
  const intake = createIntake(
    async (group) => {
      tries += 1;
      sizes.add(group.length);
      if (tries <= 3) throw away();
      return group.map(() => replayed);
    },
    { ...BOUNDS, retryForMs: 60_000 },
  );
  assert.deepEqual(await intake.take(order()), replayed);
  assert.equal(tries, 4);
  assert.deepEqual([...sizes], [1]);
});

test('when the database stays away everybody is told so within the bound, however many wait', async () => {
  const sizes: number[] = [];
  const intake = createIntake(
    async (group) => {
      sizes.push(group.length);
      throw away();
    },
    { ...BOUNDS, waitingMax: 1_000, retryForMs: 100 },
  );
  const outcomes = await Promise.allSettled(orders(81).map((each) => intake.take(each)));
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof Problem);
    assert.deepEqual([outcome.reason.type, outcome.reason.retryAfterS], ['unavailable', 2]);
  }
  // 21 groups: the first uses up the patience, each of the others is tried twice and split never.
  assert.ok(sizes.slice(1).every((size) => size === 4 || size === 1));
  assert.ok(sizes.filter((size) => size === 4).length <= 20 * 2 + 2, `${sizes.length} tries`);
  await intake.drain();
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
      group.map((_, index): Decision => (index % 2 ? { kind: 'refused', problem: new Problem('sold-out') } : replayed)),
    BOUNDS,
    { group: (size) => groups.push(size), refused: (reason) => refusals.push(reason) },
  );
  await Promise.all(orders(5).map((each) => intake.take(each)));
  assert.deepEqual(groups, [1, 4]);
  assert.deepEqual(refusals, ['sold-out', 'sold-out']);
});
