import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { sendToKitchen } from '../../src/kitchen/index.ts';
import { runPrintAgent } from '../../src/kitchen/printing/agent/print-agent.ts';
import { openPrinter, type Printer, Unsure } from '../../src/kitchen/printing/agent/printer.ts';
import { createNextSlip } from '../../src/kitchen/printing/next-slip.ts';
import { createMemorySlipSignal, type SlipSignal } from '../../src/kitchen/printing/slip-signal.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { eventually } from '../support/eventually.ts';
import { atEndOf } from '../support/lifetime.ts';
import { startRedis } from '../support/services.ts';
import { ADMIN_KEY, openShop, type Shop } from './shop.ts';

const redis = await startRedis({ after });
const shops: Record<string, Shop> = {
  'in process': await openShop({ after }),
  redis: await openShop({ after }, { env: { REDIS_URL: redis.url } }),
};

for (const [name, shop] of Object.entries(shops)) {
  const token = shop.kitchenKey;
  const next = (station: string, wait = 20) => shop.call(`/print/${station}/next?wait=${wait}`, { token });
  const done = (station: string, id: string) =>
    shop.call(`/print/${station}/${encodeURIComponent(id)}/done`, { token, method: 'POST' });

  test(`${name}: an agent that waits gets the slip of the next order, at once`, async () => {
    const waiting = next('soup');
    const order = await shop.order(['stew', 'beer'], '7');
    const { status, body } = await waiting;
    assert.equal(status, 200);
    assert.deepEqual(
      { ...body, placedAt: undefined },
      {
        id: `${order.id}:soup`,
        kind: 'order',
        orderId: order.id,
        number: order.number,
        table: '7',
        round: 1,
        station: 'soup',
        placedAt: undefined,
        copy: 1,
        lines: [{ itemId: shop.store.dishes.stew.id, name: { ko: '요리 stew', en: 'stew' }, quantity: 1, options: [] }],
      },
    );
    assert.equal((await done('soup', body.id)).status, 200);
    assert.equal((await next('drinks')).body.lines[0].name.en, 'beer');
    assert.equal((await done('drinks', `${order.id}:drinks`)).status, 200);
    assert.equal((await next('soup', 0)).status, 204);
    assert.equal((await next('drinks', 0)).status, 204);
  });

  test(`${name}: two agents of a station never print the same slip`, async () => {
    const agents = [next('soup'), next('soup')];
    const orders = [await shop.order(), await shop.order()];
    const slips = await Promise.all(agents);
    assert.deepEqual(slips.map(({ body }) => body.orderId).sort(), orders.map(({ id }) => id).sort());
    await Promise.all(slips.map(({ body }) => done('soup', body.id)));
    assert.equal((await next('soup', 0)).status, 204);
  });

  test(`${name}: a slip that is not acknowledged comes again, to an agent that waits, and says so`, async () => {
    await shop.order();
    const first = await next('soup');
    assert.equal(first.body.copy, 1);
    // As if the hold were nearly over; the agent below asks before and is woken by the hold's end alone.
    await shop.api.db.query("UPDATE print_slip SET handed_until = now() + interval '1 second' WHERE done_at IS NULL");
    const again = await next('soup');
    assert.equal(again.body.id, first.body.id);
    assert.equal(again.body.copy, 2);
    assert.equal((await done('soup', again.body.id)).status, 200);
    // The late agent's acknowledgement changes nothing.
    assert.equal((await done('soup', first.body.id)).status, 200);
    assert.equal((await next('soup', 0)).status, 204);
  });

  test(`${name}: an order that was taken back is not printed`, async () => {
    const order = await shop.order();
    await eventually(async () => {
      const { rowCount } = await shop.api.db.query('SELECT FROM print_slip WHERE order_id = $1', [order.id]);
      assert.equal(rowCount, 1);
    });
    assert.equal((await shop.call(`/orders/${order.id}`, { method: 'DELETE', token: order.token })).status, 200);
    assert.equal((await next('soup', 0)).status, 204);
  });

  const move = async (order: { id: string }, from: string, to: string) => {
    const bill = await shop.call(`/orders/${order.id}/bill`, { token: ADMIN_KEY });
    return shop.call(`/bills/${bill.body.id}/move`, { token: ADMIN_KEY, body: { from, to } });
  };

  test(`${name}: guests who move while their order is on paper are told of by a slip without a dish, once; what is not printed yet says where they sit`, async () => {
    const [one, two] = [await shop.order(['stew', 'beer'], 'p1'), await shop.order(['stew'], 'p1')];
    await shop.ticketOf(two.id, 'soup');
    const first = await next('soup');
    assert.deepEqual([first.body.orderId, first.body.table], [one.id, 'p1']);
    await done('soup', first.body.id);
    await done('drinks', (await next('drinks')).body.id);
    // The beer is carried out already: nobody needs to know where to.
    assert.equal((await shop.advance(await shop.ticketOf(one.id, 'drinks'), 'served')).status, 200);

    assert.equal((await move(one, 'p1', 'p2')).status, 200);
    const second = await next('soup');
    assert.deepEqual([second.body.kind, second.body.orderId, second.body.table], ['order', two.id, 'p2']);
    await done('soup', second.body.id);
    const { body: notice } = await next('soup');
    assert.deepEqual(
      { kind: notice.kind, table: notice.table, moved: notice.moved, lines: notice.lines, orderId: notice.orderId },
      { kind: 'moved', table: 'p2', moved: { from: 'p1', numbers: [one.number] }, lines: [], orderId: one.id },
    );
    // Nobody said that it is printed: it comes again, as any slip.
    await shop.api.db.query("UPDATE print_slip SET handed_until = now() - interval '1 second' WHERE done_at IS NULL");
    assert.deepEqual([(await next('soup')).body.id, (await done('soup', notice.id)).status], [notice.id, 200]);
    const ticket = await shop.ticketOf(one.id, 'soup');
    assert.deepEqual([ticket.table, ticket.movedFrom], ['p2', 'p1']);

    // The same tap again tells nothing again; back where they sat they have not moved as far as a screen goes.
    assert.equal((await move(one, 'p1', 'p2')).status, 200);
    assert.deepEqual([(await next('soup', 0)).status, (await next('drinks', 0)).status], [204, 204]);
    assert.equal((await move(one, 'p2', 'p1')).status, 200);
    const back = await next('soup');
    assert.deepEqual(back.body.moved, { from: 'p2', numbers: [one.number, two.number] });
    await done('soup', back.body.id);
    assert.equal((await shop.ticketOf(one.id, 'soup')).movedFrom, undefined);
  });

  test(`${name}: a slip that is taken while its guests are moved says where they sit, or a slip that says so follows`, async () => {
    for (const at of [1, 2, 3]) {
      const [from, to] = [`r${at}`, `s${at}`];
      const order = await shop.order(['stew'], from);
      await shop.ticketOf(order.id, 'soup');
      const [taken, moved] = await Promise.all([next('soup'), move(order, from, to)]);
      assert.equal(moved.status, 200);
      await done('soup', taken.body.id);
      const said = [taken.body];
      for (let more = await next('soup', 0); more.status === 200; more = await next('soup', 0)) {
        said.push(more.body);
        await done('soup', more.body.id);
      }
      assert.equal(said.at(-1).table, to, JSON.stringify(said));
      assert.equal(said.length, taken.body.table === to ? 1 : 2, JSON.stringify(said));
    }
  });

  test(`${name}: without the store’s key nobody prints, and nonsense is refused`, async () => {
    assert.equal((await shop.call('/print/soup/next?wait=0')).status, 401);
    assert.equal((await shop.call('/print/soup/next?wait=ever', { token })).status, 422);
    assert.equal((await done('soup', 'nonsense')).status, 404);
    const order = await shop.order();
    assert.equal((await done('drinks', `${order.id}:soup`)).status, 404);
    await done('soup', (await next('soup')).body.id);
  });
}

