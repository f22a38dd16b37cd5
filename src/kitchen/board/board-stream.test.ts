import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveMessage, OrderStatus, PickUpBoard } from '../../contract/index.ts';
import { newId } from '../../platform/id.ts';
import { createTopics } from '../../platform/live/topics.ts';
import { type BoardMove, type BoardMoves, toMoves } from './board-moves.ts';
import { followBoard } from './board-stream.ts';

const storeId = newId();
let atMs = Date.parse('2026-06-01T12:00:00Z');

type Moved = Extract<LiveMessage, { kind: 'order' }>;

/** An order's move, each a second after the one before. */
const moved = (number: number, status: OrderStatus, seq = 2, orderId: string = newId()): Moved => {
  atMs += 1_000;
  const at = new Date(atMs).toISOString();
  return { kind: 'order', storeId, number, event: { orderId, seq, status, at, promisedAt: at } };
};
/** The same order's next move. */
const then = ({ number, event }: Moved, status: OrderStatus) => moved(number, status, event.seq + 1, event.orderId);

/** Follows a board whose every look at the truth is answered by hand. */
function follow() {
  const topics = createTopics();
  const looks: ((board: BoardMoves) => void)[] = [];
  const boardCache = { read: () => new Promise<BoardMoves>((resolve) => looks.push(resolve)), moved: async () => {} };
  const sent: PickUpBoard[] = [];
  const stream = {
    send: (_event: string, board: unknown) => void sent.push(board as PickUpBoard),
    flushed: async () => {},
    onClose: () => {},
    closed: false,
    end: () => {},
  };
  followBoard(boardCache, { ...topics, close: async () => {} }, stream, storeId);
  return {
    gap: topics.gap,
    hear: (message: LiveMessage) => topics.hear(JSON.stringify([message])),
    /** Answers the oldest look. */
    async answer(...messages: readonly Moved[]) {
      looks.shift()!(new Map<string, BoardMove>(messages.flatMap(toMoves).map((move) => [move.orderId, move])));
      await new Promise(setImmediate);
    },
    shown: () => sent.at(-1),
  };
}

test('a number that did not fit is shown when another was picked up', async () => {
  const page = follow();
  const orders = Array.from({ length: 25 }, (_, index) => moved(index + 1, 'ready'));
  await page.answer(...orders);
  assert.deepEqual(
    page.shown()?.ready,
    Array.from({ length: 20 }, (_, index) => 25 - index),
  );
  for (const order of orders.slice(5)) page.hear(then(order, 'served'));
  assert.deepEqual(page.shown()?.ready, [5, 4, 3, 2, 1]);
});

test('what moves while the board is read after a gap is not undone by the older answer', async () => {
  const page = follow();
  const cooking = moved(7, 'cooking');
  await page.answer(cooking);
  page.gap();
  page.hear(then(cooking, 'ready'));
  // Read before it moved.
  await page.answer(cooking);
  assert.deepEqual(page.shown(), { cooking: [], ready: [7] });
});

test('an older move that comes late changes nothing, also for an order that has left the board', async () => {
  const page = follow();
  const cooking = moved(7, 'cooking');
  const ready = then(cooking, 'ready');
  const served = then(ready, 'served');
  await page.answer();
  page.hear(ready);
  page.hear(cooking);
  assert.deepEqual(page.shown(), { cooking: [], ready: [7] });
  page.hear(served);
  page.hear(ready);
  assert.deepEqual(page.shown(), { cooking: [], ready: [] });
});

test('yesterday’s number 1 that nobody picked up and today’s hang side by side, and leave one by one', async () => {
  const page = follow();
  const [yesterdays, todays] = [moved(1, 'ready'), moved(1, 'cooking')];
  await page.answer(yesterdays);
  page.hear(todays);
  assert.deepEqual(page.shown(), { cooking: [1], ready: [1] });
  page.hear(then(todays, 'ready'));
  assert.deepEqual(page.shown(), { cooking: [], ready: [1, 1] });
  page.hear(then(yesterdays, 'served'));
  assert.deepEqual(page.shown(), { cooking: [], ready: [1] });
});

test('a board remembers a bounded number of orders, and of those the latest', async () => {
  const page = follow();
  await page.answer();
  const orders = Array.from({ length: 700 }, (_, index) => moved(index + 1, 'ready'));
  for (const order of orders) page.hear(order);
  for (const order of orders.slice(-180)) page.hear(then(order, 'served'));
  // 200 were kept, so 20 are left.
  assert.deepEqual(
    page.shown()?.ready,
    Array.from({ length: 20 }, (_, index) => 520 - index),
  );
});
