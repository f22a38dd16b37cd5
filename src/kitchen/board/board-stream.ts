import type { EventStream } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/topics.ts';
import type { BoardCache } from './board-cache.ts';
import { type BoardMove, type BoardMoves, moveOnBoard, shownOf, toMoves } from './board-moves.ts';

/** Sends a store's whole board at the beginning, after each move, and after a gap. */
export function followBoard(boardCache: BoardCache, live: LiveHub, stream: EventStream, storeId: string): void {
  /** Undefined while it is read. */
  let board: BoardMoves | undefined;
  /** What moved while it was read: it may be missing in the answer. */
  let meanwhile: BoardMove[] = [];
  let reads = 0;
  const show = (next: BoardMoves) => {
    board = next;
    stream.send('board', shownOf(next));
  };
  const read = () => {
    board = undefined;
    meanwhile = [];
    reads += 1;
    const mine = reads;
    boardCache.read(storeId).then(
      (found) => mine === reads && !stream.closed && show(moveOnBoard(found, meanwhile)),
      () => stream.end(),
    );
  };
  const ends = [
    live.subscribe(`order ${storeId}`, (message) => {
      if (message.kind !== 'order') return;
      const moves = toMoves(message);
      if (moves.length === 0) return;
      if (board) show(moveOnBoard(board, moves));
      else meanwhile.push(...moves);
    }),
    live.onGap(read),
  ];
  stream.onClose(() => {
    for (const end of ends) end();
  });
  read();
}
