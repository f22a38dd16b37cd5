import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import pg from 'pg';
import { closeAtOnce } from './close-at-once.ts';

test('a connection on which a hundred statements wait is closed once, and nobody goes on listening', async (t) => {
  // Takes whoever comes and says nothing, as a database that is frozen.
  const frozen = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  t.after(() => frozen.close());
  await once(frozen, 'listening');
  const client = new pg.Client({ host: '127.0.0.1', port: (frozen.address() as { port: number }).port });
  client.connect().catch(() => {});
  await once(frozen, 'connection');
  closeAtOnce(client);
  const listening = () => ['error', 'end', 'drain'].map((name) => client.listenerCount(name));
  const first = listening();
  for (let times = 1; times < 100; times += 1) closeAtOnce(client);
  assert.deepEqual(listening(), first);
});
