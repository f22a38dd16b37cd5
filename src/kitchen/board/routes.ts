import Type from 'typebox';
import { PickUpBoard } from '../../contract/index.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { EventStreams } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/topics.ts';
import type { StoreDirectory } from '../ports.ts';
import { type BoardShelf, moveOnBoard } from './pick-up-board.ts';

export interface BoardRoutesDeps {
  readonly stores: StoreDirectory;
  readonly shelf: BoardShelf;
  readonly live: LiveHub;
  readonly streams: EventStreams;
}

const StoreParams = Type.Object({ store: Type.String() });

export function boardRoutes(http: HttpServer, { stores, shelf, live, streams }: BoardRoutesDeps): void {
  http.get(
    '/api/v1/stores/:store/board',
    {
      schema: {
        summary: 'The pick-up board: numbers being cooked and ready, the latest first',
        tags: ['kitchen'],
        params: StoreParams,
        response: { 200: PickUpBoard },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return shelf.read(store.id);
    },
  );

  http.get(
    '/api/v1/stores/:store/board/events',
    {
      // A stream has no head of its own to look at.
      exposeHeadRoute: false,
      schema: {
        summary: 'Follows a pick-up board (Server-Sent Events)',
        description: 'Events named `board` carry the whole board.',
        tags: ['kitchen'],
        params: StoreParams,
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const stream = await streams.open(request, reply);
      let board: PickUpBoard | undefined;
      let reads = 0;
      const show = (next: PickUpBoard) => {
        board = next;
        stream.send('board', next);
      };
      const read = () => {
        reads += 1;
        const mine = reads;
        shelf.read(store.id).then(
          (found) => mine === reads && !stream.closed && show(found),
          () => stream.end(),
        );
      };
      const ends = [
        live.subscribe(`order ${store.id}`, (message) => {
          if (message.kind !== 'order') return;
          // While the first board is being read, what moves may be missing in it: read once more.
          if (board) show(moveOnBoard(board, message.number, message.event.status));
          else read();
        }),
        live.onGap(read),
      ];
      stream.onClose(() => {
        for (const end of ends) end();
      });
      read();
      return reply;
    },
  );
}
