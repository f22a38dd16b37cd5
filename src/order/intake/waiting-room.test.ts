import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWaitingRoom, type Waiting } from './waiting-room.ts';

interface Guest extends Waiting {
  readonly name: string;
}
const guest = (storeId: string, from: readonly string[] = [], deadlineMs = 1_000, name = ''): Guest => ({
  storeId,
  from,
  deadlineMs,
  name,
});
const roomWith = (onExpired: (waiter: Guest) => void = () => assert.fail('nobody is too old')) =>
  createWaitingRoom<Guest>(onExpired);

test('clients of a store take turns, each in the order of arrival', () => {
  const room = roomWith();
  for (const name of ['f1', 'f2', 'f3']) room.enter(guest('a', ['flood', '1'], 1_000, name));
  room.enter(guest('a', ['honest', '1'], 1_000, 'h1'));
  room.enter(guest('a', ['flood', '2'], 1_000, 'g1'));
  const names = room.take('a', 10, 0).map(({ name }) => name);
  assert.deepEqual(names, ['f1', 'h1', 'g1', 'f2', 'f3']);
});

test('a store that had its turn comes last, and what is put back is served first', () => {
  const room = roomWith();
  for (const store of ['a', 'b', 'c']) for (const name of ['1', '2']) room.enter(guest(store, [], 1_000, name));
  const [first] = room.take('a', 1, 0);
  assert.deepEqual([...room.stores()], ['b', 'c', 'a']);
  room.putBack('a', [first!]);
  assert.deepEqual(
    room.take('a', 5, 0).map(({ name }) => name),
    ['1', '2'],
  );
  assert.deepEqual([...room.stores()], ['b', 'c']);
  assert.equal(room.size, 4);
});

test('who is too old is let go, wherever they wait, and leaves no place taken', () => {
  const expired: string[] = [];
  const room = roomWith(({ name }) => expired.push(name));
  room.enter(guest('a', ['x', '1'], 100, 'young'));
  room.enter(guest('a', ['x', '2'], 50, 'old'));
  room.enter(guest('b', [], 60, 'also old'));
  room.putBack('c', [guest('c', [], 40, 'put back')]);
  room.enter(guest('a', ['y', '1'], 70, 'at its turn'));
  const dropped = room.drop(({ deadlineMs }) => deadlineMs <= 60).map(({ name }) => name);
  assert.deepEqual(dropped.sort(), ['also old', 'old', 'put back']);
  assert.deepEqual([...room.stores()], ['a']);
  assert.deepEqual(
    room.take('a', 5, 80).map(({ name }) => name),
    ['young'],
  );
  assert.deepEqual(expired, ['at its turn']);
  assert.equal(room.size, 0);
});
