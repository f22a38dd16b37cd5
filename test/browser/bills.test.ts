import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { addDish, order, seeStatus } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant({ PAYMENT: 'sandbox' });

test('two phones order at a table, see one bill live, and staff split it, take money, pay back and give a receipt', async () => {
  const [one, two] = [await shop.phone({ table: '4' }), await shop.phone({ table: '4' })];
  await addDish(one.page, '된장찌개');
  await order(one.page);
  await addDish(two.page, '공깃밥', { quantity: 2 });
  await order(two.page);

  // One of them calls the staff, who see it at the top of the hall's page and say that they come.
  await two.page.getByRole('button', { name: '닫기' }).first().tap();
  await two.page.getByRole('button', { name: '직원 호출' }).tap();
  const { page: floor } = await shop.phone({ path: `/hall/${shop.slug}#key=${shop.kitchenKey}` });
  await floor.getByRole('button', { name: '테이블 4에 가요' }).tap();
  await two.page.getByRole('button', { name: '가고 있어요' }).waitFor();

  const { page: hall } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.adminKey}` });
  const { page: kitchen } = await shop.phone({ path: `/kitchen/${shop.slug}#key=${shop.kitchenKey}` });
  await kitchen.locator('.ticket-lines').getByText('공깃밥').first().waitFor();
  // They sit in the draught, and are moved; their phones go along, and what is in a cart goes with them.
  await addDish(two.page, '공깃밥');
  const draught = hall.getByRole('button', { name: /^테이블 4/ });
  await draught.getByText('주문 2건').waitFor();
  await draught.tap();
  await hall.getByText('테이블 옮기기 · 합치기').tap();
  await hall.getByLabel('어느 테이블로').selectOption('6');
  // The answer comes late, after the change itself was heard and the sheet closed: it must not open it again.
  const closed = Promise.withResolvers<void>();
  await hall.route('**/move', async (route) => {
    const response = await route.fetch();
    await closed.promise;
    await route.fulfill({ response });
  });
  await hall.getByRole('button', { name: '옮기기', exact: true }).tap();
  await hall.getByRole('dialog', { name: '테이블 6' }).waitFor();
  await hall.keyboard.press('Escape');
  await hall.getByRole('dialog').waitFor({ state: 'detached' });
  closed.resolve();
  await hall.getByText('테이블 6로 옮겼어요').waitFor();
  assert.equal(await hall.getByRole('dialog').count(), 0);
  for (const { page } of [one, two]) await page.waitForURL(/\/t\/6/);
  await two.page.getByRole('button', { name: /장바구니 보기/ }).waitFor();
  await kitchen.getByText('4에서 옮김').first().waitFor();

  const card = hall.getByRole('button', { name: /^테이블 6/ });
  await card.getByText('주문 2건').waitFor();
  await one.page.getByRole('button', { name: '계산서 보기' }).tap();
  const guestBill = one.page.getByRole('region', { name: '우리 테이블 계산' });
  await guestBill.getByText('공깃밥 × 2').waitFor();

  await card.tap();
  const sheet = hall.getByRole('dialog', { name: '테이블 6' });
  // One bowl of rice was typed too many: it is off the bill, the phones and the ticket.
  await sheet.getByRole('button', { name: /번 주문에서 공깃밥 빼기$/ }).tap();
  const less = sheet.getByRole('form', { name: /번 주문에서 공깃밥 빼기$/ });
  await less.getByLabel('남길 개수').selectOption('1');
  await less.getByRole('button', { name: '빼기', exact: true }).tap();
  await guestBill.getByText('공깃밥 × 1').waitFor();
  await kitchen.locator('.fewer', { hasText: '공깃밥' }).first().waitFor();
  // And the stew is wished otherwise: the kitchen reads how, and how it was.
  await sheet.getByRole('button', { name: /번 주문의 된장찌개 바꾸기$/ }).tap();
  const making = sheet.getByRole('form', { name: /번 주문의 된장찌개 바꾸기$/ });
  await making.getByLabel('요청 사항').fill('두부 많이');
  await making.getByRole('button', { name: '이렇게 바꾸기' }).tap();
  await kitchen.locator('.line-before').first().waitFor();
  await kitchen.getByText('두부 많이').first().waitFor();
  await one.page.getByText('두부 많이').first().waitFor();
  // By person: half of it, in cash.
  await sheet.getByRole('button', { name: '사람 수로' }).tap();
  await sheet.getByRole('button', { name: '현금' }).tap();
  // One tap for the note that is handed over, which says what goes back.
  await sheet.getByRole('button', { name: '50,000원', exact: true }).tap();
  assert.equal(await sheet.getByLabel('받은 현금').inputValue(), '50000');
  await sheet.locator('.change').waitFor();
  await sheet.getByRole('button', { name: /^현금 .*받기$/ }).tap();
  await sheet.getByRole('button', { name: /^현금 [\d,]+원 환불$/ }).waitFor();
  // Both sides know what is left.
  const left = await sheet.locator('.bill-due dd').textContent();
  await guestBill.locator('.sum').getByText(left!).waitFor();
  // The rest by card.
  await sheet.getByLabel('승인번호').fill('30021177');
  await sheet.getByRole('button', { name: /^카드 .*받기$/ }).tap();
  await guestBill.getByText('계산이 끝났어요').waitFor();

  await sheet.getByRole('button', { name: /^카드 [\d,]+원 환불$/ }).tap();
  await sheet.getByLabel('돌려줄 금액').fill('1000');
  await sheet.getByLabel('이유').first().fill('식었음');
  await sheet.getByRole('button', { name: '돌려주기' }).tap();
  await guestBill.getByText('돌려받은 돈').waitFor();

  await sheet.getByRole('button', { name: '영수증' }).tap();
  const receipt = hall.getByRole('dialog', { name: '영수증' });
  await receipt.getByText('승인번호 30021177').waitFor();
  await receipt.getByRole('button', { name: '영수증 프린터로' }).tap();
  await eventually(async () => {
    const { rowCount } = await shop.db.query(
      "SELECT FROM print_slip WHERE station = 'receipt' AND receipt IS NOT NULL",
    );
    return rowCount === 1;
  });
  const { rows } = await shop.db.query(
    `SELECT due::int, refunded::int, closed_at IS NOT NULL AS closed FROM bill WHERE table_label = '6'`,
  );
  assert.deepEqual(rows, [{ due: 0, refunded: 1_000, closed: true }]);
});

