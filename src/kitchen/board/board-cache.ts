import { LRUCache } from 'lru-cache';
import type { OrderStatus } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from '../clock-skew.ts';
import { BOARD_KEPT_MAX, type BoardMove, type BoardMoves } from './board-moves.ts';

/** What hangs over the pick-up counter: the orders being cooked and those that are ready, of those that are picked up there. */
export interface BoardCache {
  read(storeId: string): Promise<BoardMoves>;
  /** An order went to another status; called after the commit, in any order. */
  moved(storeId: string, move: BoardMove): Promise<void>;
}

/** A number that nobody has picked up for this long is not called any more. */
const BOARD_HOURS = 6;

/** The board from the truth: orders with open tickets, so the cost follows the work and not the history. */
export async function readBoard(db: Queryable, storeId: string): Promise<BoardMoves> {
  const { rows } = await db.query<{ id: string; number: number; status: OrderStatus; seq: number; at: Date }>(
    `WITH open AS (
       SELECT order_id, max(changed_at) AS changed_at FROM ticket
       WHERE store_id = $1 AND status IN ('placed', 'cooking', 'ready')
         AND table_label IS NULL AND changed_at >= now() - interval '${BOARD_HOURS} hours'
         AND order_id >= uuid_v7_floor(now() - interval '${BOARD_HOURS + CLOCK_SKEW_HOURS} hours')
       GROUP BY order_id
     ), shown AS (
       SELECT o.id, o.number, o.status,
         row_number() OVER (PARTITION BY o.status ORDER BY open.changed_at DESC, o.number DESC) AS place
       FROM open JOIN orders o ON o.store_id = $1 AND o.id = open.order_id WHERE o.status IN ('cooking', 'ready')
     )
     SELECT s.id, s.number, s.status, e.seq, e.at FROM shown s CROSS JOIN LATERAL (
       SELECT seq, at FROM order_event e
       WHERE e.store_id = $1 AND e.order_id = s.id
         AND e.order_id >= uuid_v7_floor(now() - interval '${BOARD_HOURS + CLOCK_SKEW_HOURS} hours')
       ORDER BY seq DESC LIMIT 1) e
     WHERE s.place <= ${BOARD_KEPT_MAX}`,
    [storeId],
    'read-board',
  );
  return new Map(
    rows.map(({ id, number, status, seq, at }) => [id, { orderId: id, number, seq, status, atMs: at.getTime() }]),
  );
}

/** Readers share one look at the database for this long: a hundred phones in the queue are one question. */
const FRESH_MS = 1_000;
const STORES_MAX = 2_000;

/** The board of one process: read from Postgres, at most once a second and store. */
export function createMemoryBoardCache(db: Queryable): BoardCache {
  const kept = new LRUCache<string, Promise<BoardMoves>>({ max: STORES_MAX, ttl: FRESH_MS, ttlResolution: 0 });
  return {
    read(storeId) {
      const known = kept.get(storeId);
      if (known) return known;
      const board = readBoard(db, storeId);
      kept.set(storeId, board);
      board.catch(() => kept.peek(storeId) === board && kept.delete(storeId));
      return board;
    },
    async moved(storeId) {
      kept.delete(storeId);
    },
  };
}
