import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { addDish, openCart, seeStatus, sendOrder } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

// Whole, as a shell sends nothing for a page that was closed.
const shop = await openRestaurant({}, 'chromium');
const SMALL = { width: 360, height: 740 };
const dish = '된장찌개';

const ordersOf = async (table: string): Promise<number> =>
  (await shop.db.query('SELECT FROM orders WHERE table_label = $1', [table])).rowCount ?? 0;

/** What sticks out to the right of the screen, by name. */
const tooWide = (page: Page) =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('nav, .popular, .frame')).map((each) => each.tagName + '.' + each.className)",
  );

test('text is as large as the phone’s owner has set it, and nothing is cut off or out of reach at twice the size', async () => {
  const { page, context } = await shop.phone({ table: '7' });
  await page.setViewportSize(SMALL);
  const size = () =>
    page.evaluate<string>("getComputedStyle(document.querySelector('.dish h3, .dish strong, .dish')).fontSize");
  await page.locator('.dish').first().waitFor();
  const before = Number.parseFloat(await size());
  const session = await context.newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await page.reload();
  await page.locator('.dish').first().waitFor();
  assert.equal(Number.parseFloat(await size()), before * 2);
  // Chrome for Android takes the owner's size only where nothing fixes it.
  assert.equal(
    await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('text-size-adjust')"),
    'auto',
  );
  assert.deepEqual(await tooWide(page), []);
  await addDish(page, dish);
  await openCart(page);
  assert.deepEqual(await tooWide(page), []);
  await page.getByRole('button', { name: '닫기' }).tap();
});

test('whoever came by the list of stores can name their table, and the cart comes along', async () => {
  const { page } = await shop.phone({ path: `/s/${shop.slug}` });
  await page.setViewportSize(SMALL);
  await addDish(page, dish);
  await page.getByRole('button', { name: '테이블에 앉아 있어요' }).tap();
  const ask = page.getByRole('dialog', { name: '어느 테이블인가요?' });
  await ask.getByLabel('테이블에 적힌 번호나 이름').fill('8');
  await page.keyboard.press('Enter');
  await page.getByText('8번 테이블').first().waitFor();
  await openCart(page);
  await sendOrder(page);
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal(await ordersOf('8'), 1);
});

test('an order that finds no network says what is true, and is sent once after its page was closed', async () => {
  const { page, context } = await shop.phone({ table: '6' });
  const origin = new URL(page.url()).origin;
  // The browser's own part: a page that is controlled by nobody else, and a worker that is there.
  await eventually(async () =>
    assert.equal(await page.evaluate('navigator.serviceWorker.getRegistrations().then((all) => all.length)'), 1),
  );
  await addDish(page, dish);
  await openCart(page);
  await page.route('**/api/v1/stores/*/orders', (route) => route.abort('internetdisconnected'));
  await context.grantPermissions(['background-sync'], { origin }).catch(() => {});
  await sendOrder(page);
  await page.getByText('이 화면을 닫아도 괜찮아요').waitFor();
  assert.equal(await ordersOf('6'), 0);
  const opened = await context.newPage();
  await page.close();
  await eventually(async () => assert.equal(await ordersOf('6'), 1));
  // Opened again, the page goes on with the same key and is told what the worker was told.
  await opened.goto(`${origin}/s/${shop.slug}/t/6`);
  await seeStatus(opened, '주방 확인을 기다리고 있어요');
  assert.equal(await ordersOf('6'), 1);
});

test('without a worker the page says to keep it open', async () => {
  const { page, context } = await shop.phone({ table: '5' });
  await page.addInitScript('delete window.SyncManager');
  await page.reload();
  await addDish(page, dish);
  await openCart(page);
  await context.setOffline(true);
  await sendOrder(page);
  await page.getByText('연결이 끊겼어요. 신호가 돌아오면 바로 보낼게요.').waitFor();
  await page.getByText('확인될 때까지 이 화면을 열어 두세요').waitFor();
  await context.setOffline(false);
  await seeStatus(page, '주방 확인을 기다리고 있어요');
  assert.equal(await ordersOf('5'), 1);
});
