import type { PickUpBoard } from '../../contract/index.ts';
import type { EventStream } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/topics.ts';
import { type BoardShelf, moveOnBoard, shownOf } from './pick-up-board.ts';

/** Sends a store's whole board at the beginning, after each move, and after a gap. */
export function followBoard(shelf: BoardShelf, live: LiveHub, stream: EventStream, storeId: string): void {
  /** Undefined while it is read: what moves meanwhile may be missing in the answer, and is read once more. */
  let board: PickUpBoard | undefined;
  let reads = 0;
  const show = (next: PickUpBoard) => {
    board = next;
    stream.send('board', shownOf(next));
  };
  const read = () => {
    board = undefined;
    reads += 1;
    const mine = reads;
    shelf.read(storeId).then(
      (found) => mine === reads && !stream.closed && show(found),
      () => stream.end(),
    );
  };
  const ends = [
    live.subscribe(`order ${storeId}`, (message) => {
      if (message.kind !== 'order') return;
      if (board) show(moveOnBoard(board, message.number, message.event.status));
      else read();
    }),
    live.onGap(read),
  ];
  stream.onClose(() => {
    for (const end of ends) end();
  });
  read();
}
