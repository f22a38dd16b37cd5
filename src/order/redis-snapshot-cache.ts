import type { CancelReason, OrderView } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import type { RedisClient } from '../platform/redis/redis.ts';
import { createSharedEvents, createSharedRead, readSnapshot, type SnapshotCache, TRUSTED_S } from './snapshot-cache.ts';

/** Writes the status, and why it was cancelled, if no newer one is there, and the view if there is one. */
const WRITE = `
  if tonumber(redis.call('HGET', KEYS[1], 'seq') or '-1') < tonumber(ARGV[1]) then
    redis.call('HSET', KEYS[1], 'seq', ARGV[1], 'status', ARGV[2], 'reason', ARGV[5])
  end
  if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'view', ARGV[3]) end
  if ARGV[3] ~= '' or redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[4]) end`;

const keyOf = (storeId: string, id: string): string => `order:{${storeId}}:${id}`;

/**
 * A Redis hash an order, so that polling does not reach Postgres: its status follows each commit, the rest changes when its guests move.
 * Whatever is missing is read from Postgres and written down; while Redis is away it is only read.
 */
export function createRedisSnapshotCache(redis: RedisClient, db: Queryable): SnapshotCache {
  const readTruth = createSharedRead(db);
  const readEvents = createSharedEvents(db);
  const write = (storeId: string, id: string, seq: number, status: string, view: string, reason = '') =>
    redis.eval(WRITE, 1, keyOf(storeId, id), seq, status, view, TRUSTED_S, reason);

  return {
    async read(ref) {
      let known: (string | null)[];
      try {
        known = await redis.hmget(keyOf(ref.storeId, ref.id), 'view', 'status', 'reason');
      } catch {
        return readTruth(ref);
      }
      const [view, status, reason] = known;
      if (view && status) {
        const order = { ...(JSON.parse(view) as OrderView), status: status as OrderView['status'] };
        return reason ? { ...order, cancelReason: reason as CancelReason } : order;
      }
      const found = await readSnapshot(readEvents, readTruth, ref);
      if (!found) return undefined;
      const { status: now, cancelReason } = found.order;
      await write(ref.storeId, ref.id, found.seq, now, JSON.stringify(found.order), cancelReason).catch(() => {});
      return found.order;
    },
    async moved(storeId, event) {
      await write(storeId, event.orderId, event.seq, event.status, '', event.reason);
    },
    async rewritten(storeId, orderIds) {
      await Promise.all(orderIds.map((id) => redis.del(keyOf(storeId, id))));
    },
  };
}
