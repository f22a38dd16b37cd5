import { setTimeout as delay } from 'node:timers/promises';
import { background } from '../../test/support/background.ts';
import { eventually } from '../../test/support/eventually.ts';
import { makeStore } from '../../test/support/store.ts';
import { startCook } from '../crowd/cook.ts';
import { nowMs } from '../crowd/guest.ts';
import { eventsUrl, takeOrders } from '../crowd/orders.ts';
import { memoryMiB } from '../kit/memory.ts';
import { openRawStreams } from '../kit/raw-stream.ts';
import type { Scenario } from '../scenario.ts';
import { openSite, underLoad } from '../site.ts';

const GUESTS = 2_000;
/** A tenth: half of them at their own order, half at the board of a busy store, which says more than they would ever read. */
const NEVER_READ = 200;
const LOOK_EVERY_MS = 500;
const P99 = 0.99;

export const slowReaders: Scenario = {
  name: 'slow-readers',
  fault: '2,000 guests follow their orders in one process, and a tenth of them never reads a byte',
  seconds: 40,
  async run(scene) {
    const site = await openSite(scene, { workers: 1 });
    const store = await makeStore(site.db, { dish: { price: 7_000 } });
    const orders = await takeOrders(scene, site.client, {
      storeId: store.id,
      itemId: store.dishes.dish.id,
      count: GUESTS - NEVER_READ / 2,
    });
    const board = `${site.url}/api/v1/stores/${store.id}/board/events`;
    const addresses = [
      ...orders.map((order) => eventsUrl(site.url, store.id, order)),
      ...Array.from({ length: NEVER_READ / 2 }, () => board),
    ];
    const streams = await openRawStreams(scene.life, addresses);
    scene.say(`  ${streams.length} streams are open`);
    const silent = streams.slice(-NEVER_READ);
    for (const stream of silent) stream.setReading(false);
    const readers = new Map(orders.slice(0, GUESTS - NEVER_READ).map(({ key }, place) => [key, streams[place]!]));

    const looks: { atMs: number; mib: number }[] = [];
    const watching = background(scene.life, async (signal) => {
      while (!signal.aborted) {
        looks.push({ atMs: nowMs(), mib: memoryMiB(site.workers()) });
        await delay(LOOK_EVERY_MS, undefined, { signal });
      }
    });
    const { timeline, checks, done } = await underLoad(scene, site, { menusPerSecond: 10 }, async (crowd) => {
      await crowd.served(50);
      const keys = orders.map(({ key }) => key);
      const cook = startCook(scene, site.client, store.id, keys);
      const beganMs = nowMs();
      await delay(scene.seconds * 1_000);
      const endMs = nowMs();
      await cook.end();
      return { beganMs, endMs, moves: cook.moves() };
    });
    await watching.end();
    const told = done.moves.filter(({ key }) => readers.has(key));
    const isHeard = ({ key, seq }: (typeof told)[number]) => readers.get(key)!.heardAtMs(seq) !== undefined;
    await eventually(() => told.every(isHeard), 'each reader has heard of each move').catch(() => {});
    const tookMs = told
      .map(({ key, seq, sentMs }) => (readers.get(key)!.heardAtMs(seq) ?? Number.POSITIVE_INFINITY) - sentMs)
      .sort((one, other) => one - other);
    // They read at last: who was let go finds the end behind what the kernel kept for them.
    for (const stream of silent) stream.setReading(true);
    await delay(2_000);
    const letGo = silent.slice(NEVER_READ / 2).filter((stream) => stream.isGone()).length;
    const quarterMs = (done.endMs - done.beganMs) / 4;
    const meanMiB = (fromMs: number) => {
      const within = looks.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + quarterMs);
      return within.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, within.length);
    };
    const [early, late] = [meanMiB(done.beganMs + quarterMs), meanMiB(done.endMs - quarterMs)];
    return [
      ...checks,
      // Until then the kernel takes it for them.
      ...(scene.seconds < LET_GO_WITHIN_S
        ? []
        : [{ what: 'of those who never read a busy board, let go', measured: letGo, atLeast: NEVER_READ / 2 }]),
      {
        what: `moves that a reader did not hear of, of ${told.length}`,
        measured: told.filter((move) => !isHeard(move)).length,
        atMost: 0,
      },
      {
        what: 'readers whose stream ended',
        measured: [...readers.values()].filter((stream) => stream.isGone()).length,
        atMost: 0,
      },
      { what: 'processes that ended', measured: site.ended(), atMost: 0 },
      {
        what: `memory in the last quarter, against the second (${early.toFixed(0)} MiB)`,
        measured: late - early,
        unit: 'MiB',
        atMost: GROWS_MIB_MAX,
      },
      {
        what: 'p99 from a cook’s tap to its guest’s stream',
        measured: tookMs[Math.floor(tookMs.length * P99)] ?? Number.POSITIVE_INFINITY,
        unit: 'ms',
        atMost: 500,
        timed: true,
      },
      {
        what: 'p99 of other guests’ orders',
        measured: timeline.latencyMs(done.beganMs, done.endMs, P99),
        unit: 'ms',
        atMost: 500,
        timed: true,
      },
    ];
  },
};

/** What a garbage collector leaves lying about; a tenth of the guests' unread events would be more within a minute. */
const GROWS_MIB_MAX = 48;
/** The kernel keeps some MiB for each of them before Matjip sees that they do not read: of a busy board ten minutes' worth. */
const LET_GO_WITHIN_S = 600;
