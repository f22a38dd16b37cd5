import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDish, openCart, order, seeStatus, sendOrder } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();

const dish = '된장찌개';

test('an order from a phone is cooked on the board, and the phone follows each step', async () => {
  const { page } = await shop.phone();
  const board = await shop.kitchen();
  await addDish(page, dish, { quantity: 2 });
  const number = await order(page);
  await seeStatus(page, '주방 확인을 기다리고 있어요');

  const ticket = board.locator('.ticket').filter({ hasText: dish });
  await ticket.getByText('테이블 7').waitFor();
  assert.match((await ticket.locator('.line-dish').textContent())!, new RegExp(`^2${dish}$`));

  const move = (name: string) => board.getByRole('button', { name: `${number} ${name}` }).click();
  await move('조리 시작');
  await seeStatus(page, '주방이 받아서 만들고 있어요');
  await move('조리 완료');
  await seeStatus(page, '음식이 준비됐어요!');
  await move('서빙 완료');
  await seeStatus(page, '맛있게 드세요!');
  await board.locator('.ticket').filter({ hasText: dish }).waitFor({ state: 'detached' });
});

test('a cart survives a reload, with options, note and number, and belongs to its table', async () => {
  const { page, context } = await shop.phone({ table: '3' });
  await addDish(page, dish, { quantity: 3, note: '두부 많이' });
  await page.reload();
  await openCart(page);
  const cart = page.getByRole('dialog', { name: '장바구니' });
  await cart.getByText('“두부 많이”').waitFor();
  assert.equal(await cart.locator('output').textContent(), '3');

  const other = await context.newPage();
  await other.goto(`/s/${shop.slug}/t/4`);
  await other.getByRole('button', { name: dish }).first().waitFor();
  assert.equal(await other.locator('.cart-bar').count(), 0);
});

test('options keep their rules: one of a required choice, no more than the maximum, each at its price', async () => {
  const { page } = await shop.phone();
  await page.getByRole('button', { name: '김치찌개' }).first().tap();
  const sheet = page.getByRole('dialog', { name: '김치찌개' });
  const price = async () =>
    Number((await sheet.getByRole('button', { name: /담기$/ }).textContent())!.replace(/\D/g, ''));
  const plain = await price();
  await sheet.getByLabel('아주 맵게').check();
  assert.equal(await sheet.getByLabel('덜 맵게').isChecked(), false);
  for (const extra of ['라면사리', '두부', '햄']) await sheet.getByLabel(extra).check();
  assert.equal(await sheet.getByLabel('치즈').isDisabled(), true);
  assert.equal(await price(), plain + 500 + 1500 + 1500 + 2500);
});

test('a guest finds a dish by its initials, hides what they must not eat, and orders the same again', async () => {
  const { page } = await shop.phone({ table: '6' });
  const shown = (name: string) => page.locator('.dish').filter({ hasText: name });
  await page.getByRole('searchbox').fill('ㄷㅈㅉㄱ');
  await shown('김치찌개').waitFor({ state: 'detached' });
  await shown(dish).first().waitFor();
  await page.getByRole('searchbox').fill('우주선');
  await page.getByRole('button', { name: '모두 보기' }).tap();
  await shown('김치찌개').first().waitFor();
  await page.getByRole('button', { name: '알레르기' }).tap();
  await page.getByLabel('돼지고기').check();
  await page.getByRole('button', { name: '메뉴 보기' }).tap();
  await shown('김치찌개').waitFor({ state: 'detached' });
  await page.getByText('피하는 재료가 든 메뉴').waitFor();
  // It is the phone's, and outlives the page.
  await page.reload();
  await page.getByText('피하는 재료가 든 메뉴').waitFor();
  assert.equal(await shown('김치찌개').count(), 0);

  await addDish(page, '물냉면', { quantity: 2 });
  await order(page);
  await page.getByRole('button', { name: '이대로 다시 담기' }).tap();
  const cart = page.getByRole('dialog', { name: '장바구니' });
  await cart.getByText('물냉면').waitFor();
  assert.equal(await cart.locator('output').textContent(), '2');
});

test('the whole way works in English, and the choice is remembered', async () => {
  const { page } = await shop.phone({ path: `/s/${shop.slug}/t/5?lang=en` });
  await addDish(page, 'Soybean Paste Stew');
  await order(page);
  await seeStatus(page, 'Waiting for the kitchen to see it');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  const words = await page.locator('#app').textContent();
  assert.doesNotMatch(words!.replaceAll('한국어', ''), /[가-힣]/);

  await page.getByRole('button', { name: 'Order more' }).tap();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ko');
  await page.goto(`/s/${shop.slug}/t/5`);
  await page.getByText('5번 테이블').waitFor();
});