test('a phone pays the table’s bill at the provider and comes back to a settled one, also when no notification comes; the hall sees it', async () => {
  const { page } = await shop.phone({ table: '5' });
  await addDish(page, '된장찌개');
  await order(page);
  await page.getByRole('button', { name: '계산서 보기' }).tap();
  const pay = page.getByRole('region', { name: '휴대폰으로 결제' });
  // Declined: nothing is charged, and it can be tried again.
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /^카드 거절/ }).tap();
  await pay.getByText('결제가 거절됐어요. 돈은 나가지 않았어요.').waitFor();
  // And it is what the phone shows, though the order with its number stands above it.
  await eventually(async () => {
    const box = (await pay.getByText('결제가 거절됐어요').boundingBox())!;
    assert.ok(box.y > 0 && box.y + box.height < page.viewportSize()!.height, JSON.stringify(box));
  });
  // A half, with a notification that never comes.
  await pay.getByRole('radio', { name: /나눠서 내기/ }).check();
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /알림은 오지 않음/ }).tap();
  await pay.getByText(/결제됐어요/).waitFor();
  // The rest.
  await pay.getByRole('button', { name: /원 결제하기$/ }).tap();
  await page.getByRole('button', { name: /^결제하기/ }).tap();
  await page.getByRole('region', { name: '우리 테이블 계산' }).getByText('계산이 끝났어요').waitFor();

  const { page: hall } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.adminKey}` });
  await hall.getByRole('button', { name: '지난 계산 보기' }).tap();
  await hall.getByRole('button', { name: /^테이블 5/ }).tap();
  await hall.getByText('휴대폰으로 결제됨').first().waitFor();
  const { rows } = await shop.db.query(
    `SELECT b.due::int, count(*)::int AS entries FROM bill b JOIN bill_entry e ON e.store_id = b.store_id AND e.bill_id = b.id
     WHERE b.table_label = '5' AND e.method = 'online' GROUP BY b.due`,
  );
  assert.deepEqual(rows, [{ due: 0, entries: 2 }]);
});

test('where a counter wants its money first the phone says that it waits for that, and for the kitchen once it is paid', async () => {
  const path = `${shop.url}/api/v1/stores/jeju`;
  const set = await fetch(path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ payFirst: true }),
  });
  assert.equal(set.status, 200);
  await eventually(async () => assert.equal(((await (await fetch(path)).json()) as Json).payFirst, true));
  const { page } = await shop.phone({ path: '/s/jeju' });
  await addDish(page, '된장찌개');
  await order(page);
  await seeStatus(page, '결제를 기다리고 있어요');
  await page
    .getByRole('region', { name: '휴대폰으로 결제' })
    .getByRole('button', { name: /원 결제하기$/ })
    .tap();
  await page.getByRole('button', { name: /^결제하기/ }).tap();
  await seeStatus(page, '주방 확인을 기다리고 있어요');
});

test('whoever takes money of four in turn is offered the next one’s part, and hears what is too little or too much before it is taken', async () => {
  const { page: guest } = await shop.phone({ table: '9' });
  await addDish(guest, '공깃밥', { quantity: 4 });
  await order(guest);
  const { page: hall } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.adminKey}` });
  await hall.getByRole('button', { name: /^테이블 9/ }).tap();
  const sheet = hall.getByRole('dialog', { name: '테이블 9' });
  // What a percentage comes to stands on the button before it is given; what is none cannot be.
  await sheet.locator('summary', { hasText: '할인' }).tap();
  await sheet.getByLabel('이유').first().fill('단골');
  await sheet.getByLabel('몇 %').fill('25');
  await sheet.getByRole('button', { name: '1,000원 할인하기' }).waitFor();
  await sheet.getByLabel('몇 %').fill('101');
  await sheet.getByText('1에서 100까지예요.').waitFor();
  assert.ok(await sheet.getByRole('button', { name: /할인하기$/ }).isDisabled());
  await sheet.locator('summary', { hasText: '할인' }).tap();
  await sheet.getByRole('button', { name: '사람 수로' }).tap();
  await sheet.getByRole('button', { name: '한 명 늘리기' }).tap();
  await sheet.getByRole('button', { name: '한 명 늘리기' }).tap();
  await sheet.getByRole('button', { name: '카드 1,000원 받기' }).tap();
  // Not the 3,000 that are left: the second of four pays what the first did.
  await sheet.getByText('아직 내지 않은 사람').waitFor();
  await sheet.getByRole('button', { name: '카드 1,000원 받기' }).tap();
  await sheet.getByText('테이블 9 · 2,000원').waitFor();
  await sheet.getByRole('button', { name: '현금' }).tap();
  const take = sheet.getByRole('button', { name: /^현금 .*받기$/ });
  await sheet.getByLabel('받은 현금').fill('500');
  await sheet.getByText('500원 모자라요').waitFor();
  assert.ok(await take.isDisabled());
  await sheet.getByLabel('받은 현금').fill('5000');
  await sheet.getByText('거스름돈 4,000원').waitFor();
  await take.tap();
  // What goes back is still there for whoever was called away.
  await sheet.getByText('받은 현금 5,000원 · 거스름돈 4,000원').waitFor();
  await sheet.getByRole('button', { name: '금액으로' }).tap();
  await sheet.getByLabel('받을 금액').fill('1001');
  await sheet.getByText('남은 돈은 1,000원이에요.').waitFor();
  assert.ok(await sheet.getByRole('button', { name: /받기$/ }).isDisabled());
});

