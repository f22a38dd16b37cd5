import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate, createHandClock, ONE_BY_ONE, orderAt, REPLAYED, turn } from '../../../test/support/intake-gate.ts';
import { createIntake, type IntakeBounds } from './intake.ts';

const BOUNDS: IntakeBounds = {
  ...ONE_BY_ONE,
  groupMax: 20,
  groupsMax: 3,
  sharedMax: 6,
  ownFrom: 5,
  places: { placesMax: 1_000, shares: {} },
  waitMaxMs: 3_000,
};
const times = { nowMs: () => 1_000, random: () => 0 };

test('stores with few orders share a group, one with many has its own beside it', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, times);
  const take = (store: string, count: number) => Array.from({ length: count }, () => intake.take(orderAt(store)));
  const answers = [...take('a', 1), ...take('b', 2), ...take('c', 3), ...take('d', 1), ...take('hot', 9)];
  // The first was alone; the crowd's fifth made it worth a group of its own, and the rest of it gathers.
  assert.deepEqual(gate.shapes(), ['a1', 'hot5 waits']);
  gate.groups[0]!.commit();
  await turn();
  assert.deepEqual(gate.shapes().slice(2), ['b2 c3 d1']);
  gate.groups[1]!.commit();
  await turn();
  // Of one store no second group begins while its first is under way; four are few enough for the shared one.
  assert.equal(gate.groups.length, 3);
  gate.groups[2]!.commit();
  await turn();
  assert.deepEqual(gate.shapes().slice(3), ['hot4']);
  gate.groups[3]!.commit();
  assert.equal((await Promise.all(answers)).length, 16);
});

test('a crowd that never has many waiting has a group of its own all the same, and a neighbour’s order does not wait for it', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const bounds = { ...BOUNDS, crowdPerSecond: 10 };
  const intake = createIntake(gate.takeOrders, bounds, undefined, { ...times, nowMs: clock.nowMs });
  const take = (store: string) => void intake.take(orderAt(store));
  // One order after the other: none of them finds another waiting, and by the tenth they are a crowd.
  for (let sent = 0; sent < 12; sent += 1) {
    take('crowd');
    gate.groups.at(-1)!.commit();
    await turn();
    await clock.pass(20);
  }
  assert.deepEqual(new Set(gate.shapes().slice(0, 9)), new Set(['crowd1']));
  const begun = gate.groups.length;
  take('crowd');
  take('quiet');
  assert.deepEqual(gate.shapes().slice(begun), ['crowd1 waits', 'quiet1']);
  // Nothing that it brought before is a crowd now.
  for (const group of gate.groups.slice(begun)) group.commit();
  await turn();
  await clock.pass(5_000);
  take('crowd');
  assert.equal(gate.shapes().at(-1), 'crowd1');
});

test('stores that are equally busy are no crowds: they share their transactions', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, { ...BOUNDS, sharedMax: 100, crowdPerSecond: 3 }, undefined, times);
  const take = (store: string) => void intake.take(orderAt(store));
  for (let sent = 0; sent < 4; sent += 1) for (const store of ['a', 'b', 'c', 'd', 'e', 'f']) take(store);
  gate.groups[0]!.commit();
  await turn();
  assert.deepEqual(gate.shapes(), ['a1', 'b4 c4 d4 e4 f4 a3']);
});

test('stores take turns, however many wait at one of them, and so many groups are under way at most', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, times);
  const take = (store: string, count: number) => {
    for (let sent = 0; sent < count; sent += 1) void intake.take(orderAt(store));
  };
  take('a', 1);
  for (const store of ['p', 'q', 'r', 's', 't']) take(store, 60);
  assert.deepEqual(gate.shapes(), ['a1', 'p5 waits', 'q5 waits', 'r5 waits']);
  // The shared group is no way round the bound for a crowd.
  gate.groups[0]!.commit();
  await turn();
  assert.equal(gate.groups.length, 4);
  const order: string[] = [];
  for (let group = 1; group < 16; group += 1) {
    gate.groups[group]!.commit();
    await turn();
    order.push(...gate.shapes().slice(group + 3, group + 4));
  }
  assert.deepEqual(
    order.slice(0, 7),
    ['p20', 'q20', 'r20', 's20', 't20', 'p20', 'q20'].map((each) => `${each} waits`),
  );
  assert.ok(gate.shapes().length > 10);
});

test('a group of several stores never waits: whose row is held comes again, and then waits alone', async () => {
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, times);
  const before = intake.take(orderAt('a'));
  const held = intake.take(orderAt('held'));
  const free = intake.take(orderAt('free'));
  gate.groups[0]!.commit();
  await before;
  await turn();
  gate.groups[1]!.commit(['held']);
  assert.deepEqual(await free, REPLAYED);
  await turn();
  assert.deepEqual(gate.shapes(), ['a1', 'held1 free1', 'held1']);
  gate.groups[2]!.commit(['held']);
  await turn();
  assert.deepEqual(gate.shapes().slice(3), ['held1 waits']);
  gate.groups[3]!.commit();
  assert.deepEqual(await held, REPLAYED);
});

