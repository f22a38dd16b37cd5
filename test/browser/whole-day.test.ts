import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { order, seeStatus } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

// To other devices, as in a restaurant: what hangs on the table is opened by a phone at another address of this machine.
const shop = await openRestaurant({ HOST: '0.0.0.0' });

const MENU = '분류;메뉴명;가격;코너\n찌개;김치찌개;9,000원;주방\n찌개;된장찌개;8,000원;주방\n음료;식혜;3,000원;주방\n';

/** One tap on the menu's "+". */
const takeOne = (page: Page, dish: string) => page.getByRole('button', { name: `${dish} 하나 담기` });

test('a restaurant’s day from nothing: set up, open, seat, order from two phones, cook, refuse one, serve, split, pay, refund, close; and each role sees its own', async () => {
  // Nothing is there: the owner makes the shop, gives it a menu as it is kept, and prints its codes.
  const { page: owner } = await shop.phone({ path: `/setup#key=${shop.adminKey}` });
  await owner.getByRole('button', { name: '매장 만들기' }).tap();
  await owner.getByLabel('매장 이름').fill('하루식당');
  await owner.getByLabel('주소 이름', { exact: true }).fill('haru');
  await owner.getByLabel('번호로 (개수)', { exact: true }).last().fill('3');
  await owner.getByRole('button', { name: '저장' }).tap();
  const page = owner.getByRole('region', { name: '하루식당' });
  await page.getByText('테이블 3개').waitFor();
  // Nothing can be ordered yet, which is said to both: what comes first is the menu.
  await page.getByText('아직 메뉴가 없어서 손님이 주문할 수 없어요.').waitFor();
  const { page: early } = await shop.phone({ path: '/s/haru' });
  await early.getByText('아직 메뉴가 없어요.').waitFor();
  assert.equal(await early.getByRole('searchbox').count(), 0);
  await page.getByRole('link', { name: '메뉴 올리기' }).tap();
  await owner
    .getByLabel('파일 고르기')
    .setInputFiles({ name: '메뉴판.csv', mimeType: 'text/csv', buffer: Buffer.from(MENU) });
  await owner.getByRole('button', { name: '이대로 바꾸기' }).tap();
  await owner.getByText('메뉴를 바꿨어요').waitFor();
  await owner.getByRole('link', { name: '매장 설정' }).tap();
  await page.getByText('지금 주문을 받고 있어요.').waitFor();
  await page.getByRole('button', { name: 'QR 코드', exact: true }).tap();
  await owner.getByRole('img', { name: '2번 테이블 QR 코드' }).waitFor();
  const code = `http://${await owner.locator('.code-address').nth(1).textContent()}`;
  const isHome = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ internal, family }) => !internal && family === 'IPv4'),
  );
  assert.equal(new URL(code).hostname === '127.0.0.1', !isHome, code);

  // A tablet each for kitchen and hall: each opens its own page, and is not let into another's.
  const tabletOf = async (role: 'kitchen' | 'hall', name: string): Promise<string> => {
    await owner.goto('/staff/haru');
    const devices = owner.getByRole('region', { name: '태블릿과 프린터' });
    await devices.getByLabel('역할').selectOption(role);
    await devices.getByLabel('기기 이름').fill(name);
    await devices.getByRole('button', { name: '기기 더하기' }).tap();
    return new URL(await devices.getByRole('textbox', { name: '링크' }).inputValue()).hash;
  };
  const [kitchenKey, hallKey] = [await tabletOf('kitchen', '주방 태블릿'), await tabletOf('hall', '홀 태블릿')];
  for (const [key, closed] of [
    [kitchenKey, ['bills', 'menu', 'staff', 'owner']],
    [hallKey, ['menu', 'staff', 'owner']],
  ] as const) {
    const { page: tablet } = await shop.phone({ path: `/${closed[0]}/haru${key}` });
    for (const other of closed) {
      await tablet.goto(`/${other}/haru${key}`);
      await tablet.locator('.key-form').waitFor();
    }
    await tablet.close();
  }
  const { page: kitchen } = await shop.phone({ path: `/kitchen/haru${kitchenKey}` });
  // On a stand: all that there is to do is beside each other.
  await kitchen.setViewportSize({ width: 1280, height: 800 });
  const { page: hall } = await shop.phone({ path: `/bills/haru${hallKey}` });

  // Guests come: the hall seats them, two phones order by what is printed on the table, one by touch and one by keyboard.
  await hall.getByRole('button', { name: '테이블 2 열기' }).tap();
  await hall.getByRole('dialog', { name: '테이블 2' }).waitFor();
  await hall.keyboard.press('Escape');
  const [{ page: one }, { page: two }] = [await shop.phone({ path: code }), await shop.phone({ path: code })];
  await takeOne(one, '김치찌개').tap();
  await takeOne(one, '김치찌개').tap();
  await takeOne(one, '식혜').tap();
  const first = await order(one);
  await takeOne(two, '된장찌개').press('Enter');
  assert.match(await two.evaluate<string>('document.activeElement.getAttribute("aria-label")'), /^된장찌개 하나 담기/);
  const second = await order(two);
  await one.getByRole('button', { name: '계산서 보기' }).tap();
  const seen = one.getByRole('region', { name: '우리 테이블 계산' });
  await seen.getByText('된장찌개 × 1').waitFor();

  // The kitchen cooks what it can, and refuses what has run out, which its phone reads.
  await kitchen.getByRole('button', { name: `${second}번 자세히·거절` }).tap();
  const refusal = kitchen.getByRole('dialog');
  await refusal.getByLabel('재료 소진').check();
  await refusal.getByRole('button', { name: `${second}번 주문 거절하기` }).tap();
  await two.getByText('재료가 다 떨어져서 만들 수 없어요').waitFor();
  await seen.getByText('취소됨 · 된장찌개 × 1').waitFor();
  for (const step of ['조리 시작', '조리 완료', '서빙 완료']) {
    await kitchen.getByRole('button', { name: `${first} ${step}` }).tap();
  }
  await seeStatus(one, '맛있게');

  // They pay apart: one half in cash, the rest by card; a little goes back, and the receipt is shown.
  await hall.getByRole('button', { name: /^테이블 2/ }).tap();
  const bill = hall.getByRole('dialog', { name: '테이블 2' });
  await bill.getByRole('button', { name: '사람 수로' }).tap();
  await bill.getByRole('button', { name: '현금' }).tap();
  await bill.getByLabel('받은 현금').fill('20000');
  await bill.getByRole('button', { name: /^현금 .*받기$/ }).tap();
  await bill.getByRole('button', { name: '현금 10,500원 환불' }).waitFor();
  await bill.getByLabel('승인번호').fill('30021177');
  await bill.getByRole('button', { name: /^카드 .*받기$/ }).tap();
  await seen.getByText('계산이 끝났어요').waitFor();
  await bill.getByRole('button', { name: '현금 10,500원 환불' }).tap();
  await bill.getByLabel('돌려줄 금액').fill('500');
  await bill.getByLabel('이유').first().fill('식었음');
  await bill.getByRole('button', { name: '돌려주기' }).tap();
  await seen.getByText('돌려받은 돈').waitFor();
  await bill.getByRole('button', { name: '영수증' }).tap();
  await hall.getByRole('dialog', { name: '영수증' }).getByText('승인번호 30021177').waitFor();

  // The day's end: the till says what the drawer holds, and what sold is what was not refused.
  await shop.db.query(`SELECT graphile_worker.add_job('sales-rollup', job_key => 'sales-rollup')`);
  await eventually(async () => assert.equal((await shop.db.query('SELECT FROM sales_due')).rowCount, 0));
  await owner.goto('/owner/haru');
  await owner.locator('.sum.main .value', { hasText: '21,000원' }).waitFor();
  const till = owner.getByRole('region', { name: '정산' });
  await till.locator('.sum-line', { hasText: '20,500원' }).waitFor();
  await till.getByLabel(/^서랍에서 센 현금/).fill('10,000');
  await till.getByText('딱 맞아요').waitFor();
  const sold = await fetch(`${shop.url}/api/v1/stores/haru/till`, {
    headers: { authorization: `Bearer ${shop.adminKey}` },
  });
  assert.deepEqual(((await sold.json()) as Json).unsettled, { bills: 0, due: 0 });
});
