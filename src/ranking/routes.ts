import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  RANKING_LIMIT_DEFAULT,
  RANKING_LIMIT_MAX,
  RANKING_WINDOWS,
  RankingView,
  type RankingWindow,
} from '../contract/index.ts';
import type { Cache } from '../platform/cache/cache.ts';
import { type ReadyBody, sendReady } from '../platform/http/answer/ready-body.ts';
import { invalidField } from '../platform/http/problem.ts';
import { describeAnswer, type HttpServer } from '../platform/http/server.ts';
import { findBrand } from './brands.ts';
import { EVERYBODY, type Place, type StoreDirectory } from './ports.ts';
import { rankingKey } from './ranking-source.ts';

export interface RankingRoutesDeps {
  readonly stores: StoreDirectory;
  readonly cache: Cache<ReadyBody>;
  readonly brands: Cache<string | null>;
}

const Query = { window: Type.Optional(Type.String()), limit: Type.Optional(Type.String()) };
const DESCRIPTION = `Portions in orders that are not cancelled, by \`window\` (${RANKING_WINDOWS.join(', ')}; default day) in whole hours, the running one included. \`limit\`: 1 to ${RANKING_LIMIT_MAX}, default ${RANKING_LIMIT_DEFAULT}.`;

/** @throws Problem `invalid` */
function readQuery({ window = 'day', limit }: { window?: string; limit?: string }): [RankingWindow, number] {
  const known = RANKING_WINDOWS.find((each) => each === window);
  if (!known) throw invalidField('window', 'is no window of a ranking', RANKING_WINDOWS.join(', '));
  if (limit === undefined) return [known, RANKING_LIMIT_DEFAULT];
  if (!/^\d{1,9}$/.test(limit) || Number(limit) < 1 || Number(limit) > RANKING_LIMIT_MAX) {
    throw invalidField('limit', 'is not a whole number in range', `1 to ${RANKING_LIMIT_MAX}`);
  }
  return [known, Number(limit)];
}

export function rankingRoutes(http: HttpServer, { stores, cache, brands }: RankingRoutesDeps): void {
  async function send(request: FastifyRequest, reply: FastifyReply, place: Place, asked: [RankingWindow, number]) {
    const key = rankingKey(place, ...asked);
    const { value, outcome } = cache.peek(key) ?? (await cache.read(key));
    return sendReady(request, reply, value, outcome) ?? reply;
  }

  http.get(
    '/api/v1/stores/:store/ranking',
    {
      schema: {
        summary: 'What sells at a store',
        description: DESCRIPTION,
        tags: ['ranking'],
        params: Type.Object({ store: Type.String() }),
        querystring: Type.Object(Query),
        response: describeAnswer({ 200: RankingView }),
      },
    },
    async (request, reply) => {
      const asked = readQuery(request.query);
      const store = await stores.find(request.params.store);
      return send(request, reply, `store/${store.id}`, asked);
    },
  );

  http.get(
    '/api/v1/ranking',
    {
      schema: {
        summary: 'What sells at all stores, or at those of one brand',
        description: `${DESCRIPTION} With \`brand\`, a brand’s slug, of its stores alone. A brand’s dish is one dish however many stores have it under its code. At most a minute old.`,
        tags: ['ranking'],
        querystring: Type.Object({ ...Query, brand: Type.Optional(Type.String()) }),
        response: describeAnswer({ 200: RankingView }),
      },
    },
    async (request, reply) => {
      const asked = readQuery(request.query);
      const { brand } = request.query;
      return send(request, reply, brand === undefined ? EVERYBODY : `wide/${await findBrand(brands, brand)}`, asked);
    },
  );
}
