import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startProxy } from '../../faults/kit/proxy.ts';
import { type LineStaller, stallLines } from '../../faults/kit/stall-lines.ts';
import { openShop, type Shop } from '../events/shop.ts';
import { bearer } from '../events/sse.ts';
import { eventually } from '../support/eventually.ts';
import { testDatabase } from '../support/postgres.ts';
import { startRedis } from '../support/services.ts';
import { openScreen } from '../support/sse-screen.ts';

/** Two processes: what happens in `here` is followed in `there`, whose live connection goes through the proxy. */
interface Pair {
  readonly here: Shop;
  readonly there: Shop;
  readonly proxy: LineStaller;
  /** What the client says on a live connection and on no other. */
  readonly word: string;
}

const database = await testDatabase();
const proxy = stallLines(await startProxy({ after }, database.url));
const here = await openShop({ after }, { databaseUrl: database.url });
const there = await openShop({ after }, { databaseUrl: proxy.url, withJobs: false }, here);

const redis = await startRedis({ after });
const redisProxy = stallLines(await startProxy({ after }, redis.url));
const redisDatabase = (await testDatabase()).url;
const hereRedis = await openShop({ after }, { databaseUrl: redisDatabase, env: { REDIS_URL: redis.url } });
const thereRedis = await openShop(
  { after },
  { databaseUrl: redisDatabase, withJobs: false, env: { REDIS_URL: redisProxy.url } },
  hereRedis,
);

const pairs: Record<string, Pair> = {
  'Postgres NOTIFY': { here, there, proxy, word: 'LISTEN matjip_live' },
  Redis: { here: hereRedis, there: thereRedis, proxy: redisProxy, word: '\nsubscribe' },
};

const lostIn = async (shop: Shop): Promise<number> => {
  const { body } = await shop.api.client.call('/metrics');
  return Number(/^matjip_live_faults_total\{fault="lost"\} (\d+)$/m.exec(body)?.[1] ?? 0);
};

for (const [name, pair] of Object.entries(pairs)) {
  for (const way of ['both', 'in'] as const) {
    test(`${name}: a live connection that went silent (${way}) is noticed and made anew, and the kitchen misses nothing`, async (t) => {
      const lostBefore = await lostIn(pair.there);
      const kitchen = await openScreen(t, pair.there.url('/kitchen/events'), bearer(pair.there.kitchenKey));
      const heard = (orderId: string) => kitchen.events.some(({ data }) => data.orderId === orderId);
      const first = await pair.here.order();
      await eventually(() => assert.ok(heard(first.id)));

      assert.equal(pair.proxy.stall(pair.word, way), 1);
      const missed = await pair.here.order();
      await eventually(() => heard(missed.id), 'the kitchen has heard');
      assert.equal((await lostIn(pair.there)) - lostBefore, 1);

      // And it goes on live, by the new connection.
      const next = await pair.here.order();
      await eventually(() => heard(next.id), 'the kitchen has heard');
      assert.equal((await lostIn(pair.there)) - lostBefore, 1);
      await kitchen.close();
    });
  }
}

test('a printer that waits is woken when its slip was announced to nobody', async () => {
  const next = (waitS: number) => there.call(`/print/soup/next?wait=${waitS}`, { token: there.kitchenKey });
  const done = (id: string) =>
    there.call(`/print/soup/${encodeURIComponent(id)}/done`, { method: 'POST', token: there.kitchenKey });
  for (let slip = await next(0); slip.status === 200; slip = await next(0)) await done(slip.body.id);
  assert.equal(proxy.stall('LISTEN matjip_live'), 1);
  const waiting = next(50);
  // It has looked and listens when others have been answered meanwhile.
  for (let times = 0; times < 10; times += 1) assert.equal((await next(0)).status, 204);
  const order = await here.order();
  const slip = await waiting;
  assert.equal(slip.status, 200, 'the whole long poll went by');
  assert.equal(slip.body.orderId, order.id);
});