test('a store that several processes want waits in line from the first, for a second', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, { ...times, nowMs: clock.nowMs });
  const first = intake.take(orderAt('a'));
  for (const group of [0, 1]) {
    gate.groups[group]!.commit(['a']);
    await turn();
  }
  gate.groups[2]!.commit();
  await first;
  await turn();
  const second = intake.take(orderAt('a'));
  assert.deepEqual(gate.shapes().slice(2), ['a1 waits', 'a1 waits']);
  gate.groups[3]!.commit();
  await second;
  await clock.pass(1_001);
  void intake.take(orderAt('a'));
  assert.deepEqual(gate.shapes().slice(4), ['a1']);
});

test('a store whose row stays held gives its connection back, is asked after now and then, and delays nobody', async (t) => {
  const clock = createHandClock(t);
  const gate = createGate();
  const intake = createIntake(gate.takeOrders, BOUNDS, undefined, { ...times, nowMs: clock.nowMs });
  const stuck = ['x', 'y', 'z'];
  const waiting = stuck.flatMap((store) => Array.from({ length: 5 }, () => intake.take(orderAt(store))));
  // Three crowds wait for their rows: the lock time-out ends that, and none begins to wait again.
  assert.deepEqual(gate.shapes(), ['x1', 'y5 waits', 'z5 waits']);
  gate.groups[0]!.commit(['x']);
  await turn();
  assert.deepEqual(gate.shapes().slice(3), ['x5 waits']);
  for (const group of [1, 2, 3]) gate.groups[group]!.commit(stuck);
  await turn();
  assert.equal(gate.groups.length, 4);
  assert.deepEqual([intake.load().waiting, intake.load().held, intake.load().expectedMs], [15, 15, 0]);
  // Others pass at once, by shared groups and by groups of their own.
  const others = [...Array.from({ length: 8 }, () => intake.take(orderAt('hot'))), intake.take(orderAt('b'))];
  assert.deepEqual(gate.shapes().slice(4), ['hot1']);
  gate.groups[4]!.commit();
  await turn();
  assert.deepEqual(gate.shapes().slice(5), ['hot7 waits', 'b1']);
  gate.groups[5]!.commit();
  gate.groups[6]!.commit();
  await Promise.all(others);
  await turn();
  // After a moment one of them waits again, and of the others an order each sees whether its row is free, without waiting.
  assert.equal(gate.groups.length, 7);
  await clock.pass(50);
  assert.deepEqual(gate.shapes().slice(7), ['y5 waits', 'z1 x1']);
  gate.groups[8]!.commit(['z']);
  await turn();
  assert.deepEqual(gate.shapes().slice(9), ['x4 waits']);
  gate.groups[9]!.commit();
  await Promise.all(waiting.slice(0, 5));
  await turn();
  // Who waits in line gets the row when it comes free; who does not is refused in the end.
  gate.groups[7]!.commit();
  await Promise.all(waiting.slice(5, 10));
  const refused = Promise.allSettled(waiting.slice(10));
  for (let passed = 0; passed < 3_000; passed += 50) {
    await clock.pass(50);
    gate.groups.at(-1)!.commit(['z']);
    await turn();
  }
  for (const each of await refused) assert.ok(each.status === 'rejected' && each.reason.type === 'busy');
  assert.ok(
    gate
      .shapes()
      .slice(11)
      .every((shape) => shape === 'z5 waits'),
    `${gate.shapes()}`,
  );
  await intake.drain();
});

const SHARED: IntakeBounds = {
  ...BOUNDS,
  places: { placesMax: 400, shares: { store: 4, client: 2, table: 1 } },
};

test('a flood at one store leaves places to the others, a client to other clients, a table to other tables', async () => {
  const gate = createGate();
  const refused: string[] = [];
  const observer = { group: () => {}, refused: (reason: string) => refused.push(reason) };
  const intake = createIntake(gate.takeOrders, SHARED, observer, times);
  /** @returns how many are refused at once */
  const send = async (count: number, store: string, client: (turn: number) => string | undefined, table = 1) => {
    const before = refused.length;
    for (let turn = 0; turn < count; turn += 1)
      intake.take(orderAt(store, table), { client: client(turn) }).catch(() => {});
    await turn();
    return refused.length - before;
  };
  // One table of one client has half at most, all its tables two thirds, the store four fifths.
  assert.equal(await send(1_000, 'flooded', () => 'greedy', 1), 800);
  assert.equal(await send(1_000, 'flooded', () => 'greedy', 2), 933);
  assert.equal(await send(1_000, 'flooded', (turn) => `${turn}`), 947);
  // Honest guests of other stores, and of the same client elsewhere, are let in.
  assert.equal(await send(17, 'other', (turn) => `honest ${turn}`), 0);
  assert.equal(await send(5, 'third', () => 'greedy'), 0);
  // Clients are not told apart: the store's share holds all the same.
  const open = createIntake(gate.takeOrders, SHARED, observer, times);
  refused.length = 0;
  for (let sent = 0; sent < 1_000; sent += 1) open.take(orderAt('flooded')).catch(() => {});
  await turn();
  assert.equal(refused.length, 680);
});
