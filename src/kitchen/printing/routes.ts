import Type from 'typebox';
import { PrintSlip } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { StoreDirectory } from '../ports.ts';
import type { createNextSlip } from './next-slip.ts';
import { parseSlipId } from './slip-id.ts';
import { finishSlip } from './slips.ts';

export interface PrintingRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly nextSlip: ReturnType<typeof createNextSlip>;
  readonly now: Clock;
}

/** Shorter than the minute after which proxies cut a silent connection. */
const WAIT_S_MAX = 50;
const WAIT_S_DEFAULT = 30;

export function printingRoutes(http: HttpServer, deps: PrintingRoutesDeps): void {
  const closing = new AbortController();
  // Fastify waits for requests under way, and a long poll would keep it for half a minute.
  http.addHook('preClose', async () => closing.abort());

  http.get(
    '/api/v1/stores/:store/print/:station/next',
    {
      // It takes a slip away, which a look at the head must not.
      exposeHeadRoute: false,
      schema: {
        summary: 'Waits for a station’s next slip; 204 when none came within `wait` seconds',
        description:
          'A slip that is not acknowledged within 20 s is handed out again, with a higher `copy`. When an order is cancelled whose slip was handed out, a slip of kind `void` follows.',
        tags: ['kitchen'],
        params: Type.Object({ store: Type.String(), station: Type.String({ maxLength: 40 }) }),
        querystring: Type.Object({ wait: Type.Optional(Type.String()), token: Type.Optional(Type.String()) }),
        response: { 200: PrintSlip, 204: Type.Null({ description: 'Nothing to print' }) },
      },
    },
    async (request, reply) => {
      const store = await deps.stores.find(request.params.store);
      const { wait } = request.query;
      if (wait !== undefined && !(/^\d{1,2}$/.test(wait) && Number(wait) <= WAIT_S_MAX)) {
        throw invalidField('wait', 'is not a number of seconds in range', `0 to ${WAIT_S_MAX}`);
      }
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const slip = await deps.nextSlip(
        { storeId: store.id, station: request.params.station },
        Number(wait ?? WAIT_S_DEFAULT) * 1_000,
        AbortSignal.any([gone.signal, closing.signal]),
      );
      reply.header('cache-control', 'no-store');
      return slip ?? reply.code(204).send(null);
    },
  );

  http.post(
    '/api/v1/stores/:store/print/:station/:id/done',
    {
      schema: {
        summary: 'Acknowledges a printed slip; from then on the order’s guest cannot cancel it',
        tags: ['kitchen'],
        params: Type.Object({ store: Type.String(), station: Type.String(), id: Type.String() }),
        response: { 200: Type.Object({ id: Type.String() }) },
      },
    },
    async (request) => {
      const { store: asked, station, id } = request.params;
      const store = await deps.stores.find(asked);
      const slip = parseSlipId(id, station);
      const known = slip && (await finishSlip(deps.db, store.id, slip, deps.now()));
      if (!known) throw new Problem('not-found', { detail: 'There is no such slip.' });
      return { id };
    },
  );
}
