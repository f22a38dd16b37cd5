import { BOARD_NUMBERS_MAX, type OrderStatus, type PickUpBoard } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { CLOCK_SKEW_HOURS } from '../clock-skew.ts';

/** What hangs over the pick-up counter: the numbers being cooked and those that are ready. */
export interface BoardShelf {
  /** With more numbers than are shown; see `shownOf`. */
  read(storeId: string): Promise<PickUpBoard>;
  /** An order went to another status; called after the commit. */
  moved(storeId: string, number: number, status: OrderStatus): Promise<void>;
}

/** More are kept than are shown, so that another takes the place of one that was picked up. */
export const BOARD_KEPT_MAX = 200;

/** As much of a board as fits on it. */
export const shownOf = ({ cooking, ready }: PickUpBoard): PickUpBoard => ({
  cooking: cooking.slice(0, BOARD_NUMBERS_MAX),
  ready: ready.slice(0, BOARD_NUMBERS_MAX),
});

/** A number that nobody has picked up for this long is not called any more. */
const BOARD_HOURS = 6;

/**
 * The board from the truth: orders with open tickets, so the cost follows the work and not the history.
 * The latest change comes first.
 */
export async function readBoard(db: Queryable, storeId: string): Promise<PickUpBoard> {
  const { rows } = await db.query<{ number: number; status: 'cooking' | 'ready' }>(
    `WITH open AS (
       SELECT order_id, max(changed_at) AS changed_at FROM ticket
       WHERE store_id = $1 AND status IN ('placed', 'cooking', 'ready')
         AND changed_at >= now() - interval '${BOARD_HOURS} hours'
         AND order_id >= uuid_v7_floor(now() - interval '${BOARD_HOURS + CLOCK_SKEW_HOURS} hours')
       GROUP BY order_id
     ), shown AS (
       SELECT o.number, o.status, open.changed_at,
         row_number() OVER (PARTITION BY o.status ORDER BY open.changed_at DESC, o.id DESC) AS place
       FROM open JOIN orders o ON o.store_id = $1 AND o.id = open.order_id WHERE o.status IN ('cooking', 'ready')
     )
     SELECT number, status FROM shown WHERE place <= ${BOARD_KEPT_MAX} ORDER BY place`,
    [storeId],
    'read-board',
  );
  return {
    cooking: rows.filter((row) => row.status === 'cooking').map((row) => row.number),
    ready: rows.filter((row) => row.status === 'ready').map((row) => row.number),
  };
}

/** The board as it is after one more move; cut to what is kept. */
export function moveOnBoard(board: PickUpBoard, number: number, status: OrderStatus): PickUpBoard {
  const without = (numbers: readonly number[]) => numbers.filter((each) => each !== number);
  const onto = (numbers: readonly number[]) => [number, ...without(numbers)].slice(0, BOARD_KEPT_MAX);
  return {
    cooking: status === 'cooking' ? onto(board.cooking) : without(board.cooking),
    ready: status === 'ready' ? onto(board.ready) : without(board.ready),
  };
}

/** Readers share one look at the database for this long: a hundred phones in the queue are one question. */
const FRESH_MS = 1_000;
const STORES_MAX = 2_000;

/** The board of one process: read from Postgres, at most once a second and store. */
export function createMemoryBoardShelf(db: Queryable): BoardShelf {
  const kept = new Map<string, { atMs: number; board: Promise<PickUpBoard> }>();
  return {
    read(storeId) {
      const known = kept.get(storeId);
      if (known && performance.now() - known.atMs < FRESH_MS) return known.board;
      kept.delete(storeId);
      if (kept.size >= STORES_MAX) kept.delete(kept.keys().next().value!);
      const board = readBoard(db, storeId);
      kept.set(storeId, { atMs: performance.now(), board });
      board.catch(() => kept.delete(storeId));
      return board;
    },
    async moved(storeId) {
      kept.delete(storeId);
    },
  };
}
