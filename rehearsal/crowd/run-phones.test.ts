import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EVENT_MIX } from './guests.ts';
import type { PhoneLoad } from './phone-crowd.ts';
import { RETRIES_MAX } from './phone-crowd.ts';
import { openPhones, type PhonesRunOptions } from './run-phones.ts';
import { startToyServer, type ToyOptions } from './toy-server.ts';
import type { Outcome } from './usefulness.ts';
import { lookUpOverHttp, verifyLedger } from './verify-ledger.ts';

const ORDERS = { menu: 0, order: 1, status: 0 };
const LOAD: PhoneLoad = { rate: 200, durationS: 1, mix: EVENT_MIX, retry: 'never' };
/** Twice as many phones as requests, so that one is free for each however slow the machine is. */
const ENOUGH = 400;
/** Nothing is late by this, however slow the machine is. */
const ALL_IS_USEFUL = { usefulMs: 60_000, timeoutMs: 60_000 };

async function crowdOf(t: TestContext, phones: number, toy: ToyOptions, options: Partial<PhonesRunOptions> = {}) {
  const server = await startToyServer(toy);
  t.after(() => server.close());
  const crowd = await openPhones({ url: server.url, phones, ...ALL_IS_USEFUL, ...options });
  t.after(() => crowd.close());
  return { server, crowd };
}

/** Every planned request ends in one way. */
function assertAccounted(total: Outcome): void {
  const { planned, ...ends } = total;
  assert.equal(
    Object.values(ends).reduce((sum, each) => sum + each, 0),
    planned,
  );
}

test('each phone keeps its own connection over every load, and who rested longest acts next', async (t) => {
  const { server, crowd } = await crowdOf(t, 50, {});
  const first = await crowd.offer({ ...LOAD, mix: ORDERS });
  const second = await crowd.offer(LOAD);
  assert.equal(first.generator.reconnects + second.generator.reconnects, 0);
  // Two hundred orders of fifty phones in turn, and more in the second load, over fifty connections.
  assert.equal(new Set(server.orderedBy).size, 50);
  assert.equal(second.total.useful, second.sent);
  assert.equal(server.seen.menu, server.seen.notModified + 1, 'all have kept the menu that one of them was handed');
  assertAccounted(second.total);
});

test('every acknowledged order is in the ledger and at the server', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'matjip-phones-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ledger = join(folder, 'ledger');
  const { server, crowd } = await crowdOf(t, ENOUGH, {}, { ledger });
  const { kinds, orderMs, orderTimes } = await crowd.offer({ ...LOAD, mix: ORDERS, keepsOrderTimes: true });
  await crowd.close();
  assert.equal(kinds.order.useful, kinds.order.planned);
  assert.equal(orderTimes!.flat().length, kinds.order.planned);
  assert.ok(Math.abs(Math.max(...orderTimes!.flat()) / orderMs.max! - 1) < 0.01);
  const verdict = await verifyLedger([ledger], lookUpOverHttp(server.url));
  assert.deepEqual(verdict, { acknowledged: server.orders.size, lost: 0, doubled: 0 });
  assert.equal(server.orders.size, kinds.order.planned);
});

test('a right answer that comes too late is not useful', async (t) => {
  const { crowd } = await crowdOf(t, ENOUGH, {}, { usefulMs: 0 });
  const { total } = await crowd.offer(LOAD);
  assert.ok(total.late > 0);
  assert.equal(total.late, total.planned);
});

test('what nobody is left to send is counted, and is not useful', async (t) => {
  // One phone, and each answer takes longer than the next request is away.
  const { crowd } = await crowdOf(t, 1, { serviceMs: 50 });
  const { total, sent } = await crowd.offer(LOAD);
  assert.equal(total.nobody, total.planned - sent);
  assert.ok(total.nobody > 0);
  assertAccounted(total);
});

test('a phone that gets no answer hangs up, and comes back on a new connection', async (t) => {
  const { crowd } = await crowdOf(t, 5, { silent: true }, { timeoutMs: 300 });
  const { total, generator } = await crowd.offer(LOAD);
  assert.ok(total.timeouts >= 5);
  assert.equal(total.timeouts + total.nobody, total.planned);
  assert.equal(total.useful, 0);
  assert.ok(generator.reconnects > 0);
});

test('refusals are counted with their times, and who does not try again is refused for good', async (t) => {
  const { server, crowd } = await crowdOf(t, ENOUGH, { refuse: { every: 2, status: 503, retryAfterS: 0 } });
  const { kinds, refusals, refusalMs, codes } = await crowd.offer({ ...LOAD, mix: ORDERS });
  assert.equal(refusals, Math.floor(server.seen.order / 2));
  assert.equal(kinds.order.refused, refusals);
  assert.equal(codes['503'], refusals);
  assert.equal(kinds.order.useful, kinds.order.planned - refusals);
  assert.ok(refusalMs.p50! > 0 && refusalMs.p99! >= refusalMs.p50!);
});

test('who tries again at once does so three times, with the same key', async (t) => {
  const { server, crowd } = await crowdOf(t, ENOUGH, { refuse: { every: 1, status: 503 } });
  const { kinds, sent } = await crowd.offer({ ...LOAD, mix: ORDERS, retry: 'at once' });
  // On a slow machine some orders' time is over before their last try.
  assert.ok(sent > kinds.order.planned && sent <= kinds.order.planned * (1 + RETRIES_MAX), `${sent} sent`);
  assert.equal(kinds.order.refused, kinds.order.planned);
  assert.equal(new Set(server.keys).size, kinds.order.planned);
});

test('who tries again as told waits for it, and not at all without a Retry-After', async (t) => {
  const told = await crowdOf(t, ENOUGH, { refuse: { every: 2, status: 503, retryAfterS: 1, once: true } });
  const load = await told.crowd.offer({ ...LOAD, rate: 10, mix: ORDERS, retry: 'as told' });
  assert.equal(load.kinds.order.useful, load.kinds.order.planned);
  assert.equal(load.sent, load.kinds.order.planned + load.refusals);
  assert.ok(load.orderMs.max! >= 1_000, 'nobody came back before the time');
  const untold = await crowdOf(t, ENOUGH, { refuse: { every: 2, status: 503 } });
  const { sent, kinds } = await untold.crowd.offer({ ...LOAD, mix: ORDERS, retry: 'as told' });
  assert.equal(sent, kinds.order.planned);
});
