import assert from 'node:assert/strict';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventually } from '../../../../test/support/eventually.ts';
import { atEndOf, type Lifetime } from '../../../../test/support/lifetime.ts';
import { type Admission, arrivedMsOf, installFastPath } from './fast-path.ts';
import { RequestHead } from './request-head.ts';
import { WireAnswer, WireTemplate } from './wire-answer.ts';

const text = (status: number, body: string) =>
  new WireAnswer(status, ['content-length', String(body.length)], Buffer.from(body));
const ADMITTING: Admission = { refusalOf: () => undefined };
const READY = text(200, 'ready');
const REFUSED = text(503, 'refused');

const GET = (url: string, ...headers: string[]) =>
  `${[`GET ${url} HTTP/1.1`, 'Host: a', ...headers].join('\r\n')}\r\n\r\n`;
const POST = (url: string, body: string) =>
  `POST ${url} HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Says what it was asked, so that two servers can be compared. */
const echo: RequestListener = (request, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const said = `parsed ${request.method} ${request.url} ${body}`;
    response.writeHead(200, { 'content-length': Buffer.byteLength(said, 'latin1') }).end(said, 'latin1');
  });
};

const refusing =
  (restMs: number): Admission['refusalOf'] =>
  ({ url }) =>
    url.startsWith('/no') ? { answer: REFUSED, restMs } : undefined;

async function serve(
  t: Lifetime,
  admission: Partial<Admission> = {},
  handle: RequestListener = echo,
  { now, isProxy }: { now?: () => number; isProxy?: (address: string) => boolean } = {},
) {
  const parsed: string[] = [];
  const server = createServer((request, response) => {
    parsed.push(request.url!);
    handle(request, response);
  });
  const path = installFastPath({
    server,
    ready: ({ method, url }) => (method === 'GET' && url === '/ready' ? READY : undefined),
    admission: { ...ADMITTING, refusalOf: refusing(0), ...admission },
    silenceMs: 60_000,
    ...(now && { now }),
    ...(isProxy && { isProxy }),
  });
  const { url, port } = await listen(server);
  atEndOf(t, async () => {
    path.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { server, path, parsed, url, port };
}

function listen(server: ReturnType<typeof createServer>): Promise<{ url: string; port: number }> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, url: `http://127.0.0.1:${port}` });
    });
  });
}

/** A bare connection, and what came over it. */
function bare(t: Lifetime, port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const said = { text: '', closed: false };
  socket.setEncoding('latin1').on('data', (chunk) => {
    said.text += chunk;
  });
  socket
    .on('error', () => {})
    .on('close', () => {
      said.closed = true;
    });
  atEndOf(t, async () => void socket.destroy());
  return { socket, said, bodies: () => bodiesOf(said.text) };
}

/** The answers of a connection in their order, without heads. */
function bodiesOf(stream: string): string[] {
  const bodies = [];
  for (let at = 0; ; ) {
    const headEnd = stream.indexOf('\r\n\r\n', at);
    if (headEnd < 0) return bodies;
    const length = Number(/content-length: (\d+)/i.exec(stream.slice(at, headEnd))?.[1] ?? 0);
    at = headEnd + 4 + length;
    if (at > stream.length) return bodies;
    bodies.push(stream.slice(headEnd + 4, at));
  }
}

test('what lies ready and what is refused never reaches the parser, all else does, over one connection', async (t) => {
  const { port, parsed } = await serve(t);
  const { socket, bodies } = bare(t, port);
  const asked = ['/ready', '/no', '/other', '/ready', '/no/more'].map((url) => GET(url));
  asked.splice(3, 0, POST('/orders', '{"lines":[]}'));
  for (const [index, request] of asked.entries()) {
    socket.write(request);
    await eventually(() => assert.equal(bodies().length, index + 1));
  }
  assert.deepEqual(bodies(), [
    'ready',
    'refused',
    'parsed GET /other ',
    'parsed POST /orders {"lines":[]}',
    'ready',
    'refused',
  ]);
  assert.deepEqual(parsed, ['/other', '/orders']);
});

