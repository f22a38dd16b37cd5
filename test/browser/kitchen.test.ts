import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MenuView } from '../../src/contract/menu.ts';
import { newId } from '../../src/platform/id.ts';
import type { Json } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { addDish, order, seeStatus } from './guest-steps.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();

test('the kitchen opens only with its key, and the key leaves the address bar', async () => {
  const { page } = await shop.phone({ path: `/kitchen/${shop.slug}` });
  await page.getByLabel('주방 키를 입력해 주세요').fill('not the key');
  await page.getByRole('button', { name: '주방 열기' }).tap();
  await page.getByText('키가 맞지 않아요.').waitFor();
  await page.getByLabel('주방 키를 입력해 주세요').fill(shop.kitchenKey);
  await page.getByRole('button', { name: '주방 열기' }).tap();
  await page.locator('.connection.live').waitFor();

  const board = await shop.kitchen();
  await board.locator('.connection.live').waitFor();
  assert.equal(new URL(board.url()).hash, '');
  await board.reload();
  await board.locator('.connection.live').waitFor();
});

test('a step too far is undone, from the ticket and from the bar; and the first tap, on whatever button, lets the page be heard', async () => {
  const { page } = await shop.phone({ table: '2' });
  const board = await shop.kitchen();
  await addDish(page, '된장찌개');
  const number = await order(page);
  const button = (name: string) => board.getByRole('button', { name: `${number} ${name}` });

  const silent = board.getByText('화면을 눌러 새 주문 소리를 켜 주세요');
  await silent.waitFor();
  await button('조리 시작').press('Enter');
  await silent.waitFor({ state: 'detached' });
  // By keyboard the place is kept: the ticket has moved, and the focus is on a ticket's button.
  await board.waitForFunction("document.activeElement.classList.contains('ticket-next')");
  await seeStatus(page, '주방이 받아서 만들고 있어요');
  await button('한 단계 되돌리기').click();
  await seeStatus(page, '주방 확인을 기다리고 있어요');

  await button('조리 시작').click();
  await button('조리 완료').waitFor();
  await button('조리 완료').click();
  await seeStatus(page, '음식이 준비됐어요!');
  await board.locator('header').getByRole('button', { name: '되돌리기' }).click();
  await seeStatus(page, '주방이 받아서 만들고 있어요');
});

test('two screens agree: what one moves the other shows, and a late tap does not move it twice', async () => {
  const { page } = await shop.phone({ table: '3' });
  const [one, two] = [await shop.kitchen(), await shop.kitchen()];
  await addDish(page, '순두부찌개');
  const number = await order(page);
  const start = `${number} 조리 시작`;
  await one.getByRole('button', { name: start }).waitFor();
  // The second screen hears nothing for a while, and taps on what it still shows.
  await two.getByRole('button', { name: start }).waitFor();
  await two.route('**/advance', async (route) => {
    await one.getByRole('button', { name: start }).click();
    await one.getByRole('button', { name: `${number} 조리 완료` }).click();
    await seeStatus(page, '음식이 준비됐어요!');
    await route.continue();
  });
  await two.getByRole('button', { name: start }).click();
  await two.getByText(`${number}번은 다른 화면에서 먼저 바뀌었어요`).waitFor();
  await two.getByRole('button', { name: `${number} 서빙 완료` }).waitFor();
  assert.equal(await two.locator('.ticket').filter({ hasText: '순두부찌개' }).count(), 1);
});

