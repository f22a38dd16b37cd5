import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY, openShop } from './shop.ts';

const shop = await openShop({ after });
const browser = await launchBrowser();
after(() => browser.close());
const { app, db } = shop.api;
const advance = async (orderId: string, to: string) => {
  assert.equal((await shop.advance(await shop.ticketOf(orderId, 'soup'), to)).status, 200);
};

test('the pick-up board follows the kitchen by itself, calls what is ready, and recovers from a lost server', async (t) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'ko-KR' });
  t.after(() => context.close());
  const page = await context.newPage();
  const numbers = async (kind: string) => (await page.locator(`.column.${kind} li`).allTextContents()).map(Number);
  const orders = [await shop.order(), await shop.order(), await shop.order()];
  await advance(orders[0]!.id, 'ready');
  await page.goto(`${app.url}/board/${shop.store.slug}`);
  await eventually(async () => assert.deepEqual(await numbers('ready'), [orders[0]!.number]));
  // What hung there before is not called again.
  assert.equal(await page.locator('.called').count(), 0);

  await advance(orders[1]!.id, 'cooking');
  await eventually(async () => assert.deepEqual(await numbers('cooking'), [orders[1]!.number]));
  await advance(orders[1]!.id, 'ready');
  await eventually(async () => assert.deepEqual(await numbers('ready'), [orders[1]!.number, orders[0]!.number]));
  assert.deepEqual(await page.locator('.called').allTextContents(), [String(orders[1]!.number)]);
  assert.match((await page.locator('[role=status]').last().textContent()) ?? '', /음식이 나왔습니다/);

  await context.setOffline(true);
  await advance(orders[0]!.id, 'served');
  await advance(orders[2]!.id, 'ready');
  await context.setOffline(false);
  await eventually(async () => assert.deepEqual(await numbers('ready'), [orders[2]!.number, orders[1]!.number]));
  await page.getByRole('combobox', { name: '언어' }).selectOption('en');
  await page.getByRole('heading', { name: 'Please collect' }).waitFor();
  if (process.env.MATJIP_SHOTS) await page.screenshot({ path: `${process.env.MATJIP_SHOTS}/board.png` });
});

test('the ops page shows a dead letter with its reason, replays it, and puts away what nobody is to do', async (t) => {
  await db.query("ALTER TABLE ticket ADD CONSTRAINT the_grill_is_cold CHECK (status <> 'placed') NOT VALID");
  const order = await shop.order();
  await eventually(async () => {
    const { rowCount } = await db.query(
      `UPDATE graphile_worker._private_jobs SET attempts = max_attempts
       WHERE last_error IS NOT NULL AND locked_at IS NULL`,
    );
    assert.equal(rowCount, 1);
  });
  await db.query('ALTER TABLE ticket DROP CONSTRAINT the_grill_is_cold');

  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, locale: 'en-GB' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${app.url}/ops`);
  await page.getByLabel('Owner key').fill('a wrong key');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Owner key').fill(ADMIN_KEY);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('the_grill_is_cold').waitFor();
  await page.getByText('Show the payload').click();
  await page.getByText(order.id).waitFor();
  // What is asked first says it too, and where it stands.
  await page.locator('.glance.warn', { hasText: '1 dead letters' }).waitFor();
  if (process.env.MATJIP_SHOTS) await page.screenshot({ path: `${process.env.MATJIP_SHOTS}/ops.png` });
  await page.getByRole('button', { name: /Try again/ }).click();
  await page.getByText('Nothing is stuck').waitFor();
  await context.setOffline(true);
  // By itself, at its next look.
  await page.getByText('The server does not answer').waitFor();
  assert.equal(await page.getByText('Nothing is stuck').count(), 0);
  await context.setOffline(false);
  await page.getByText('Nothing is stuck').waitFor();
  assert.equal((await shop.ticketOf(order.id, 'soup')).orderId, order.id);
  assert.ok(!page.url().includes(ADMIN_KEY));

  await db.query(`SELECT graphile_worker.add_job('webhook-deliver', '"to nobody"', max_attempts => 1)`);
  await db.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = 'nobody is there', locked_at = NULL, locked_by = NULL
     WHERE payload::text = '"to nobody"'`,
  );
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: /^Put away/ }).click();
  await page.getByText('Nothing is stuck').waitFor();
  const { rowCount } = await db.query(`SELECT FROM graphile_worker._private_jobs WHERE payload::text = '"to nobody"'`);
  assert.equal(rowCount, 0);
});
