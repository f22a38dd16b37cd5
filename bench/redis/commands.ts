import { Redis } from 'ioredis';
import { type Service, startRedis } from '../../test/support/services.ts';
import { type BenchRow, median } from '../support/row.ts';

const SIZES = [100, 10_000] as const;
const CALLS = 2_000;
/** Of commands that touch every member. */
const CALLS_OF_ALL = 100;
const ROUNDS = 3;
/** As long as the ids that are members here. */
const member = (index: number): string => `01a21d43-9a2f-7f1e-ba5e-${String(index).padStart(12, '0')}`;

type Fill = (redis: Redis, size: number) => Promise<unknown>;
type Call = (redis: Redis, turn: number, size: number) => Promise<unknown>;

/** So many members at once into a list, a set, a hash or a sorted set. */
async function fillKey(redis: Redis, kind: 'list' | 'set' | 'hash' | 'sorted', key: string, size: number) {
  for (let from = 0; from < size; from += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, size - from) }, (_, index) => member(from + index));
    if (kind === 'list') await redis.lpush(key, ...ids);
    else if (kind === 'set') await redis.sadd(key, ...ids);
    else if (kind === 'hash') await redis.hset(key, ...ids.flatMap((id, index) => [id, String(index)]));
    else await redis.zadd(key, ...ids.flatMap((id, index) => [(from + index) % 97, id]));
  }
}

const text: Fill = (redis, size) => redis.set('k', 'x'.repeat(size));
const list: Fill = (redis, size) => fillKey(redis, 'list', 'k', size);
const set: Fill = (redis, size) => fillKey(redis, 'set', 'k', size);
const hash: Fill = (redis, size) => fillKey(redis, 'hash', 'k', size);
const sorted: Fill = (redis, size) => fillKey(redis, 'sorted', 'k', size);
const three: Fill = async (redis, size) => {
  for (const key of ['k', 'a', 'b']) await fillKey(redis, 'sorted', key, size);
};
const some = (turn: number, size: number): string => member((turn * 7) % size);

/** Each command of the guide: what it works on, and one call as the product makes it or would. */
const COMMANDS: Readonly<Record<string, readonly [fill: Fill, call: Call, calls?: number]>> = {
  GET: [text, (redis) => redis.get('k')],
  SET: [text, (redis, _, size) => redis.set('k', 'x'.repeat(size))],
  MGET: [text, (redis) => redis.mget('k', 'k', 'k', 'k', 'k')],
  INCR: [text, (redis) => redis.incr('counter')],
  LPUSH: [list, (redis, turn) => redis.lpush('k', member(turn))],
  BRPOP: [(redis, size) => list(redis, size + CALLS), (redis) => redis.brpop('k', 1)],
  LRANGE: [list, (redis) => redis.lrange('k', 0, 19)],
  SADD: [set, (redis, turn, size) => redis.sadd('k', some(turn, size))],
  SREM: [set, (redis, turn) => redis.srem('k', `no ${turn}`)],
  SISMEMBER: [set, (redis, turn, size) => redis.sismember('k', some(turn, size))],
  SMISMEMBER: [set, (redis, turn, size) => redis.smismember('k', some(turn, size), some(turn + 1, size), 'no')],
  SMEMBERS: [set, (redis) => redis.smembers('k'), CALLS_OF_ALL],
  HSET: [hash, (redis, turn, size) => redis.hset('k', some(turn, size), 'x')],
  HGET: [hash, (redis, turn, size) => redis.hget('k', some(turn, size))],
  HMGET: [hash, (redis, turn, size) => redis.hmget('k', some(turn, size), some(turn + 1, size))],
  HGETALL: [hash, (redis) => redis.hgetall('k'), CALLS_OF_ALL],
  HINCRBY: [hash, (redis, turn, size) => redis.hincrby('k', some(turn, size), 1)],
  ZADD: [sorted, (redis, turn, size) => redis.zadd('k', turn, some(turn, size))],
  ZRANGE: [sorted, (redis) => redis.zrange('k', 0, 9, 'REV', 'WITHSCORES')],
  ZREVRANGE: [sorted, (redis) => redis.zrevrange('k', 0, 9, 'WITHSCORES')],
  ZRANGEBYSCORE: [sorted, (redis) => redis.zrangebyscore('k', 20, 50, 'LIMIT', 0, 10)],
  ZRANK: [sorted, (redis, turn, size) => redis.zrank('k', some(turn, size))],
  ZREVRANK: [sorted, (redis, turn, size) => redis.zrevrank('k', some(turn, size))],
  ZINCRBY: [sorted, (redis, turn, size) => redis.zincrby('k', 1, some(turn, size))],
  ZSCORE: [sorted, (redis, turn, size) => redis.zscore('k', some(turn, size))],
  ZUNIONSTORE: [three, (redis) => redis.zunionstore('k', 3, 'k', 'a', 'b', 'WEIGHTS', 1, 1, -1), CALLS_OF_ALL],
};

/** What Redis itself needed a call, in microseconds: without the way there and back, and whatever else the machine does. */
async function costOf(redis: Redis, command: string, size: number): Promise<number> {
  const [fill, call, calls = CALLS] = COMMANDS[command]!;
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await redis.flushall();
    await fill(redis, size);
    await redis.config('RESETSTAT');
    for (let turn = 0; turn < calls; turn += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => call(redis, turn + index, size)));
    }
    const stats = await redis.info('commandstats');
    const usedUs = new RegExp(`cmdstat_${command.toLowerCase()}:.*usec_per_call=([\\d.]+)`).exec(stats)?.[1];
    if (usedUs === undefined) throw new Error(`Redis counted no ${command}.`);
    rounds.push(Number(usedUs));
  }
  return median(rounds);
}

/** Redis' own time for each command that the guide names, among 10,000 members (or bytes) against 100. */
export async function benchRedisCommands(): Promise<BenchRow[]> {
  const service: Service = await startRedis({ after: () => {} });
  const redis = new Redis(service.url);
  try {
    const rows: BenchRow[] = [];
    for (const command of Object.keys(COMMANDS)) {
      const [few, many] = [await costOf(redis, command, SIZES[0]), await costOf(redis, command, SIZES[1])];
      rows.push({
        what: `redis-commands: ${command}`,
        ours: `${SIZES[1].toLocaleString('en')}: ${many.toFixed(1)} µs`,
        baseline: `${SIZES[0]}: ${few.toFixed(1)} µs`,
        ratio: many / few,
      });
    }
    return rows;
  } finally {
    redis.disconnect();
    await service.stop();
  }
}
