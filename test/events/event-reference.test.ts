import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EVENT_REFERENCE, eventReference } from '../../scripts/event-reference.ts';

test('the event reference says what the contract says', () => {
  assert.equal(readFileSync(EVENT_REFERENCE, 'utf8'), eventReference(), 'run: node scripts/event-reference.ts');
});

test('the event reference names every field of an event, and no room’s code sends another event name', () => {
  const text = eventReference();
  for (const field of ['orderId', 'lines[].options[].ko', 'promisedAt', 'cooking', 'Matjip-Signature']) {
    assert.ok(text.includes(field), field);
  }
  const sent = [
    'src/order/order-stream.ts',
    'src/kitchen/kitchen-stream.ts',
    'src/kitchen/board/board-stream.ts',
    'src/waitlist/party-streams.ts',
    'src/waitlist/door/door-stream.ts',
  ].flatMap((file) => {
    const code = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    return [...code.matchAll(/stream\.send\('([a-z]+)'/g)].map(([, name]) => name!);
  });
  assert.ok(sent.length >= 4);
  for (const name of sent) assert.ok(text.includes(`### \`${name}\``), name);
});
