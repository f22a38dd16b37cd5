import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSse, type SseReader } from '../../../test/events/sse.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { captureLog } from '../../../test/support/log.ts';
import type { FairSharesBounds } from '../concurrency/fair-shares.ts';
import { createClientOf, trustProxies } from '../http/request/client-of.ts';
import { createHttpServer } from '../http/server.ts';
import { createEventStreams, type EventStream, type EventStreamBounds, type StreamClass } from './event-streams.ts';

interface Ending {
  after(hook: () => Promise<void>): void;
}

const places = (placesMax: number): FairSharesBounds<'store' | 'client'> => ({ placesMax, shares: {} });
const ROOMY: EventStreamBounds['places'] = { staff: places(10), status: places(10), 'public-stream': places(10) };

async function serveStreams(t: Ending, bounds: Partial<EventStreamBounds>, limits: 'on' | 'off' = 'on') {
  const streams = createEventStreams(
    { places: ROOMY, pendingBytesMax: 64 * 1024, heartbeatMs: 20_000, ...bounds },
    limits === 'on' ? createClientOf(trustProxies(['loopback'])) : undefined,
  );
  const http = createHttpServer({
    logger: captureLog().log,
    bodyBytesMax: 1_000,
    requestTimeoutMs: 1_000,
    closeWithinMs: 5_000,
    problems: { counted() {} },
  });
  const opened: EventStream[] = [];
  const requests: WeakRef<object>[] = [];
  http.get('/events', async (request, reply) => {
    for (const each of [request, reply, request.raw, reply.raw]) requests.push(new WeakRef(each));
    const { whose = 'status', store = 'a store' } = request.query as { whose?: StreamClass; store?: string };
    opened.push(await streams.open(request, reply, whose, store));
    return reply;
  });
  http.get('/closing', async (request, reply) => {
    const opening = streams.open(request, reply, 'status', 'a store');
    streams.close();
    opened.push(await opening);
    return reply;
  });
  http.get('/slow', async () => {
    await eventually(() => assert.ok(requests.length > 0));
    return 'slow';
  });
  const url = await http.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    streams.close();
    await http.close();
  });
  /** A reader who says what it likes. */
  const bare = (says: string) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    t.after(async () => void socket.destroy());
    const reader = { socket, text: '', ended: false };
    socket.on('data', (bytes) => {
      reader.text += bytes.toString();
    });
    socket.on('end', () => {
      reader.ended = true;
    });
    socket.write(says);
    return reader;
  };
  return { url: `${url}/events`, streams, opened, requests, bare };
}

const GET = (path: string, version = '1.1') => `GET ${path} HTTP/${version}\r\nhost: bare\r\n\r\n`;
const answersIn = (text: string) => text.match(/HTTP\/1\.1 \d+/g);

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
  const { url, streams } = await serveStreams(t, { places: { ...ROOMY, status: places(2) } });
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

/** Opens streams one after another until one is refused; says how many were opened. */
async function openAll(url: string, client: string): Promise<SseReader[]> {
  const readers: SseReader[] = [];
  for (;;) {
    const reader = await openSse(url, { 'x-forwarded-for': client });
    if (reader.status === 503) return readers;
    readers.push(reader);
  }
}

test('the boards that one stranger opens take no place of kitchens, of guests or of other strangers', async (t) => {
  const { url, streams } = await serveStreams(t, {
    places: {
      staff: places(3),
      status: places(3),
      'public-stream': { placesMax: 20, shares: { client: 1 } },
    },
  });
  assert.equal((await openAll(`${url}?whose=public-stream`, '198.51.100.1')).length, 10);
  assert.equal((await openAll(`${url}?whose=staff`, '198.51.100.1')).length, 3);
  assert.equal((await openAll(`${url}?whose=status`, '198.51.100.1')).length, 3);
  // Half of what is free, whoever comes.
  assert.equal((await openAll(`${url}?whose=public-stream`, '198.51.100.2')).length, 5);
  // Another address of the same customer of an IPv6 network finds nothing left of that customer's share.
  assert.equal((await openAll(`${url}?whose=public-stream`, '2001:db8::1')).length, 3);
  assert.equal((await openAll(`${url}?whose=public-stream`, '2001:db8::2')).length, 0);
  assert.equal(streams.count, 24);
});

