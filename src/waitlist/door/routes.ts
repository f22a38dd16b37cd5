import { Door } from '../../contract/index.ts';
import { StoreParams } from '../../platform/http/request/params.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { EventStreams } from '../../platform/live/event-streams.ts';
import type { LiveHub } from '../../platform/live/postgres-live.ts';
import type { StoreDirectory } from '../ports.ts';
import { followDoor } from './door-stream.ts';
import type { ReadDoor } from './read-door.ts';

export interface DoorRoutesDeps {
  readonly stores: StoreDirectory;
  readonly readDoor: ReadDoor;
  readonly live: LiveHub;
  readonly streams: EventStreams;
}

/** What everybody at the door may see. */
export function doorRoutes(http: HttpServer, { stores, readDoor, live, streams }: DoorRoutesDeps): void {
  http.get(
    '/api/v1/stores/:store/door',
    {
      schema: {
        summary: 'The line from outside: open or not, how long, who is called',
        tags: ['waiting line'],
        params: StoreParams,
        response: { 200: Door },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return readDoor(store.id);
    },
  );

  http.get(
    '/api/v1/stores/:store/door/events',
    {
      schema: {
        summary: 'Follows the line from outside (Server-Sent Events)',
        description: 'Events named `door` carry all of it.',
        tags: ['waiting line'],
        params: StoreParams,
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      followDoor(readDoor, live, await streams.open(request, reply, 'public-stream', store.id), store.id);
      return reply;
    },
  );
}
