import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestApp } from '../support/app.ts';
import { type Effect, findContradiction, type Operation } from './counter.ts';
import { assertLinearizable, type History, takeHistory } from './history.ts';

const seed = Number(process.env.SEED ?? 20_261_128);

const operation = (sentAt: number, heardAt: number, effect: Effect): Operation => ({
  what: effect.kind,
  sentAt,
  heardAt,
  effect,
});
const taken = (number: number, quantity = 1): Effect => ({ kind: 'taken', quantity, day: '2026-11-28', number });
const refused = (quantity: number, remaining: number): Effect => ({ kind: 'refused', quantity, remaining });
const returned = (quantity: number): Effect => ({ kind: 'returned', quantity, day: '2026-11-28' });
const isLinearizable = (...operations: Operation[]): boolean =>
  findContradiction(operations, { day: '2026-11-28', number: 0, remaining: 2 }, 2) === undefined;

test('those who are under way at once may have been served in any order, and those one after another in theirs', () => {
  assert.ok(isLinearizable(operation(0, 3, taken(2)), operation(1, 2, taken(1))));
  assert.ok(!isLinearizable(operation(0, 1, taken(2)), operation(2, 3, taken(1))));
});

test('nobody has what is not there, and nobody is refused what is', () => {
  assert.ok(!isLinearizable(operation(0, 9, taken(1, 2)), operation(0, 9, taken(2, 1))));
  assert.ok(isLinearizable(operation(0, 1, taken(1, 2)), operation(2, 3, refused(1, 0))));
  assert.ok(!isLinearizable(operation(0, 1, taken(1, 1)), operation(2, 3, refused(1, 0))));
  assert.ok(!isLinearizable(operation(0, 1, refused(3, 1))));
});

test('what comes back can be had again, from when it was taken back and not before', () => {
  const first = operation(0, 1, taken(1, 2));
  assert.ok(isLinearizable(first, operation(2, 3, returned(2)), operation(4, 5, taken(2, 2))));
  assert.ok(isLinearizable(first, operation(2, 9, returned(2)), operation(4, 5, taken(2, 2))));
  assert.ok(!isLinearizable(first, operation(4, 5, taken(2, 2)), operation(6, 7, returned(2))));
  assert.ok(!isLinearizable(first, operation(2, 3, returned(2)), operation(4, 5, refused(1, 0))));
});

test('a number is given once, none is left out, and a new day counts from one', () => {
  assert.ok(!isLinearizable(operation(0, 9, taken(1)), operation(0, 9, taken(1))));
  assert.ok(!isLinearizable(operation(0, 9, taken(1)), operation(0, 9, taken(3))));
  const tomorrow: Effect = { kind: 'taken', quantity: 2, day: '2026-11-29', number: 1 };
  assert.ok(isLinearizable(operation(0, 1, taken(1, 2)), operation(2, 3, tomorrow)));
});

test('what a real server’s two processes say of portions and numbers is what one counter would have said', async (t) => {
  const grouped = await startTestApp(t as never, { env: { LIMITS: 'off' } });
  const direct = await startTestApp(t as never, {
    databaseUrl: grouped.databaseUrl,
    env: { LIMITS: 'off', INTAKE: 'direct' },
  });
  const plan = { seed, db: grouped.db, clients: [grouped.client, direct.client], people: 8, turns: 6, portions: 9 };
  const histories: History[] = [];
  for (let store = 0; store < 4; store += 1) histories.push(await takeHistory({ ...plan, seed: seed + store }));
  for (const history of histories) assertLinearizable(history);
  const kinds = histories.flatMap(({ operations }) => operations.map(({ effect }) => effect.kind));
  t.diagnostic(
    `seed ${seed}: ${['taken', 'refused', 'returned'].map((kind) => `${kinds.filter((each) => each === kind).length} ${kind}`).join(', ')}`,
  );

  // The same histories with one lie in them are found out.
  const [{ first, operations }] = histories as [History];
  const lies = (change: (operation: Operation) => Partial<Operation> | undefined) => {
    const at = operations.findIndex((each) => change(each) !== undefined);
    assert.ok(at >= 0);
    const told = operations.with(at, { ...operations[at]!, ...change(operations[at]!) });
    assert.ok(findContradiction(told, first, undefined), JSON.stringify(told[at]));
  };
  lies(({ effect }) =>
    effect.kind === 'taken' ? { effect: { ...effect, quantity: effect.quantity + 9 } } : undefined,
  );
  lies(({ effect }) =>
    effect.kind === 'taken' && effect.number === 2 ? { effect: { ...effect, number: 1 } } : undefined,
  );
  lies(({ effect }) => (effect.kind === 'refused' ? { effect: { ...effect, remaining: effect.quantity } } : undefined));
});
