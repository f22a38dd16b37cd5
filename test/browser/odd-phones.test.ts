import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { launchWithoutStorage } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { addDish, openCart, order, orderNumber, seeStatus, sendOrder } from './guest-steps.ts';
import { openRestaurant, PHONE } from './restaurant.ts';
import { translatePage } from './translator.ts';

const shop = await openRestaurant();
const dish = '된장찌개';
const ORDERS = '**/api/v1/stores/*/orders';

const ordersOf = async (table: string) =>
  (await shop.db.query('SELECT id, total FROM orders WHERE table_label = $1', [table])).rows;

const won = async (page: Page, selector: string) =>
  Number((await page.locator(selector).last().textContent())!.replace(/\D/g, ''));

test('a phone that blocks cookies and storage orders, and a kitchen’s screen works without them', async (t) => {
  const context = await launchWithoutStorage(t, { ...PHONE, baseURL: shop.url, locale: 'ko-KR' });
  const errors: Error[] = [];
  context.on('page', (page) => page.on('pageerror', (error) => errors.push(error)));
  const page = await context.newPage();
  await page.goto(`/s/${shop.slug}/t/blocked`);
  const isBlocked = await page.evaluate('(() => { try { return !window.localStorage; } catch { return true; } })()');
  assert.ok(isBlocked, 'this browser has storage');
  await addDish(page, dish);
  await order(page);
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal((await ordersOf('blocked')).length, 1);

  const kitchen = await context.newPage();
  await kitchen.goto(`/kitchen/${shop.slug}#key=${shop.kitchenKey}`);
  await kitchen.locator('.ticket').filter({ hasText: dish }).first().waitFor();
  for (const [path, seen] of [
    [`/board/${shop.slug}`, '.column'],
    ['/', 'h1'],
    ['/ops', 'h1, h2, form'],
    [`/w/${shop.slug}`, '.sizes'],
    [`/door/${shop.slug}`, '.qr'],
    [`/hall/${shop.slug}#key=${shop.kitchenKey}`, '.connection.live'],
    [`/owner/${shop.slug}#key=${shop.adminKey}`, '[role=region], section'],
  ] as const) {
    await kitchen.goto(path);
    await kitchen.locator(seen).first().waitFor();
  }
  assert.deepEqual(errors, []);
});

test('amounts, numbers and states stay true while the browser translates the page', async () => {
  const { page } = await shop.phone({ table: 'translated' });
  await translatePage(page);
  await addDish(page, dish);
  await openCart(page);
  const one = await won(page, '.cart-total .number');
  for (let more = 0; more < 3; more++) await page.getByRole('dialog').getByLabel('하나 늘리기').tap();
  await eventually(async () => {
    assert.equal(await page.locator('.cart-line output').textContent(), '4');
    assert.equal(await won(page, '.cart-line-foot > .number'), 4 * one);
    assert.equal(await won(page, '.cart-total .number'), 4 * one);
    assert.equal(await won(page, '.sheet .button.primary'), 4 * one);
  });
  await sendOrder(page);
  const number = await orderNumber(page);
  assert.deepEqual(
    (await ordersOf('translated')).map(({ total }) => Number(total)),
    [4 * one],
  );
  const board = await shop.kitchen();
  await translatePage(board);
  const move = (name: string) => board.getByRole('button', { name: `${number} ${name}` }).click();
  for (const [name, sentence] of [
    ['조리 시작', '주방이 받아서 만들고 있어요'],
    ['조리 완료', '음식이 준비됐어요!'],
    ['서빙 완료', '맛있게 드세요!'],
  ] as const) {
    await move(name);
    await eventually(async () => assert.equal(await page.locator('.order-say').textContent(), sentence));
  }
  // And back to the menu, with what was on it when it was translated.
  await page.getByRole('button', { name: /더 주문/ }).tap();
  await addDish(page, dish, { quantity: 2 });
  await eventually(async () => assert.equal(await won(page, '.cart-bar .number'), 2 * one));
  assert.ok((await page.locator('font').count()) > 10, 'nothing was translated');
});

test('two tabs of one table: what the first is still sending is the second’s, too', async () => {
  const { page, context } = await shop.phone({ table: 'tabs' });
  const held: Route[] = [];
  await page.route(ORDERS, (route) => (held.length === 0 ? void held.push(route) : route.continue()));
  await addDish(page, dish);
  const second = await context.newPage();
  await second.goto(`/s/${shop.slug}/t/tabs`);
  await openCart(page);
  await sendOrder(page);
  await eventually(() => assert.equal(held.length, 1));
  await second.getByRole('button', { name: '아직 확인되지 않은 주문이 있어요' }).tap();
  await second.getByRole('button', { name: '다시 보내기' }).tap();
  await seeStatus(second, '주방 확인을 기다리고 있어요');
  await held[0]!.continue();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal(await orderNumber(page), await orderNumber(second));
  assert.equal((await ordersOf('tabs')).length, 1);
  await second.close();
});

test('two tabs that order the same cart in the same moment make one order', async () => {
  const { page, context } = await shop.phone({ table: 'at once' });
  await addDish(page, dish);
  const second = await context.newPage();
  await second.goto(`/s/${shop.slug}/t/at%20once`);
  for (const tab of [page, second]) {
    await openCart(tab);
    await tab.locator('.sheet .button.primary').waitFor();
  }
  const press = (tab: Page) => tab.evaluate(`document.querySelector('.sheet .button.primary').click()`);
  await Promise.all([press(page), press(second)]);
  for (const tab of [page, second]) await tab.locator('.order-say').waitFor();
  assert.equal((await ordersOf('at once')).length, 1);
  await second.close();
});

test('an address that was typed or printed otherwise is the same table, or says at once that it is none', async () => {
  const slug = shop.slug;
  for (const path of [`/s/${slug}/t/7/`, `/S/${slug.toUpperCase()}/T/7`, `//s//${slug}//t/7`, `/s/${slug}/t/7//?k=x`]) {
    const { page } = await shop.phone({ path: shop.url + path });
    await page.getByText('7번 테이블').first().waitFor();
    assert.equal(new URL(page.url()).pathname, `/s/${slug}/t/7`, path);
  }
  for (const table of ['%ZZ', '%FF', 'a'.repeat(25), 'a%2Fb%00']) {
    const { page } = await shop.phone({ path: `/s/${slug}/t/${table}` });
    await page.getByRole('alert').filter({ hasText: '테이블을 읽을 수 없어요' }).waitFor();
    assert.equal(await page.getByRole('button', { name: dish }).count(), 0, table);
  }
});