test('a refusal of what did not come in one piece is given too, and the rest of its body is read past', async (t) => {
  const { port, parsed } = await serve(t);
  const { socket, bodies } = bare(t, port);
  const order = POST('/no/orders', 'x'.repeat(5_000));
  socket.write(order.slice(0, 100));
  await eventually(() => assert.deepEqual(bodies(), ['refused']));
  socket.write(order.slice(100));
  // The half that is still under way must not be taken for a request, even when it looks like one.
  socket.write(GET('/ready'));
  await eventually(() => assert.equal(bodies().length, 2));
  assert.match(bodies()[1]!, /ready/);
  assert.ok(!parsed.includes('/no/orders'));
});

test('what is let in is counted from when it has come whole until it is answered or its client is gone, each once', async (t) => {
  const counted: string[] = [];
  const underway = new Set<string>();
  const held: ServerResponse[] = [];
  const begin: Admission['begin'] = ({ url }) => {
    if (url === '/uncounted') return undefined;
    counted.push(url);
    underway.add(url);
    return (tookMs) => {
      assert.ok(tookMs >= 0);
      assert.ok(underway.delete(url));
    };
  };
  const { port, parsed } = await serve(t, { begin }, (request, response) => {
    request.resume();
    if (request.url === '/held') held.push(response);
    else if (request.url === '/early') response.writeHead(413, { 'content-length': '0' }).end();
    else request.on('end', () => response.writeHead(200, { 'content-length': '2' }).end('ok'));
  });
  const one = bare(t, port);
  for (const [index, url] of ['/ready', '/no', '/uncounted', '/other'].entries()) {
    one.socket.write(GET(url));
    await eventually(() => assert.equal(one.bodies().length, index + 1));
  }
  await eventually(() => assert.equal(underway.size, 0));
  assert.deepEqual(counted, ['/other']);

  const slow = bare(t, port);
  const order = POST('/order', 'x'.repeat(100));
  slow.socket.write(order.slice(0, -10));
  await eventually(() => assert.ok(parsed.includes('/order')));
  assert.ok(!counted.includes('/order'));
  slow.socket.write(order.slice(-10));
  await eventually(() => assert.deepEqual(slow.bodies(), ['ok']));
  assert.deepEqual(counted, ['/other', '/order']);

  const gone = bare(t, port);
  gone.socket.write(GET('/held'));
  await eventually(() => assert.ok(underway.has('/held')));
  gone.socket.destroy();
  await eventually(() => assert.equal(underway.size, 0));
  assert.equal(held.length, 1);

  const early = bare(t, port);
  const large = POST('/early', 'x'.repeat(100));
  early.socket.write(large.slice(0, -10));
  await eventually(() => assert.match(early.said.text, / 413 /));
  early.socket.write(large.slice(-10));
  early.socket.write(GET('/last'));
  await eventually(() => assert.ok(early.said.closed || parsed.includes('/last')));
  await eventually(() => assert.equal(underway.size, 0));
});

test('answers keep the order of the requests when the client does not wait', async (t) => {
  const slow: ServerResponse[] = [];
  const { port } = await serve(t, {}, (_request, response) => void slow.push(response));
  const { socket, bodies } = bare(t, port);
  socket.write(GET('/slow'));
  socket.write(GET('/ready'));
  await eventually(() => assert.ok(slow.length > 0));
  assert.deepEqual(bodies(), []);
  // The parser keeps the second back until the first is answered.
  slow[0]!.writeHead(200, { 'content-length': 4 }).end('slow');
  await eventually(() => assert.equal(bodies()[0], 'slow'));
  slow[1]?.writeHead(200, { 'content-length': 4 }).end('next');
  await eventually(() => assert.match(bodies()[1] ?? '', /ready|next/));
});

test('a body that looks like a request is a body', async (t) => {
  const { port } = await serve(t);
  const { socket, bodies } = bare(t, port);
  const inner = GET('/ready');
  const [head, ...rest] = POST('/orders', inner).split(/(?<=\r\n\r\n)/);
  socket.write(head!);
  await new Promise((resolve) => setImmediate(resolve));
  socket.write(rest.join(''));
  await eventually(() => assert.deepEqual(bodies(), [`parsed POST /orders ${inner}`]));
});