/** Longer than a test may take: who gets something did not get it at the end of the wait. */
const WAITS_LONG_MS = 24 * 3_600_000;

test('two agents that wait share the slips that were made together', async (t) => {
  const { store, api, order } = await openShop(t, { withJobs: false });
  const orders = [await order(), await order()].map(({ id }) => ({ storeId: store.id, id }));
  const slipSignal = createMemorySlipSignal();
  let listening = 0;
  const listen: SlipSignal['listen'] = (...asked) => {
    listening += 1;
    return slipSignal.listen(...asked);
  };
  const nextSlip = createNextSlip(api.db, { ...slipSignal, listen }, Date.now);
  const agents = orders.map(() => nextSlip({ storeId: store.id, station: 'soup' }, WAITS_LONG_MS, t.signal));
  await eventually(() => assert.equal(listening, agents.length));
  // A crowd's orders share a job, and so the one message that there is something to print.
  const { slips: made } = await api.db.transaction((tx) => sendToKitchen(tx, orders));
  await slipSignal.notify(made);
  const slips = await Promise.all(agents);
  assert.deepEqual(slips.map((slip) => slip?.orderId).sort(), orders.map(({ id }) => id).sort());
});

test('a slip that nobody acknowledged and that is too old to print keeps nobody busy', async (t) => {
  const shop = shops['in process']!;
  const place = { storeId: shop.store.id, station: 'drinks' };
  await shop.order(['beer']);
  let nowMs = Date.now();
  let looks = 0;
  const counting: Db = {
    ...shop.api.db,
    transaction(work) {
      looks += 1;
      return shop.api.db.transaction(work);
    },
  };
  const nextSlip = createNextSlip(counting, createMemorySlipSignal(), () => nowMs);
  await eventually(async () => assert.ok(await nextSlip(place, 0, t.signal)));
  nowMs += 13 * 3_600_000;
  looks = 0;
  assert.equal(await nextSlip(place, 500, t.signal), undefined);
  assert.ok(looks <= 3, `It looked ${looks} times.`);
  // Nor is it in the way of the tests below.
  await shop.api.db.query("UPDATE print_slip SET done_at = now() WHERE station = 'drinks'");
});

