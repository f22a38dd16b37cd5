import type { RedisClient } from '../../platform/redis.ts';
import type { SlotCounts } from './arrivals.ts';
import { LINE_LIVES_MS, type LineExchange } from './line-exchange.ts';

const keyOf = (storeId: string): string => `line:{${storeId}}`;

/**
 * Adds what a teller counted, once: a time-out does not say whether the command was done, and it may still be on its way when the same
 * is told again. `KEYS` the line; `ARGV` how long it lives in seconds, the field of the teller's turns, the turn, then fields and numbers.
 */
const TELL = `
  if tonumber(redis.call('HGET', KEYS[1], ARGV[2]) or 0) < tonumber(ARGV[3]) then
    redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
    for at = 4, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
  end
  redis.call('EXPIRE', KEYS[1], ARGV[1])`;

/**
 * A hash a store: `a<slot>` how many came, `d<slot>` how many of them were let in, `t<teller>` how far each teller is. HINCRBY adds up
 * what processes count whatever their order, HGETALL costs as much as the line has seconds; and it dies by itself when nobody asks any more.
 */
export function createRedisLineExchange(redis: RedisClient): LineExchange {
  return {
    async share(news) {
      const answers = await Promise.all(
        news.map(async ({ storeId, teller, turn, counts, doneBefore }) => {
          const key = keyOf(storeId);
          const added = [...counts].flatMap(([slot, { arrived, admitted }]) => [
            ...(arrived ? [`a${slot}`, arrived] : []),
            ...(admitted ? [`d${slot}`, admitted] : []),
          ]);
          // By one connection in this order: what is read holds what was told.
          const [, fields] = await Promise.all([
            counts.size > 0 && redis.eval(TELL, 1, key, LINE_LIVES_MS / 1000, `t${teller}`, turn, ...added),
            redis.hgetall(key),
          ]);
          const done = Object.keys(fields).filter((field) => isSlot(field) && Number(field.slice(1)) < doneBefore);
          if (done.length > 0) await redis.hdel(key, ...done);
          return [storeId, read(fields)] as const;
        }),
      );
      return new Map(answers);
    },
  };
}

const isSlot = (field: string): boolean => !field.startsWith('t');

function read(fields: Readonly<Record<string, string>>): SlotCounts {
  const slots = new Map<number, { arrived: number; admitted: number }>();
  for (const [field, value] of Object.entries(fields)) {
    if (!isSlot(field)) continue;
    const number = Number(field.slice(1));
    const slot = slots.get(number) ?? { arrived: 0, admitted: 0 };
    slots.set(number, slot);
    if (field.startsWith('a')) slot.arrived = Number(value);
    else slot.admitted = Number(value);
  }
  return slots;
}
