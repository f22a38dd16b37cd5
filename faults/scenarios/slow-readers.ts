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

const FAULT = '2,000 guests follow their orders in one process, and a tenth of them never reads a byte';

export const slowReaders: Scenario = {
  name: 'slow-readers',
  fault: FAULT,
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
    const memory = memoryOver(looks, done);
    return [
      ...checks,
      // Until then the kernel takes it for them.
      ...(done.moves.length < LET_GO_AFTER_MOVES
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
        what: `memory grew from its second eighth to its last, by the line through it (${memory.said})`,
        measured: memory.grewMiB,
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

/** Long enough for those who never read a busy board to be let go, and for what leaks slowly to show. */
export const slowReadersLong: Scenario = {
  ...slowReaders,
  name: 'slow-readers-long',
  fault: `${FAULT}, for half an hour`,
  seconds: 1_800,
  byNameOnly: true,
};

/** Of its time, what is left out at first, when caches and code grow warm. */
const EIGHTH = 1 / 8;

interface Look {
  readonly atMs: number;
  readonly mib: number;
}

/** What a process had in memory meanwhile, and by how much it grew: the least-squares line, on which one collection less or more does not tell. */
function memoryOver(looks: readonly Look[], { beganMs, endMs }: { readonly beganMs: number; readonly endMs: number }) {
  const eighthMs = (endMs - beganMs) * EIGHTH;
  const between = (fromMs: number, toMs: number) => looks.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const mean = (of: readonly Look[], what: keyof Look) =>
    of.reduce((sum, look) => sum + look[what], 0) / Math.max(1, of.length);
  const meanMiB = (fromMs: number) => mean(between(fromMs, fromMs + eighthMs), 'mib').toFixed(0);
  const warm = between(beganMs + eighthMs, endMs);
  const [midMs, midMiB] = [mean(warm, 'atMs'), mean(warm, 'mib')];
  const spread = warm.reduce((sum, { atMs }) => sum + (atMs - midMs) ** 2, 0);
  const slope = warm.reduce((sum, { atMs, mib }) => sum + (atMs - midMs) * (mib - midMiB), 0) / Math.max(1, spread);
  const middleMs = (beganMs + endMs - eighthMs) / 2;
  return {
    said: `${meanMiB(beganMs)} MiB at first, ${meanMiB(middleMs)} in the middle, ${meanMiB(endMs - eighthMs)} at the end`,
    grewMiB: slope * (endMs - beganMs - eighthMs),
  };
}

/** What a garbage collector leaves lying about; a tenth of the guests' unread events would be more within a minute. */
const GROWS_MIB_MAX = 48;
/** The kernel keeps some MiB for each of them before Matjip sees that they do not read: of a busy board ten minutes' worth. */
const LET_GO_AFTER_MOVES = 10_000;
