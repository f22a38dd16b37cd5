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
  const card = page.getByRole('listitem', { name: '바닷가집' });
  await card.getByText('테이블 2개').waitFor();

  await card.getByRole('button', { name: 'QR 코드' }).click();
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
  const screens = desk.getByRole('navigation', { name: '바닷가집 화면' });
  for (const name of ['주방', '홀', '계산']) {
    await screens.getByRole('link', { name, exact: true }).click();
    await desk.locator('.connection.live').waitFor();
    await desk.goBack();
  }

  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: '인쇄하기' }).isVisible(), false);
  assert.equal(await page.locator('.codes .qr').count(), 3);
});

test('an owner pauses a shop for half an hour and opens it again', async () => {
  const { page } = await shop.phone({ path: `/setup#key=${shop.adminKey}` });
  const card = page.getByRole('listitem', { name: '달그락식당 제주점' });
  await card.getByRole('button', { name: '30분 쉬기' }).click();
  await card.getByText(/쯤 다시 열려요/).waitFor();
  const { page: phone } = await shop.phone({ path: '/s/jeju' });
  await phone
    .locator('.hero')
    .getByText(/쯤 다시 열려요/)
    .waitFor();
  await card.getByRole('button', { name: '다시 주문 받기' }).click();
  await card.getByText('주문 가능').waitFor();
});
