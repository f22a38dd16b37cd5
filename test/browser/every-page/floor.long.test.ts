import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { MenuView } from '../../../src/contract/menu.ts';
import { newId } from '../../../src/platform/id.ts';
import { eventually } from '../../support/eventually.ts';
import { openRestaurant } from '../restaurant.ts';
import { createEvening } from './evening.ts';
import { createLooker, SIZES } from './look.ts';

const shop = await openRestaurant({ PAYMENT: 'sandbox' });
const evening = createEvening(shop);
const { look, found } = createLooker();
const open = async (path: string) => (await shop.phone({ path })).page;

/** A tablet in the store, and somebody with a PIN at it. @returns its key */
async function openTablet(role: 'hall' | 'kitchen'): Promise<string> {
  const { link } = await evening.post('/invitations', { role, note: '주말' });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({
    token: /invite=([\w-]+)/.exec(link)![1],
    login: `${role}-${newId().slice(-6)}`,
    name: role === 'hall' ? '한지우' : '최도윤',
    password: '맛있는 된장찌개 한 그릇',
  });
  const joined = await fetch(`${shop.url}/api/v1/invitations/accept`, { method: 'POST', headers, body });
  const cookie = joined.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const own = {
    method: 'PUT',
    headers: { ...headers, cookie, origin: shop.url },
    body: JSON.stringify({ pin: '2580' }),
  };
  const pin = await fetch(`${shop.url}/api/v1/sessions/current/pin`, own);
  assert.ok(pin.ok, await pin.text());
  return (await evening.post('/devices', { name: '태블릿', role })).key;
}

/** The tablet is taken over by PIN, which is looked at. */
async function lookAtPin(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '누가 일하나요?' }).click();
  const dialog = page.getByRole('dialog', { name: '누가 일하나요?' });
  await dialog.getByRole('radio').first().check();
  await look(page, name);
  await dialog.getByLabel('PIN 4~6자리').fill('2581');
  await page.keyboard.press('Enter');
  await dialog.getByText('PIN이 맞지 않아요.').waitFor();
  await look(page, `${name}-wrong`);
  await page.keyboard.press('Escape');
}

test('the kitchen', async () => {
  await evening.put('/state', { state: 'open' });
  await evening.order(14);
  await look(await open(`/kitchen/${shop.slug}`), 'kitchen-key');
  const kitchen = await shop.kitchen();
  await kitchen.locator('.ticket').nth(12).waitFor();
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
  await kitchen.getByRole('button', { name: '작게' }).click();
  await look(kitchen, 'kitchen-compact');
  await kitchen.getByRole('button', { name: '작게' }).click();
  await kitchen.getByRole('button', { name: '테이블별' }).click();
  await look(kitchen, 'kitchen-tables');
  await kitchen.locator('.ticket-more').first().click();
  await look(kitchen, 'kitchen-order');
  await kitchen.keyboard.press('Escape');
  for (const [panel, name] of [
    ['품절 관리', 'kitchen-sold-out'],
    [/주방 속도|주문이 많아요/, 'kitchen-pace'],
    ['합계', 'kitchen-sums'],
  ] as const) {
    await kitchen.getByRole('button', { name: panel }).click();
    await look(kitchen, name);
    await kitchen.keyboard.press('Escape');
  }
  const tablet = await open(`/kitchen/${shop.slug}#key=${await openTablet('kitchen')}`);
  await lookAtPin(tablet, 'kitchen-pin');
  const board = await open(`/board/${shop.slug}`);
  await board.locator('.column').first().waitFor();
  await look(board, 'board');
  assert.deepEqual(found(), []);
});

test('the hall', async () => {
  for (const size of [2, 4, 3, 6]) await evening.post('/waitlist', { size, ...(size === 4 && { name: '민준' }) });
  await evening.post('/waitlist/call');
  await evening.post('/calls', { table: '5' });
  await look(await open(`/hall/${shop.slug}`), 'hall-key');
  const hall = await open(`/hall/${shop.slug}#key=${await openTablet('hall')}`);
  await hall
    .getByRole('button', { name: /번 부르기/ })
    .first()
    .waitFor();
  await hall.getByRole('button', { name: '테이블 5에 가요' }).waitFor();
  await look(hall, 'hall');
  await lookAtPin(hall, 'hall-pin');
  await look(await open(`/door/${shop.slug}`), 'door-called');
  assert.deepEqual(found(), []);
});

test('bills', async () => {
  await evening.put('', { tables: 12, tableLimits: { orders: 3, portions: 40, unpaid: 1_000_000 } });
  await look(await open(`/bills/${shop.slug}`), 'bills-key');
  const menu: MenuView = await evening.get('/menu');
  const rice = menu.categories.flatMap(({ items }) => items).find(({ name }) => name.ko === '공깃밥')!;
  const headers = { 'content-type': 'application/json', 'idempotency-key': newId() };
  // More than the table may have: the staff are asked.
  const body = JSON.stringify({ table: '11', lines: [{ itemId: rice.id, quantity: 50 }] });
  await fetch(`${shop.url}/api/v1/stores/${shop.slug}/orders`, { method: 'POST', headers, body });
  const bills = await open(`/bills/${shop.slug}#key=${shop.adminKey}`);
  await bills.locator('button.bill').first().waitFor();
  await look(bills, 'bills');
  await bills.locator('button.bill.open').first().click();
  await bills.getByRole('button', { name: '사람 수로' }).click();
  await look(bills, 'bill');
  await bills.getByRole('button', { name: '메뉴로' }).click();
  await bills.getByRole('button', { name: '현금' }).click();
  await look(bills, 'bill-dishes');
  await bills
    .getByRole('button', { name: /번 주문의 .* 바꾸기$/ })
    .first()
    .click();
  await bills.getByRole('button', { name: '이렇게 바꾸기' }).scrollIntoViewIfNeeded();
  await look(bills, 'bill-change');
  await bills.getByRole('button', { name: '그대로 두기' }).click();
  await bills.getByText('테이블 옮기기 · 합치기').click();
  await bills.getByLabel('어느 테이블로').selectOption('12');
  await bills.getByLabel('어느 테이블로').scrollIntoViewIfNeeded();
  await look(bills, 'bill-move');
  await bills.getByText('테이블 옮기기 · 합치기').click();
  await bills
    .getByRole('button', { name: /번 주문 취소$/ })
    .first()
    .click();
  await bills.getByRole('button', { name: '취소하기' }).scrollIntoViewIfNeeded();
  await look(bills, 'bill-cancel');
  await bills.getByRole('button', { name: '그대로 두기' }).click();
  for (const [summary, name] of [
    ['할인', 'bill-discount'],
    ['받지 않고 닫기', 'bill-void'],
  ] as const) {
    const fold = bills.locator('summary', { hasText: summary });
    await fold.click();
    await fold.scrollIntoViewIfNeeded();
    await look(bills, name);
    await fold.click();
  }
  await bills.getByRole('button', { name: '전부' }).click();
  await bills.getByLabel('받은 현금').fill('200000');
  await bills.getByRole('button', { name: /^현금 .*받기$/ }).click();
  await bills.getByRole('button', { name: /^현금 [\d,]+원 환불$/ }).click();
  await look(bills, 'bill-refund');
  await bills.getByRole('button', { name: '영수증' }).click();
  await look(bills, 'receipt');
  assert.deepEqual(found(), []);
});
