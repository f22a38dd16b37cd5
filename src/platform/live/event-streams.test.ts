import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { eventually } from '../../../test/events/eventually.ts';
import { openSse } from '../../../test/events/sse.ts';
import { captureLog } from '../../../test/support/log.ts';
import { createHttpServer } from '../http/server.ts';
import { createEventStreams, type EventStream, type EventStreamBounds } from './event-streams.ts';

interface Ending {
  after(hook: () => Promise<void>): void;
}

async function serveStreams(t: Ending, bounds: Partial<EventStreamBounds>) {
  const streams = createEventStreams({ streamsMax: 10, pendingBytesMax: 64 * 1024, heartbeatMs: 20_000, ...bounds });
  const http = createHttpServer({ logger: captureLog().log, bodyBytesMax: 1_000, requestTimeoutMs: 1_000 });
  const opened: EventStream[] = [];
  http.get('/events', async (request, reply) => {
    opened.push(streams.open(request, reply));
    return reply;
  });
  const url = await http.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    streams.close();
    await http.close();
  });
  return { url: `${url}/events`, streams, opened };
}

test('a reader who does not read is let go, and the others go on', async (t) => {
  const { url, streams, opened } = await serveStreams(t, { pendingBytesMax: 256 * 1024 });
  const slow = await openSse(url);
  const quick = await openSse(url);
  let gone = 0;
  opened[0]!.onClose(() => {
    gone += 1;
  });
  slow.freeze();
  const event = { text: 'x'.repeat(4_000) };
  let sent = 0;
  // The system's own buffers take megabytes before anything is pending here.
  await eventually(async () => {
    for (let burst = 0; burst < 25; burst += 1) {
      opened[0]!.send('news', event);
      opened[1]!.send('news', event);
      sent += 1;
    }
    await eventually(() => assert.equal(quick.events.length, sent));
    assert.equal(opened[0]!.closed, true);
  });
  assert.equal(gone, 1);
  assert.equal(streams.count, 1);
  assert.equal(opened[1]!.closed, false);
});

test('past the cap the answer is 503 with Retry-After, and a place that is free again is given', async (t) => {
  const { url, streams } = await serveStreams(t, { streamsMax: 2 });
  const first = await openSse(url);
  await openSse(url);
  const third = await fetch(url);
  assert.equal(third.status, 503);
  assert.ok(Number(third.headers.get('retry-after')) > 0);
  assert.equal(((await third.json()) as { type: string }).type, 'busy');
  first.close();
  await eventually(() => assert.equal(streams.count, 1));
  assert.equal((await openSse(url)).status, 200);
});

test('a silent stream has a heartbeat', async (t) => {
  const { url } = await serveStreams(t, { heartbeatMs: 20 });
  const reader = await openSse(url);
  await eventually(() => assert.ok(reader.heartbeats >= 3));
  assert.equal(reader.events.length, 0);
});

test('closing ends every stream and refuses new ones', async (t) => {
  const { url, streams } = await serveStreams(t, {});
  const reader = await openSse(url);
  streams.close();
  await eventually(() => assert.equal(reader.ended, true));
  assert.equal((await fetch(url)).status, 503);
});

test('events arrive as they were sent, also through a proxy that speaks HTTP/1.0', async (t) => {
  const { url, opened } = await serveStreams(t, {});
  const old = connect(Number(new URL(url).port), '127.0.0.1');
  t.after(async () => void old.destroy());
  let text = '';
  old.on('data', (bytes) => {
    text += bytes.toString();
  });
  old.write('GET /events HTTP/1.0\r\nhost: old\r\n\r\n');
  await eventually(() => assert.equal(opened.length, 1));
  const reader = await openSse(url);
  const event = { name: '김치찌개' };
  for (const stream of opened) stream.send('news', event, 7);
  for (const stream of opened) stream.send('news', { name: 'another' });
  await eventually(() => assert.equal(reader.events.length, 2));
  assert.deepEqual(reader.events, [
    { event: 'news', id: '7', data: event },
    { event: 'news', id: undefined, data: { name: 'another' } },
  ]);
  await eventually(() =>
    assert.ok(
      text.endsWith('event: news\nid: 7\ndata: {"name":"김치찌개"}\n\nevent: news\ndata: {"name":"another"}\n\n'),
    ),
  );
});
