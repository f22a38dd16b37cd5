import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { MenuView } from '../../src/contract/menu.ts';
import { eventually } from '../support/eventually.ts';
import { addDish, order } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();
const PASSWORD = '맛있는 된장찌개 한 그릇';

/** Types it, and goes on with the Tab key, as somebody without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  await eventually(async () => {
    await page.keyboard.press('Tab');
    const at = await page.evaluate<string>(
      "document.activeElement?.getAttribute('aria-label') || document.activeElement?.closest('label')?.innerText || document.activeElement?.textContent || ''",
    );
    assert.ok(at.includes(name), `${at} and not ${name}`);
  });
}

test('an owner invites a cook, who chooses a name; both sign a tablet in and the cook works on it under their own name, by keyboard', async () => {
  const { page: owner } = await shop.phone({ path: `/staff/${shop.slug}#key=${shop.adminKey}` });
  const invite = owner.getByRole('region', { name: '직원 초대' });
  await invite.getByLabel('역할').selectOption('hall');
  await invite.getByLabel('누구에게 (메모)').fill('주말 알바');
  await invite.getByRole('button', { name: '초대 링크 만들기' }).tap();
  const link = await invite.getByRole('textbox', { name: '링크' }).inputValue();
  assert.match(link, /\/join#invite=[\w-]{43}$/);
  await invite.getByText('홀 · 주말 알바').waitFor();

  const { page: joins } = await shop.phone({ path: new URL(link).pathname + new URL(link).hash });
  await joins.getByLabel('이름', { exact: true }).fill('한지우');
  await joins.keyboard.press('Tab');
  await joins.keyboard.type('jiwoo');
  await joins.keyboard.press('Tab');
  await joins.keyboard.type(PASSWORD);
  await joins.keyboard.press('Enter');
  await joins.getByRole('heading', { name: '한지우 님, 반가워요' }).waitFor();
  // Nothing of the link is left to be read over somebody's shoulder, and it is good for nobody else.
  assert.equal(new URL(joins.url()).hash, '');
  const { page: late } = await shop.phone({ path: new URL(link).pathname + new URL(link).hash });
  await late.getByText('이 초대는 이미 썼거나').waitFor();
  await joins.getByRole('button', { name: '내 PIN' }).tap();
  const own = joins.getByRole('dialog', { name: '내 PIN' });
  await own.getByLabel('PIN 4~6자리').fill('1234');
  await own.getByRole('button', { name: 'PIN 정하기' }).tap();
  await own.getByText('쉬운 번호는 안 돼요').waitFor();
  await own.getByLabel('PIN 4~6자리').fill('2580');
  await joins.keyboard.press('Enter');
  await own.waitFor({ state: 'detached' });

  const devices = owner.getByRole('region', { name: '태블릿과 프린터' });
  await devices.getByLabel('역할').selectOption('hall');
  await devices.getByLabel('기기 이름').fill('홀 태블릿');
  await devices.getByRole('button', { name: '기기 더하기' }).tap();
  const tabletLink = await devices.getByRole('textbox', { name: '링크' }).inputValue();
  const key = /#key=(mjd_[\w-]+)$/.exec(tabletLink)![1]!;

  const { page: tablet } = await shop.phone({ path: `/bills/${shop.slug}#key=${key}` });
  const asked: string[] = [];
  tablet.on('request', (request) => asked.push(request.url()));
  await tablet.locator('.connection.live').waitFor();
  await tablet.reload();
  await tablet.locator('.connection.live').waitFor();
  await tabTo(tablet, '누가 일하나요?');
  await tablet.keyboard.press('Enter');
  const dialog = tablet.getByRole('dialog', { name: '누가 일하나요?' });
  await dialog.getByLabel('한지우').press('Space');
  await dialog.getByLabel('PIN 4~6자리').fill('2581');
  await tablet.keyboard.press('Enter');
  await dialog.getByText('PIN이 맞지 않아요.').waitFor();
  // The field is empty and has the focus: the next try is only typing.
  await tablet.keyboard.type('2580');
  await tablet.keyboard.press('Enter');
  await tablet.getByRole('button', { name: '한지우 님' }).waitFor();
  assert.equal(
    await tablet.evaluate('document.activeElement.tagName'),
    'BUTTON',
    'the focus is back at what opened it',
  );
  await tablet.getByLabel('테이블', { exact: true }).fill('9');
  await tablet.keyboard.press('Enter');
  await tablet.getByRole('button', { name: /^테이블 9/ }).waitFor();

  await tablet.reload();
  // The hall's tablet goes on to the hall with nothing typed again, and sees nothing of the owner's.
  await tablet.getByRole('link', { name: '홀', exact: true }).tap();
  await tablet.locator('.connection.live').waitFor();
  for (const page of ['staff', 'menu', 'owner']) {
    await tablet.goto(`/${page}/${shop.slug}`);
    await tablet.locator('.key-form').waitFor();
  }
  await tablet.goto(`/bills/${shop.slug}`);
  await tablet.locator('.connection.live').waitFor();
  await tablet.getByRole('button', { name: '한지우 님' }).tap();
  await tablet.getByRole('button', { name: '태블릿 돌려놓기' }).tap();
  await tablet.getByRole('button', { name: '누가 일하나요?' }).waitFor();
  await tablet.locator('.connection.live').waitFor();
  assert.ok(asked.some((url) => url.includes('/bills/events?ticket=')));
  assert.deepEqual(
    asked.filter((url) => url.includes(key) || url.includes('token=')),
    [],
    'no key stands in an address',
  );

  // What costs money is written down, and who has left is removed.
  const auth = { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' };
  const api = `${shop.url}/api/v1/stores/${shop.slug}`;
  const menu = (await (await fetch(`${api}/menu`)).json()) as MenuView;
  const dish = menu.categories.flatMap(({ items }) => items).find(({ name }) => name.ko === '된장찌개')!;
  const price = JSON.stringify({ price: dish.price + 500 });
  assert.equal((await fetch(`${api}/items/${dish.id}`, { method: 'PUT', headers: auth, body: price })).status, 200);
  await owner.reload();
  const log = owner.getByRole('region', { name: '기록' });
  await log.getByText('가격 변경').waitFor();
  await log.getByText(/된장찌개 · [\d,]+원 → [\d,]+원/).waitFor();
  const people = owner.getByRole('region', { name: '함께 일하는 사람' });
  await people.getByRole('button', { name: '한지우 님 내보내기' }).tap();
  await people.getByRole('button', { name: '한지우 님 정말 내보내기' }).tap();
  await people.getByText('한지우').waitFor({ state: 'detached' });

  // Cut off by the owner, the tablet asks for a key again.
  await devices.getByRole('button', { name: '홀 태블릿 끊기' }).tap();
  await tablet.getByText('키가 맞지 않아요.').waitFor();
});

test('whoever runs one store of several gets into its set-up, sees that store alone, and makes no others', async () => {
  const { page: owner } = await shop.phone({ path: `/staff/jeju#key=${shop.adminKey}` });
  const invite = owner.getByRole('region', { name: '직원 초대' });
  await invite.getByLabel('역할').selectOption('manager');
  await invite.getByRole('button', { name: '초대 링크 만들기' }).tap();
  const link = new URL(await invite.getByRole('textbox', { name: '링크' }).inputValue());
  const { page } = await shop.phone({ path: link.pathname + link.hash });
  await page.getByLabel('이름', { exact: true }).fill('고은비');
  await page.getByLabel(/아이디/).fill('eunbi');
  await page.getByLabel(/비밀번호/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '고은비 님, 반가워요' }).waitFor();
  await page.getByRole('link', { name: /설정/ }).tap();
  const store = page.getByRole('region', { name: '달그락식당 제주점' });
  await store.getByRole('link', { name: '메뉴', exact: true }).tap();
  await page.getByRole('link', { name: '매장 설정' }).tap();
  await store.getByRole('button', { name: '뒤로' }).tap();
  await store.getByText('지금 주문을 받고 있어요.').waitFor();
  assert.equal(await page.getByRole('button', { name: '매장 만들기' }).count(), 0);
  assert.equal(await page.getByText('달그락식당 강남점').count(), 0);

  // Their sales are theirs without a key: no way leads to all stores, and who finds it is shown their own.
  await page.goto('/owner/jeju');
  await page.getByRole('region', { name: '정산' }).waitFor();
  assert.equal(await page.getByRole('link', { name: '전체 매장' }).count(), 0);
  await page.goto('/owner');
  await page.getByRole('link', { name: '달그락식당 제주점' }).waitFor();
  assert.equal(await page.locator('.key-form').count(), 0);
  assert.equal(await page.getByRole('listitem').count(), 1);
  const { page: all } = await shop.phone({ path: `/owner/jeju#key=${shop.adminKey}` });
  await all.getByRole('link', { name: '전체 매장' }).waitFor();

  // Signed in by name they hear of an order at once. The page's own clock stands still, so no asking now and then does it.
  await page.clock.install();
  await page.goto('/bills/jeju');
  await page.locator('.connection.live').waitFor();
  await page.clock.pauseAt(new Date(Date.now() + 1_000));
  const { page: guest } = await shop.phone({ path: '/s/jeju/t/3' });
  await addDish(guest, '공깃밥');
  await order(guest);
  await page.getByRole('button', { name: /^테이블 3/ }).waitFor();
});

test('the kitchen follows its orders by tickets also after its connection broke', async () => {
  const board = await shop.kitchen();
  await board.locator('.connection.live').waitFor();
  const tickets: string[] = [];
  board.on('request', (request) => {
    if (request.url().includes('?ticket=')) tickets.push(request.url());
  });
  await board.context().setOffline(true);
  await board.locator('.connection.offline').waitFor();
  await board.context().setOffline(false);
  await board.locator('.connection.live').waitFor();
  assert.ok(tickets.length > 0);
  assert.equal(new Set(tickets).size, tickets.length, 'each connection has a ticket of its own');
});
