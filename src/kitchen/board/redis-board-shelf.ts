import type { PickUpBoard } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import type { RedisClient } from '../../platform/redis.ts';
import { BOARD_KEPT_MAX, type BoardShelf, readBoard } from './pick-up-board.ts';

/** After this it is read from Postgres again, so whatever a killed process did not write is right again by then. */
const TRUSTED_S = 30;

/**
 * The board of all processes: two Redis lists a store, the latest number first. Lost or flushed, they are made again
 * from Postgres; while Redis is away it is read from there.
 */
export function createRedisBoardShelf(redis: RedisClient, db: Queryable): BoardShelf {
  const keys = (storeId: string) => ({
    cooking: `board:{${storeId}}:cooking`,
    ready: `board:{${storeId}}:ready`,
    trusted: `board:{${storeId}}:trusted`,
  });

  async function fill(storeId: string): Promise<PickUpBoard> {
    const key = keys(storeId);
    const board = await readBoard(db, storeId);
    const work = redis.multi().del(key.cooking, key.ready);
    if (board.cooking.length > 0) work.rpush(key.cooking, ...board.cooking);
    if (board.ready.length > 0) work.rpush(key.ready, ...board.ready);
    await work.set(key.trusted, '1', 'EX', TRUSTED_S).exec();
    return board;
  }

  return {
    async read(storeId) {
      const key = keys(storeId);
      try {
        const answers = await redis.multi().get(key.trusted).lrange(key.cooking, 0, -1).lrange(key.ready, 0, -1).exec();
        const [trusted, cooking, ready] = (answers ?? []).map(([, answer]) => answer);
        if (trusted) return { cooking: (cooking as string[]).map(Number), ready: (ready as string[]).map(Number) };
        return await fill(storeId);
      } catch {
        return readBoard(db, storeId);
      }
    },
    async moved(storeId, number, status) {
      const key = keys(storeId);
      const work = redis.multi().lrem(key.cooking, 0, number).lrem(key.ready, 0, number);
      if (status === 'cooking' || status === 'ready') {
        work.lpush(key[status], number).ltrim(key[status], 0, BOARD_KEPT_MAX - 1);
      }
      await work.exec();
    },
  };
}
