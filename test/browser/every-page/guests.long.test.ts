import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MenuView } from '../../../src/contract/menu.ts';
import { addDish, openCart, order, orderNumber, seeStatus, sendOrder } from '../guest-steps.ts';
import { openRestaurant } from '../restaurant.ts';
import { createEvening } from './evening.ts';
import { createLooker } from './look.ts';

// Long, because axe-core takes a second a page and size, and there are seventy of them.
const shop = await openRestaurant({ PAYMENT: 'sandbox' });
const evening = createEvening(shop);
const { look, found } = createLooker();
const open = async (path: string) => (await shop.phone({ path })).page;
const dish = '된장찌개';

test('the menu, a dish, the cart', async () => {
  await evening.put('/state', { state: 'open' });
  await evening.order(8);
  const { page } = await shop.phone({ table: '7' });
  await page.locator('.dish').first().waitFor();
  await look(page, 'menu');
  await page.getByRole('searchbox').fill('우주선');
  await page.getByRole('button', { name: '모두 보기' }).waitFor();
  await look(page, 'menu-nothing-found');
  await page.getByRole('button', { name: '모두 보기' }).tap();
  await page.getByRole('button', { name: '알레르기' }).tap();
  await look(page, 'allergens');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '김치찌개' }).first().tap();
  await look(page, 'dish');
  await page.keyboard.press('Escape');
  await addDish(page, dish, { quantity: 2, note: '두부 많이' });
  await addDish(page, '갈비탕');
  await openCart(page);
  await look(page, 'cart');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '직원 호출' }).tap();
  await page.getByRole('button', { name: '호출했어요' }).waitFor();
  await look(page, 'called');

  const menu: MenuView = await evening.get('/menu');
  const soup = menu.categories.flatMap(({ items }) => items).find(({ name }) => name.ko === '갈비탕')!;
  await evening.put(`/items/${soup.id}`, { price: soup.price + 700 });
  await openCart(page);
  await sendOrder(page);
  await page.getByText(/으로 바뀌었어요/).waitFor();
  await look(page, 'cart-changed');

  const nowhere = await open(`/s/${shop.slug}`);
  await nowhere.getByRole('button', { name: '테이블에 앉아 있어요' }).tap();
  await look(nowhere, 'name-table');
  // Other words in the same page: for the picture.
  for (const lang of process.env.MATJIP_SHOTS ? ['en', 'ja', 'zh'] : []) {
    await look(await open(`/s/${shop.slug}/t/7?lang=${lang}`), `menu-${lang}`);
  }
  assert.deepEqual(found(), []);
});

