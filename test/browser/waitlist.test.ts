import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();
const api = `${shop.url}/api/v1/stores/${shop.slug}`;

const openHall = async () => {
  const { page } = await shop.phone({ path: `/hall/${shop.slug}#key=${shop.kitchenKey}` });
  await page.locator('.connection.live').waitFor();
  return page;
};
const openLine = (options: { locale?: string } = {}) => shop.phone({ path: `/w/${shop.slug}`, ...options });

/** Joins on the phone. @returns the number to be called */
async function join(page: Page, size = 2, name?: string): Promise<number> {
  await page
    .locator('.sizes label')
    .nth(size - 1)
    .tap();
  if (name) await page.getByLabel('이름 (선택)').fill(name);
  await page.getByRole('button', { name: `${size}명 줄 서기` }).tap();
  return Number(await page.locator('.place-number strong').textContent());
}
const says = (page: Page, sentence: string) => page.locator('.place-say').filter({ hasText: sentence }).waitFor();

/** Leaves the line; who only tapped stands in the next test's way. */
async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: '그만 기다리기' }).tap();
  await page.getByRole('button', { name: '네, 나갈게요' }).tap();
  await says(page, '줄에서 나왔어요');
}
const ahead = (page: Page, count: number) =>
  page.locator('.place-facts').getByText(`${count}팀`, { exact: true }).waitFor();

/** A phone in a pocket: no script runs, and no packet comes. */
async function sleep(page: Page, context: BrowserContext): Promise<() => Promise<void>> {
  const session = await context.newCDPSession(page);
  await context.setOffline(true);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  return async () => {
    await context.setOffline(false);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
  };
}

test('a phone joins, sleeps, wakes, is called and seated', async () => {
  const hall = await openHall();
  const [first, { page, context }] = [await openLine(), await openLine()];
  const number = await join(first.page);
  const mine = await join(page, 3, '민준');
  await ahead(page, 1);
  await hall.locator('.party').filter({ hasText: '민준' }).waitFor();

  const wake = await sleep(page, context);
  await hall.getByRole('button', { name: `${number}번 부르기 · 2명` }).tap();
  await hall.getByRole('button', { name: `${number}번 착석` }).tap();
  await says(first.page, '맛있게 드세요!');
  await wake();
  await says(page, '다음 차례예요! 가까이 와 주세요');

  // In the pocket again, and called there.
  const wakeAgain = await sleep(page, context);
  await hall.getByRole('button', { name: `${mine}번 부르기 · 3명` }).tap();
  await hall.getByRole('button', { name: `${mine}번 부재` }).waitFor();
  await wakeAgain();
  await says(page, '지금 입장해 주세요!');
  await page.getByText('까지 기다릴게요').waitFor();
  await hall.getByRole('button', { name: `${mine}번 착석` }).tap();
  await says(page, '맛있게 드세요!');
});

test('a reload keeps the place, a second tab of the phone shows the same one, and joining again is another party', async () => {
  const { page, context } = await openLine();
  const number = await join(page, 4);
  await page.reload();
  assert.equal(Number(await page.locator('.place-number strong').textContent()), number);
  const tab = await context.newPage();
  await tab.goto(`/w/${shop.slug}`);
  assert.equal(Number(await tab.locator('.place-number strong').textContent()), number);

  await page.getByRole('button', { name: '그만 기다리기' }).tap();
  await page.getByRole('button', { name: '계속 기다리기' }).tap();
  await leave(page);
  await says(tab, '줄에서 나왔어요');
  await tab.close();
  await page.getByRole('button', { name: '새로 줄 서기' }).tap();
  const again = await join(page, 2);
  assert.ok(again > number);
  await leave(page);
});

test('a join whose answer is lost, also over a reload, is one party', async () => {
  const { page } = await openLine();
  let lost = 0;
  await page.route(`**/stores/${shop.slug}/waitlist`, async (route) => {
    if (lost++ > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.locator('.sizes label').nth(4).tap();
  await page.getByRole('button', { name: '5명 줄 서기' }).tap();
  await eventually(() => assert.ok(lost > 0));
  await page.reload();
  await page.locator('.place-number strong').waitFor();
  const { rows } = await shop.db.query(`SELECT count(*)::int AS count FROM party WHERE size = 5`);
  assert.equal(rows[0].count, 1);
  await leave(page);
});

test('a guest lets others go first, is set aside as a ghost, and comes back by one tap', async () => {
  const hall = await openHall();
  const pages: Page[] = [];
  const numbers: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const { page } = await openLine();
    pages.push(page);
    numbers.push(await join(page));
  }
  const [ghost] = pages as [Page];
  await ahead(pages[1]!, 1);
  await ghost.getByRole('button', { name: '순서 미루기' }).tap();
  await ahead(ghost, 3);
  await ghost.getByText('2번 남음').waitFor();
  await says(pages[1]!, '다음 차례예요!');

  await hall.getByRole('button', { name: `${numbers[0]}번 부르기`, exact: true }).tap();
  await says(ghost, '지금 입장해 주세요!');
  await hall.getByRole('button', { name: `${numbers[0]}번 부재` }).tap();
  await says(ghost, '불렀을 때 안 계셔서');
  // It stood fourth of five, and lets pass who is behind it.
  await ghost.getByRole('button', { name: '다시 줄 서기' }).tap();
  await ahead(ghost, 4);

  // A tap too far in the hall is taken back from the bar.
  await hall.getByRole('button', { name: `${numbers[1]}번 착석` }).tap();
  await says(pages[1]!, '맛있게 드세요!');
  await hall.getByRole('button', { name: '되돌리기' }).tap();
  await says(pages[1]!, '지금 입장해 주세요!');
});

test('the display shows the way into the line and who is called, and says when the line is closed', async () => {
  const { page: door } = await shop.phone({ path: `/door/${shop.slug}` });
  const hall = await openHall();
  await door.getByRole('img', { name: '줄 서기 QR 코드' }).waitFor();
  await door.getByText(`${new URL(shop.url).host}/w/${shop.slug}`).waitFor();
  const { page } = await openLine();
  const number = await join(page);
  await hall
    .getByRole('button', { name: `${number}번 부르기` })
    .first()
    .tap();
  await door
    .locator('.calls li')
    .filter({ hasText: String(number) })
    .waitFor();

  await hall.getByRole('button', { name: '바로 입장' }).tap();
  await door.getByText('빈자리가 있어요.').waitFor();
  const { page: late } = await openLine();
  await late.getByText('지금은 바로 들어오세요').waitFor();
  await hall.getByRole('button', { name: '접수 중' }).tap();
  await late.getByRole('button', { name: '2명 줄 서기' }).waitFor();
});

test('the whole way works in English, and the hall opens with its key only', async () => {
  const { page } = await openLine({ locale: 'en-GB' });
  await page.getByRole('button', { name: 'Join the line for 2' }).tap();
  await page.locator('.place-number strong').waitFor();
  const words = await page.locator('main').textContent();
  assert.doesNotMatch(words!, /[가-힣]/);
  const { page: stranger } = await shop.phone({ path: `/hall/${shop.slug}` });
  await stranger.getByLabel('주방 키를 입력해 주세요').fill('not the key');
  await stranger.getByRole('button', { name: '홀 열기' }).tap();
  await stranger.getByText('키가 맞지 않아요.').waitFor();
  assert.equal((await fetch(`${api}/waitlist`)).status, 401);
});
