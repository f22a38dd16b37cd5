import Type from 'typebox';
import { LineView } from '../../contract/index.ts';
import { invalidField } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { StoreDirectory } from '../ports.ts';
import type { VirtualLine } from './virtual-line.ts';

/** Where the place stands in a request; in lower case, as Node has headers. */
export const LINE_PLACE = 'line-place';

export const LinePlaceHeader = Type.Optional(
  Type.String({ description: 'the place that a `503 busy` of this order carried' }),
);

export function lineRoutes(http: HttpServer, stores: StoreDirectory, line: VirtualLine): void {
  http.get(
    '/api/v1/stores/:store/line',
    {
      schema: {
        summary: 'How far an order’s place in the virtual line has come',
        description: 'Once `admitted`, send the order again with the same key and `Line-Place`.',
        tags: ['orders'],
        params: Type.Object({ store: Type.String() }),
        headers: Type.Object({ [LINE_PLACE]: LinePlaceHeader }),
        response: { 200: LineView },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const header = request.headers[LINE_PLACE];
      const place = line.read(header, store.id);
      if (!place) {
        const problem = header === undefined ? 'is missing' : 'is no place in this line, or its time is over';
        throw invalidField('Line-Place', problem, 'the token of a place that a refused order was given');
      }
      reply.header('cache-control', 'no-store');
      return line.look(place);
    },
  );
}