/** A shop whose slips are made by the test, so that it knows when they are there. */
async function openPaperShop(t: TestContext) {
  const shop = await openShop(t, { withJobs: false });
  const token = shop.kitchenKey;
  return {
    ...shop,
    next: (station: string) => shop.call(`/print/${station}/next?wait=0`, { token }),
    done: (station: string, id: string) => shop.call(`/print/${station}/${id}/done`, { token, method: 'POST' }),
    cancel: (id: string, by: string) => shop.call(`/orders/${id}`, { method: 'DELETE', token: by }),
    async orderWithSlips(dishes: readonly ('stew' | 'beer')[] = ['stew']) {
      const order = await shop.order(dishes);
      await shop.api.db.transaction((tx) => sendToKitchen(tx, [{ storeId: shop.store.id, id: order.id }]));
      return order;
    },
  };
}

test('a dish that moves to another station, and gets another name, is printed where and as its slip was made', async (t) => {
  const { api, store, next, orderWithSlips } = await openPaperShop(t);
  const order = await orderWithSlips(['stew', 'beer']);
  await api.db.query("UPDATE item SET station = 'grill', name_ko = '다른 것', name_en = 'Other' WHERE id = $1", [
    store.dishes.stew.id,
  ]);
  const { body } = await next('soup');
  assert.equal(body.orderId, order.id);
  assert.deepEqual(body.lines, [
    { itemId: store.dishes.stew.id, name: { ko: '요리 stew', en: 'stew' }, quantity: 1, options: [] },
  ]);
  assert.equal((await next('grill')).status, 204);
  assert.deepEqual(
    (await next('drinks')).body.lines.map(({ name }: { name: { en: string } }) => name.en),
    ['beer'],
  );
});

test('an order that is on paper can no longer be cancelled by its guest, and when the shop cancels it, a void slip says so', async (t) => {
  const { kitchenKey, next, done, cancel, orderWithSlips } = await openPaperShop(t);
  const order = await orderWithSlips(['stew', 'beer']);
  await done('soup', (await next('soup')).body.id);
  const refused = await cancel(order.id, order.token);
  assert.equal(refused.status, 409);
  assert.match(refused.body.type, /not-cancellable$/);
  assert.match(refused.body.detail, /on paper/);
  assert.equal((await next('soup')).status, 204);

  assert.equal((await cancel(order.id, kitchenKey)).status, 200);
  const { body } = await next('soup');
  assert.deepEqual([body.id, body.kind, body.copy, body.number], [`${order.id}:soup:void`, 'void', 1, order.number]);
  assert.equal(body.lines[0].name.en, 'stew');
  // The other station had not been handed anything.
  assert.equal((await next('drinks')).status, 204);
  assert.equal((await done('soup', body.id)).status, 200);
  assert.equal((await next('soup')).status, 204);
  // Cancelling again prints nothing again.
  assert.equal((await cancel(order.id, kitchenKey)).status, 200);
  assert.equal((await next('soup')).status, 204);
});