test('one store’s streams leave places to another store’s, by however many clients they are opened', async (t) => {
  const { url } = await serveStreams(t, {
    places: { ...ROOMY, staff: { placesMax: 12, shares: { store: 2, client: 1 } } },
  });
  let hot = 0;
  for (let client = 1; client <= 12; client += 1) {
    hot += (await openAll(`${url}?whose=staff&store=hot`, `198.51.100.${client}`)).length;
  }
  assert.equal(hot, 8);
  assert.ok((await openAll(`${url}?whose=staff&store=quiet`, '203.0.113.1')).length >= 2);
});

test('without limits one address may be a whole crowd, and the bounds by class and store stay', async (t) => {
  const bounds = { places: { ...ROOMY, 'public-stream': { placesMax: 8, shares: { store: 3, client: 1 / 8 } } } };
  const { url } = await serveStreams(t, bounds, 'off');
  assert.equal((await openAll(`${url}?whose=public-stream&store=hot`, '198.51.100.1')).length, 6);
  assert.equal((await openAll(`${url}?whose=public-stream&store=other`, '198.51.100.1')).length, 2);
  assert.equal((await openAll(`${url}?whose=status`, '198.51.100.1')).length, 10);
});

test('a place that a client gives back is the client’s again', async (t) => {
  const { url, streams } = await serveStreams(t, {
    places: { ...ROOMY, 'public-stream': { placesMax: 4, shares: { client: 1 } } },
  });
  const readers = await openAll(`${url}?whose=public-stream`, '198.51.100.1');
  assert.equal(readers.length, 2);
  readers[0]!.close();
  await eventually(() => assert.equal(streams.count, 1));
  assert.equal((await openAll(`${url}?whose=public-stream`, '198.51.100.1')).length, 1);
});

test('those who are refused together are asked to come back at different times', async (t) => {
  const { url } = await serveStreams(t, { places: { ...ROOMY, 'public-stream': places(0) } });
  const refused = await Promise.all(Array.from({ length: 40 }, () => openSse(`${url}?whose=public-stream`)));
  const waits = new Set(refused.map(({ headers }) => Number(headers['retry-after'])));
  assert.ok(waits.size > 1, [...waits].join());
  assert.ok(Math.min(...waits) >= 3 && Math.max(...waits) <= 10, [...waits].join());
});

test('a silent stream has a heartbeat', async (t) => {
  const { url } = await serveStreams(t, { heartbeatMs: 20 });
  const reader = await openSse(url);
  await eventually(() => assert.ok(reader.heartbeats >= 3));
  assert.equal(reader.events.length, 0);
});

test('closing ends every stream and hangs up on new ones, so that whoever is in front asks elsewhere', async (t) => {
  const { url, streams } = await serveStreams(t, {});
  const reader = await openSse(url);
  streams.close();
  await eventually(() => assert.equal(reader.ended, true));
  await assert.rejects(fetch(url));
});

test('events arrive as they were sent, also through a proxy that speaks HTTP/1.0', async (t) => {
  const { url, opened, bare } = await serveStreams(t, {});
  const old = bare(GET('/events', '1.0'));
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
      old.text.endsWith('event: news\nid: 7\ndata: {"name":"김치찌개"}\n\nevent: news\ndata: {"name":"another"}\n\n'),
    ),
  );
});

test('an open stream keeps neither its request nor its answer', async (t) => {
  const { url, requests } = await serveStreams(t, {});
  await openSse(url);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await eventually(() => {
    collect();
    assert.equal(requests.filter((each) => each.deref()).length, 0);
  });
});

