import { PickUpBoard } from '../../contract/index.ts';
import { StoreParams } from '../../platform/http/request/params.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { EventStreams } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/topics.ts';
import type { StoreDirectory } from '../ports.ts';
import type { BoardCache } from './board-cache.ts';
import { shownOf } from './board-moves.ts';
import { followBoard } from './board-stream.ts';

export interface BoardRoutesDeps {
  readonly stores: StoreDirectory;
  readonly boardCache: BoardCache;
  readonly live: LiveHub;
  readonly streams: EventStreams;
}

export function boardRoutes(http: HttpServer, { stores, boardCache, live, streams }: BoardRoutesDeps): void {
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
      return shownOf(await boardCache.read(store.id));
    },
  );

  http.get(
    '/api/v1/stores/:store/board/events',
    {
      schema: {
        summary: 'Follows a pick-up board (Server-Sent Events)',
        description: 'Events named `board` carry the whole board.',
        tags: ['kitchen'],
        params: StoreParams,
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      followBoard(boardCache, live, await streams.open(request, reply, 'public-stream', store.id), store.id);
      return reply;
    },
  );
}
