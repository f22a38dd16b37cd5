import { setTimeout as delay } from 'node:timers/promises';
import { orderKey } from '../../rehearsal/crowd/order-key.ts';
import { eventually } from '../../test/support/eventually.ts';
import { ADMIN_KEY } from '../../test/support/keys.ts';
import { makeStore } from '../../test/support/store.ts';
import { type Follower, follow } from '../crowd/follow.ts';
import { type Garbler, garbleNotifications } from '../kit/garble-notifications.ts';
import { startProxy } from '../kit/proxy.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { openSite, type Site } from '../site.ts';

const PAIRS = 12;
/** Each message is harmed in one of four ways. */
const SHARE = 1;
const PRICE_LOOKS_AFTER_MS = 1_000;

/** One key, two stores: the order at `here` moves, the one at `there` does not. */
interface Pair {
  readonly key: string;
  readonly here: Follower;
  readonly there: Follower;
  moves: number;
}

export const live: Scenario = {
  name: 'live',
  fault: 'every message of the live channel dropped, doubled, late, or strange; each order’s key used at two stores',
  seconds: 30,
  async run(scene) {
    let garbler: Garbler | undefined;
    const site = await openSite(scene, {
      workers: 2,
      between: {
        async postgres(url) {
          const proxy = await startProxy(scene.life, url);
          garbler = garbleNotifications(proxy, scene.random);
          return proxy.url;
        },
      },
    });
    const pairs = await openPairs(scene, site);
    garbler!.share = SHARE;
    const untilMs = performance.now() + scene.seconds * 1_000;
    let [price, looks, stale, wrongStatus] = [10_000, 0, 0, 0];
    while (performance.now() < untilMs) {
      for (const pair of pairs) {
        await move(site, pair);
        const { status } = await statusOf(site, pair.key);
        if (status !== (pair.moves % 2 === 1 ? 'cooking' : 'placed')) wrongStatus += 1;
      }
      price += 100;
      await changePrice(site, price);
      const changedMs = performance.now();
      while (performance.now() < changedMs + 2 * PRICE_LOOKS_AFTER_MS) {
        const askedMs = performance.now();
        const seen = await priceOnMenu(site);
        looks += 1;
        if (seen !== price && askedMs > changedMs + PRICE_LOOKS_AFTER_MS) stale += 1;
        await delay(50);
      }
    }
    garbler!.share = 0;
    // What was dropped last is heard with whatever comes next.
    for (const pair of pairs) await move(site, pair);
    await delay(1_000);
    const late = pairs.filter(({ here, moves }) => here.seen().length < moves + 1);
    const beganMs = performance.now();
    if (late.length > 0) {
      await eventually(
        () => pairs.every(({ here, moves }) => (here.seen().at(-1) ?? 0) >= moves + 1),
        'each stream has come to its last event',
      ).catch(() => {});
    }
    const broken = pairs.filter(({ here, moves }) => !isFrom1To(here.seen(), moves + 1));
    const strangers = pairs.filter(({ there }) => !isFrom1To(there.seen(), 1));
    const { dropped, doubled, late: held, strange } = garbler!.done;
    const moves = pairs.reduce((sum, pair) => sum + pair.moves, 0);
    return [
      {
        what: `messages harmed (${dropped} dropped, ${doubled} doubled, ${held} late, ${strange} strange)`,
        measured: dropped + doubled + held + strange,
        atLeast: 10,
      },
      {
        what: `of ${looks} looks at the menu, an older price than a second ago`,
        measured: stale,
        atMost: 0,
        timed: true,
      },
      { what: `of ${moves} moves, the status asked for right afterwards wrong`, measured: wrongStatus, atMost: 0 },
      { what: 'streams with an event left out, doubled or out of order', measured: broken.length, atMost: 0 },
      { what: 'streams that told of another store’s order of the same key', measured: strangers.length, atMost: 0 },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      {
        what: 'streams complete again after',
        measured: performance.now() - beganMs,
        unit: 'ms',
        atMost: 5_000,
        timed: true,
      },
    ];
  },
};

const isFrom1To = (seen: readonly number[], last: number) =>
  seen.length === last && seen.every((seq, place) => seq === place + 1);

async function openPairs(scene: Scene, site: Site): Promise<Pair[]> {
  const other = await makeStore(site.db, { dish: { price: 7_000 } });
  const order = async (storeId: string, itemId: string, key: string) => {
    const { status, body } = await site.client.order(storeId, { lines: [{ itemId, quantity: 1 }] }, key);
    if (status !== 201) throw new Error(`An order was refused: ${status} ${JSON.stringify(body)}`);
    return follow(scene.life, `${site.url}/api/v1/stores/${storeId}/orders/${key}/events?token=${body.token}`);
  };
  const pairs: Pair[] = [];
  for (let place = 0; place < PAIRS; place += 1) {
    const key = orderKey(scene.random, Date.now());
    const here = await order(site.store.id, site.store.dishes.tea.id, key);
    const there = await order(other.id, other.dishes.dish.id, key);
    pairs.push({ key, here, there, moves: 0 });
  }
  await eventually(
    () => pairs.every(({ here, there }) => here.seen().length === 1 && there.seen().length === 1),
    'each order is followed',
  );
  return pairs;
}

/** The kitchen begins its ticket, or changes its mind. */
async function move(site: Site, pair: Pair): Promise<void> {
  const path = `/api/v1/stores/${site.store.id}/kitchen/tickets/${encodeURIComponent(`${pair.key}:kitchen`)}/advance`;
  const body = { to: pair.moves % 2 === 0 ? 'cooking' : 'placed', version: pair.moves + 1 };
  await eventually(async () => {
    const answer = await site.client.call(path, { token: ADMIN_KEY, body });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return true;
  }, 'a ticket moves');
  pair.moves += 1;
}

async function statusOf(site: Site, key: string): Promise<{ status: string }> {
  const path = `/api/v1/stores/${site.store.id}/orders/${key}`;
  return (await site.client.call(path, { token: ADMIN_KEY })).body;
}

async function changePrice(site: Site, price: number): Promise<void> {
  const path = `/api/v1/stores/${site.store.id}/items/${site.store.dishes.stew.id}`;
  const { status, body } = await site.client.call(path, { method: 'PUT', token: ADMIN_KEY, body: { price } });
  if (status !== 200) throw new Error(`A price was refused: ${status} ${JSON.stringify(body)}`);
}

/** By a connection of its own, so that each process is asked. */
async function priceOnMenu(site: Site): Promise<number> {
  const path = `/api/v1/stores/${site.store.id}/menu`;
  const { body } = await site.client.call(path, { headers: { connection: 'close' } });
  const items = body.categories.flatMap(({ items }: { items: object[] }) => items);
  return items.find(({ id }: { id: string }) => id === site.store.dishes.stew.id).price;
}