test('a discount that was given by mistake is taken back where it stands, on a phone in Korean and at a desk in English', async () => {
  const { page: guest } = await shop.phone({ table: '8' });
  await addDish(guest, '공깃밥', { quantity: 4 });
  await order(guest);
  await guest.getByRole('button', { name: '계산서 보기' }).tap();
  const bill = guest.getByRole('region', { name: '우리 테이블 계산' });
  const { page: hall } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.adminKey}` });
  await hall.setViewportSize({ width: 360, height: 740 });
  await hall.getByRole('button', { name: /^테이블 8/ }).tap();
  const sheet = hall.getByRole('dialog', { name: '테이블 8' });
  // 100 % for 10 %: the bill is settled by it.
  await sheet.locator('summary', { hasText: '할인' }).tap();
  await sheet.getByLabel('몇 %').fill('100');
  await sheet.getByLabel('이유').first().fill('단골');
  await sheet.getByRole('button', { name: '4,000원 할인하기' }).tap();
  await bill.getByText('계산이 끝났어요').waitFor();
  await sheet.getByRole('button', { name: '할인 4,000원 취소' }).tap();
  await sheet.getByText('4,000원을 받게 돼요.').waitFor();
  assert.equal(await sheet.getByLabel('이유').first().inputValue(), '잘못 할인했어요');
  assert.equal(
    await hall.evaluate('document.documentElement.scrollWidth'),
    360,
    'nothing sticks out of a narrow phone',
  );
  await sheet.getByRole('button', { name: '4,000원 할인 취소하기' }).tap();
  await hall.getByText('할인 4,000원을 취소했어요').first().waitFor();
  await sheet.getByText('할인 취소 ·').waitFor();
  await sheet.getByRole('button', { name: '할인 4,000원 취소' }).waitFor({ state: 'detached' });
  // The guests sit on, at the same bill.
  await bill.locator('.sum').getByText('4,000원').waitFor();

  const { page: desk } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.adminKey}` });
  await desk.setViewportSize({ width: 1280, height: 800 });
  await desk.getByRole('combobox', { name: '언어' }).selectOption('en');
  await desk.getByRole('button', { name: /^Table 8/ }).click();
  const paper = desk.getByRole('dialog', { name: 'Table 8' });
  await paper.locator('summary', { hasText: 'Discount' }).click();
  await paper.getByLabel('How many %').fill('10');
  await paper.getByLabel('Reason').first().fill('regular');
  await paper.getByRole('button', { name: /^Take .*400 off$/ }).click();
  await paper.getByRole('button', { name: /^Take the discount of .*400 back$/ }).click();
  // Another tablet was faster: whoever taps now is told so, and nothing is taken back twice.
  await sheet.getByRole('button', { name: '할인 400원 취소' }).tap();
  const slow = Promise.withResolvers<void>();
  await desk.route('**/reversals', async (route) => {
    await slow.promise;
    await route.continue();
  });
  await paper
    .getByRole('button', { name: /^Take .*400 back$/ })
    .last()
    .click();
  await sheet.getByRole('button', { name: '400원 할인 취소하기' }).tap();
  await hall.getByText('할인 400원을 취소했어요').first().waitFor();
  slow.resolve();
  await desk.getByText('This discount was taken back already.').first().waitFor();
  const { rows } = await shop.db.query(
    `SELECT b.due::int, b.discounted::int, b.closed_at IS NULL AS open,
       (SELECT count(*)::int FROM bill_entry e WHERE e.store_id = b.store_id AND e.bill_id = b.id) AS entries
     FROM bill b WHERE b.table_label = '8'`,
  );
  assert.deepEqual(rows, [{ due: 4_000, discounted: 0, open: true, entries: 4 }]);
});

test('bills open to nobody without a name or a key, and not with the kitchen’s', async () => {
  const { page } = await shop.phone({ path: `/bills/${shop.slug}#key=${shop.kitchenKey}` });
  await page.getByText('키가 맞지 않아요.').waitFor();
});
