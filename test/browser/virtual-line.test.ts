import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDish, openCart, orderNumber, sendOrder } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();
const dish = '된장찌개';

const api = (path: string, body: object, method: 'PUT' | 'POST' = 'PUT') =>
  fetch(`${shop.url}/api/v1/stores/${shop.slug}${path}`, {
    method,
    headers: { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

// Somebody has called the demo's store busy, which holds against the load; the load is to decide here.
assert.equal((await api('/state', { state: 'open' })).status, 200);

test('a phone waits in the virtual line over a reload, is served after whoever came before, and orders once', async () => {
  const settings = { strategy: 'load', stations: [{ station: 'soup', capacity: 2 }] };
  assert.equal((await api('/pacing', settings)).status, 200);
  const board = await shop.kitchen();

  // Whoever came first fills the kitchen.
  const first = await shop.phone({ table: '1' });
  await addDish(first.page, dish, { quantity: 3 });
  await openCart(first.page);
  await sendOrder(first.page);
  const number = await orderNumber(first.page);

  const { page } = await shop.phone({ table: '2' });
  const keys = new Set<string>();
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.add(request.headers()['idempotency-key']!);
  });
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  const wait = page.getByRole('dialog', { name: '차례를 기다리고 있어요' });
  await wait.getByText('명이 앞에 있어요').waitFor();
  // On a screen on a desk a sheet is as tall as what it says.
  const { width, height } = page.viewportSize()!;
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.ok((await wait.boundingBox())!.height < 500);
  await page.setViewportSize({ width, height });

  // The place outlives the page.
  await page.reload();
  await wait.getByText('명이 앞에 있어요').waitFor();
  const ordersOf = async (table: string) =>
    (await shop.db.query('SELECT id FROM orders WHERE table_label = $1', [table])).rows.map(({ id }) => id);
  assert.deepEqual(await ordersOf('2'), []);

  // The kitchen gets room, and the order goes in by itself.
  for (const step of ['조리 시작', '조리 완료']) {
    await board.getByRole('button', { name: `${number} ${step}` }).click();
  }
  assert.ok((await orderNumber(page)) > number);
  const orders = await ordersOf('2');
  assert.equal(orders.length, 1);
  assert.deepEqual([...keys], orders);
});

test('a guest who stops waiting keeps the cart and can go on', async () => {
  const settings = { strategy: 'load', stations: [{ station: 'soup', capacity: 1 }] };
  assert.equal((await api('/pacing', settings)).status, 200);
  const { page } = await shop.phone({ table: '3' });
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  const wait = page.getByRole('dialog', { name: '차례를 기다리고 있어요' });
  await wait.getByRole('button', { name: '그만 기다리기' }).tap();
  await page.getByRole('button', { name: '다시 보내기' }).waitFor();
  assert.equal((await api('/pacing', { strategy: 'fixed', stations: [] })).status, 200);
  await page.getByRole('button', { name: '다시 보내기' }).tap();
  assert.ok((await orderNumber(page)) > 0);
});
