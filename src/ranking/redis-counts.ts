import type { RankingWindow } from '../contract/index.ts';
import type { RedisClient } from '../platform/redis/redis.ts';
import { idOf, kindOf, type Place, type RankingCounts } from './ports.ts';
import { KEPT_HOURS, WINDOW_HOURS } from './windows.ts';

/**
 * After this a place is read from Postgres again: whatever went wrong with its keys (a set that was evicted, a hand that slipped)
 * is right again by then, and what nobody reads any more is gone. A week of a store is read in some milliseconds.
 */
const TRUSTED_S = 6 * 3_600;
/** Every set is written after its place was begun, so all of them outlive it. */
const KEPT_S = TRUSTED_S + 3_600;

/*
 * The keys of a place share a slot of a Cluster by its id:
 *   ranking:<kind>:{id}           a hash: `at`, the hour that the windows end with; `seq`, the change that all is up to; `ready`;
 *                                 `life` and `changes`, which make the version
 *   ranking:<kind>:{id}:<hour>    a sorted set an hour: portions by dish
 *   ranking:<kind>:{id}:<window>  the window's hours added up, and `:before` the same of the window before it
 * A score is a double: whole numbers are exact up to 2^53, and so are their sums and differences.
 *
 * One script does one thing in one step, because a change and the number of the change must never be apart. All names come from
 * KEYS[1], so they are of its slot.
 */
const PRELUDE = `
  local P = KEYS[1]
  local windows = {${Object.entries(WINDOW_HOURS).map(([name, hours]) => `{'${name}', ${hours}}`)}}
  local function bucket(hour) return P .. ':' .. hour end
  local function halves(name, hours, at)
    return {{P .. ':' .. name, at - hours + 1, at}, {P .. ':' .. name .. ':before', at - 2 * hours + 1, at - hours}}
  end
  local touched = {}
  local function keepTouched()
    for key in pairs(touched) do redis.call('EXPIRE', key, ${KEPT_S}) end
  end
  local function add(at, hour, item, portions)
    if portions == 0 or hour <= at - ${KEPT_HOURS} then return end
    local keys = {bucket(hour)}
    for _, window in ipairs(windows) do
      for _, half in ipairs(halves(window[1], window[2], at)) do
        if hour >= half[2] and hour <= half[3] then keys[#keys + 1] = half[1] end
      end
    end
    for _, key in ipairs(keys) do
      if tonumber(redis.call('ZINCRBY', key, portions, item)) <= 0 then redis.call('ZREM', key, item) end
      touched[key] = true
    end
  end
  local at = tonumber(redis.call('HGET', P, 'at') or nil)`;

/** ARGV: seq, then hour, dish and portions of each count. @returns 1 when an earlier change is missing */
const ADD = `${PRELUDE}
  if not at then return 0 end
  local seq, upTo = tonumber(ARGV[1]), tonumber(redis.call('HGET', P, 'seq'))
  if seq <= upTo then return 0 end
  if seq > upTo + 1 then return 1 end
  for i = 2, #ARGV, 3 do add(at, tonumber(ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 2])) end
  keepTouched()
  redis.call('HSET', P, 'seq', seq)
  redis.call('HINCRBY', P, 'changes', 1)
  return 0`;

/** ARGV: the running hour. @returns the change that the place is up to */
const BEGIN = `${PRELUDE}
  if at then return tonumber(redis.call('HGET', P, 'seq')) end
  at = tonumber(ARGV[1])
  for _, window in ipairs(windows) do
    for _, half in ipairs(halves(window[1], window[2], at)) do redis.call('UNLINK', half[1]) end
  end
  -- Of an earlier life; an hour more than can be, for a clock that was set back.
  for hour = at - ${KEPT_HOURS}, at + 1 do redis.call('UNLINK', bucket(hour)) end
  local time = redis.call('TIME')
  redis.call('HSET', P, 'at', at, 'seq', -1, 'life', time[1] .. '.' .. time[2], 'changes', 0)
  redis.call('EXPIRE', P, ${TRUSTED_S})
  return -1`;

/** ARGV: upTo, readAt, isLast, then hour, dish and portions of each count. @returns 0 when this is too old */
const SET = `${PRELUDE}
  if not at then return 0 end
  local known = tonumber(redis.call('HGET', P, 'seq'))
  if known > tonumber(ARGV[2]) then return 0 end
  for i = 4, #ARGV, 3 do
    local hour = tonumber(ARGV[i])
    local was = tonumber(redis.call('ZSCORE', bucket(hour), ARGV[i + 1]) or 0)
    add(at, hour, ARGV[i + 1], tonumber(ARGV[i + 2]) - was)
  end
  keepTouched()
  redis.call('HSET', P, 'seq', math.max(known, tonumber(ARGV[1])))
  if ARGV[3] == '1' then redis.call('HSET', P, 'ready', 1) end
  redis.call('HINCRBY', P, 'changes', 1)
  return 1`;

