import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeSlips } from '../../src/kitchen/index.ts';
import { runPrintAgent } from '../../src/kitchen/printing/agent/print-agent.ts';
import { openPrinter } from '../../src/kitchen/printing/agent/printer.ts';
import { createNextSlip } from '../../src/kitchen/printing/next-slip.ts';
import { createMemorySlipBell, type SlipBell } from '../../src/kitchen/printing/slip-bell.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/services.ts';
import { openShop, type Shop } from './shop.ts';

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
  const bell = createMemorySlipBell();
  let listening = 0;
  const listen: SlipBell['listen'] = (...asked) => {
    listening += 1;
    return bell.listen(...asked);
  };
  const nextSlip = createNextSlip(api.db, { ...bell, listen }, Date.now);
  const agents = orders.map(() => nextSlip({ storeId: store.id, station: 'soup' }, WAITS_LONG_MS, t.signal));
  await eventually(() => assert.equal(listening, agents.length));
  // A crowd's orders share a job, and so the one message that there is something to print.
  await bell.ring(await api.db.transaction((tx) => makeSlips(tx, orders)));
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
  const nextSlip = createNextSlip(counting, createMemorySlipBell(), () => nowMs);
  await eventually(async () => assert.ok(await nextSlip(place, 0, t.signal)));
  nowMs += 13 * 3_600_000;
  looks = 0;
  assert.equal(await nextSlip(place, 500, t.signal), undefined);
  assert.ok(looks <= 3, `It looked ${looks} times.`);
  // Nor is it in the way of the tests below.
  await shop.api.db.query("UPDATE print_slip SET done_at = now() WHERE station = 'drinks'");
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
  const agent = (station: string, printer: (bytes: Buffer) => Promise<void>) =>
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
    agent('soup', async (bytes) => {
      if (jams > 0) {
        jams -= 1;
        // The slip comes back when its hold is over; the test need not wait for that.
        await shop.api.db.query('UPDATE print_slip SET handed_until = NULL WHERE done_at IS NULL');
        throw new Error('paper jam');
      }
      await toFile(bytes);
    }),
    agent('drinks', openPrinter(`tcp://127.0.0.1:${port}`)),
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
    printer: async () => {},
    signal: stop.signal,
    log: (line) => lines.push(line),
  });
  await eventually(() => assert.match(lines[0] ?? '', /at 'soop'; its stations are .*drinks.*soup/));
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
      printer: async () => {},
      signal: new AbortController().signal,
      log: () => {},
    }),
    /key/,
  );
});
