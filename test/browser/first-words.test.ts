import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { launchBrowser } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { openRestaurant, PHONE } from './restaurant.ts';

const shop = await openRestaurant();
const path = `/s/${shop.slug}/t/7`;
const SCRIPTS = '**/assets/*.js';

/** Where everything stands that is read, and what it says. */
const LOOK = `['h1', '.hero-chip', '.hero-state', '.hero .banner', '.popular', '.popular h2', '.find input', '.find .button', '.tab', '.category h2', '.dish', '.dish-name', '.dish-about', '.dish-price', '.dish .badge', '.picture'].flatMap((what) =>
  [...document.querySelectorAll(what)].filter(({ hidden }) => !hidden).map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const said = what === '.popular' || what === '.dish' ? '' : element.placeholder ?? element.innerText;
    return [what, said, ...[x, y, width, height].map((length) => length.toFixed(1))].join(' ');
  }))`;
const look = (page: Page) => page.evaluate<string[]>(LOOK);
const taken = (page: Page) => page.locator('.language-choice').waitFor();

/** From now on scripts wait until it is said. @returns what says it */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHeld = true;
  await page.route(SCRIPTS, (route) => (isHeld ? void held.push(route) : route.continue()));
  return async () => {
    isHeld = false;
    await Promise.all(held.splice(0).map((route) => route.continue()));
  };
}

/** A phone on which the scripts come when it is said. */
async function slowPhone({ locale = 'ko-KR' } = {}) {
  const { page } = await shop.phone({ path: 'about:blank', locale });
  const scripts = await holdScripts(page);
  await page.goto(shop.url + path, { waitUntil: 'commit' });
  await page.locator('.dish').first().waitFor();
  return { page, scripts };
}

test('the words are there before any script, in four languages, and nothing moves when it takes over', async () => {
  for (const [locale, sentence] of [
    ['ko-KR', '7번 테이블'],
    ['en-US', 'Table 7'],
    ['ja-JP', '注文'],
    ['zh-CN', '7号桌'],
  ] as const) {
    const { page, scripts } = await slowPhone({ locale });
    const before = await look(page);
    assert.ok(
      before.some((line) => line.includes(sentence)),
      `${locale}: ${before.slice(0, 5)}`,
    );
    await scripts();
    await taken(page);
    // Its own sentences come with it, or soon after: what is read never changes its language in between.
    assert.deepEqual(await look(page), before, locale);
  }
});

test('who reads on before the script has come stays where they are, and what was tapped opens', async () => {
  const { page, scripts } = await slowPhone();
  await page.getByRole('link', { name: '면', exact: true }).tap();
  const at = () => page.evaluate<number>('scrollY');
  await eventually(async () => assert.ok((await at()) > 500));
  const dish = page.locator('.dish').filter({ hasText: '물냉면' }).first();
  await dish.tap();
  const before = await at();
  await scripts();
  await page.getByRole('dialog', { name: '물냉면' }).waitFor();
  assert.equal(await at(), before);
  await page.goBack();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a phone without scripts reads the menu and whom to ask, and one whose scripts fail is offered another try', async () => {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ ...PHONE, locale: 'ko-KR', javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(shop.url + path);
    assert.match((await page.locator('.no-script').textContent()) ?? '', /주문은 직원에게 말씀하시거나/);
    assert.ok(await page.locator('.no-script').isVisible());
    assert.match((await page.locator('.dish').first().textContent()) ?? '', /원/);
  } finally {
    await browser.close();
  }
  const { page } = await shop.phone({ path: 'about:blank' });
  await page.route(SCRIPTS, (route) => route.abort());
  await page.goto(`${shop.url}${path}`);
  await page.getByText('주문 기능을 불러오지 못했어요').waitFor();
  await page.unroute(SCRIPTS);
  await page.getByRole('link', { name: '다시 시도' }).tap();
  await taken(page);
});

test('a language that was chosen here is the one of the next page, and nobody reads another in between', async () => {
  const { page } = await shop.phone();
  await page.locator('.language-choice').selectOption('en');
  await page.getByText('Table 7').waitFor();
  await page.reload();
  await page.getByText('Table 7').waitFor();
  assert.match(page.url(), /lang=en/);
  // The code on the table is scanned again: the server does not know.
  const scripts = await holdScripts(page);
  await page.goto(shop.url + path, { waitUntil: 'commit' });
  await page.locator('.dish').first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('.dish').first().isVisible(), false);
  await scripts();
  await page.getByText('Table 7').waitFor();
  assert.equal(await page.locator('.dish').first().isVisible(), true);
});

test('a call for the staff moves nothing on the narrowest phone, in any language', async () => {
  for (const [locale, call, name] of [
    ['ko-KR', '직원 호출', '호출했어요'],
    ['en-US', 'Call staff', 'Called'],
    ['ja-JP', '店員を呼ぶ', '呼びました'],
    ['zh-CN', '呼叫店员', '已呼叫'],
  ] as const) {
    const { page } = await shop.phone({ table: '9', locale });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('.quick').first().tap();
    await page.locator('.cart-bar').tap();
    await page.locator('dialog .button.primary').tap();
    await page.locator('.order-number').waitFor();
    await page.goto(`/s/${shop.slug}/t/9`);
    await page.locator('.active-order').first().waitFor();
    const top = async () => (await page.locator('h1').boundingBox())!.y;
    const before = await top();
    await page.getByRole('button', { name: call }).tap();
    await page.getByRole('button', { name, exact: true }).waitFor();
    assert.equal(await top(), before, locale);
  }
});

test('whoever comes back to the page by the browser’s history reads what is sold out now, not what was when they left', async () => {
  const { page } = await shop.phone({ table: '8' });
  const card = page.locator('.dishes li').filter({ hasText: '된장찌개' }).first();
  await card.locator('.quick').waitFor();
  await page.goto('/');
  await page.locator('.store').first().waitFor();
  const { rows } = await shop.db.query(
    "SELECT i.store_id, i.id FROM item i JOIN store s ON s.id = i.store_id WHERE s.slug = $1 AND i.name_ko = '된장찌개'",
    [shop.slug],
  );
  const change = (soldOut: boolean) =>
    fetch(`${shop.url}/api/v1/stores/${rows[0].store_id}/items/${rows[0].id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.adminKey}` },
      body: JSON.stringify({ soldOut }),
    });
  assert.equal((await change(true)).status, 200);
  // The periodic look would find it half a minute later by itself.
  await page.addInitScript('window.setInterval = () => 0');
  await page.goBack();
  await card.getByText('품절').waitFor();
  assert.equal((await change(false)).status, 200);
});