/**
 * ARGV: the running hour. Each window is itself plus the hours that come in, weight 1, less those that leave, weight -1: three sets
 * at a full hour, and not the 168 of a week.
 */
const MOVE = `${PRELUDE}
  local to = tonumber(ARGV[1])
  if not at or to <= at then return end
  for _, window in ipairs(windows) do
    local was, is = halves(window[1], window[2], at), halves(window[1], window[2], to)
    for i = 1, 2 do
      local key = is[i][1]
      local call, weights = {'ZUNIONSTORE', key, 0, key}, {'WEIGHTS', 1}
      local function take(hour, weight)
        call[#call + 1] = bucket(hour)
        weights[#weights + 1] = weight
      end
      for hour = is[i][2], is[i][3] do if hour < was[i][2] or hour > was[i][3] then take(hour, 1) end end
      for hour = was[i][2], was[i][3] do if hour < is[i][2] or hour > is[i][3] then take(hour, -1) end end
      call[3] = #call - 3
      for _, weight in ipairs(weights) do call[#call + 1] = weight end
      redis.call(unpack(call))
      redis.call('ZREMRANGEBYSCORE', key, '-inf', 0)
      redis.call('EXPIRE', key, ${KEPT_S})
    end
  end
  redis.call('HSET', P, 'at', to)
  redis.call('HINCRBY', P, 'changes', 1)`;

/** ARGV: window, limit. @returns dish, portions and rank before of each */
const TOP = `
  local found = redis.call('ZRANGE', KEYS[1] .. ':' .. ARGV[1], 0, ARGV[2] - 1, 'REV', 'WITHSCORES')
  local top = {}
  for i = 1, #found, 2 do
    local before = redis.call('ZREVRANK', KEYS[1] .. ':' .. ARGV[1] .. ':before', found[i])
    top[#top + 1] = found[i]
    top[#top + 1] = found[i + 1]
    top[#top + 1] = before and tostring(before + 1) or ''
  end
  return {redis.call('HGET', KEYS[1], 'ready'), top}`;

/** A brand may have the id of a store: ids are unique in their table. */
const keyOf = (place: Place): string => `ranking:${kindOf(place)}:{${idOf(place)}}`;

/** Counts that all processes share, in Redis' sorted sets. Fails while Redis is away. */
export function createRedisCounts(redis: RedisClient): RankingCounts {
  const run = (script: string, place: Place, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 1, keyOf(place), ...args);

  return {
    async add(changes) {
      const behind = await Promise.all(
        changes.map(({ place, seq, counts }) => run(ADD, place, seq, ...(counts.flat() as (string | number)[]))),
      );
      return changes.filter((_, index) => behind[index] === 1).map(({ place }) => place);
    },
    upTo: (places) =>
      Promise.all(
        places.map(async (place) => {
          const seq = await redis.hget(keyOf(place), 'seq');
          return seq === null ? undefined : Number(seq);
        }),
      ),
    async begin(place, hour) {
      return (await run(BEGIN, place, hour)) as number;
    },
    async set({ place, counts, upTo, readAt, isLast }) {
      return (await run(SET, place, upTo, readAt, Number(isLast), ...(counts.flat() as (string | number)[]))) === 1;
    },
    versions: (places, hour) =>
      Promise.all(
        places.map(async (place) => {
          const read = () => redis.hmget(keyOf(place), 'at', 'ready', 'life', 'changes');
          let [at, ready, life, changes] = await read();
          if (!ready) return undefined;
          if (Number(at) < hour) {
            await run(MOVE, place, hour);
            [at, ready, life, changes] = await read();
          }
          return ready ? `${life}.${changes}` : undefined;
        }),
      ),
    async top(place, window: RankingWindow, limit) {
      const [ready, top] = (await run(TOP, place, window, limit)) as [string | null, string[]];
      if (!ready) return undefined;
      return Array.from({ length: top.length / 3 }, (_, index) => ({
        itemId: top[3 * index]!,
        count: Number(top[3 * index + 1]),
        rankBefore: top[3 * index + 2] === '' ? null : Number(top[3 * index + 2]),
      }));
    },
  };
}
