import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveMessage, OrderStatus, PickUpBoard } from '../../contract/index.ts';
import { newId } from '../../platform/id.ts';
import { createTopics } from '../../platform/live/topics.ts';
import { followBoard } from './follow-board.ts';

const storeId = newId();

const moved = (number: number, status: OrderStatus): LiveMessage => {
  const at = new Date().toISOString();
  return { kind: 'order', storeId, number, event: { orderId: newId(), seq: 2, status, at, promisedAt: at } };
};

/** Follows a board whose every look at the truth is answered by hand. */
function follow() {
  const topics = createTopics();
  const looks: ((board: PickUpBoard) => void)[] = [];
  const shelf = { read: () => new Promise<PickUpBoard>((resolve) => looks.push(resolve)), moved: async () => {} };
  const sent: PickUpBoard[] = [];
  const stream = {
    send: (_event: string, board: unknown) => void sent.push(board as PickUpBoard),
    flushed: async () => {},
    onClose: () => {},
    closed: false,
    end: () => {},
  };
  followBoard(shelf, { ...topics, close: async () => {} }, stream, storeId);
  return {
    gap: topics.gap,
    hear: (message: LiveMessage) => topics.hear(JSON.stringify([message])),
    /** Answers the oldest look. */
    async answer(board: PickUpBoard) {
      looks.shift()!(board);
      await new Promise(setImmediate);
    },
    shown: () => sent.at(-1),
  };
}

test('a number that did not fit is shown when another was picked up', async () => {
  const page = follow();
  const numbers = Array.from({ length: 25 }, (_, index) => 25 - index);
  await page.answer({ cooking: [], ready: numbers });
  assert.deepEqual(page.shown()?.ready, numbers.slice(0, 20));
  for (const number of numbers.slice(0, 20)) page.hear(moved(number, 'served'));
  assert.deepEqual(page.shown()?.ready, [5, 4, 3, 2, 1]);
});

test('what moves while the board is read after a gap is not undone by the older answer', async () => {
  const page = follow();
  await page.answer({ cooking: [7], ready: [] });
  page.gap();
  page.hear(moved(7, 'ready'));
  // Read before 7 moved, and after.
  await page.answer({ cooking: [7], ready: [] });
  await page.answer({ cooking: [], ready: [7] });
  assert.deepEqual(page.shown(), { cooking: [], ready: [7] });
});
