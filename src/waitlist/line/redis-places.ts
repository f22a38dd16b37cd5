import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../platform/db/pool.ts';
import type { RedisClient } from '../../platform/redis/redis.ts';
import { SIZE_CLASSES } from '../eta/size-class.ts';
import { createComparison } from './compare.ts';
import { readLine, readMark } from './line-truth.ts';
import { listsOf, type Place, type Places } from './places.ts';

/** Members of one ZADD; more would let nobody else in between. */
const ADD_AT_ONCE = 500;
/** Parties of one pipeline of ZRANK. */
const RANK_AT_ONCE = 500;
/** A line that nobody asks about any more leaves Redis; one that goes on is made again once a day. */
const KEPT_S = 24 * 3600;
/** A rebuild whose process died leaves nothing behind. */
const DRAFT_KEPT_S = 60;
/** The version of a copy that is being made: older than any. */
const NO_COPY = -1;
/** Changes that wait for the one in front of them; with more the line is made anew. */
const EARLY_MAX = 500;

/** Takes what is contiguous out of the changes that wait: `version` and `early` are keys, then the lists; `at` is the version. */
const CATCH_UP = `
  local function catchUp(at)
    while true do
      local text = redis.call('HGET', KEYS[2], string.format('%.0f', at + 1))
      if not text then break end
      at = at + 1
      redis.call('HDEL', KEYS[2], string.format('%.0f', at))
      for _, move in ipairs(cjson.decode(text)) do
        for list = 1, #move - 2 do
          local key = KEYS[3 + move[list + 2]]
          if move[2] == '' then redis.call('ZREM', key, move[1]) else redis.call('ZADD', key, move[2], move[1]) end
        end
      end
    end
    redis.call('SET', KEYS[1], string.format('%.0f', at), 'KEEPTTL')
  end`;

/** Takes one change in its turn; before there is a copy nothing is kept, and what is too much to say ends it. */
const MOVED = `${CATCH_UP}
  local at = tonumber(redis.call('GET', KEYS[1]))
  if not at or tonumber(ARGV[1]) <= at then return end
  if ARGV[2] == '' or redis.call('HLEN', KEYS[2]) >= ${EARLY_MAX} then return redis.call('DEL', unpack(KEYS)) end
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  catchUp(at)`;

/** Puts a draft in the place of the copy, unless that has become newer meanwhile. The drafts are the last of the keys. */
const REPLACE = `${CATCH_UP}
  local lists = (#KEYS - 2) / 2
  local at = tonumber(redis.call('GET', KEYS[1]))
  local version = tonumber(ARGV[1])
  if at and at > version then return redis.call('DEL', unpack(KEYS, 3 + lists)) end
  for list = 0, lists - 1 do
    redis.call('DEL', KEYS[3 + list])
    if redis.call('EXISTS', KEYS[3 + lists + list]) == 1 then
      redis.call('RENAME', KEYS[3 + lists + list], KEYS[3 + list])
      redis.call('EXPIRE', KEYS[3 + list], ARGV[2])
    end
  end
  for _, early in ipairs(redis.call('HKEYS', KEYS[2])) do
    if tonumber(early) <= version then redis.call('HDEL', KEYS[2], early) end
  end
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  catchUp(version)`;

const LISTS = 1 + SIZE_CLASSES.length;
const listKeys = (storeId: string, draft = ''): string[] =>
  Array.from({ length: LISTS }, (_, list) => `line:{${storeId}}:${list}${draft}`);
const keysOf = (storeId: string): string[] => [
  `line:{${storeId}}:version`,
  `line:{${storeId}}:early`,
  ...listKeys(storeId),
];

/**
 * The places of all processes: a sorted set of all who wait and one a class of size, whose scores are the positions, so a place is a
 * ZRANK. Changes are taken in the order of their versions, however they arrive. Lost, flushed or damaged, it is made again from
 * Postgres; while Redis is away, `meanwhile` answers.
 */
export function createRedisPlaces(redis: RedisClient, db: Queryable, meanwhile: Places): Places {
  const comparison = createComparison({
    async mark(storeId) {
      const [version, ...lengths] = await Promise.all([
        redis.get(keysOf(storeId)[0]!),
        ...listKeys(storeId).map((key) => redis.zcard(key)),
      ]);
      if (version === null) return undefined;
      const [all, ...ofSizes] = lengths as [number, ...number[]];
      const isWhole = ofSizes.reduce((sum, length) => sum + length, 0) === all;
      return { version: Number(version), waiting: isWhole ? all : Number.NaN };
    },
    truth: (storeId) => readMark(db, storeId),
    async rebuild(storeId) {
      // First, so that what is told while the line is read waits for it.
      await redis.set(keysOf(storeId)[0]!, NO_COPY, 'EX', DRAFT_KEPT_S, 'NX');
      const line = await readLine(db, storeId);
      const drafts = listKeys(storeId, `:${randomBytes(6).toString('hex')}`);
      for (let from = 0; from < line.waiting.length; from += ADD_AT_ONCE) {
        const lists: (string | number)[][] = drafts.map(() => []);
        for (const { id, size, position } of line.waiting.slice(from, from + ADD_AT_ONCE)) {
          for (const list of listsOf(size)) lists[list]!.push(position, id);
        }
        await Promise.all(
          lists.flatMap((members, list) =>
            members.length === 0
              ? []
              : [redis.zadd(drafts[list]!, ...members), redis.expire(drafts[list]!, DRAFT_KEPT_S)],
          ),
        );
      }
      const keys = [...keysOf(storeId), ...drafts];
      await redis.eval(REPLACE, keys.length, ...keys, line.version, KEPT_S);
    },
  });

  async function ranks(storeId: string, parties: Parameters<Places['of']>[1]): Promise<(Place | undefined)[]> {
    const keys = listKeys(storeId);
    const places: (Place | undefined)[] = [];
    for (let from = 0; from < parties.length; from += RANK_AT_ONCE) {
      const some = parties.slice(from, from + RANK_AT_ONCE);
      const found = await Promise.all(
        some.flatMap(({ id, size }) => listsOf(size).map((list) => redis.zrank(keys[list]!, id))),
      );
      for (let index = 0; index < some.length; index += 1) {
        const [ahead, aheadOfSize] = [found[2 * index], found[2 * index + 1]];
        places.push(typeof ahead === 'number' && typeof aheadOfSize === 'number' ? { ahead, aheadOfSize } : undefined);
      }
    }
    return places;
  }

  return {
    async of(storeId, parties) {
      try {
        await comparison.due(storeId);
        const found = await ranks(storeId, parties);
        if (!found.includes(undefined)) return found;
        await comparison.rebuild(storeId);
        return await ranks(storeId, parties);
      } catch {
        return meanwhile.of(storeId, parties);
      }
    },
    async countOfSize(storeId, sizeClass) {
      try {
        await comparison.due(storeId);
        return await redis.zcard(listKeys(storeId)[1 + sizeClass]!);
      } catch {
        return meanwhile.countOfSize(storeId, sizeClass);
      }
    },
    async moved(change) {
      const { storeId, version, moves } = change;
      const told = moves?.map(({ id, size, position }) => [
        id,
        position === null ? '' : String(position),
        ...listsOf(size),
      ]);
      const keys = keysOf(storeId);
      await Promise.all([
        meanwhile.moved(change),
        redis.eval(MOVED, keys.length, ...keys, version, told ? JSON.stringify(told) : ''),
      ]);
    },
  };
}
