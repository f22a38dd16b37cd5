import { BOARD_NUMBERS_MAX, type LiveMessage, type OrderStatus, type PickUpBoard } from '../../contract/index.ts';

/** An order's last step that a board knows of. The order is the key; the number is what people read, and may be there twice. */
export interface BoardMove {
  readonly orderId: string;
  readonly number: number;
  /** The number of the order's event: of two moves the one with the higher is the truth, whichever came first. */
  readonly seq: number;
  readonly status: OrderStatus;
  /** When it went there, in milliseconds since 1970. */
  readonly atMs: number;
}

/** The last move of each order by the order's id, of those that are on the board and of those that have just left it. */
export type BoardMoves = ReadonlyMap<string, BoardMove>;

/** More are kept than are shown, so that another takes the place of one that was picked up. */
export const BOARD_KEPT_MAX = 200;
/** Of those that left the board, so that an older move that comes late does not bring them back. */
const LEFT_KEPT_MAX = 200;

const isShown = ({ status }: BoardMove): boolean => status === 'cooking' || status === 'ready';
/** The latest first. Two orders that moved in the same millisecond stand the same way on every board. */
const latestFirst = (a: BoardMove, b: BoardMove): number =>
  b.atMs - a.atMs || b.number - a.number || (a.orderId < b.orderId ? 1 : -1);

/** What a message moves on the board: nothing, when its order is carried to a table and nobody is called for it. */
export const toMoves = ({ number, event, atTable }: Extract<LiveMessage, { kind: 'order' }>): BoardMove[] =>
  atTable ? [] : [{ orderId: event.orderId, number, seq: event.seq, status: event.status, atMs: Date.parse(event.at) }];

/** The board after more moves, in whatever order they come and however often; cut to what is kept. */
export function moveOnBoard(board: BoardMoves, moves: Iterable<BoardMove>): BoardMoves {
  const next = new Map(board);
  for (const move of moves) {
    const known = next.get(move.orderId);
    if (!known || known.seq < move.seq) next.set(move.orderId, move);
  }
  if (next.size <= BOARD_KEPT_MAX) return next;
  const kept = [...next.values()].sort(latestFirst);
  const some = (of: readonly BoardMove[], max: number) => of.slice(0, max).map((move) => [move.orderId, move] as const);
  return new Map([
    ...some(
      kept.filter(({ status }) => status === 'cooking'),
      BOARD_KEPT_MAX,
    ),
    ...some(
      kept.filter(({ status }) => status === 'ready'),
      BOARD_KEPT_MAX,
    ),
    ...some(
      kept.filter((move) => !isShown(move)),
      LEFT_KEPT_MAX,
    ),
  ]);
}

/** As much of a board as fits on it: numbers only, because whoever knows an order's id knows half of its guest's secret. */
export function shownOf(board: BoardMoves): PickUpBoard {
  const sorted = [...board.values()].filter(isShown).sort(latestFirst);
  const numbers = (status: OrderStatus) =>
    sorted
      .filter((move) => move.status === status)
      .slice(0, BOARD_NUMBERS_MAX)
      .map(({ number }) => number);
  return { cooking: numbers('cooking'), ready: numbers('ready') };
}
