import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { openShop, type Shop } from './shop.ts';
import { bearer, openSse, type SseReader } from './sse.ts';

type Ending = Parameters<typeof openShop>[0];

/** A shop with few places, that believes its proxy so that a test can be many clients. */
const openSmallShop = (t: Ending): Promise<Shop> =>
  openShop(t, {
    env: { TRUST_PROXY: 'loopback' },
    streamPlaces: {
      staff: { placesMax: 4, shares: { store: 2 } },
      status: { placesMax: 4, shares: { store: 8, client: 1 } },
      'public-stream': { placesMax: 40, shares: { client: 1 } },
    },
  });
const as = (client: string) => ({ 'x-forwarded-for': client });
const STRANGER = '198.51.100.66';

/** Opens boards as one stranger until there is no place for more. @returns those that were opened */
async function fillBoards(shop: Shop): Promise<SseReader[]> {
  // Once it is known: whoever is refused here is to be refused for want of a place, and not of a database that is slow to begin.
  await eventually(async () => assert.equal((await shop.call('/board')).status, 200));
  const readers = await Promise.all(Array.from({ length: 60 }, () => openSse(shop.url('/board/events'), as(STRANGER))));
  for (const { status, headers } of readers) assert.ok(status === 200 || Number(headers['retry-after']) > 0);
  return readers.filter(({ status }) => status === 200);
}

test('the streams of one stranger leave kitchens, guests and other strangers alone', async (t) => {
  const shop = await openSmallShop(t);
  const boards = await fillBoards(shop);
  assert.equal(boards.length, 20);
  const kitchen = await openSse(shop.url('/kitchen/events'), { ...as(STRANGER), ...bearer(shop.kitchenKey) });
  const board = await openSse(shop.url('/board/events'), as('198.51.100.7'));
  const order = await shop.order();
  const guest = await openSse(shop.url(`/orders/${order.id}/events?token=${order.token}`), as(STRANGER));
  t.after(async () => {
    for (const reader of [kitchen, board, guest, ...boards]) reader.close();
  });
  assert.deepEqual([kitchen.status, board.status, guest.status], [200, 200, 200]);
  await shop.advance(await shop.ticketOf(order.id, 'soup'), 'cooking');
  await eventually(() => {
    assert.ok(
      kitchen.events.some(
        ({ event, data }) => event === 'ticket' && data.orderId === order.id && data.status === 'cooking',
      ),
    );
    assert.ok(board.events.some(({ data }) => data.cooking.includes(order.number)));
    assert.ok(guest.events.some(({ data }) => data.status === 'cooking'));
  });
});

test('a page that finds no place for its stream follows by asking, and has the stream when there is a place', async (t) => {
  const shop = await openSmallShop(t);
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const boards = await fillBoards(shop);
  t.after(async () => {
    for (const reader of boards) reader.close();
  });
  const context = await browser.newContext({ locale: 'ko-KR', extraHTTPHeaders: as(STRANGER) });
  const page = await context.newPage();
  const streams: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('/board/events')) streams.push(response.status());
  });
  await page.goto(`${shop.api.app.url}/board/${shop.store.slug}`);
  await eventually(() => assert.ok(streams.includes(503)));
  const order = await shop.order();
  await shop.advance(await shop.ticketOf(order.id, 'soup'), 'ready');
  // By asking every few seconds.
  await page.locator('.column.ready li', { hasText: String(order.number) }).waitFor();
  assert.ok(!streams.includes(200));
  for (const reader of boards) reader.close();
  await page.waitForResponse((response) => response.url().endsWith('/board/events') && response.status() === 200);
});
