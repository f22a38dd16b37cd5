import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ticket } from '../../src/contract/kitchen.ts';
import {
  ageOf,
  type Board,
  countStations,
  forgetDone,
  merge,
  mergeList,
  stepFrom,
  sumDishes,
  toLanes,
  toRounds,
  toTrays,
} from './board.ts';

const ticket = (id: string, change: Partial<Ticket> = {}): Ticket => ({
  id,
  orderId: id,
  number: 1,
  table: '3',
  round: 1,
  station: 'soup',
  status: 'placed',
  version: 1,
  placedAt: '2026-11-03T10:00:00Z',
  changedAt: '2026-11-03T10:00:00Z',
  lines: [],
  doneLines: [],
  ...change,
});
const empty: Board = new Map();
const statusOf = (board: Board, id: string) => board.get(id)?.ticket.status;

test('an older version never covers a newer one, and a double changes nothing', () => {
  const board = merge(empty, [ticket('a', { version: 3, status: 'ready' })], 1);
  assert.equal(merge(board, [ticket('a', { version: 2, status: 'cooking' })], 2), board);
  assert.equal(merge(board, [ticket('a', { version: 3, status: 'ready' })], 2), board);
  assert.equal(statusOf(merge(board, [ticket('a', { version: 4, status: 'cooking' })], 2), 'a'), 'cooking');
});

test('a ticket that left the list while nobody listened leaves the board', () => {
  const board = merge(empty, [ticket('a'), ticket('b')], 1);
  assert.deepEqual([...mergeList(board, [ticket('b')], 5, 6).keys()], ['b']);
});

test('a ticket heard of after the list was asked for stays', () => {
  const board = merge(empty, [ticket('a')], 10);
  assert.ok(mergeList(board, [], 5, 11).has('a'));
});

test('a list that brings no news leaves the very same board, so nothing is drawn again', () => {
  const board = merge(empty, [ticket('a'), ticket('b', { status: 'served' })], 1);
  assert.equal(mergeList(board, [ticket('a')], 5, 6), board);
});

test('lanes hold the open tickets of a station, oldest first', () => {
  const lanes = toLanes(
    [
      ticket('new', { placedAt: '2026-11-03T10:05:00Z' }),
      ticket('old'),
      ticket('grill', { station: 'grill' }),
      ticket('hot', { status: 'cooking' }),
      ticket('done', { status: 'served' }),
      ticket('off', { status: 'cancelled' }),
    ],
    'soup',
  );
  assert.deepEqual(
    Object.values(lanes).map((lane) => lane.map(({ id }) => id)),
    [['old', 'new'], ['hot'], []],
  );
});

test('a table’s tickets of one round lie together in the place of the oldest, another round and what is taken away do not', () => {
  const rounds = toRounds([
    ticket('a', { orderId: '1', table: '4', round: 1 }),
    ticket('b', { orderId: '2', table: '5', round: 1 }),
    ticket('c', { orderId: '1', table: '4', round: 1, station: 'grill' }),
    ticket('d', { orderId: '3', table: '4', round: 2 }),
    ticket('e', { orderId: '4', table: '4', round: 1 }),
    ticket('f', { orderId: '5', table: null, round: 1 }),
    ticket('g', { orderId: '6', table: null, round: 1 }),
    ticket('h', { orderId: '5', table: null, round: 1, station: 'grill' }),
  ]);
  assert.deepEqual(
    rounds.map(({ tickets }) => tickets.map(({ id }) => id)),
    [['a', 'c', 'e'], ['b'], ['d'], ['f', 'h'], ['g']],
  );
  const many = toRounds(Array.from({ length: 20 }, (_, index) => ticket(`t${index}`, { table: 'rush', round: 30 })));
  assert.deepEqual(
    many.map(({ id, tickets }) => [id, tickets.length]),
    [
      ['t0', 8],
      ['t8', 8],
      ['t16', 4],
    ],
  );
});

test('stations count what is still to cook', () => {
  const counts = countStations([
    ticket('a'),
    ticket('b', { status: 'ready' }),
    ticket('c', { station: 'grill', status: 'cooking' }),
  ]);
  assert.deepEqual(
    [...counts],
    [
      ['grill', 1],
      ['soup', 1],
    ],
  );
});

test('stations come in the order of the settings, also those without a dish, and the others after them by name', () => {
  const counts = countStations([ticket('a', { station: 'wok' }), ticket('b')], ['fry', 'soup'], ['soup', 'bar']);
  assert.deepEqual(
    [...counts],
    [
      ['soup', 1],
      ['bar', 0],
      ['fry', 0],
      ['wok', 1],
    ],
  );
});

