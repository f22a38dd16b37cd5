import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDish, openCart, order, orderNumber, sendOrder } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();

async function openPace(board: Awaited<ReturnType<typeof shop.kitchen>>) {
  await board.getByRole('button', { name: /주방 속도|주문 잠시 중단|주문이 많아요/ }).click();
  return board.getByRole('dialog', { name: '주방 속도' });
}

test('a cook pauses the store for ten minutes and opens it again; a guest reads why and until when, and then orders', async () => {
  const board = await shop.kitchen();
  const { page } = await shop.phone({ table: '3' });
  await addDish(page, '된장찌개');
  const sheet = await openPace(board);
  await sheet.getByRole('button', { name: '단체 손님' }).click();
  await sheet.getByRole('button', { name: '10분' }).first().click();
  await sheet.getByText(/쯤 다시 열려요.*단체 손님/).waitFor();

  await page.reload();
  await page
    .locator('.hero')
    .getByText(/쯤 다시 열려요.*단체 손님/)
    .waitFor();
  await openCart(page);
  assert.equal(await page.getByRole('button', { name: /주문하기$/ }).isDisabled(), true);

  await sheet.getByRole('button', { name: '다시 주문 받기' }).click();
  await sheet.getByText('주문 가능').waitFor();
  await page.reload();
  // The cart is still open.
  await sendOrder(page);
  assert.ok((await orderNumber(page)) > 0);
});

test('a store that pauses while a guest is choosing says so, and keeps the cart', async () => {
  const board = await shop.kitchen();
  const { page } = await shop.phone({ table: '4' });
  await addDish(page, '된장찌개');
  const sheet = await openPace(board);
  await sheet.getByRole('button', { name: '20분' }).first().click();
  await sheet.getByRole('button', { name: '다시 주문 받기' }).waitFor();
  await openCart(page);
  await sendOrder(page);
  await page
    .getByText(/지금은 주문을 받지 않아요/)
    .first()
    .waitFor();
  await page.getByText('된장찌개').first().waitFor();
  await sheet.getByRole('button', { name: '다시 주문 받기' }).click();
  await sheet.getByText('주문 가능').waitFor();
});

test('the load of each station is on the board, and a full kitchen shows', async () => {
  const { rows } = await shop.db.query('SELECT id FROM store WHERE slug = $1', [shop.slug]);
  const answer = await fetch(`${shop.url}/api/v1/stores/${rows[0].id}/pacing`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ strategy: 'learned', stations: [{ station: 'soup', capacity: 4 }] }),
  });
  assert.equal(answer.status, 200, await answer.text());
  const board = await shop.kitchen();
  const { page } = await shop.phone({ table: '5' });
  await addDish(page, '된장찌개', { quantity: 9 });
  await order(page);
  const sheet = await openPace(board);
  await sheet.locator('.pace-loads .full').filter({ hasText: '탕·찌개' }).waitFor();
  await sheet.getByText(/주방이 꽉 찼어요/).waitFor();
});
