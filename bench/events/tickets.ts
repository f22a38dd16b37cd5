import type { Page } from 'playwright-core';
import { newId } from '../../src/platform/id.ts';
import { launchBrowser } from '../../test/support/chromium.ts';
import { hotDish } from '../intake.ts';
import type { BenchDatabase } from '../support/bench-database.ts';
import { load } from '../support/processes.ts';
import type { BenchRow } from '../support/row.ts';
import { openBenchShop, percentile } from './shop.ts';

const ORDERS_PER_SECOND = 500;
const SAMPLES = 100;
/** Between two watched orders, so that the kitchen page draws one at a time, as a kitchen's own does. */
const PAUSE_MS = 60;
const SEEN_WITHIN_MS = 30_000;

/**
 * From "your order was accepted" on a guest's page to the ticket on the kitchen's page, in two browsers, while other
 * stores take 500 orders a second. The browsers, the load and the database share this machine's cores with the server.
 */
export async function benchTicketLatency(database: BenchDatabase): Promise<BenchRow[]> {
  const dish = await hotDish(database);
  const other = await otherDish(database, dish.storeId);
  const shop = await openBenchShop(database.url, dish);
  const browsers = await Promise.all([launchBrowser(), launchBrowser()]);
  try {
    const [guest, kitchen] = await Promise.all(browsers.map((browser) => browser.newPage()));
    const slug = await slugOf(database, dish.storeId);
    await kitchen!.goto(`${shop.url}/kitchen/${slug}#key=bench-admin-key-bench`);
    await kitchen!.waitForSelector('.board');
    await kitchen!.evaluate(WATCH_TICKETS);
    await guest!.goto(`${shop.url}/s/${slug}/t/1`);
    const measure = () => measureTickets(guest!, kitchen!, dish, shop);
    await measure();
    const quiet = await measure();
    const load500 = load({
      host: '127.0.0.1',
      port: shop.server.port,
      connections: 64,
      warmupMs: 1_000,
      durationMs: 25_000,
      perSecondMax: ORDERS_PER_SECOND,
      request: { kind: 'order', path: `/api/v1/stores/${other.storeId}/orders`, itemIds: [other.itemId] },
    });
    const busy = await measure();
    const { perSecond } = await load500;
    const [p50, p99] = [percentile(busy, 0.5), percentile(busy, 0.99)];
    const baseline = `no load: p50 ${Math.round(percentile(quiet, 0.5))}, p99 ${Math.round(percentile(quiet, 0.99))} ms`;
    const what = `order accepted → ticket seen, ${Math.round(perSecond)} orders/s`;
    return [
      { what: `${what}, p50`, ours: `${Math.round(p50)} ms`, baseline, ratio: p50 / 50, goal: { atMost: 1 } },
      { what: `${what}, p99`, ours: `${Math.round(p99)} ms`, baseline, ratio: p99 / 250, goal: { atMost: 1 } },
    ];
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await shop.server.stop();
  }
}

type Watched = typeof globalThis & { ticketsSeenAt: Map<string, number> };

/** For the kitchen's page: notes when each number is first in the document. */
const WATCH_TICKETS = `
  const seen = new Map();
  globalThis.ticketsSeenAt = seen;
  new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    for (const { textContent } of document.querySelectorAll('.ticket-number')) {
      if (!seen.has(textContent)) seen.set(textContent, now);
    }
  }).observe(document.body, { childList: true, subtree: true });`;

async function measureTickets(
  guest: Page,
  kitchen: Page,
  dish: { storeId: string; itemId: string },
  shop: Awaited<ReturnType<typeof openBenchShop>>,
): Promise<number[]> {
  const took: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const accepted = await guest.evaluate(
      async ({ storeId, itemId, key }) => {
        const response = await fetch(`/api/v1/stores/${storeId}/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify({ lines: [{ itemId, quantity: 1 }] }),
        });
        const atMs = performance.timeOrigin + performance.now();
        const order = (await response.json()) as { id: string; number: number };
        return { status: response.status, atMs, id: order.id, number: String(order.number) };
      },
      { ...dish, key: newId() },
    );
    if (accepted.status !== 201) throw new Error(`An order was answered ${accepted.status}.`);
    const seen = await kitchen.waitForFunction(
      (number) => (globalThis as Watched).ticketsSeenAt.get(number),
      accepted.number,
      { timeout: SEEN_WITHIN_MS, polling: 20 },
    );
    // A ticket may be on the page before the answer is on the phone.
    took.push(Math.max(0, ((await seen.jsonValue()) as number) - accepted.atMs));
    // Off the board again, as a cook does.
    const { items } = await shop.owner('GET', '/kitchen/tickets?limit=200');
    for (const ticket of items as { id: string; version: number }[]) {
      await shop.owner('POST', `/kitchen/tickets/${encodeURIComponent(ticket.id)}/advance`, {
        to: 'served',
        version: ticket.version,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return took;
}

async function slugOf({ db }: BenchDatabase, storeId: string): Promise<string> {
  return (await db.query<{ slug: string }>('SELECT slug FROM store WHERE id = $1', [storeId])).rows[0]!.slug;
}

/** A dish without options and without a limit of another store, for the crowd. */
async function otherDish({ db }: BenchDatabase, storeId: string): Promise<{ storeId: string; itemId: string }> {
  const { rows } = await db.query<{ storeId: string; itemId: string }>(
    `SELECT i.store_id AS "storeId", i.id AS "itemId" FROM item i JOIN store_head h ON h.store_id = i.store_id JOIN store s ON s.id = i.store_id
     WHERE i.store_id <> $1 AND NOT i.archived AND NOT i.sold_out AND h.state = 'open' AND s.table_links <> 'signed'
       AND NOT EXISTS (SELECT FROM stock k WHERE k.store_id = i.store_id AND k.item_id = i.id)
       AND NOT EXISTS (SELECT FROM option_group g WHERE g.store_id = i.store_id AND g.item_id = i.id AND g.min > 0 AND NOT g.archived)
     ORDER BY s.slug, i.position LIMIT 1`,
    [storeId],
  );
  return rows[0]!;
}
