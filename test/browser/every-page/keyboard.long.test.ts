import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { openRestaurant } from '../restaurant.ts';
import { createEvening } from './evening.ts';

// Long, because it goes to each thing by the Tab key, as somebody does who has no other: some hundred keys a page.
const shop = await openRestaurant({ PAYMENT: 'sandbox' });
const evening = createEvening(shop);
const open = async (path: string) => (await shop.phone({ path })).page;
const asOwner = (path: string) => open(`${path}#key=${shop.adminKey}`);

/** What has the focus, as a screen reader calls it; empty: nothing, and the next key begins at the top of the page. */
const AT = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return '';
  const label = at.labels?.[0]?.innerText ?? at.closest('label')?.innerText;
  return (at.getAttribute('aria-label') || label || at.innerText || at.placeholder || at.tagName).replace(/\\s+/g, ' ').trim();
})()`;
/** The longest menu and back. */
const TABS_MAX = 250;

/**
 * One thing that is done on a page: gone to by the Tab key, then a key on it (Enter unless said), or what is typed into it. `brings` is what is there
 * then, `takes` what is gone; both by Playwright's selectors.
 */
interface Step {
  readonly on: RegExp;
  readonly key?: string;
  readonly types?: string;
  readonly brings?: string;
  readonly takes?: string;
  /** What has the focus then; unset: whatever, but something. */
  readonly lands?: RegExp;
}

/** What is done on each page, each by the keyboard alone. */
const WALKS: Readonly<Record<string, { readonly begin: () => Promise<Page>; readonly steps: readonly Step[] }>> = {
  'a guest calls the staff, orders, takes it back, and orders again': {
    begin: async () => (await shop.phone({ table: '7' })).page,
    steps: [
      { on: /^직원 호출/, brings: 'button:has-text("호출했어요")' },
      { on: /^알레르기/, brings: 'dialog[aria-label="알레르기"]' },
      { on: /^메뉴 보기/, takes: 'dialog[aria-label="알레르기"]' },
      { on: /된장찌개/, brings: 'dialog[aria-label="된장찌개"]' },
      { on: /하나 늘리기/ },
      { on: /담기$/, brings: '.cart-bar' },
      { on: /장바구니 보기/, brings: 'dialog[aria-label="장바구니"]' },
      { on: /주문하기$/, brings: '.order-number' },
      { on: /주문 취소/, brings: 'button:has-text("네, 취소할게요")' },
      { on: /네, 취소할게요/, brings: 'text=주문이 취소됐어요' },
      { on: /이대로 다시 담기/, brings: 'dialog[aria-label="장바구니"]' },
      { on: /빼기|삭제/, brings: 'text=아직 담은 메뉴가 없어요' },
      { on: /.*/, key: 'Escape', takes: 'dialog[aria-label="장바구니"]' },
      { on: /내 주문/, brings: 'dialog[open]' },
    ],
  },
  'a guest takes a place in the line, lets somebody go first, and leaves': {
    begin: async () => {
      await evening.post('/waitlist', { size: 2 });
      return open(`/w/${shop.slug}`);
    },
    steps: [
      { on: /^2$/, key: 'ArrowRight' },
      { on: /3명 줄 서기/, brings: '.place-number strong' },
      { on: /그만 기다리기/, brings: 'button:has-text("네, 나갈게요")' },
      { on: /네, 나갈게요/, brings: 'text=줄에서 나왔어요' },
      { on: /새로 줄 서기/, brings: 'button:has-text("줄 서기")' },
    ],
  },
  'a cook moves a ticket on and back, sells a dish out, pauses the shop, and refuses an order': {
    begin: async () => {
      await evening.order(6);
      const kitchen = await shop.kitchen();
      await kitchen.locator('.ticket').nth(5).waitFor();
      return kitchen;
    },
    steps: [
      { on: /조리 시작/, brings: '.lane.cooking .ticket' },
      { on: /^되돌리기/, takes: '.lane.cooking .ticket' },
      { on: /품절 관리/, brings: 'dialog[aria-label="품절 관리"]' },
      { on: /청국장 품절 처리/, brings: 'button[aria-label="청국장 판매 재개"]' },
      { on: /청국장 판매 재개/, brings: 'button[aria-label="청국장 품절 처리"]' },
      { on: /.*/, key: 'Escape', takes: 'dialog[open]' },
      { on: /주방 속도|주문이 많아요/, brings: 'dialog[aria-label="주방 속도"]' },
      { on: /^10분/, brings: 'dialog button:has-text("다시 주문 받기")' },
      { on: /다시 주문 받기/, takes: 'dialog button:has-text("다시 주문 받기")' },
      { on: /.*/, key: 'Escape', takes: 'dialog[open]' },
      { on: /자세히·거절/, brings: 'dialog[open]' },
      { on: /재료 소진/, key: 'Space' },
      { on: /주문 거절하기/, takes: 'dialog[open]' },
      { on: /테이블별/, brings: '[aria-pressed="true"]:has-text("테이블별")' },
    ],
  },
  'the hall answers a call, calls a party, seats it, and takes that back': {
    begin: async () => {
      for (const size of [2, 4]) await evening.post('/waitlist', { size });
      await evening.post('/calls', { table: '5' });
      const hall = await open(`/hall/${shop.slug}#key=${shop.kitchenKey}`);
      await hall.getByRole('button', { name: '테이블 5에 가요' }).waitFor();
      await hall
        .getByRole('button', { name: /번 부르기/ })
        .first()
        .waitFor();
      return hall;
    },
    steps: [
      { on: /테이블 5에 가요/, takes: 'button[aria-label="테이블 5에 가요"]' },
      { on: /번 부르기/, brings: 'button[aria-label$="번 착석"] >> nth=0' },
      { on: /번 착석/, brings: 'button:has-text("되돌리기")' },
      { on: /되돌리기/, takes: 'button:has-text("되돌리기")' },
    ],
  },
  'the hall opens a table, changes a dish, takes one off, takes money, pays it back, and looks at the receipt': {
    begin: async () => {
      const menu = await evening.get('/menu');
      const items = menu.categories.flatMap((each: { items: { id: string; name: { ko: string } }[] }) => each.items);
      const of = (name: string) => items.find((each: { name: { ko: string } }) => each.name.ko === name).id;
      await evening.post('/orders', {
        table: '31',
        lines: [
          { itemId: of('된장찌개'), quantity: 2 },
          { itemId: of('공깃밥'), quantity: 1 },
        ],
      });
      const bills = await asOwner(`/bills/${shop.slug}`);
      await bills.getByRole('button', { name: /^테이블 31/ }).waitFor();
      return bills;
    },
    steps: [
      { on: /^테이블$/, types: '99' },
      { on: /^열기/, brings: 'dialog[open]' },
      { on: /.*/, key: 'Escape', takes: 'dialog[open]' },
      { on: /^테이블 31/, brings: 'dialog[open]' },
      { on: /된장찌개 바꾸기$/, brings: 'form[aria-label$="된장찌개 바꾸기"]', lands: /^선택 안 함/ },
      { on: /^선택 안 함/, key: 'ArrowDown', lands: /^흰쌀밥/ },
      { on: /^이렇게 바꾸기/, takes: 'form[aria-label$="된장찌개 바꾸기"]', brings: 'dialog >> text=흰쌀밥' },
      { on: /된장찌개 빼기$/, brings: 'form[aria-label$="된장찌개 빼기"]', lands: /^남길 개수/ },
      { on: /^빼기$/, takes: 'form[aria-label$="된장찌개 빼기"]', brings: 'dialog >> text=/된장찌개 × 1/' },
      { on: /^현금/, brings: 'text=받은 현금' },
      { on: /현금 .*받기$/, brings: 'button[aria-label$="원 환불"]' },
      { on: /원 환불$/, brings: 'text=돌려줄 금액' },
      { on: /이유/, types: '식었음' },
      { on: /돌려주기/, brings: 'text=돌려준 돈' },
      { on: /^영수증/, brings: 'dialog[aria-label="영수증"]' },
      { on: /.*/, key: 'Escape', takes: 'dialog[aria-label="영수증"]' },
    ],
  },
  'an owner looks at another day': {
    begin: async () => {
      const owner = await asOwner(`/owner/${shop.slug}`);
      await owner.locator('.sum.main .value').waitFor();
      return owner;
    },
    steps: [
      { on: /이전 날/, brings: '.day-choice button:has-text("오늘")' },
      { on: /^오늘$/, brings: '.day-choice .badge' },
    ],
  },
  'an owner edits a dish, and adds an option to it': {
    begin: async () => {
      const menu = await asOwner(`/menu/${shop.slug}`);
      await menu.locator('.dish-row').first().waitFor();
      return menu;
    },
    steps: [
      { on: /김치찌개 고치기/, brings: 'button:has-text("저장")' },
      { on: /^가격/, types: '9900' },
      { on: /옵션 그룹 추가/ },
      { on: /^목록으로/, takes: '.dish-form', lands: /^김치찌개/ },
      { on: /김치찌개 고치기/, brings: 'button:has-text("저장")' },
      { on: /^가격/, types: '9900' },
      { on: /^저장/, takes: '.dish-form', lands: /^김치찌개/ },
    ],
  },
  'an owner pauses a shop, makes another, and looks at its codes': {
    begin: async () => {
      const setup = await asOwner('/setup');
      await setup.locator('.store-row').first().waitFor();
      return setup;
    },
    steps: [
      { on: /강남점/, brings: '.store-page' },
      { on: /주문 잠시 멈추기/, brings: 'dialog' },
      { on: /^주문 멈추기/, takes: 'dialog', brings: 'button:has-text("다시 주문 받기")' },
      { on: /다시 주문 받기/ },
      { on: /뒤로/, brings: '.store-row >> nth=0' },
      { on: /매장 만들기/, brings: 'button:has-text("저장")' },
      { on: /^매장 이름/, types: '바닷가집' },
      { on: /^주소 이름/, types: 'seaside' },
      { on: /^저장/, brings: 'h2:has-text("바닷가집"), h3:has-text("바닷가집"), li:has-text("바닷가집")' },
    ],
  },
  'an owner invites somebody, and takes that back': {
    begin: async () => {
      const staff = await asOwner(`/staff/${shop.slug}`);
      await staff.getByRole('button', { name: '초대 링크 만들기' }).waitFor();
      return staff;
    },
    steps: [
      { on: /초대 링크 만들기/, brings: 'input[readonly]' },
      { on: /취소$/, brings: 'text=없어요 >> nth=0' },
    ],
  },
  'an engineer puts a job away that could not be done': {
    begin: async () => {
      await shop.db.query(
        `SELECT graphile_worker.add_job('never-worked-on', payload => '{"storeId": "0198"}'::json, max_attempts => 1)`,
      );
      await shop.db.query(
        "UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'no oven' WHERE payload::text LIKE '%0198%'",
      );
      const ops = await asOwner('/ops');
      ops.on('dialog', (dialog) => void dialog.accept());
      await eventually(async () => {
        await ops.reload();
        await ops.locator('.batch').waitFor();
        return ops.getByRole('heading', { name: 'never-worked-on' }).isVisible();
      });
      return ops;
    },
    steps: [{ on: /^새로 고침/ }, { on: /치우기: never-worked-on/, takes: 'h3:has-text("never-worked-on")' }],
  },
};

for (const [name, { begin, steps }] of Object.entries(WALKS)) {
  test(`by keyboard: ${name}`, async () => {
    const page = await begin();
    for (const step of steps) await walk(page, step);
  });
}

/**
 * Does a step, waits for what it brings about, and sees that the place is kept: nobody who works by keyboard has to begin at the top of the page
 * again.
 */
async function walk(page: Page, { on, key = 'Enter', types, brings, takes, lands = /./ }: Step): Promise<void> {
  if (key !== 'Escape') await reach(page, on);
  if (types === undefined) await page.keyboard.press(key);
  else {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(types);
  }
  const seen = `${on} ${types ?? key}`;
  const wait = (selector: string, state: 'visible' | 'detached') =>
    page
      .waitForSelector(selector, { state, timeout: 40_000 })
      .catch((error: Error) => assert.fail(`${seen}: ${error.message}`));
  if (brings) await wait(brings, 'visible');
  if (takes) await wait(takes, 'detached');
  await eventually(async () => assert.match(await page.evaluate(AT), lands), `the focus is kept after ${seen}`);
}

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