test('a phone is greeted in its language, in English where that is none of the four or has not come', async () => {
  const { page, context } = await shop.phone({ locale: 'ja-JP' });
  await page.getByText('テーブル7').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  await page.getByRole('button', { name: 'Soybean Paste Stew' }).first().tap();
  await page.getByRole('button', { name: 'カートに入れる' }).waitFor();
  await page.keyboard.press('Escape');
  await context.route('**/assets/zh-*.js', (route) => route.abort());
  // A part that does not come while the server answers: the page may be older than the server, and loads itself anew, once.
  const anew = page.waitForEvent('load');
  await page.getByRole('combobox', { name: '言語' }).selectOption('zh');
  await anew;
  await page.getByText('Table 7').waitFor();
  await context.unroute('**/assets/zh-*.js');
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.getByText('7号桌').waitFor();
  const french = await shop.phone({ locale: 'fr-FR' });
  await french.page.getByText('Table 7').waitFor();
});

test('what looks like markup in a note is only text, on the phone and on the board', async () => {
  const note = '<img src=x onerror="document.title=\'owned\'"><b>굵게</b>';
  const { page } = await shop.phone({ table: '<i>9</i>' });
  const board = await shop.kitchen();
  await addDish(page, '순두부찌개', { note });
  await order(page);
  await page.locator('.order-lines').getByText(note).waitFor();
  await board.locator('.line-note').filter({ hasText: note }).waitFor();
  for (const each of [page, board]) {
    assert.equal(await each.locator('img, b:text-is("굵게"), i').count(), 0);
    assert.doesNotMatch(await each.title(), /owned/);
  }
});

test('an order can be cancelled until the kitchen begins', async () => {
  const { page } = await shop.phone({ table: '11' });
  await addDish(page, '청국장');
  await order(page);
  await page.getByRole('button', { name: '주문 취소' }).tap();
  await page.getByRole('button', { name: '네, 취소할게요' }).tap();
  await seeStatus(page, '주문이 취소됐어요');
});

test('a dish that sells out while it lies in the cart is named, and the rest is ordered without typing anything again', async () => {
  const { page } = await shop.phone({ table: '12' });
  const board = await shop.kitchen();
  await addDish(page, '부대찌개');
  await addDish(page, dish);
  await openCart(page);

  await board.getByRole('button', { name: '품절 관리' }).click();
  await board.getByRole('button', { name: '부대찌개 품절 처리' }).click();
  await board.getByRole('button', { name: '부대찌개 판매 재개' }).waitFor();
  // The cart still shows the old menu: the refusal comes with the order.
  await sendOrder(page);
  const cart = page.getByRole('dialog', { name: '장바구니' });
  await cart.getByText('품절됐어요 · 주문에서 제외돼요').waitFor();
  await cart.getByRole('button', { name: /바뀐 내용으로/ }).tap();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  const lines = page.locator('.order-lines li:not(.sum)');
  assert.equal(await lines.count(), 1);
  await lines.getByText(`${dish} × 1`).waitFor();

  await board.getByRole('button', { name: '부대찌개 판매 재개' }).click();
  await board.getByRole('button', { name: '부대찌개 품절 처리' }).waitFor();
});

test('a changed price is shown old and new, and nothing is charged before the guest agrees', async () => {
  const { page } = await shop.phone({ table: '13' });
  await addDish(page, '갈비탕');
  await openCart(page);
  const { rows } = await shop.db.query(
    `SELECT i.id, i.price FROM item i JOIN store s ON s.id = i.store_id WHERE s.slug = $1 AND i.name_ko = '갈비탕'`,
    [shop.slug],
  );
  await page.request.put(`${shop.url}/api/v1/stores/${shop.slug}/items/${rows[0].id}`, {
    headers: { authorization: `Bearer ${shop.adminKey}` },
    data: { price: rows[0].price + 700 },
  });
  await sendOrder(page);
  const won = (amount: number) => `${amount.toLocaleString('ko-KR')}원`;
  await page.getByText(`가격이 ${won(rows[0].price)}에서 ${won(rows[0].price + 700)}으로 바뀌었어요`).waitFor();
  await page.getByRole('button', { name: `바뀐 내용으로 ${won(rows[0].price + 700)} 주문하기` }).tap();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
});

test('the whole way works by keyboard, and the focus stays in the sheet and comes back', async () => {
  const { page } = await shop.phone({ table: '15' });
  const card = page.getByRole('button', { name: dish }).first();
  await card.focus();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: dish });
  await sheet.waitFor();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(
      "document.activeElement !== document.body && !document.activeElement.closest('dialog')",
    );
    assert.equal(outside, false);
  }
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  assert.match((await page.locator('button:focus').textContent())!, new RegExp(dish));

  await page.keyboard.press('Enter');
  await sheet.getByRole('button', { name: /담기$/ }).press('Enter');
  await page.getByRole('button', { name: '장바구니 보기' }).press('Enter');
  await page.getByRole('button', { name: /주문하기$/ }).press('Enter');
  await seeStatus(page, '주방 확인을 기다리고 있어요');
});

test('the phone’s own back gesture closes what lies over the menu', async () => {
  const { page } = await shop.phone();
  await page.getByRole('button', { name: dish }).first().tap();
  await page.getByRole('dialog', { name: dish }).waitFor();
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).pathname, `/s/${shop.slug}/t/7`);
});