test('however requests are cut into pieces, the answers are those of the parser alone', async (t) => {
  const handle: RequestListener = (request, response) => {
    if (request.method !== 'GET' || request.url !== '/ready') return echo(request, response);
    request.resume();
    response.writeHead(200, { 'content-length': 5 }).end('ready');
  };
  const { port } = await serve(t, { refusalOf: () => undefined }, handle);
  const plain = createServer(handle);
  const { port: plainPort } = await listen(plain);
  atEndOf(t, async () => {
    plain.closeAllConnections();
    plain.close();
  });
  const request = fc.oneof(
    fc.constant(GET('/ready')),
    fc.constant(GET('/other', 'Accept: a')),
    fc.constant(`${GET('/ready', 'Content-Length: 3')}abc`),
    fc.constant('POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    fc.string({ maxLength: 40 }).map((body) => POST('/p', Buffer.from(body, 'latin1').toString('latin1'))),
    fc.constant(POST('/p', GET('/ready'))),
  );
  const asked = fc.tuple(
    fc.array(request, { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat({ max: 400 }), { maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(asked, async ([requests, cuts]) => {
      const all = requests.join('');
      const places = [...new Set(cuts.filter((cut) => cut > 0 && cut < all.length))].sort((a, b) => a - b);
      const pieces = [...places, all.length].map((end, index) => all.slice(places[index - 1] ?? 0, end));
      const over = async (to: number) => {
        const { socket, bodies } = bare(t, to);
        for (const piece of pieces) {
          socket.write(piece, 'latin1');
          await new Promise(setImmediate);
        }
        await eventually(() => assert.equal(bodies().length, requests.length, JSON.stringify(bodies())));
        socket.destroy();
        return bodies();
      };
      assert.deepEqual(await over(port), await over(plainPort));
    }),
    { numRuns: 60 },
  );
});

test('a connection that rests is answered when its rest is over, one of a proxy does not rest', async (t) => {
  const { port, parsed } = await serve(t, { refusalOf: refusing(300) });
  const resting = bare(t, port);
  resting.socket.write(GET('/no'));
  await eventually(() => assert.deepEqual(resting.bodies(), ['refused']));
  resting.socket.write(GET('/after-rest'));
  const proxy = bare(t, port);
  proxy.socket.write(GET('/no', 'X-Forwarded-For: 198.51.100.1'));
  await eventually(() => assert.deepEqual(proxy.bodies(), ['refused']));
  proxy.socket.write(GET('/of-another', 'X-Forwarded-For: 198.51.100.2'));
  await eventually(() => assert.equal(resting.bodies().length, 2));
  assert.deepEqual(parsed, ['/of-another', '/after-rest']);
  assert.equal(resting.bodies()[1], 'parsed GET /after-rest ');
});

test('whoever was refused does not wait while there is time for more refusals', async (t) => {
  const { port } = await serve(t, { refusalOf: refusing(60_000), refusalTurnMs: 1_000 });
  const { socket, bodies } = bare(t, port);
  for (const [index, url] of ['/no', '/no', '/other', '/ready'].entries()) {
    socket.write(GET(url));
    await eventually(() => assert.equal(bodies().length, index + 1));
  }
  assert.deepEqual(bodies(), ['refused', 'refused', 'parsed GET /other ', 'ready']);
});

test('another process that had the core during an answer takes nobody’s time for theirs', async (t) => {
  let nowMs = 0;
  // Each look at the clock finds it five milliseconds on, as when a database has the core in between.
  const now = () => {
    nowMs += 5;
    return nowMs;
  };
  const { port, server } = await serve(
    t,
    // Who finds no time left rests for ever.
    { ready: { turnMs: () => 10, waitMaxMs: 0, restMs: () => 1e9 } },
    echo,
    { now },
  );
  const phones = Array.from({ length: 20 }, () => bare(t, port));
  await eventually(async () => {
    const count = await new Promise<number>((resolve) => server.getConnections((_error, open) => resolve(open)));
    assert.equal(count, 20);
  });
  // Written without a pause, so they are read in one turn.
  for (const { socket } of phones) socket.write(GET('/ready'));
  await eventually(() => assert.ok(phones.every(({ bodies }) => bodies().length === 1)));
});

test('a client that does not read what it asked for is not sent more and more', async (t) => {
  const large = text(200, 'x'.repeat(64 * 1024));
  const server = createServer(echo);
  const path = installFastPath({
    server,
    ready: () => large,
    admission: ADMITTING,
    silenceMs: 60_000,
  });
  const { port } = await listen(server);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  atEndOf(t, async () => {
    path.close();
    server.closeAllConnections();
    server.close();
  });
  const socket = connect({ port, host: '127.0.0.1' });
  atEndOf(t, async () => void socket.destroy());
  socket.pause();
  await eventually(() => assert.equal(sockets.length, 1));
  const asked = GET('/large');
  for (let times = 1; times <= 200; times += 1) {
    socket.write(asked);
    await eventually(() => sockets[0]!.bytesRead === times * asked.length);
  }
  // The system's buffers take some; of the rest one answer waits here, and what the parser gives after it is small.
  assert.ok(sockets[0]!.writableLength > 0);
  assert.ok(sockets[0]!.writableLength < 2 * 64 * 1024 + 200 * 1024, `${sockets[0]!.writableLength} bytes wait`);
});

test('closing ends the connections that only the fast path knows, and those that rest', async (t) => {
  const { server, path, port } = await serve(t, { ready: { turnMs: () => 0, waitMaxMs: 0, restMs: () => 60_000 } });
  const idle = bare(t, port);
  const held = bare(t, port);
  held.socket.write(GET('/ready'));
  await eventually(async () => {
    const count = await new Promise<number>((resolve) => server.getConnections((_error, open) => resolve(open)));
    assert.equal(count, 2);
  });
  const closed = new Promise((resolve) => server.close(resolve));
  path.close();
  await closed;
  await eventually(() => idle.said.closed && held.said.closed);
});

test('a request that waits for its turn is read once, and more that comes meanwhile is not lost', async (t) => {
  const reading = t.mock.method(RequestHead, 'read');
  const heldNoTime = { turnMs: () => 0, waitMaxMs: 0, restMs: () => 1 };
  const { port } = await serve(t, { ready: heldNoTime });
  const { socket, bodies } = bare(t, port);
  socket.write(GET('/ready'));
  await eventually(() => assert.deepEqual(bodies(), ['ready']));
  assert.equal(reading.mock.callCount(), 1);
  socket.write(GET('/ready'));
  socket.write(GET('/other'));
  // The parser answers both when they are there together.
  const whose = (body: string) => (body === 'ready' ? '/ready' : /GET (\S+)/.exec(body)?.[1]);
  await eventually(() => assert.deepEqual(bodies().map(whose), ['/ready', '/ready', '/other']));
});

test('a text is sent as an answer as well', async (t) => {
  const template = new WireTemplate(503, ['content-type', 'text/plain']);
  const refusalOf: Admission['refusalOf'] = ({ url }) => ({ answer: template.fill(`not ${url}`), restMs: 0 });
  const { port } = await serve(t, { refusalOf });
  const { socket, bodies } = bare(t, port);
  for (const url of ['/one', '/another']) socket.write(GET(url));
  await eventually(() => assert.deepEqual(bodies(), ['not /one', 'not /another']));
});

test('a proxy is given what lies ready at once, however little time there is', async (t) => {
  const ready = { turnMs: () => 0, waitMaxMs: 0, restMs: () => 60_000 };
  const { port } = await serve(t, { ready }, echo, { isProxy: (address) => address === '127.0.0.1' });
  const { socket, bodies } = bare(t, port);
  socket.write(GET('/ready'));
  await eventually(() => assert.deepEqual(bodies(), ['ready']));
});

test('a request knows when it arrived: as long before it was read as the event loop was busy', async (t) => {
  const arrived: number[] = [];
  const server = createServer((request, response) => {
    arrived.push(arrivedMsOf(request));
    response.end();
  });
  const path = installFastPath({
    server,
    ready: () => undefined,
    admission: ADMITTING,
    silenceMs: 60_000,
    now: () => 5_000,
    readAge: { ageMs: () => 300, sleeps: 0, reads: 0, batches: 0, tick: () => {} },
  });
  const { port } = await listen(server);
  atEndOf(t, async () => {
    path.close();
    server.closeAllConnections();
    server.close();
  });
  bare(t, port).socket.write(GET('/x'));
  await eventually(() => assert.deepEqual(arrived, [4_700]));
});
