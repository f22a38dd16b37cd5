import Type from 'typebox';
import { PacingRequest, PacingView } from '../../contract/index.ts';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { invalidField } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { Store, StoreDirectory } from '../ports.ts';
import { readPaces } from './queries.ts';
import { rateOf } from './rules.ts';
import type { createSetPacing } from './set-pacing.ts';

export interface PacingRoutesDeps {
  readonly db: Queryable;
  readonly stores: StoreDirectory;
  readonly setPacing: ReturnType<typeof createSetPacing>;
}

const Params = Type.Object({ store: Type.String() });

export function pacingRoutes(http: HttpServer, { db, stores, setPacing }: PacingRoutesDeps): void {
  const read = createSingleFlight(async (storeId) => (await readPaces(db, [storeId])).get(storeId));

  async function view(store: Store): Promise<PacingView> {
    const kept = await read(store.id);
    if (!kept) return { strategy: 'fixed', stations: [] };
    const pace = { ...kept, prepMinutes: store.prepMinutes };
    const stations = pace.stations.map((station) => {
      const { workMinutes, donePortions, capacity, open } = station;
      const rate = workMinutes > 0 ? donePortions / workMinutes : rateOf(pace, station);
      return {
        station: station.station,
        capacity,
        open,
        portionsPerMinute: rate === undefined ? null : Math.round(rate * 100) / 100,
      };
    });
    return { strategy: pace.strategy, stations };
  }

  http.get(
    '/api/v1/stores/:store/pacing',
    {
      schema: {
        summary: 'How the store promises, and the load of each station',
        tags: ['kitchen'],
        params: Params,
        response: { 200: PacingView },
      },
    },
    async (request) => view(await stores.find(request.params.store)),
  );

  http.put(
    '/api/v1/stores/:store/pacing',
    {
      schema: {
        summary: 'Sets how the store promises and what its stations can have open',
        description: '`fixed` without stations is no pacing: the store promises its own minutes and knows no limit.',
        tags: ['kitchen'],
        params: Params,
        body: PacingRequest,
        response: { 200: PacingView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const names = request.body.stations.map(({ station }) => station);
      const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
      if (twice >= 0) throw invalidField(`stations[${twice}].station`, 'is there twice', 'each station once');
      const nul = names.findIndex((name) => name.includes('\0') || !name.isWellFormed());
      if (nul >= 0) {
        throw invalidField(`stations[${nul}].station`, 'has a character that cannot be stored', 'text without U+0000');
      }
      await setPacing(store.id, request.body);
      stores.changed(store);
      return view(store);
    },
  );
}
