import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeEach, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { ItemView, MenuView } from '../../src/contract/menu.ts';
import { newId } from '../../src/platform/id.ts';
import { eventually } from '../support/eventually.ts';
import { addDish, openCart, order } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

/** A small phone, and a screen on a desk. */
const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } } as const;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Long, because axe-core takes a second a page and size, and there are fifty of them.
const shop = await openRestaurant({ PAYMENT: 'sandbox' });
const api = `${shop.url}/api/v1/stores/${shop.slug}`;

/** What is wrong with the pages that were looked at; all of it at once, as one change often mends several. */
let found: string[] = [];
beforeEach(() => {
  found = [];
});

/** Notes what is wrong with the page as it is shown, in both sizes; with MATJIP_SHOTS a picture of each (`npm run screenshots`). */
async function look(page: Page, name: string): Promise<void> {
  // The store's name comes with an answer of its own on some pages.
  await page.waitForFunction("document.querySelector('h1')?.textContent !== ''");
  await page.evaluate(AXE);
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    // Nothing is judged while it fades in.
    await page.evaluate(
      'Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))).then(() => {})',
    );
    if (process.env.MATJIP_SHOTS) await page.screenshot({ path: `${process.env.MATJIP_SHOTS}/${name}-${size}.png` });
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    for (const { id, nodes } of violations) {
      for (const { target, failureSummary } of nodes)
        found.push(`${name}, ${size}: ${id} at ${target}: ${failureSummary}`);
    }
  }
}

