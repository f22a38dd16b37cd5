import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveMessage } from '../../contract/index.ts';
import { newId } from '../id.ts';
import { createTopics, watchLive } from './topics.ts';

function scene() {
  const counts = { notUnderstood: 0, failed: 0, lost: 0 };
  const lines: object[] = [];
  const count = (name: keyof typeof counts) => () => {
    counts[name] += 1;
  };
  const watch = watchLive(
    { notUnderstood: count('notUnderstood'), failed: count('failed'), lost: count('lost') },
    { warn: (details) => lines.push(details) },
  );
  const topics = createTopics(watch);
  const heard: LiveMessage[] = [];
  for (const kind of ['order', 'tickets', 'slips', 'menu']) topics.subscribe(kind, (message) => heard.push(message));
  return { topics, counts, lines, heard };
}

const storeId = newId();
const menu: LiveMessage = { kind: 'menu', storeId };
const order: LiveMessage = {
  kind: 'order',
  storeId,
  number: 7,
  event: {
    orderId: newId(),
    seq: 1,
    status: 'placed',
    at: new Date().toISOString(),
    promisedAt: new Date().toISOString(),
  },
};

test('what is no message of this version is counted and ignored, and what comes beside it is heard', () => {
  const { topics, counts, lines, heard } = scene();
  const strange: unknown[] = [
    null,
    7,
    'menu',
    [],
    {},
    { kind: 'menu' },
    { kind: 'menu', storeId: 7 },
    { kind: 'weather', storeId },
    { ...order, event: { ...order.event, status: 'eaten' } },
    { ...order, event: null },
    { kind: 'tickets', storeId, orderIds: 'all' },
    { kind: 'slips', storeId, stations: [null] },
    // The name of what every object has.
    { kind: '__proto__', storeId },
    { kind: 'gap', storeId },
  ];
  for (const each of strange) topics.hear(JSON.stringify([each, menu]));
  assert.deepEqual(
    heard,
    strange.map(() => menu),
  );
  assert.equal(counts.notUnderstood, strange.length);
  for (const pack of ['', 'menu', '{"kind":"menu"}', '[{"kind":"menu"', 'null', '"x"', '\u0000']) topics.hear(pack);
  assert.equal(counts.notUnderstood, strange.length + 7);
  assert.equal(heard.length, strange.length);
  // Counted each time, said once a minute.
  assert.equal(lines.length, 1);
});

test('what a later version adds to a message is left aside, and the message is heard', () => {
  const { topics, counts, heard } = scene();
  topics.hear(JSON.stringify([{ ...order, version: 2, courier: { name: 'Kim' } }]));
  assert.equal(heard.length, 1);
  assert.equal(counts.notUnderstood, 0);
});

test('a listener that throws, at once or later, keeps nobody else from hearing', async () => {
  const { topics, counts, lines, heard } = scene();
  topics.subscribe('menu', () => {
    throw new Error('at once');
  });
  topics.subscribe('menu', async () => {
    throw new Error('later');
  });
  const after: string[] = [];
  topics.subscribe(`menu ${storeId}`, () => after.push('heard'));
  topics.onGap(() => {
    throw new Error('at a gap');
  });
  topics.onGap(() => after.push('gap'));
  topics.hear(JSON.stringify([menu, order]));
  topics.gap();
  await new Promise(setImmediate);
  assert.deepEqual(after, ['heard', 'gap']);
  assert.deepEqual(heard, [menu, order]);
  assert.equal(counts.failed, 3);
  assert.equal(lines.length, 1);
});