test('a tap whose answer is lost moves the ticket once', async () => {
  const { page } = await shop.phone({ table: '4' });
  const board = await shop.kitchen();
  await addDish(page, '청국장');
  const number = await order(page);
  let lost = 0;
  await board.route('**/advance', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await board.getByRole('button', { name: `${number} 조리 시작` }).click();
  await board.getByRole('button', { name: `${number} 조리 완료` }).waitFor();
  await seeStatus(page, '주방이 받아서 만들고 있어요');
  const { rows } = await shop.db.query('SELECT status, version FROM ticket WHERE number = $1', [number]);
  assert.deepEqual(rows, [{ status: 'cooking', version: 2 }]);
});

test('a second order of a table is marked as an add-on, and the sums count both', async () => {
  const { page } = await shop.phone({ table: '20' });
  const board = await shop.kitchen();
  await addDish(page, '물냉면', { quantity: 2 });
  await order(page);
  await page.getByRole('button', { name: '더 주문하기' }).tap();
  await addDish(page, '물냉면', { quantity: 3 });
  const second = await order(page);
  const ticket = board.locator('.ticket').filter({ has: board.getByText('추가 1차') });
  await ticket.getByText(String(second), { exact: true }).waitFor();
  await board.getByRole('button', { name: '합계' }).click();
  await board.locator('.all-day li').filter({ hasText: '물냉면' }).getByText('5', { exact: true }).waitFor();
});

test('the kitchen ticks dishes off, refuses with a reason that the guest reads, and calls back what went out before a reload', async () => {
  const { page } = await shop.phone({ table: '8', locale: 'en-US' });
  const board = await shop.kitchen();
  await addDish(page, 'Soybean Paste Stew');
  await addDish(page, 'Soft Tofu Stew');
  const number = await order(page);
  await board.getByRole('button', { name: `${number} 조리 시작` }).click();
  const other = await shop.kitchen();
  const dish = (at: typeof board) => at.getByRole('button', { name: `${number}번 된장찌개 완성` });
  await dish(board).click();
  await other.locator('.line-dish[aria-pressed=true]').filter({ hasText: '된장찌개' }).waitFor();
  await other.getByRole('button', { name: '테이블별' }).click();
  const tray = other.locator('.tray').filter({ hasText: '테이블 8' });
  await tray.getByText('2개 중 1개 준비').waitFor();

  await board.getByRole('button', { name: `${number}번 자세히·거절` }).click();
  const sheet = board.getByRole('dialog');
  const refuse = sheet.getByRole('button', { name: `${number}번 주문 거절하기` });
  assert.equal(await refuse.isDisabled(), true);
  await sheet.getByLabel('재료 소진').check();
  assert.equal(await sheet.getByLabel('다시 팔 수 없어요').isChecked(), true);
  await refuse.click();
  await page.getByText('An ingredient has run out').waitFor();
  await tray.waitFor({ state: 'detached' });
  const { rows } = await shop.db.query(
    `SELECT e.reason, e.portions_returned FROM order_event e JOIN orders o ON o.id = e.order_id
     WHERE o.number = $1 AND e.status = 'cancelled'`,
    [number],
  );
  assert.deepEqual(rows, [{ reason: 'sold-out', portions_returned: false }]);

  await page.getByRole('button', { name: 'Order more' }).tap();
  await addDish(page, 'Kimchi Stew');
  const second = await order(page);
  for (const step of ['조리 시작', '조리 완료']) await board.getByRole('button', { name: `${second} ${step}` }).click();
  await seeStatus(page, 'Your food is ready!');
  // It is carried to its table, so the hall is told and nobody is called to the counter.
  const { page: hall } = await shop.phone({ path: `/hall/${shop.slug}#key=${shop.kitchenKey}` });
  await hall.getByRole('button', { name: '테이블 8 서빙 완료' }).tap();
  const called = (await (await fetch(`${shop.url}/api/v1/stores/${shop.slug}/board`)).json()) as { ready: number[] };
  assert.ok(!called.ready.includes(second));
  await seeStatus(page, 'Enjoy');
  await board.reload();
  await board.getByRole('button', { name: '합계' }).click();
  await board.getByRole('button', { name: `${second} 한 단계 되돌리기` }).click();
  await board.getByRole('button', { name: `${second} 서빙 완료` }).waitFor();
});

test('a dish sold out on the board cannot be ordered on a phone that is open', async () => {
  const { page } = await shop.phone({ table: '5' });
  const board = await shop.kitchen();
  await board.getByRole('button', { name: '품절 관리' }).click();
  // Some keyboards send the parts of each letter.
  await board.getByPlaceholder('메뉴 찾기').fill('비빔냉면'.normalize('NFD'));
  await board.getByRole('button', { name: '비빔냉면 품절 처리' }).click();
  await board.getByRole('button', { name: '비빔냉면 판매 재개' }).waitFor();

  // A menu may be a second old; what follows is about the page.
  const menu = `/api/v1/stores/${shop.slug}/menu`;
  await page.waitForFunction(`fetch('${menu}').then((r) => r.json()).then(({ categories }) =>
    categories.some(({ items }) => items.some(({ name, soldOut }) => name.ko === '비빔냉면' && soldOut)))`);
  // What happens when somebody takes the phone out of the pocket again, which a page that is still at it may miss: it looks every 30 s anyway.
  const dish = page.locator('.dish').filter({ hasText: '비빔냉면' });
  await eventually(async () => {
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    return (await dish.getByText('품절').count()) > 0;
  }, 'the dish is sold out on the phone');
  await dish.tap();
  await page.getByText('오늘은 품절이에요').waitFor();
  await page.keyboard.press('Escape');

  await board.getByRole('button', { name: '비빔냉면 판매 재개' }).click();
  await board.getByRole('button', { name: '비빔냉면 품절 처리' }).waitFor();
});

test('a station shows its own tickets only', async () => {
  const { page } = await shop.phone({ table: '6' });
  const board = await shop.kitchen();
  await addDish(page, '돌솥비빔밥');
  await addDish(page, '잔치국수');
  await order(page);
  await board.getByRole('button', { name: /^면 / }).click();
  await board.locator('.ticket').filter({ hasText: '잔치국수' }).waitFor();
  assert.equal(await board.locator('.ticket').filter({ hasText: '돌솥비빔밥' }).count(), 0);

  // The tablet keeps its station, and one that has nothing to cook can be chosen, too: they are the menu's.
  await board.reload();
  await board.locator('.ticket').filter({ hasText: '잔치국수' }).waitFor();
  assert.equal(await board.getByRole('button', { name: /^면 / }).getAttribute('aria-pressed'), 'true');
  await board.getByRole('button', { name: '음료 0' }).click();
  assert.equal(await board.locator('.ticket').count(), 0);
  await board.setViewportSize({ width: 360, height: 740 });
  await board.getByRole('combobox', { name: '조리대' }).selectOption('noodle');
  await board.locator('.ticket').filter({ hasText: '잔치국수' }).waitFor();
});

test('stations stand in the order of the settings, by their own names, also before they have a dish', async () => {
  const path = `${shop.url}/api/v1/stores/${shop.slug}`;
  const set = async (stations: string[]) => {
    const headers = { authorization: `Bearer ${shop.adminKey}`, 'content-type': 'application/json' };
    assert.equal((await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ stations }) })).status, 200);
    await eventually(async () => {
      const { stationNames = [] } = (await (await fetch(path)).json()) as Json;
      assert.deepEqual(
        stationNames.map(({ name }: Json) => name),
        stations,
      );
    });
  };
  await set(['음료', '숯불 화덕', '국수']);
  const board = await shop.kitchen();
  const names = board.getByRole('navigation', { name: '조리대' }).getByRole('button');
  await eventually(async () => {
    const shown = (await names.allInnerTexts()).map((text) => text.replace(/\s*\d+$/, ''));
    assert.deepEqual(shown.slice(0, 4), ['전체', '음료', '숯불 화덕', '국수']);
    assert.equal(shown.filter((name) => name === '면').length, 0, 'the noodles are there once');
  });
  await set([]);
});

