import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admit } from './admit.ts';
import { NEW_HEAD } from './parties.ts';

const line = { storeId: 'store', nowMs: 0, waitingMax: 10 };
const join = (head: typeof NEW_HEAD, today: string, id: string) => {
  const { outcomes, head: next } = admit({ ...line, head, today }, [{ id, size: 2, name: null }], new Map());
  const [outcome] = outcomes;
  assert.ok(outcome?.kind === 'joined');
  return { party: outcome.party, next };
};

// Found by the simulation: a story in which one process's clock was a day behind.
test('a process whose clock is a day behind gives nobody a number of the day before again', () => {
  const first = join(NEW_HEAD, '2026-11-28', 'a');
  const second = join(first.next, '2026-11-27', 'b');
  const third = join(second.next, '2026-11-28', 'c');
  assert.deepEqual(
    [first, second, third].map(({ party: { day, number } }) => `${day} ${number}`),
    ['2026-11-28 1', '2026-11-28 2', '2026-11-28 3'],
  );
});

test('a new day counts from one', () => {
  const first = join(NEW_HEAD, '2026-11-28', 'a');
  assert.equal(join(first.next, '2026-11-29', 'b').party.number, 1);
});
