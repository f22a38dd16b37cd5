import { createBatcher } from '../../platform/concurrency/batcher.ts';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { RedisClient } from '../../platform/redis/redis.ts';
import { readSoldOut } from './read-sold-out.ts';
import { RIGHT_FOR_MS, type SoldOutItems } from './sold-out-items.ts';

/** No dish is called so: it keeps the set of a store where nothing is sold out, and says that the set is there. */
const KNOWN = '';

/** Orders whose dishes are asked about together; more would make the first wait for the last. */
const ASKED_AT_ONCE = 500;
/** As many as the intake lets wait. */
const WAITING_MAX = 4_000;

/** By the clock that the set expires by. */
const TIME = `local time = redis.call('TIME') return time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Only while the set is there: it would not be there for ever otherwise, and its end is that of what was read from Postgres. */
const ADD = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SADD', KEYS[1], unpack(ARGV)) end`;

const keyOf = (storeId: string): string => `soldout:{${storeId}}`;

/**
 * One Redis set a store for all processes: whatever process finds it expired reads it from Postgres and writes it down again. It
 * expires at a moment that is counted from before the reading, so that a write that is held up on its way makes nothing last longer.
 * Fails while Redis is away.
 */
export function createRedisSoldOutItems(redis: RedisClient, db: Queryable): SoldOutItems {
  const fill = createSingleFlight(async (storeId) => {
    const key = keyOf(storeId);
    const askedAtMs = (await redis.eval(TIME, 1, key)) as number;
    const gone = await readSoldOut(db, storeId);
    await redis
      .multi()
      .del(key)
      .sadd(key, KNOWN, ...gone)
      .pexpireat(key, askedAtMs + RIGHT_FOR_MS)
      .exec();
    return new Set(gone);
  });

  async function ask(storeId: string, itemIds: readonly string[]): Promise<ReadonlySet<string>> {
    const [known, ...isGone] = await redis.smismember(keyOf(storeId), KNOWN, ...itemIds);
    return known === 1 ? new Set(itemIds.filter((_, index) => isGone[index] === 1)) : fill(storeId);
  }

  // A crowd wants the same few dishes: one question for all who ask meanwhile.
  const among = createBatcher<{ storeId: string; itemIds: readonly string[] }, readonly string[]>(
    async (asked) => {
      const stores = Map.groupBy(asked, ({ storeId }) => storeId);
      const gone = new Map(
        await Promise.all(
          [...stores].map(async ([storeId, orders]) => {
            const itemIds = [...new Set(orders.flatMap((order) => order.itemIds))];
            return [storeId, await ask(storeId, itemIds)] as const;
          }),
        ),
      );
      return asked.map(({ storeId, itemIds }) => ({
        status: 'fulfilled',
        value: itemIds.filter((itemId) => gone.get(storeId)!.has(itemId)),
      }));
    },
    { sizeMax: ASKED_AT_ONCE, waitingMax: WAITING_MAX },
  );

  return {
    among: (storeId, itemIds) => among({ storeId, itemIds }),
    async changed(storeId, { gone, back }) {
      const key = keyOf(storeId);
      if (!gone && !back) await redis.unlink(key);
      if (gone?.length) await redis.eval(ADD, 1, key, ...gone);
      if (back?.length) await redis.srem(key, ...back);
    },
  };
}
