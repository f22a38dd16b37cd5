import type { Queryable } from '../../platform/db/pool.ts';
import type { RedisClient } from '../../platform/redis/redis.ts';
import { type BoardCache, readBoard } from './board-cache.ts';
import { type BoardMove, type BoardMoves, moveOnBoard } from './board-moves.ts';

/** After this it is read from Postgres again, so whatever a killed process did not write is right again by then. */
const TRUSTED_S = 30;
/**
 * Moves are kept for longer than what was read before them may be trusted, the reading itself included: 30 s and the 8 s that a
 * question may wait and take. Longer would only cost memory.
 */
const MOVES_KEPT_S = 90;

/**
 * Says that somebody reads the board, so that moves are written down from now on, and forgets those that are in every board
 * that is still trusted. The empty field keeps the hash alive while nothing moves.
 */
const BEGIN = `
  local now = tonumber(redis.call('TIME')[1])
  local all = redis.call('HGETALL', KEYS[1])
  for at = 1, #all, 2 do
    local written = tonumber(string.match(all[at + 1], '^(%d+) '))
    if written and written < now - tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], all[at]) end
  end
  redis.call('HSET', KEYS[1], '', '')
  redis.call('EXPIRE', KEYS[1], ARGV[1])`;

/** Writes a move down if somebody reads the board and no later move of the order is there. A move is `<seconds> <seq> <json>`. */
const MOVE = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return end
  local known = redis.call('HGET', KEYS[1], ARGV[1])
  if known and tonumber(string.match(known, '^%d+ (%d+) ')) >= tonumber(ARGV[2]) then return end
  redis.call('HSET', KEYS[1], ARGV[1], redis.call('TIME')[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])`;

/**
 * The board of all processes, in two keys a store: what was read from Postgres, and a hash of the moves since. Both are merged
 * by the numbers of the orders' events, so it does not matter which of two moves is written down first, nor what moves while the
 * board is read. Lost or flushed, it is made again from Postgres; while Redis is away it is read from there.
 */
export function createRedisBoardCache(redis: RedisClient, db: Queryable): BoardCache {
  const keys = (storeId: string) => ({ board: `board:{${storeId}}`, moves: `board:{${storeId}}:moves` });

  async function fill(storeId: string): Promise<BoardMoves> {
    const key = keys(storeId);
    // First, so that what commits after the reading is written down.
    await redis.eval(BEGIN, 1, key.moves, MOVES_KEPT_S);
    const board = await readBoard(db, storeId);
    await redis.set(key.board, JSON.stringify([...board.values()]), 'EX', TRUSTED_S).catch(() => {});
    return board;
  }

  return {
    async read(storeId) {
      const key = keys(storeId);
      let known: { board: string | null; moves: Record<string, string> };
      try {
        const [board, moves] = await Promise.all([redis.get(key.board), redis.hgetall(key.moves)]);
        known = { board, moves };
        if (known.board === null) return await fill(storeId);
      } catch {
        return readBoard(db, storeId);
      }
      const board = JSON.parse(known.board) as BoardMove[];
      const moves = Object.values(known.moves).filter((text) => text !== '');
      return moveOnBoard(new Map(board.map((move) => [move.orderId, move])), moves.map(parseMove));
    },
    async moved(storeId, move) {
      await redis.eval(MOVE, 1, keys(storeId).moves, move.orderId, move.seq, JSON.stringify(move));
    },
  };
}

const parseMove = (text: string): BoardMove => JSON.parse(text.slice(text.indexOf('{'))) as BoardMove;