test('an order on its way, paid, refused, and one that nobody has heard of yet', async () => {
  const { page, context } = await shop.phone({ table: '8' });
  await addDish(page, dish, { quantity: 2 });
  await order(page);
  await look(page, 'order');
  await page.getByRole('button', { name: '주문 취소' }).tap();
  await page.getByRole('button', { name: '네, 취소할게요' }).scrollIntoViewIfNeeded();
  await look(page, 'order-cancel');
  await page.getByRole('button', { name: '아니요' }).tap();
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  const pay = page.getByRole('region', { name: '휴대폰으로 결제' });
  await pay.getByRole('radio', { name: /나눠서 내기/ }).check();
  await look(page, 'pay');
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /^카드 거절/ }).waitFor();
  await look(page, 'sandbox');
  await page.getByRole('button', { name: /^카드 거절/ }).tap();
  await pay.getByText('결제가 거절됐어요.').waitFor();
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /^결제하기/ }).tap();
  await page.getByRole('region', { name: '우리 테이블 계산' }).getByText('계산이 끝났어요').waitFor();
  await look(page, 'paid');

  await page.getByRole('button', { name: '더 주문하기' }).tap();
  await addDish(page, '청국장');
  await order(page);
  const { rows } = await shop.db.query('SELECT id FROM orders ORDER BY placed_at DESC LIMIT 1');
  const refused = await fetch(`${shop.url}/api/v1/stores/${shop.slug}/orders/${rows[0].id}?reason=sold-out`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${shop.adminKey}` },
  });
  assert.equal(refused.status, 200, await refused.text());
  await seeStatus(page, '주문이 취소됐어요');
  await look(page, 'order-refused');
  await page.getByRole('button', { name: '더 주문하기' }).tap();
  await page.getByRole('button', { name: /^내 주문/ }).tap();
  await look(page, 'orders');
  await page.keyboard.press('Escape');

  await addDish(page, dish);
  await openCart(page);
  await context.setOffline(true);
  await sendOrder(page);
  await page.locator('.sending-state').waitFor();
  await look(page, 'sending');
  await context.setOffline(false);
  await orderNumber(page);
  await page.getByRole('button', { name: '더 주문하기' }).tap();
  await page.route('**/api/v1/stores/*/orders', (route) => route.abort('connectionreset'));
  await addDish(page, dish);
  await openCart(page);
  await sendOrder(page);
  await page.getByRole('button', { name: '잠시 멈추기' }).tap();
  await page.getByRole('heading', { name: '아직 확인되지 않은 주문이 있어요' }).waitFor();
  await look(page, 'unsure');
  assert.deepEqual(found(), []);
});

test('a table with a code, a shop that is full, and one that is closed for a while', async () => {
  const elsewhere = createEvening(shop, 'jeju');
  await elsewhere.put('', { tables: ['1', '2'], tableLinks: 'signed', visitCode: true });
  const { tables } = await elsewhere.get('/table-links');
  const guest = await open(tables[0].path);
  await addDish(guest, dish);
  await openCart(guest);
  await sendOrder(guest);
  await guest.getByText('아직 열리지 않은 테이블이에요').waitFor();
  await look(guest, 'visit-none');
  await elsewhere.post('/bills', { table: '1' });
  await guest.getByRole('button', { name: '다시 주문하기' }).tap();
  await guest.getByRole('textbox', { name: '방문 코드' }).waitFor();
  await look(guest, 'visit-code');

  await evening.put('/state', { state: 'open' });
  await evening.put('/pacing', { strategy: 'load', stations: [{ station: 'soup', capacity: 1 }] });
  const waits = (await shop.phone({ table: '3' })).page;
  await addDish(waits, dish);
  await openCart(waits);
  await sendOrder(waits);
  await waits.getByText('명이 앞에 있어요').waitFor();
  await look(waits, 'virtual-line');
  await evening.put('/pacing', { strategy: 'fixed', stations: [] });

  await elsewhere.put('/state', { state: 'paused', reason: '단체 손님', until: new Date(Date.now() + 3_600_000) });
  const late = await open('/s/jeju');
  await late.getByText(/쯤 다시 열려요/).waitFor();
  await look(late, 'menu-paused');
  await look(await open('/s/no-such-store/t/1'), 'wrong-store');
  const home = await open('/');
  await home.locator('a[href^="/s/"]').first().waitFor();
  await look(home, 'home');
  await look(await open('/nothing'), 'nothing');
  assert.deepEqual(found(), []);
});

test('the waiting line, from the form to the seat', async () => {
  for (const size of [2, 4, 3]) await evening.post('/waitlist', { size });
  const line = await open(`/w/${shop.slug}`);
  await line.getByRole('button', { name: '2명 줄 서기' }).waitFor();
  await look(line, 'line');
  await line.getByRole('button', { name: '2명 줄 서기' }).tap();
  await line.locator('.place-number strong').waitFor();
  await look(line, 'place');
  for (let nth = 0; nth < 4; nth += 1) await evening.post('/waitlist/call', {});
  await line.getByText('지금 입장해 주세요!').waitFor();
  await look(line, 'place-called');
  await line.getByRole('button', { name: '그만 기다리기' }).tap();
  await look(line, 'place-leave');
  await look(await open(`/door/${shop.slug}`), 'door');
  await evening.put('/waitlist/state', { state: 'walk-in' });
  const none = await open(`/w/${shop.slug}`);
  await none.getByText('지금은 바로 들어오세요').waitFor();
  await look(none, 'line-none');
  assert.deepEqual(found(), []);
});
