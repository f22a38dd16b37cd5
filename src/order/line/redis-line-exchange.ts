import type { RedisClient } from '../../platform/redis.ts';
import type { SlotCounts } from './arrivals.ts';
import { LINE_LIVES_MS, type LineExchange } from './line-exchange.ts';

const keyOf = (storeId: string): string => `line:{${storeId}}`;

/**
 * A hash a store: `a<slot>` how many came, `d<slot>` how many of them were let in. HINCRBY adds up what processes count whatever their
 * order, HGETALL costs as much as the line has seconds; and it dies by itself when nobody asks any more.
 */
export function createRedisLineExchange(redis: RedisClient): LineExchange {
  return {
    async share(news) {
      const answers = await Promise.all(
        news.map(async ({ storeId, counts, doneBefore }) => {
          const key = keyOf(storeId);
          const works: Promise<unknown>[] = [];
          for (const [slot, { arrived, admitted }] of counts) {
            if (arrived) works.push(redis.hincrby(key, `a${slot}`, arrived));
            if (admitted) works.push(redis.hincrby(key, `d${slot}`, admitted));
          }
          if (counts.size > 0) works.push(redis.expire(key, LINE_LIVES_MS / 1000));
          const [fields] = await Promise.all([redis.hgetall(key), ...works]);
          const done = Object.keys(fields).filter((field) => Number(field.slice(1)) < doneBefore);
          if (done.length > 0) await redis.hdel(key, ...done);
          return [storeId, read(fields)] as const;
        }),
      );
      return new Map(answers);
    },
  };
}

function read(fields: Readonly<Record<string, string>>): SlotCounts {
  const slots = new Map<number, { arrived: number; admitted: number }>();
  for (const [field, value] of Object.entries(fields)) {
    const number = Number(field.slice(1));
    const slot = slots.get(number) ?? { arrived: 0, admitted: 0 };
    slots.set(number, slot);
    if (field.startsWith('a')) slot.arrived = Number(value);
    else slot.admitted = Number(value);
  }
  return slots;
}
