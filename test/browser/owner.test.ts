import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { newId } from '../../src/platform/id.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();
const call = async (path: string, init: RequestInit = {}): Promise<Json> =>
  (await fetch(`${shop.url}/api/v1/stores/${shop.slug}${path}`, init)).json();

/** One order of the first dish that needs no choice. @returns what it costs */
async function order(quantity: number): Promise<{ id: string; total: number; name: string }> {
  const menu = await call('/menu');
  const item = menu.categories
    .flatMap((category: Json) => category.items)
    .find((each: Json) => !each.soldOut && each.optionGroups.every((group: Json) => group.min === 0));
  const { id, total } = await call('/orders', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
    body: JSON.stringify({ table: '7', lines: [{ itemId: item.id, quantity }] }),
  });
  return { id, total, name: item.name.ko };
}

/** As if the minute had come in which the books are posted. */
async function post(): Promise<void> {
  await shop.db.query(`SELECT graphile_worker.add_job('sales-rollup', job_key => 'sales-rollup')`);
  await eventually(async () => assert.equal((await shop.db.query('SELECT FROM sales_due')).rowCount, 0));
}

test('the owner sees the day by hour, dish and station, yesterday, and takes it home as a file', async () => {
  const { id, total, name } = await order(3);
  await post();
  const { page } = await shop.phone({ path: `/owner/${shop.slug}` });
  const won = `${total.toLocaleString('ko-KR')}원`;

  await page.getByLabel('관리자 키').fill(shop.kitchenKey);
  await page.getByRole('button', { name: '매출 보기' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('관리자 키').fill(shop.adminKey);
  await page.getByRole('button', { name: '매출 보기' }).click();

  await page.locator('.sum.main .value', { hasText: won }).waitFor();
  assert.match(
    await page.getByRole('region', { name: '많이 팔린 메뉴' }).innerText(),
    new RegExp(`${name}\\s+3개\\s+${won}`),
  );
  assert.match(await page.getByRole('region', { name: '조리대별' }).innerText(), new RegExp(won));
  assert.match(await page.getByRole('region', { name: '시간대별' }).innerText(), new RegExp(won));
  assert.match(await page.getByRole('region', { name: '일 마감' }).innerText(), /영업 중/);
  assert.equal(new URL(page.url()).hash, '');

  // The drawer: nothing is paid yet, then it is, in cash, and whoever counts it is told whether it is right.
  const till = page.getByRole('region', { name: '정산' });
  await till.getByText(`아직 계산하지 않은 것이 1건, ${won}`).waitFor();
  const asOwner = { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' };
  const bill = await call(`/orders/${id}/bill`, { headers: asOwner });
  const paid = await call(`/bills/${bill.id}/payments`, {
    method: 'POST',
    headers: { ...asOwner, 'idempotency-key': newId() },
    body: JSON.stringify({ method: 'cash', amount: total }),
  });
  assert.equal(paid.due, 0, JSON.stringify(paid));
  await page.reload();
  await till.locator('.sum-line', { hasText: won }).waitFor();
  assert.match(await till.innerText(), new RegExp(`현금\\s+결제 1건\\s+${won}`));
  await till.getByLabel(/^서랍에서 센 현금/).fill((total - 1_000).toLocaleString('ko-KR'));
  await till.getByText('1,000원 모자라요').waitFor();
  await till.getByLabel(/^서랍에서 센 현금/).fill(String(total));
  await till.getByText('딱 맞아요').waitFor();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV 내려받기: 많이 팔린 메뉴' }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), new RegExp(`^sales-${shop.slug}-\\d{4}-\\d\\d-\\d\\d-.*-item\\.csv$`));
  const text = await readFile(await file.path(), 'utf8');
  assert.match(text, /^\uFEFFitem_id,name_ko,name_en,orders,portions,total_krw\r\n/);
  assert.ok(text.includes(`,1,3,${total}\r\n`), text);

  await page.getByRole('button', { name: '이전 날' }).click();
  await page.locator('.sum.main .value', { hasText: /^0원$/ }).waitFor();
  assert.match(await page.getByRole('region', { name: '많이 팔린 메뉴' }).innerText(), /아직 판매가 없어요/);
  await page.getByRole('button', { name: '오늘', exact: true }).click();
  await page.locator('.sum.main .value', { hasText: won }).waitFor();

  await page.getByRole('region', { name: '기다린 시간' }).getByText('아직 준비된 주문이 없어요.').waitFor();
  await page.getByRole('link', { name: '전체 매장' }).click();
  await page.getByRole('heading', { name: '매장별 오늘 매출' }).waitFor();
  await page.locator('.glance', { hasText: won }).click();
  await page.locator('.sum.main .value', { hasText: won }).waitFor();

  await page.getByRole('combobox', { name: '언어' }).selectOption('en');
  await page.getByRole('heading', { name: 'Best sellers' }).waitFor();
});

test('an owner makes a coupon, which takes its part off a bill, and ends it before its day', async () => {
  const { page } = await shop.phone({ path: `/owner/${shop.slug}#key=${shop.adminKey}` });
  const coupons = page.getByRole('region', { name: '쿠폰' });
  await coupons.getByText('새 쿠폰').tap();
  await coupons.getByRole('button', { name: '쿠폰 만들기' }).tap();
  await coupons.getByText('1부터 100까지의 정수로').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'coupon-code', 'the first that is wrong');
  await coupons.getByLabel('쿠폰 번호').fill('봄맞이');
  await coupons.getByLabel('금액').check();
  await coupons.getByLabel('깎을 만큼').fill('1,000원');
  await coupons.getByLabel('쓸 수 있는 횟수').fill('2');
  await coupons.getByRole('button', { name: '쿠폰 만들기' }).tap();
  await coupons.getByText('2번 중 0번 씀').waitFor();
  await coupons.getByLabel('쿠폰 번호').fill('봄맞이');
  await coupons.getByLabel('깎을 만큼').fill('2000');
  await coupons.getByRole('button', { name: '쿠폰 만들기' }).tap();
  await coupons.getByText('이미 있는 쿠폰 번호예요.').waitFor();

  const { id } = await order(1);
  const asOwner = { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' };
  const bill = await call(`/orders/${id}/bill`, { headers: asOwner });
  const discounted = await call(`/bills/${bill.id}/discounts`, {
    method: 'POST',
    headers: { ...asOwner, 'idempotency-key': newId() },
    body: JSON.stringify({ coupon: '봄맞이' }),
  });
  assert.equal(discounted.due, bill.due - 1_000, JSON.stringify(discounted));
  await page.reload();
  await coupons.getByText('2번 중 1번 씀').waitFor();
  await coupons.getByRole('button', { name: '봄맞이 쿠폰 끝내기' }).tap();
  await coupons.getByRole('button', { name: '네, 봄맞이 쿠폰을 끝낼게요' }).tap();
  await coupons.getByText('지난 쿠폰 1개').waitFor();
});

test('the page for operations shows what the clock starts, and why a run failed', async () => {
  await post();
  await shop.db.query(
    `INSERT INTO batch_job (kind, runs) VALUES ('sales-close', 1000) ON CONFLICT (kind) DO UPDATE SET runs = 1000`,
  );
  await shop.db.query(
    `INSERT INTO batch_run (kind, place, run, ended_at, error) VALUES ('sales-close', 0, 1000, now(), 'the disk is full')
     ON CONFLICT (kind, place) DO UPDATE SET run = 1000, ended_at = now(), error = 'the disk is full'`,
  );
  const { page } = await shop.phone({ path: `/ops#key=${shop.adminKey}` });
  const closing = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'sales-close' }) });
  await closing.getByText('the disk is full').first().waitFor();
  assert.match(await closing.innerText(), /실패/);
  const rollup = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'sales-rollup' }) });
  assert.match(await rollup.innerText(), /완료[\s\S]*\d ms[\s\S]*\d postings/);
});