test('the same dish on many tickets is one sum', () => {
  const line = (itemId: string, quantity: number) => ({
    itemId,
    name: { ko: itemId, en: itemId },
    quantity,
    options: [],
  });
  const sums = sumDishes([
    ticket('a', { lines: [line('stew', 2), line('egg', 1)] }),
    ticket('b', { lines: [line('stew', 5)] }),
  ]);
  assert.deepEqual(
    sums.map(({ itemId, quantity }) => [itemId, quantity]),
    [
      ['stew', 7],
      ['egg', 1],
    ],
  );
});

test('without a promise a ticket ages at five and at ten minutes, and a fast clock makes none negative', () => {
  const at = (time: string) => ageOf({ placedAt: '2026-11-03T10:00:00Z' }, Date.parse(time));
  assert.deepEqual(at('2026-11-03T10:04:59Z'), { minutes: 4, level: 'fresh', lateMinutes: 0 });
  assert.deepEqual(at('2026-11-03T10:05:00Z'), { minutes: 5, level: 'ageing', lateMinutes: 0 });
  assert.deepEqual(at('2026-11-03T10:10:00Z'), { minutes: 10, level: 'late', lateMinutes: 0 });
  assert.deepEqual(at('2026-11-03T09:59:00Z'), { minutes: 0, level: 'fresh', lateMinutes: 0 });
});

test('late is what is past its promise: a drink after eight minutes, a stew for thirty not before', () => {
  const at = (time: string, promisedAt: string) =>
    ageOf({ placedAt: '2026-11-03T10:00:00Z', promisedAt }, Date.parse(time));
  assert.deepEqual(at('2026-11-03T10:10:00Z', '2026-11-03T10:08:00Z'), { minutes: 10, level: 'late', lateMinutes: 2 });
  assert.deepEqual(at('2026-11-03T10:17:59Z', '2026-11-03T10:30:00Z'), {
    minutes: 17,
    level: 'fresh',
    lateMinutes: 0,
  });
  assert.equal(at('2026-11-03T10:18:00Z', '2026-11-03T10:30:00Z').level, 'ageing');
  assert.equal(at('2026-11-03T10:30:00Z', '2026-11-03T10:30:00Z').level, 'late');
});

test('a table has one list over all its orders and stations, which says how much of it is ready', () => {
  const line = { itemId: 'x', name: { ko: 'x', en: 'x' }, quantity: 1, options: [] };
  const trays = toTrays([
    ticket('c', { orderId: '3', table: null, placedAt: '2026-11-03T10:09:00Z', lines: [line] }),
    ticket('a', { orderId: '1', table: '4', lines: [line, line], doneLines: [1], status: 'cooking' }),
    ticket('b', { orderId: '1', table: '4', station: 'grill', lines: [line], status: 'served' }),
    ticket('d', { orderId: '2', table: '4', round: 2, lines: [line], placedAt: '2026-11-03T10:05:00Z' }),
    ticket('e', { orderId: '5', table: '4', lines: [line], status: 'served' }),
    ticket('f', { orderId: '6', table: '9', lines: [line], status: 'cancelled' }),
  ]);
  assert.deepEqual(
    trays.map(({ tickets, ready, count }) => [tickets.map(({ id }) => id), ready, count]),
    [
      [['a', 'b', 'd'], 2, 4],
      [['c'], 0, 1],
    ],
  );
});

test('what staff took off nobody waits for and nobody counts', () => {
  const line = (quantity: number) => ({ itemId: `x${quantity}`, name: { ko: 'x', en: 'x' }, quantity, options: [] });
  const tickets = [ticket('a', { lines: [line(0), line(2)], doneLines: [0] })];
  const [tray] = toTrays(tickets);
  assert.deepEqual([tray!.ready, tray!.count], [0, 1]);
  assert.deepEqual(
    sumDishes(tickets).map(({ quantity }) => quantity),
    [2],
  );
});

test('steps go forward and back and end at both ends', () => {
  assert.equal(stepFrom('placed', 1), 'cooking');
  assert.equal(stepFrom('served', 1), null);
  assert.equal(stepFrom('placed', -1), null);
  assert.equal(stepFrom('served', -1), 'ready');
  assert.equal(stepFrom('cancelled', 1), null);
});

test('finished tickets are forgotten after a while, open ones never', () => {
  let board: Board = empty;
  for (let i = 0; i < 100; i++) {
    board = merge(board, [ticket(`open${i}`), ticket(`done${i}`, { status: 'served' })], i);
  }
  const kept = forgetDone(board);
  assert.equal([...kept.keys()].filter((id) => id.startsWith('open')).length, 100);
  assert.equal([...kept.keys()].filter((id) => id.startsWith('done')).length, 30);
  assert.ok(kept.has('done99'));
});
