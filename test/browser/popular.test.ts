import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { RankingView } from '../../src/contract/ranking.ts';
import { newId } from '../../src/platform/id.ts';
import { eventually } from '../support/eventually.ts';
import { openRestaurant } from './restaurant.ts';

const shop = await openRestaurant();

const shoot = async (page: Page, name: string): Promise<void> => {
  if (process.env.MATJIP_SHOTS) await page.screenshot({ path: `${process.env.MATJIP_SHOTS}/${name}.png` });
};
const ranking = async (path: string): Promise<RankingView> =>
  (await (await fetch(`${shop.url}/api/v1${path}`)).json()) as RankingView;

test('before anything sold the row says so, and afterwards what sells most, without moving the menu', async () => {
  const quiet = await shop.phone();
  await quiet.page.getByText('오늘의 첫 인기 메뉴를 골라 주세요').waitFor();
  await shoot(quiet.page, 'popular-none');

  const { rows: dishes } = await shop.db.query<{ id: string; name: string }>(
    `SELECT i.id, i.name_ko AS name FROM item i JOIN store s ON s.id = i.store_id
     WHERE s.slug = $1 AND NOT i.archived AND NOT i.sold_out
       AND NOT EXISTS (SELECT FROM stock k WHERE k.store_id = i.store_id AND k.item_id = i.id AND k.remaining < 9)
       AND NOT EXISTS (SELECT FROM option_group g WHERE g.store_id = i.store_id AND g.item_id = i.id AND g.min > 0)
     ORDER BY i.position LIMIT 4`,
    [shop.slug],
  );
  assert.equal(dishes.length, 4);
  for (const [index, { id }] of dishes.entries()) {
    const answer = await fetch(`${shop.url}/api/v1/stores/${shop.slug}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': newId() },
      body: JSON.stringify({ lines: [{ itemId: id, quantity: 2 + index }] }),
    });
    assert.equal(answer.status, 201, await answer.text());
  }
  await eventually(async () =>
    assert.equal((await ranking(`/stores/${shop.slug}/ranking?window=hour`)).items.length, 4),
  );

  const { page, context } = await shop.phone({ path: '/' });
  let fill = () => {};
  const held = new Promise<void>((resolve) => {
    fill = resolve;
  });
  await context.route('**/ranking?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`/s/${shop.slug}/t/7`);
  const placeOfMenu = () => page.locator('.tabs').evaluate((tabs) => tabs.getBoundingClientRect().top);
  const before = await placeOfMenu();
  fill();
  const names = page.locator('.popular li');
  await names.first().waitFor();
  assert.equal(await placeOfMenu(), before);
  const shown = await names.allTextContents();
  assert.deepEqual(
    shown,
    [...dishes].reverse().map(({ name }, index) => `${index + 1} ${name}`),
  );
  await shoot(page, 'popular');

  // A tap opens the dish.
  await names.first().getByRole('button').click();
  await page.getByRole('dialog', { name: dishes.at(-1)!.name }).waitFor();
});

test('the owner sees what sells at all stores, and at one store in each window', async () => {
  const { page } = await shop.phone({ path: '/' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await eventually(async () => {
    await shop.db.query(`SELECT graphile_worker.add_job('ranking', job_key := 'ranking now')`);
    assert.equal((await ranking('/ranking?window=day')).items.length, 4);
  });
  await page.goto(`${shop.url}/ops#key=${shop.adminKey}`);
  await page.locator('.ranking li').nth(3).waitFor();
  assert.match((await page.locator('.ranking li').first().textContent())!, /^1.+5개신규$/);
  await page.getByRole('button', { name: '일주일' }).click();
  await page.locator('.ranking [aria-pressed="true"]', { hasText: '일주일' }).waitFor();
  await shoot(page, 'ops-ranking');

  await page.goto(`${shop.url}/owner/${shop.slug}#key=${shop.adminKey}`);
  const selling = page.getByRole('region', { name: '지금 인기' });
  await selling.getByRole('listitem').nth(3).waitFor();
  assert.match((await selling.getByRole('listitem').first().textContent())!, /^1.+5개신규$/);
  for (const window of ['최근 한두 시간', '일주일']) {
    await selling.getByRole('button', { name: window }).click();
    await selling.locator('[aria-pressed="true"]', { hasText: window }).waitFor();
    assert.equal(await selling.getByRole('listitem').count(), 4);
  }
  await shoot(page, 'owner-ranking');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, 'owner-ranking-phone');
  // Of another day it would say something else than the page.
  await page.getByRole('button', { name: '이전 날' }).click();
  await selling.waitFor({ state: 'detached' });
});
