import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { openRestaurant } from './restaurant.ts';

// To other devices, as in a restaurant: the links that it prints must open on them.
const shop = await openRestaurant({ HOST: '0.0.0.0' });

test('an owner makes a shop in the browser, prints its codes, and a phone in the house opens what is on one', async () => {
  const { page } = await shop.phone({ path: '/setup' });
  await page.getByLabel('관리자 키').fill(shop.kitchenKey);
  await page.getByRole('button', { name: '설정 열기' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('관리자 키').fill(shop.adminKey);
  await page.getByRole('button', { name: '설정 열기' }).click();
  await page.getByRole('listitem', { name: '달그락식당 강남점' }).waitFor();

  await page.getByRole('button', { name: '매장 만들기' }).click();
  await page.getByLabel('매장 이름').fill('바닷가집');
  assert.equal(await page.getByLabel('주소 이름', { exact: true }).inputValue(), 'badatgajip', 'as it is read');
  await page.getByLabel('주소 이름', { exact: true }).fill('Sea Side');
  await page.getByLabel('이름으로').check();
  await page.getByRole('textbox', { name: '이름으로' }).fill('A1, 창가');
  await page.getByLabel('요일마다').check();
  await page.getByLabel('일', { exact: true }).uncheck();
  for (const day of ['월', '화', '수', '목', '금', '토']) await page.getByLabel(`${day} 시작`).fill('00:00');
  for (const day of ['월', '화', '수', '목', '금', '토']) await page.getByLabel(`${day} 끝`).fill('23:59');
  await page.getByLabel('일', { exact: true }).check();
  await page.getByLabel('일 시작').fill('00:00');
  await page.getByLabel('일 끝').fill('23:59');
  await page.getByLabel('통화').fill('WON');
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('영어 소문자와 숫자, -만 쓸 수 있어요.').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'slug');
  await page.getByLabel('주소 이름', { exact: true }).fill('seaside');
  await page.getByRole('button', { name: '저장' }).click();
  await page.getByText('KRW 같은 통화를 적어 주세요.').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('id'), 'currency');
  await page.getByLabel('통화').fill('krw');
  await page.getByRole('button', { name: '저장' }).click();
  // What it needs next is on its page.
  const card = page.getByRole('region', { name: '바닷가집' });
  await card.getByText('테이블 2개').waitFor();

  await card.getByRole('button', { name: 'QR 코드', exact: true }).click();
  await page.getByRole('img', { name: '창가 QR 코드' }).waitFor();
  const addresses = await page.locator('.code-address').allTextContents();
  assert.equal(addresses.length, 3);
  const lan = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const host = new URL(`http://${addresses[1]}`).hostname;
  assert.equal(host === '127.0.0.1', !lan.some(({ internal, family }) => !internal && family === 'IPv4'), host);
  const { page: phone } = await shop.phone({ path: `http://${addresses[1]}` });
  await phone.getByText('창가번 테이블').first().waitFor();
  await phone.getByText('바닷가집').first().waitFor();

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'PDF로 받기' }).click();
  assert.equal((await saving).suggestedFilename(), 'qr-seaside.pdf');

  // From there to where an evening happens, with nothing typed again.
  const { page: desk } = await shop.phone({ path: `/setup#key=${shop.adminKey}` });
  await desk.getByRole('searchbox').fill('ㅂㄷㄱ');
  await desk.getByRole('listitem', { name: '바닷가집' }).getByRole('button').click();
  const screens = desk.getByRole('navigation', { name: '바닷가집 화면' });
  for (const name of ['주방', '홀', '계산']) {
    await screens.getByRole('link', { name, exact: true }).click();
    await desk.locator('.connection.live').waitFor();
    await desk.goBack();
    await screens.waitFor();
  }

  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: '인쇄하기' }).isVisible(), false);
  assert.equal(await page.locator('.codes .qr').count(), 3);
});

test('an owner pauses a shop until a time that guests read with the reason, and opens it again', async () => {
  const { page } = await shop.phone({ path: `/setup#key=${shop.adminKey}` });
  await page.getByRole('listitem', { name: '달그락식당 제주점' }).getByRole('button').tap();
  const card = page.getByRole('region', { name: '달그락식당 제주점' });
  const { page: phone } = await shop.phone({ path: '/s/jeju' });
  const told = (what: RegExp) => phone.locator('.hero').getByText(what).waitFor();
  for (const [choice, time, says] of [
    ['30분', undefined, /쯤 다시 열려요.*\(단체 손님\)/],
    ['시각까지', '04:05', /04:05쯤 다시 열려요.*\(단체 손님\)/],
    ['직접 다시 열 때까지', undefined, /주문을 받지 않아요.*\(단체 손님\)/],
  ] as const) {
    await card.getByRole('button', { name: '주문 잠시 멈추기' }).tap();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(choice).check();
    if (time) await sheet.getByLabel('다시 여는 시각').fill(time);
    await sheet.getByRole('button', { name: '단체 손님' }).tap();
    await sheet.getByRole('button', { name: '주문 멈추기' }).tap();
    await sheet.waitFor({ state: 'detached' });
    await card.getByText(says).waitFor();
    await phone.reload();
    await told(says);
    await card.getByRole('button', { name: '다시 주문 받기' }).tap();
    await card.getByText('주문 가능').waitFor();
  }
  // The phone's own way back leads to the list.
  await page.goBack();
  await page.getByRole('listitem', { name: '달그락식당 제주점' }).getByText('주문 가능').waitFor();
});

test('in a chain of forty stores one is found by its initials, and those that take no orders by a tap', async () => {
  for (let n = 1; n <= 33; n++) {
    const name = { ko: `분식집 ${n}호`, en: `Snacks ${n}` };
    const answer = await fetch(`${shop.url}/api/v1/stores`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ slug: `snacks-${n}`, name, tables: 4, template: 'jeju' }),
    });
    assert.equal(answer.status, 201);
  }
  const { page } = await shop.phone({ path: `/setup#key=${shop.adminKey}` });
  const rows = page.locator('.store-row');
  await page.getByRole('listitem', { name: '분식집 33호' }).waitFor();
  assert.ok((await rows.count()) > 33);
  // One way in a store, whatever there is to do in it.
  assert.equal(await page.locator('.store-rows button').count(), await rows.count());
  await page.getByRole('searchbox').fill('ㅂㅅㅈ 7');
  await rows.nth(1).waitFor({ state: 'detached' });
  await rows.tap();
  await page.getByRole('button', { name: '주문 잠시 멈추기' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: '주문 멈추기' }).tap();
  await page.getByRole('button', { name: '다시 주문 받기' }).waitFor();
  await page.goBack();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: /주문을 멈춘 매장/ }).tap();
  await rows.nth(5).waitFor({ state: 'detached' });
  await page.getByRole('listitem', { name: '분식집 7호' }).waitFor();
});