test('a reader who hangs up or breaks off is gone at once', async (t) => {
  const { streams, opened, bare } = await serveStreams(t, {});
  const readers = [bare(GET('/events')), bare(GET('/events'))];
  await eventually(() => assert.equal(opened.length, 2));
  readers[0]!.socket.end();
  readers[1]!.socket.resetAndDestroy();
  await eventually(() => assert.equal(streams.count, 0));
  await eventually(() => assert.equal(readers[0]!.ended, true));
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [true, true],
  );
});

test('what a reader says after its request is no request, and the stream goes on', async (t) => {
  const { opened, bare } = await serveStreams(t, {});
  const reader = bare(GET('/events'));
  await eventually(() => assert.equal(opened.length, 1));
  for (let times = 0; times < 100; times += 1) reader.socket.write(`${GET('/events')}${'x'.repeat(10_000)}\r\n`);
  await eventually(() => assert.equal(reader.socket.writableLength, 0));
  opened[0]!.send('news', { still: 'here' });
  await eventually(() => assert.ok(reader.text.endsWith('data: {"still":"here"}\n\n')));
  assert.deepEqual(answersIn(reader.text), ['HTTP/1.1 200']);
  assert.equal(opened.length, 1);
  reader.socket.end();
  await eventually(() => assert.equal(opened[0]!.closed, true));
});

test('requests sent behind one another never get into each other’s answers', async (t) => {
  const { url, streams, opened, bare } = await serveStreams(t, {});
  const behindStream = bare(GET('/events') + GET('/slow') + GET('/events'));
  await eventually(() => assert.equal(opened.length, 1));
  const streamBehind = bare(GET('/slow') + GET('/events'));
  await eventually(() => assert.deepEqual(answersIn(streamBehind.text), ['HTTP/1.1 200', 'HTTP/1.1 503']));
  assert.deepEqual(answersIn(behindStream.text), ['HTTP/1.1 200']);
  behindStream.socket.destroy();
  await eventually(() => assert.equal(streams.count, 0));
  assert.equal((await openSse(url)).status, 200);
});

test('a connection that has carried other requests carries a stream', async (t) => {
  const { url, opened, bare } = await serveStreams(t, {});
  await openSse(url);
  const reader = bare(GET('/slow'));
  await eventually(() => assert.ok(reader.text.endsWith('slow')));
  reader.socket.write(GET('/events'));
  await eventually(() => assert.equal(opened.length, 2));
  opened[1]!.send('news', {});
  await eventually(() => assert.ok(reader.text.endsWith('event: news\ndata: {}\n\n')));
});

test('whoever waits until all is sent goes on when the reader is let go', async (t) => {
  const { url, opened } = await serveStreams(t, { pendingBytesMax: 100 * 1024 * 1024 });
  const reader = await openSse(url);
  const [stream] = opened;
  await stream!.flushed();
  reader.freeze();
  // More than the system's own buffers take.
  for (let times = 0; times < 20; times += 1) stream!.send('news', { times, text: 'x'.repeat(1024 * 1024) });
  let flushed = false;
  const waiting = stream!.flushed().then(() => {
    flushed = true;
  });
  for (let turns = 0; turns < 100; turns += 1) await new Promise(setImmediate);
  assert.equal(flushed, false);
  reader.close();
  await waiting;
  await stream!.flushed();
  stream!.send('news', {});
  stream!.end();
});

test('a stream that is being opened when all are closed ends too', async (t) => {
  const { streams, bare } = await serveStreams(t, {});
  const reader = bare(GET('/closing'));
  await eventually(() => assert.equal(reader.ended, true));
  await eventually(() => assert.equal(streams.count, 0));
});

test('a reader who does not read holds up the closing for a moment only', async (t) => {
  const { url, opened, streams } = await serveStreams(t, { pendingBytesMax: 100 * 1024 * 1024 });
  const reader = await openSse(url);
  reader.freeze();
  for (let times = 0; times < 20; times += 1) opened[0]!.send('news', { times, text: 'x'.repeat(1024 * 1024) });
  streams.close();
  assert.equal(streams.count, 1);
  await eventually(() => assert.equal(streams.count, 0));
});
