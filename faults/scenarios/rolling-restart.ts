import { createClient } from '../../test/support/client.ts';
import { eventually } from '../../test/support/eventually.ts';
import { atEndOf } from '../../test/support/lifetime.ts';
import { nginxExample } from '../../test/support/nginx-example.ts';
import { startServed } from '../../test/support/served.ts';
import { freePort, startNginx } from '../../test/support/services.ts';
import { makeStore } from '../../test/support/store.ts';
import { startCook } from '../crowd/cook.ts';
import { type Follower, follow } from '../crowd/follow.ts';
import { eventsUrl, takeOrders } from '../crowd/orders.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { openSite, type Site, underLoad } from '../site.ts';

const STREAMS_PER_SECOND = 20;
const STREAMS_MAX = 1_000;

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  fault: 'two nodes behind nginx stopped and started again one after the other, with guests’ streams open',
  seconds: 50,
  async run(scene) {
    // Its own process serves beside the two: it makes the store, and is asked by nobody.
    const site = await openSite(scene, { workers: 1, redis: true, env: { WORK: 'off' } });
    const env = {
      DATABASE_URL: site.databaseUrl,
      REDIS_URL: site.redis!.url,
      TRUST_PROXY: 'loopback',
      LIMITS: 'off',
      OVERLOAD: 'on',
    };
    const ports = [await freePort(), await freePort()];
    const nodes = await Promise.all(ports.map((port) => startServed(scene.life, { ...env, PORT: String(port) })));
    const nginx = await startNginx(scene.life, nginxExample(...ports.map((port) => `127.0.0.1:${port}`)));
    const streams = Math.min(STREAMS_MAX, Math.max(20, Math.round(scene.seconds * STREAMS_PER_SECOND)));
    const followed = await openStreams(scene, site, nginx.url, streams);
    scene.say(`  ${streams} streams are open`);
    // By the process that is not restarted.
    const cook = startCook(scene, site.client, followed.storeId, [...followed.byKey.keys()]);
    let [slowestExitMs, slowestBackMs, wrongExits] = [0, 0, 0];
    const { timeline, checks } = await underLoad(
      scene,
      site,
      { urls: [nginx.url], menusPerSecond: 10, perSecond: 40 },
      async (crowd) => {
        await crowd.served(50);
        for (const [at, port] of ports.entries()) {
          const beganMs = performance.now();
          nodes[at]!.signal('SIGTERM');
          if ((await nodes[at]!.ended) !== 0) wrongExits += 1;
          const endedMs = performance.now();
          slowestExitMs = Math.max(slowestExitMs, endedMs - beganMs);
          await eventually(() => [...followed.byKey.values()].every((each) => each.isOpen()), 'each stream is open');
          slowestBackMs = Math.max(slowestBackMs, performance.now() - endedMs);
          scene.say(`  node ${at + 1} has ended, and each stream is open again`);
          await crowd.served(50);
          nodes[at] = await startServed(scene.life, { ...env, PORT: String(port) });
          await crowd.served(50);
        }
      },
    );
    await cook.end();
    const { rows } = await site.db.query<{ key: string; last: number }>(
      'SELECT order_id AS key, max(seq)::int AS last FROM order_event WHERE store_id = $1 GROUP BY 1',
      [followed.storeId],
    );
    const isComplete = ({ key, last }: { key: string; last: number }) => {
      const seen = followed.byKey.get(key)!.seen();
      return seen.length === last && seen.every((seq, place) => seq === place + 1);
    };
    const lastMoveMs = performance.now();
    await eventually(() => rows.every(isComplete), 'each stream is complete').catch(() => {});
    const completeMs = performance.now() - lastMoveMs;
    const failed = timeline.lines.filter(
      ({ kind, status }) => kind === 'order-answer' && status !== 200 && status !== 201,
    );
    const openings = [...followed.byKey.values()].reduce((sum, each) => sum + each.openings(), 0);
    return [
      ...checks,
      { what: 'orders whose guest heard anything else than yes, once', measured: failed.length, atMost: 0 },
      { what: `of ${timeline.menus.looks} looks at the menu, without one`, measured: timeline.menus.failed, atMost: 0 },
      {
        what: `streams (opened ${openings} times, over ${cook.moves().length} moves)`,
        measured: streams,
        atLeast: streams,
      },
      {
        what: 'streams with an event left out, doubled or out of order',
        measured: rows.filter((row) => !isComplete(row)).length,
        atMost: 0,
      },
      { what: 'nodes that did not end with 0', measured: wrongExits, atMost: 0 },
      { what: 'until a node had ended, at worst', measured: slowestExitMs, unit: 'ms', atMost: 10_000, timed: true },
      {
        what: 'until each stream was open again, at worst',
        measured: slowestBackMs,
        unit: 'ms',
        atMost: 5_000,
        timed: true,
      },
      {
        what: 'until each was complete, after the last move',
        measured: completeMs,
        unit: 'ms',
        atMost: 5_000,
        timed: true,
      },
    ];
  },
};

async function openStreams(scene: Scene, site: Site, url: string, count: number) {
  const store = await makeStore(site.db, { dish: { price: 7_000 } });
  const client = createClient(url);
  atEndOf(scene.life, () => client.close());
  const orders = await takeOrders(scene, client, { storeId: store.id, itemId: store.dishes.dish.id, count });
  const byKey = new Map<string, Follower>();
  for (const order of orders) byKey.set(order.key, follow(scene.life, eventsUrl(url, store.id, order)));
  await eventually(() => [...byKey.values()].every((each) => each.isOpen()), 'each stream is open');
  return { storeId: store.id, byKey };
}
