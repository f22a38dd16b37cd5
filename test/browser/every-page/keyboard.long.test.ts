import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { openRestaurant } from '../restaurant.ts';
import { createEvening } from './evening.ts';

const shop = await openRestaurant({ PAYMENT: 'sandbox' });
const evening = createEvening(shop);
const open = async (path: string) => (await shop.phone({ path })).page;
const asOwner = (path: string) => open(`${path}#key=${shop.adminKey}`);

/** What has the focus, as a screen reader calls it; empty: nothing. */
const AT = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return '';
  const label = at.labels?.[0]?.innerText ?? at.closest('label')?.innerText;
  return (at.getAttribute('aria-label') || label || at.innerText || at.placeholder || at.tagName).trim();
})()`;
/** The longest menu and back. */
const TABS_MAX = 150;

/** Goes on by the Tab key until something called so has the focus. */
async function reach(page: Page, name: RegExp): Promise<void> {
  const met: string[] = [];
  for (let tabs = 0; tabs <= TABS_MAX; tabs++) {
    const at = await page.evaluate<string>(AT);
    if (name.test(at)) return;
    met.push(at);
    await page.keyboard.press('Tab');
  }
  assert.fail(`${name} cannot be reached; ${met.slice(-60).join(' | ')}`);
}

/**
 * Reaches something, presses a key on it, waits for what that brings about, and sees that the place is kept: nobody who works by keyboard
 * has to begin at the top of the page again.
 */
async function act(page: Page, name: RegExp, key: string, brings?: Locator): Promise<void> {
  await reach(page, name);
  await page.keyboard.press(key);
  await brings?.waitFor();
  await eventually(async () => assert.notEqual(await page.evaluate(AT), '', `the focus is lost after ${name}`));
}

/** Reaches a field and types. */
async function type(page: Page, name: RegExp, text: string): Promise<void> {
  await reach(page, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

test('a guest calls the staff, orders, takes it back, and orders again', async () => {
  const { page } = await shop.phone({ table: '7' });
  await page.locator('.dish').first().waitFor();
  await act(page, /^직원 호출/, 'Enter', page.getByRole('button', { name: '직원을 불렀어요' }));
  await act(page, /된장찌개/, 'Enter', page.getByRole('dialog', { name: '된장찌개' }));
  await act(page, /하나 늘리기/, 'Enter');
  await act(page, /담기$/, 'Enter', page.locator('.cart-bar'));
  await act(page, /장바구니 보기/, 'Enter', page.getByRole('dialog', { name: '장바구니' }));
  await act(page, /주문하기$/, 'Enter', page.locator('.order-number'));
  await act(page, /주문 취소/, 'Enter', page.getByRole('button', { name: '네, 취소할게요' }));
  await act(page, /네, 취소할게요/, 'Enter', page.getByText('주문이 취소됐어요'));
  await act(page, /이대로 다시 담기/, 'Enter', page.getByRole('dialog', { name: '장바구니' }));
  await act(page, /빼기|삭제/, 'Enter', page.getByText('아직 담은 메뉴가 없어요'));
  await page.keyboard.press('Escape');
  await act(page, /내 주문/, 'Enter', page.getByRole('dialog'));
});

test('a guest takes a place in the line, lets somebody go first, and leaves', async () => {
  const line = await open(`/w/${shop.slug}`);
  await line.locator('.sizes').waitFor();
  await reach(line, /^2$/);
  await line.keyboard.press('ArrowRight');
  await act(line, /3명 줄 서기/, 'Enter', line.locator('.place-number strong'));
  await act(line, /순서 미루기/, 'Enter', line.getByText('2번 남음'));
  await act(line, /그만 기다리기/, 'Enter', line.getByRole('button', { name: '네, 나갈게요' }));
  await act(line, /네, 나갈게요/, 'Enter', line.getByText('줄에서 나왔어요'));
  await act(line, /새로 줄 서기/, 'Enter', line.getByRole('button', { name: '2명 줄 서기' }));
});

test('a cook moves a ticket on and back, sells a dish out, pauses the shop, and refuses an order', async () => {
  await evening.order(6);
  const kitchen = await shop.kitchen();
  await kitchen.locator('.ticket').nth(5).waitFor();
  await act(kitchen, /조리 시작/, 'Enter', kitchen.locator('.lane.cooking .ticket').first());
  await act(kitchen, /^되돌리기/, 'Enter', kitchen.locator('.lane.cooking .lane-empty'));
  await act(kitchen, /품절 관리/, 'Enter', kitchen.getByRole('dialog', { name: '품절 관리' }));
  await act(kitchen, /청국장 품절 처리/, 'Enter', kitchen.getByRole('button', { name: '청국장 판매 재개' }));
  await act(kitchen, /청국장 판매 재개/, 'Enter', kitchen.getByRole('button', { name: '청국장 품절 처리' }));
  await kitchen.keyboard.press('Escape');
  await act(kitchen, /주방 속도/, 'Enter', kitchen.getByRole('dialog', { name: '주방 속도' }));
  await act(kitchen, /^10분/, 'Enter', kitchen.getByRole('button', { name: '다시 주문 받기' }));
  await act(kitchen, /다시 주문 받기/, 'Enter', kitchen.getByText('주문 가능'));
  await kitchen.keyboard.press('Escape');
  await act(kitchen, /자세히·거절/, 'Enter', kitchen.getByRole('dialog'));
  await reach(kitchen, /재료 소진/);
  await kitchen.keyboard.press('Space');
  const tickets = await kitchen.locator('.ticket').count();
  await act(kitchen, /주문 거절하기/, 'Enter');
  await eventually(async () => assert.ok((await kitchen.locator('.ticket').count()) < tickets));
  await eventually(async () => assert.notEqual(await kitchen.evaluate(AT), ''));
});

test('the hall answers a call, calls a party, seats it, and takes that back', async () => {
  for (const size of [2, 4]) await evening.post('/waitlist', { size });
  await evening.post('/calls', { table: '5' });
  const hall = await open(`/hall/${shop.slug}#key=${shop.kitchenKey}`);
  const going = hall.getByRole('button', { name: '테이블 5에 가요' });
  await going.waitFor();
  await act(hall, /테이블 5에 가요/, 'Enter');
  await going.waitFor({ state: 'detached' });
  await act(hall, /번 부르기/, 'Enter', hall.getByRole('button', { name: /번 착석/ }).first());
  await act(hall, /번 착석/, 'Enter', hall.getByRole('button', { name: '되돌리기' }));
  await act(hall, /되돌리기/, 'Enter', hall.getByRole('button', { name: /번 착석/ }).first());
});

