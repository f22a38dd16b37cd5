import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { addDish, openCart, order, orderNumber, seeStatus, sendOrder } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();

const dish = '된장찌개';
const ORDERS = '**/api/v1/stores/*/orders';

async function ordersOf(table: string): Promise<{ id: string; number: number }[]> {
  const { rows } = await shop.db.query('SELECT id, number FROM orders WHERE table_label = $1', [table]);
  return rows;
}

/** Lets the server take each order and loses its answer on the way back, until `heal` is called. */
async function loseAnswers(page: Page): Promise<{ sent: { key: string; body: string }[]; heal(): Promise<void> }> {
  const sent: { key: string; body: string }[] = [];
  await page.route(ORDERS, async (route) => {
    const request = route.request();
    sent.push({ key: request.headers()['idempotency-key']!, body: request.postData()! });
    const answer = await route.fetch();
    assert.ok(answer.ok(), `${answer.status()}`);
    await route.abort('connectionreset');
  });
  // An answer that is just being lost is lost first.
  return { sent, heal: () => page.unrouteAll({ behavior: 'wait' }) };
}

test('an order whose answer is lost is sent again with the same key and body, and is one order', async () => {
  const { page } = await shop.phone({ table: 'lost' });
  const { sent, heal } = await loseAnswers(page);
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  await page.getByText(/연결이 느려서 다시 보내는 중이에요/).waitFor();
  await heal();
  const number = await orderNumber(page);

  const orders = await ordersOf('lost');
  assert.deepEqual(
    orders.map((each) => [each.id, each.number]),
    [[sent[0]!.key, number]],
  );
  assert.equal(new Set(sent.map((each) => JSON.stringify(each))).size, 1);
  assert.equal(await page.locator('.cart-bar').count(), 0);
});

test('an order whose answer is lost survives a reload of the page, and is one order', async () => {
  const { page } = await shop.phone({ table: 'reload' });
  const { heal } = await loseAnswers(page);
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  await page.getByText(/연결이 느려서 다시 보내는 중이에요/).waitFor();
  await heal();
  await page.reload();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal((await ordersOf('reload')).length, 1);
});

test('a guest may stop, and go on later without ordering twice', async () => {
  const { page } = await shop.phone({ table: 'stop' });
  const { heal } = await loseAnswers(page);
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  await page.getByRole('button', { name: '잠시 멈추기' }).tap();
  await page.getByRole('heading', { name: '아직 확인되지 않은 주문이 있어요' }).waitFor();
  await heal();
  await page.getByRole('button', { name: '다시 보내기' }).tap();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal((await ordersOf('stop')).length, 1);
});

test('a full waiting room is waited out as long as it asks', async () => {
  const { page } = await shop.phone({ table: 'busy' });
  const times: number[] = [];
  await page.route(ORDERS, async (route) => {
    times.push(Date.now());
    if (times.length > 1) return route.continue();
    await route.fulfill({
      status: 503,
      headers: { 'retry-after': '2', 'content-type': 'application/problem+json' },
      body: JSON.stringify({ type: 'busy', title: 'The waiting room is full.', status: 503 }),
    });
  });
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  await page.getByText(/주방이 많이 바빠요/).waitFor();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.ok(times[1]! - times[0]! >= 2000, `${times}`);
});

test('a status that changed while the phone had no network is shown as soon as it is back', async () => {
  const { page, context } = await shop.phone({ table: 'offline' });
  const board = await shop.kitchen();
  await addDish(page, '설렁탕');
  const number = await order(page);
  await page.locator('.live-hint.live').waitFor();
  await context.setOffline(true);
  await page.locator('.live-hint.offline').waitFor();
  await board.getByRole('button', { name: `${number} 조리 시작` }).click();
  await board.getByRole('button', { name: `${number} 조리 완료` }).waitFor();
  await context.setOffline(false);
  await seeStatus(page, '주방이 받아서 만들고 있어요');
  await page.locator('.live-hint.live').waitFor();
});

test('without an event stream the status comes by asking, and the stream is taken up again when it works', async () => {
  const { page } = await shop.phone({ table: 'poll' });
  const board = await shop.kitchen();
  const EVENTS = '**/events?*';
  await page.route(EVENTS, (route) => route.fulfill({ status: 503, body: '' }));
  await addDish(page, '청국장');
  const number = await order(page);
  await page.locator('.live-hint.polling').waitFor();
  await board.getByRole('button', { name: `${number} 조리 시작` }).click();
  await seeStatus(page, '주방이 받아서 만들고 있어요');
  await page.unroute(EVENTS);
  await page.locator('.live-hint.live').waitFor();
});

test('a page that was open while the server was updated loads itself anew instead of telling of a lost connection', async () => {
  const { page } = await shop.phone({ table: 'update' });
  await addDish(page, dish);
  const number = await order(page);
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  // The file that the open page knows is gone; the page of the new server would name another.
  const gone = '**/assets/table-bill-*.js';
  await page.route(gone, (route) => route.fulfill({ status: 404 }));
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  await page.waitForEvent('load');
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  // Still gone: once is enough, and then it is said.
  await page.getByRole('dialog').getByText('연결이 끊겼어요').waitFor();
  assert.equal(loads, 1);
  await page.unroute(gone);
  await page.reload();
  assert.equal(await orderNumber(page), number);
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  await page.getByRole('region', { name: '우리 테이블 계산' }).waitFor();
});

test('a phone whose clock is two days off still orders', async () => {
  const { page } = await shop.phone({ table: 'clock' });
  await page.clock.install({ time: Date.now() + 2 * 24 * 60 * 60 * 1000 });
  await page.reload();
  await addDish(page, dish);
  await order(page);
  assert.equal((await ordersOf('clock')).length, 1);
});
