import type { RedisClient } from '../../platform/redis/redis.ts';
import { LINE_LIVES_MS, type LineExchange, type SharedLine } from './line-exchange.ts';

const keyOf = (storeId: string): string => `line:{${storeId}}`;

/**
 * Adds what a teller counted, once: a time-out does not say whether the command was done, and it may still be on its way when the same
 * is told again. `KEYS` the line; `ARGV` how long it lives in seconds, the teller, its turn, how many it served, then fields and numbers.
 */
const TELL = `
  if tonumber(redis.call('HGET', KEYS[1], 't' .. ARGV[2]) or 0) < tonumber(ARGV[3]) then
    redis.call('HSET', KEYS[1], 't' .. ARGV[2], ARGV[3], 'c' .. ARGV[2], ARGV[4])
    for at = 5, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
  end
  redis.call('EXPIRE', KEYS[1], ARGV[1])`;

/**
 * A hash a store: `a<slot>` how many came, `d<slot>` how many of them were let in, `t<teller>` how far each teller is, `c<teller>` how many it
 * has served. HINCRBY adds up
 * what processes count whatever their order, HGETALL costs as much as the line has seconds; and it dies by itself when nobody asks any more.
 */
export function createRedisLineExchange(redis: RedisClient): LineExchange {
  return {
    async share(news) {
      const answers = await Promise.all(
        news.map(async ({ storeId, teller, turn, counts, doneBefore, came }) => {
          const key = keyOf(storeId);
          const added = [...counts].flatMap(([slot, { arrived, admitted }]) => [
            ...(arrived ? [`a${slot}`, arrived] : []),
            ...(admitted ? [`d${slot}`, admitted] : []),
          ]);
          // By one connection in this order: what is read holds what was told.
          const [, fields] = await Promise.all([
            counts.size > 0 && redis.eval(TELL, 1, key, LINE_LIVES_MS / 1000, teller, turn, came, ...added),
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

const isSlot = (field: string): boolean => field.startsWith('a') || field.startsWith('d');

function read(fields: Readonly<Record<string, string>>): SharedLine {
  const counts = new Map<number, { arrived: number; admitted: number }>();
  const tellers = new Map<string, { turn: number; came: number }>();
  for (const [field, value] of Object.entries(fields)) {
    const [kind, name] = [field[0], field.slice(1)];
    if (kind === 't') tellers.set(name, { turn: Number(value), came: Number(fields[`c${name}`] ?? 0) });
    if (!isSlot(field)) continue;
    const slot = counts.get(Number(name)) ?? { arrived: 0, admitted: 0 };
    counts.set(Number(name), slot);
    if (kind === 'a') slot.arrived = Number(value);
    else slot.admitted = Number(value);
  }
  return { counts, tellers };
}