test('the hall opens a table, takes money, pays it back, and prints the receipt', async () => {
  const bills = await asOwner(`/bills/${shop.slug}`);
  await bills.locator('button.bill').first().waitFor();
  await type(bills, /^테이블$/, '99');
  await act(bills, /^열기/, 'Enter', bills.getByRole('button', { name: /^테이블 99/ }));
  await act(bills, /^테이블 \d+\s*주문 [1-9]/, 'Enter', bills.getByRole('dialog'));
  await act(bills, /^현금/, 'Enter', bills.getByLabel('받은 현금'));
  await act(bills, /현금 .*받기$/, 'Enter', bills.getByRole('button', { name: /원 환불$/ }));
  await act(bills, /원 환불$/, 'Enter', bills.getByLabel('돌려줄 금액'));
  await type(bills, /이유/, '식었음');
  await act(bills, /돌려주기/, 'Enter', bills.getByText('돌려준 돈'));
  await act(bills, /^영수증/, 'Enter', bills.getByRole('dialog', { name: '영수증' }));
  await bills.keyboard.press('Escape');
  await eventually(async () => assert.notEqual(await bills.evaluate(AT), ''));
});

test('an owner looks at another day, edits a dish, makes a shop, and invites somebody', async () => {
  const owner = await asOwner(`/owner/${shop.slug}`);
  await owner.locator('.sum.main .value').waitFor();
  await act(owner, /이전 날/, 'Enter', owner.getByRole('button', { name: '오늘', exact: true }));
  await act(owner, /^오늘$/, 'Enter', owner.locator('.day-choice .badge'));

  const menu = await asOwner(`/menu/${shop.slug}`);
  await menu.locator('.dish-row').first().waitFor();
  await act(menu, /김치찌개 고치기/, 'Enter', menu.getByRole('button', { name: '저장' }));
  await type(menu, /^가격/, '9900');
  await act(menu, /^저장/, 'Enter', menu.getByText('저장했어요'));

  const setup = await asOwner('/setup');
  await setup.locator('.card').first().waitFor();
  await act(setup, /30분 쉬기/, 'Enter', setup.getByRole('button', { name: '다시 주문 받기' }).first());
  await act(setup, /매장 만들기/, 'Enter', setup.getByRole('button', { name: '저장' }));
  await type(setup, /^매장 이름/, '바닷가집');
  await type(setup, /^주소 이름/, 'seaside');
  await act(setup, /^저장/, 'Enter', setup.getByRole('listitem', { name: '바닷가집' }));
  await act(setup, /QR 코드/, 'Enter', setup.locator('.qr').first());
  await act(setup, /매장 목록/, 'Enter', setup.locator('.card').first());

  const staff = await asOwner(`/staff/${shop.slug}`);
  await staff.getByRole('button', { name: '초대 링크 만들기' }).waitFor();
  await act(staff, /초대 링크 만들기/, 'Enter', staff.getByRole('textbox', { name: '링크' }));
  await act(staff, /취소$/, 'Enter', staff.getByText('없어요', { exact: true }).first());
});

test('an engineer tries a job again and puts it away', async () => {
  await shop.db.query(
    `SELECT graphile_worker.add_job('never-worked-on', payload => '{"storeId": "0198"}'::json, max_attempts => 1)`,
  );
  const ops = await asOwner('/ops');
  ops.on('dialog', (dialog) => void dialog.accept());
  const letter = ops.getByRole('heading', { name: 'never-worked-on' });
  await act(ops, /^새로 고침/, 'Enter');
  await eventually(async () => {
    await ops.keyboard.press('Enter');
    assert.ok(await letter.isVisible());
  });
  await act(ops, /치우기: never-worked-on/, 'Enter');
  await letter.waitFor({ state: 'detached' });
  await eventually(async () => assert.notEqual(await ops.evaluate(AT), ''));
});