test('what is taken away and is made at two stations says in its heading whose it is, and no tool is narrower than a finger', async () => {
  const { page } = await shop.phone({ path: `/s/${shop.slug}` });
  await addDish(page, '된장찌개');
  await addDish(page, '야채김밥');
  const number = await order(page);
  const board = await shop.kitchen();
  await board.getByRole('heading', { name: `포장 ${number}번` }).waitFor();
  await board.getByRole('button', { name: '테이블별' }).click();
  await board.locator('.tray h3', { hasText: `포장 ${number}번` }).waitFor();
  for (const width of [360, 430, 1280]) {
    await board.setViewportSize({ width, height: 740 });
    for (const tool of await board.locator('.top-tools .tool').all()) {
      const box = (await tool.boundingBox())!;
      assert.ok(
        box.width >= 44 && box.height >= 44,
        `${await tool.textContent()} at ${width}: ${box.width} × ${box.height}`,
      );
    }
  }
});

test('a rush of two hundred open tickets is shown once each, stays live, and a tap draws only what it moves', async () => {
  const api = `${shop.url}/api/v1/stores/${shop.slug}`;
  const menu = (await (await fetch(`${api}/menu`)).json()) as MenuView;
  const itemId = menu.categories.flatMap(({ items }) => items).find(({ name }) => name.ko === '공깃밥')!.id;
  let placed = 0;
  const place = async () => {
    placed += 1;
    // No table may have so many.
    const body = JSON.stringify({ table: `rush ${placed % 10}`, lines: [{ itemId, quantity: 1 }] });
    const headers = { 'content-type': 'application/json', 'idempotency-key': newId() };
    assert.equal((await fetch(`${api}/orders`, { method: 'POST', headers, body })).status, 201);
  };
  for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 50 }, place));
  const board = await shop.kitchen();
  const rush = board.locator('.ticket').filter({ hasText: '공깃밥' });
  await rush.nth(199).waitFor();
  await board.locator('.connection.live').waitFor();

  await board.evaluate(`
    drawn = 0;
    new MutationObserver((changes) => { drawn += changes.length; })
      .observe(document.querySelector('main'), { childList: true, subtree: true, attributes: true });
  `);
  const first = rush.first();
  const number = await first.locator('.ticket-number').textContent();
  await first.getByRole('button', { name: `${number} 조리 시작` }).click();
  await board.getByRole('button', { name: `${number} 조리 완료` }).waitFor();
  assert.equal(await rush.count(), 200);
  assert.ok((await board.evaluate<number>('drawn')) < 20);
});