test('a guest who cancels while the slip is being printed is told to the kitchen by a void slip, whatever is acknowledged late', async (t) => {
  const { next, done, cancel, orderWithSlips } = await openPaperShop(t);
  const [order, later] = [await orderWithSlips(), await orderWithSlips()];
  const printing = (await next('soup')).body;
  assert.equal(printing.orderId, order.id);
  assert.equal((await done('soup', `${order.id}:soup:void`)).status, 404, 'there is none yet');
  assert.equal((await cancel(order.id, order.token)).status, 200);
  assert.equal((await done('soup', printing.id)).status, 200);
  const { body } = await next('soup');
  assert.deepEqual([body.id, body.kind], [`${order.id}:soup:void`, 'void'], 'before what was ordered later');
  assert.equal((await done('soup', body.id)).status, 200);
  assert.equal((await next('soup')).body.orderId, later.id);
});

test('a void slip wakes an agent that waits', async (t) => {
  const shop = await openShop(t);
  const token = shop.kitchenKey;
  const order = await shop.order();
  const first = await shop.call('/print/soup/next?wait=50', { token });
  const waiting = shop.call('/print/soup/next?wait=50', { token });
  assert.equal((await shop.call(`/orders/${order.id}`, { method: 'DELETE', token: order.token })).status, 200);
  const { body } = await waiting;
  assert.deepEqual([body.id, body.kind], [`${first.body.id}:void`, 'void']);
});

test('slips survive a flushed Redis', async () => {
  const shop = shops.redis!;
  const order = await shop.order();
  await eventually(async () => {
    const { rowCount } = await shop.api.db.query('SELECT FROM print_slip WHERE order_id = $1', [order.id]);
    assert.equal(rowCount, 1);
  });
  const { Redis } = await import('ioredis');
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
  const slip = await shop.call('/print/soup/next?wait=0', { token: shop.kitchenKey });
  assert.equal(slip.body.orderId, order.id);
  await shop.call(`/print/soup/${slip.body.id}/done`, { token: shop.kitchenKey, method: 'POST' });
});

