import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '../config.ts';
import { LINES_MAX, NOTE_LENGTH_MAX, type TicketLine } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { createTopics } from '../platform/live/topics.ts';
import { followKitchen } from './kitchen-stream.ts';
import { createTicketReads } from './ticket-reads.ts';

test('a rush of large orders never leaves a kitchen more unread than it may', async () => {
  const line: TicketLine = {
    itemId: newId(),
    name: { ko: '김치찌개', en: 'Kimchi stew' },
    quantity: 2,
    options: [],
    note: '파'.repeat(NOTE_LENGTH_MAX),
  };
  const rows = Array.from({ length: 20 }, (_, index) => ({
    order_id: newId(),
    station: 'soup',
    number: index + 1,
    table_label: null,
    round: 1,
    status: 'placed',
    version: 1,
    placed_at: new Date(),
    changed_at: new Date(),
    lines: Array.from({ length: LINES_MAX }, () => line),
  }));
  const db = { query: async () => ({ rows, rowCount: rows.length }) } as unknown as Queryable;
  let tickets = 0;
  let unreadBytes = 0;
  let unreadBytesMax = 0;
  const stream = {
    send(_event: string, ticket: unknown) {
      tickets += 1;
      unreadBytes += Buffer.byteLength(JSON.stringify(ticket));
      unreadBytesMax = Math.max(unreadBytesMax, unreadBytes);
    },
    async flushed() {
      await new Promise(setImmediate);
      unreadBytes = 0;
    },
    onClose: () => {},
    closed: false,
    end: () => {},
  };
  followKitchen(createTicketReads(db), { ...createTopics(), close: async () => {} }, stream, newId());
  while (tickets < rows.length) await new Promise(setImmediate);
  assert.ok(unreadBytesMax < BOUNDS.streams.pendingBytesMax, `${unreadBytesMax} bytes`);
});

test('a thousand screens of a kitchen share their questions: at the beginning, after a gap, and when a ticket changes', async () => {
  let questions = 0;
  const answers: (() => void)[] = [];
  const db = {
    async query() {
      questions += 1;
      await new Promise<void>((resolve) => answers.push(resolve));
      return { rows: [], rowCount: 0 };
    },
  } as unknown as Queryable;
  const topics = createTopics();
  const reads = createTicketReads(db);
  const stream = { send: () => {}, flushed: async () => {}, onClose: () => {}, closed: false, end: () => {} };
  const storeId = newId();
  for (let screen = 0; screen < 1_000; screen += 1)
    followKitchen(reads, { ...topics, close: async () => {} }, stream, storeId);
  /** Answers until nobody asks any more. */
  const rest = async (): Promise<void> => {
    while (answers.length > 0) {
      for (const answer of answers.splice(0)) answer();
      await new Promise(setImmediate);
    }
  };
  await rest();
  assert.equal(questions, 2);
  topics.gap();
  await rest();
  assert.equal(questions, 4);
  topics.hear(JSON.stringify([{ kind: 'tickets', storeId, orderIds: [newId()] }]));
  await rest();
  assert.equal(questions, 5);
});