const post = (path: string, body: object) =>
  fetch(`${api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
    body: JSON.stringify(body),
  });

/** An evening's orders: at tables and to take away, of one dish and of three, with a wish now and then. */
async function fillTheKitchen(): Promise<void> {
  const menu = (await (await fetch(`${api}/menu`)).json()) as MenuView;
  const items = menu.categories.flatMap((category) => category.items).filter(({ soldOut }) => !soldOut);
  const lineOf = (item: ItemView, nth: number) => ({
    itemId: item.id,
    quantity: 1 + (nth % 2),
    optionIds: item.optionGroups.flatMap(({ options, min }) => options.slice(0, min).map(({ id }) => id)),
    ...(nth % 5 === 0 && { note: '덜 맵게 해 주세요, 아이가 먹어요' }),
  });
  for (let nth = 0; nth < 8; nth += 1) {
    const dishes = [0, 11, 23].slice(0, 1 + (nth % 3)).map((step) => items[(nth * 7 + step) % items.length]!);
    const table = nth % 4 === 0 ? {} : { table: String(1 + (nth % 9)) };
    await post('/orders', { ...table, lines: dishes.map((dish, at) => lineOf(dish, nth + at)) });
  }
}

const open = async (path: string) => (await shop.phone({ path })).page;

test('guests’ pages can be used by everybody', async () => {
  const { page } = await shop.phone({ table: '7' });
  await page.locator('.dish').first().waitFor();
  await look(page, 'menu');
  await page.getByRole('button', { name: '알레르기' }).tap();
  await look(page, 'allergens');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '김치찌개' }).first().tap();
  await look(page, 'dish');
  await page.keyboard.press('Escape');
  await addDish(page, '된장찌개', { quantity: 2 });
  await openCart(page);
  await look(page, 'cart');
  await page.keyboard.press('Escape');
  await order(page);
  await look(page, 'order');
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  const pay = page.getByRole('region', { name: '휴대폰으로 결제' });
  await pay.getByRole('radio', { name: /나눠서 내기/ }).check();
  await look(page, 'pay');
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /^카드 거절/ }).waitFor();
  await look(page, 'sandbox');
  await page.getByRole('button', { name: /^카드 거절/ }).tap();
  await pay.getByText('결제가 거절됐어요.').waitFor();
  await page.getByRole('button', { name: '더 주문하기' }).tap();
  await page.getByRole('button', { name: /^내 주문/ }).tap();
  await look(page, 'orders');
  await look(await open('/'), 'home');
  await look(await open('/s/no-such-store/t/1'), 'wrong-store');
  // Other words in the same page: for the picture.
  for (const lang of process.env.MATJIP_SHOTS ? ['en', 'ja', 'zh'] : []) {
    await look(await open(`/s/${shop.slug}/t/7?lang=${lang}`), `menu-${lang}`);
  }
  for (const size of [2, 4, 3]) await post('/waitlist', { size });
  const line = await open(`/w/${shop.slug}`);
  await line.getByRole('button', { name: '2명 줄 서기' }).waitFor();
  await look(line, 'line');
  await line.getByRole('button', { name: '2명 줄 서기' }).tap();
  await line.locator('.place-number strong').waitFor();
  await look(line, 'place');
  assert.deepEqual(found, []);
});

test('the shop’s pages can be used by everybody', async () => {
  await fillTheKitchen();
  await look(await open(`/kitchen/${shop.slug}`), 'kitchen-key');
  const kitchen = await shop.kitchen();
  await kitchen.locator('.ticket').nth(9).waitFor();
  for (const [from, to, times] of [
    ['placed', 'cooking', 6],
    ['cooking', 'ready', 2],
  ] as const) {
    for (let nth = 0; nth < times; nth += 1) {
      // A tap right after a ticket has moved may fall on the place that it left.
      await eventually(async () => {
        const moved = async () => (await kitchen.locator(`.lane.${to} .ticket`).count()) > nth;
        if (!(await moved())) await kitchen.locator(`.lane.${from} .ticket-next`).first().click();
        return moved();
      }, `tickets are ${to}`);
    }
  }
  await kitchen.locator('.lane.ready .ticket').nth(1).waitFor();
  await look(kitchen, 'kitchen');
  await kitchen.setViewportSize(SIZES.desk);
  await kitchen.getByRole('button', { name: '테이블별' }).click();
  await look(kitchen, 'kitchen-tables');
  await kitchen.locator('.ticket-more').first().click();
  await look(kitchen, 'kitchen-order');
  await kitchen.keyboard.press('Escape');
  for (const panel of ['품절 관리', '합계'] as const) {
    await kitchen.getByRole('button', { name: panel }).click();
    await look(kitchen, panel === '합계' ? 'kitchen-sums' : 'kitchen-sold-out');
    await kitchen.keyboard.press('Escape');
  }
  await look(await open(`/board/${shop.slug}`), 'board');
  await look(await open(`/door/${shop.slug}`), 'door');
  await look(await open(`/hall/${shop.slug}`), 'hall-key');
  const hall = await open(`/hall/${shop.slug}#key=${shop.kitchenKey}`);
  await hall
    .getByRole('button', { name: /번 부르기/ })
    .first()
    .waitFor();
  await look(hall, 'hall');
  const bills = await open(`/bills/${shop.slug}#key=${shop.adminKey}`);
  await bills.locator('button.bill').first().waitFor();
  await look(bills, 'bills');
  await bills.locator('button.bill.open').first().click();
  await bills.getByRole('button', { name: '사람 수로' }).click();
  await look(bills, 'bill');
  await bills.getByRole('button', { name: '영수증' }).click();
  await look(bills, 'receipt');
  assert.deepEqual(found, []);
});

test('the owner’s and the engineer’s pages can be used by everybody', async () => {
  await look(await open(`/owner/${shop.slug}`), 'owner-key');
  const owner = await open(`/owner/${shop.slug}#key=${shop.adminKey}`);
  await owner.locator('.sum.main .value').waitFor();
  await look(owner, 'owner');
  const stores = await open(`/owner#key=${shop.adminKey}`);
  await stores.locator('.glance').first().waitFor();
  await look(stores, 'owner-stores');
  const menu = await open(`/menu/${shop.slug}#key=${shop.adminKey}`);
  await menu.getByRole('button', { name: '김치찌개 고치기' }).waitFor();
  await menu.getByLabel('파일 고르기').setInputFiles({
    name: 'menu.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('메뉴명,가격\n김치찌개,9900\n묵은지찜,1\n'),
  });
  await menu.getByLabel(/행이 빠지는 것을 확인했어요/).waitFor();
  await look(menu, 'menu-import');
  await menu.getByRole('button', { name: '김치찌개 고치기' }).click();
  await menu.getByRole('button', { name: '저장' }).waitFor();
  await look(menu, 'menu-dish');
  await look(await open('/ops'), 'ops-key');
  const ops = await open(`/ops#key=${shop.adminKey}`);
  await ops.getByRole('heading', { name: 'sales-close' }).waitFor();
  await look(ops, 'ops');
  assert.deepEqual(found, []);
});