test('the print agent prints each slip once, to a file and to a network printer, over a printer that fails', async (t) => {
  const shop = shops['in process']!;
  const folder = await mkdtemp(join(tmpdir(), 'matjip-print-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'soup.bin');
  let printed = Buffer.alloc(0);
  const network = createServer((socket) => {
    socket.on('data', (bytes) => {
      printed = Buffer.concat([printed, bytes]);
    });
  }).listen(0, '127.0.0.1');
  t.after(() => void network.close());
  const { port } = await new Promise<AddressInfo>((resolve) =>
    network.once('listening', () => resolve(network.address() as AddressInfo)),
  );

  const stop = new AbortController();
  const lines: string[] = [];
  let jams = 2;
  const toFile = openPrinter(file);
  const agent = (station: string, printer: Printer) =>
    runPrintAgent({
      server: shop.api.app.url,
      store: shop.store.slug,
      station,
      key: shop.kitchenKey,
      columns: 48,
      language: 'ko',
      timeZone: 'Asia/Seoul',
      printer,
      signal: stop.signal,
      log: (line) => lines.push(line),
    });
  const agents = [
    agent('soup', {
      ready: async () => {},
      async print(bytes) {
        if (jams > 0) {
          jams -= 1;
          // The slip comes back when its hold is over; the test need not wait for that.
          await shop.api.db.query('UPDATE print_slip SET handed_until = NULL WHERE done_at IS NULL');
          throw new Error('paper jam');
        }
        await toFile.print(bytes);
      },
    }),
    agent('drinks', openPrinter(`tcp://127.0.0.1:${port}`, { status: false })),
  ];
  const order = await shop.order(['stew', 'beer']);
  await eventually(async () => {
    const { rows } = await shop.api.db.query<{ done: number }>(
      'SELECT count(done_at) AS done FROM print_slip WHERE order_id = $1',
      [order.id],
    );
    assert.equal(rows[0]!.done, 2);
  });
  stop.abort();
  await Promise.all(agents);
  const cuts = (bytes: Buffer) => bytes.toString('latin1').split('\x1dV').length - 1;
  assert.equal(cuts(await readFile(file)), 1);
  assert.equal(cuts(printed), 1);
  assert.equal(lines.filter((line) => line.includes('paper jam')).length, 2);
});

test('the print agent takes no slip while its printer is not ready, and one that may be printed comes again as a copy', async (t) => {
  const { api, store, kitchenKey, orderWithSlips } = await openPaperShop(t);
  const order = await orderWithSlips();
  const read = async () => {
    const { rows } = await api.db.query<{ handed: number; done: boolean }>(
      'SELECT handed, done_at IS NOT NULL AS done FROM print_slip WHERE order_id = $1',
      [order.id],
    );
    return rows[0];
  };
  const stop = new AbortController();
  atEndOf(t, async () => stop.abort());
  const lines: string[] = [];
  const papers: string[] = [];
  let paper = false;
  const agent = runPrintAgent({
    server: api.app.url,
    store: store.slug,
    station: 'soup',
    key: kitchenKey,
    columns: 48,
    language: 'en',
    timeZone: 'Asia/Seoul',
    printer: {
      async ready() {
        if (!paper) throw new Error('The printer has no paper.');
      },
      async print(bytes) {
        papers.push(bytes.toString('latin1'));
        if (papers.length > 1) return;
        // As if the hold were over.
        await api.db.query('UPDATE print_slip SET handed_until = NULL WHERE order_id = $1', [order.id]);
        throw new Unsure('It took the slip and says nothing.');
      },
    },
    signal: stop.signal,
    log: (line) => lines.push(line),
  });
  await eventually(() => assert.ok(lines.filter((line) => line.includes('no paper')).length >= 2));
  assert.deepEqual(await read(), { handed: 0, done: false });
  paper = true;
  await eventually(async () => assert.deepEqual(await read(), { handed: 2, done: true }));
  stop.abort();
  await agent;
  assert.equal(papers.length, 2);
  assert.doesNotMatch(papers[0]!, /PRINTED AGAIN/);
  assert.match(papers[1]!, /PRINTED AGAIN 2/);
  assert.ok(lines.some((line) => line.includes('perhaps not printed')));
});

const idle: Printer = { ready: async () => {}, print: async () => {} };

test('the print agent says when no dish is made at its station, and goes on', async () => {
  const shop = shops['in process']!;
  const stop = new AbortController();
  const lines: string[] = [];
  const agent = runPrintAgent({
    server: shop.api.app.url,
    store: shop.store.slug,
    station: 'soop',
    key: shop.kitchenKey,
    columns: 48,
    language: 'ko',
    timeZone: 'Asia/Seoul',
    printer: idle,
    signal: stop.signal,
    log: (line) => lines.push(line),
  });
  await eventually(() => assert.match(lines[0] ?? '', /at 'soop'; its stations are .*drinks.*soup/));
  stop.abort();
  await agent;
});

test('the print agent goes on when a proxy or a mistaken setting refuses it for a while', async (t) => {
  const { api, store, kitchenKey, orderWithSlips } = await openPaperShop(t);
  const answers: [number, string, string][] = [
    // The first three hit the start: the menu, and the first questions.
    [404, 'text/html', '<h1>404 Not Found</h1>'],
    [404, 'text/html', '<h1>404 Not Found</h1>'],
    [502, 'text/html', '<h1>Bad Gateway</h1>'],
  ];
  const proxy = createHttpServer(async (request, response) => {
    const faulty = answers.shift();
    if (faulty) {
      response.writeHead(faulty[0], { 'content-type': faulty[1] }).end(faulty[2]);
      return;
    }
    const answer = await fetch(`${api.app.url}${request.url?.replace(/wait=\d+/, 'wait=0')}`, {
      method: request.method!,
      headers: { authorization: request.headers.authorization ?? '' },
    });
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  atEndOf(t, async () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const stop = new AbortController();
  atEndOf(t, async () => stop.abort());
  const printed: Buffer[] = [];
  const agent = runPrintAgent({
    server: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    store: store.slug,
    station: 'soup',
    key: kitchenKey,
    columns: 48,
    language: 'ko',
    timeZone: 'Asia/Seoul',
    printer: { ready: async () => {}, print: async (bytes) => void printed.push(bytes) },
    signal: stop.signal,
    log: () => {},
  });
  await orderWithSlips();
  await eventually(() => assert.equal(printed.length, 1));
  answers.push([401, 'application/problem+json', '{"title":"Who are you?"}'], [404, 'text/html', 'gone']);
  await eventually(() => assert.equal(answers.length, 0));
  await orderWithSlips();
  await eventually(() => assert.equal(printed.length, 2));
  stop.abort();
  await agent;
});

test('the print agent ends with what the server said when its key is wrong', async () => {
  const shop = shops['in process']!;
  await assert.rejects(
    runPrintAgent({
      server: shop.api.app.url,
      store: shop.store.slug,
      station: 'soup',
      key: 'wrong',
      columns: 48,
      language: 'ko',
      timeZone: 'Asia/Seoul',
      printer: idle,
      signal: new AbortController().signal,
      log: () => {},
    }),
    /key/,
  );
});
