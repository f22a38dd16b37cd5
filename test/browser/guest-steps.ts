import type { Page } from 'playwright-core';

/** What a guest does on the phone, in the words of the page. */

/** Opens a dish and puts it into the cart. @param note typed for the kitchen */
export async function addDish(
  page: Page,
  dish: string,
  options: { note?: string; quantity?: number } = {},
): Promise<void> {
  await page.getByRole('button', { name: dish }).first().tap();
  const sheet = page.getByRole('dialog', { name: dish });
  if (options.note) await sheet.getByRole('textbox').fill(options.note);
  for (let taken = 1; taken < (options.quantity ?? 1); taken++) await sheet.getByLabel(/하나 늘리기|One more/).tap();
  await sheet.getByRole('button', { name: /담기$|^Add ·/ }).tap();
  await sheet.waitFor({ state: 'detached' });
}

/** Opens the cart. */
export async function openCart(page: Page): Promise<void> {
  await page.getByRole('button', { name: /장바구니 보기|View cart/ }).tap();
}

/** Sends what is in the cart. */
export async function sendOrder(page: Page): Promise<void> {
  await page.getByRole('button', { name: /주문하기$|^Order/ }).tap();
}

/** Opens the cart, orders, and waits for the order's page. @returns the number to be called */
export async function order(page: Page): Promise<number> {
  await openCart(page);
  await sendOrder(page);
  return orderNumber(page);
}

/** The number on the open order's page. */
export async function orderNumber(page: Page): Promise<number> {
  return Number(await page.locator('.order-number').textContent());
}

/** Waits until the open order's page says this. */
export async function seeStatus(page: Page, sentence: string): Promise<void> {
  await page.locator('.order-say').filter({ hasText: sentence }).waitFor();
}
