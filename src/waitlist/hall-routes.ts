import Type from 'typebox';
import { CallRequest, PartyView, StateRequest, WaitlistPage, WaitlistState } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { invalidField } from '../platform/http/problem.ts';
import { readPage, toPage } from '../platform/http/request/cursor.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { readCalled, readEnded, readHead, readWaiting } from './parties.ts';
import { moveAndView, PartyParams, partyIdOf, type WaitlistRoutesDeps } from './routes.ts';
import type { createSetLineState } from './set-line-state.ts';

export interface HallRoutesDeps extends Pick<WaitlistRoutesDeps, 'stores' | 'move' | 'view'> {
  readonly db: Queryable;
  readonly setState: ReturnType<typeof createSetLineState>;
  readonly now: Clock;
}

const SHOWN = ['waiting', 'called', 'no-show'] as const;
/** Who was set aside longer ago has eaten elsewhere. */
const SET_ASIDE_SHOWN_MS = 3 * 3_600_000;
/** More are called at once nowhere; a list of those needs no pages. */
const OTHERS_MAX = 200;

/** What the hall does: sees the line, calls, seats, sets aside, opens and closes. */
export function hallRoutes(http: HttpServer, deps: HallRoutesDeps): void {
  const { stores, db } = deps;

  http.get(
    '/api/v1/stores/:store/waitlist',
    {
      schema: {
        summary: 'The line, in its order',
        description:
          'Unset `state`: who waits, after those who are called, which are all on the first page. `no-show`: who was set aside in the last three hours, the latest first.',
        tags: ['waiting line'],
        params: StoreParams,
        querystring: Type.Object({
          state: Type.Optional(Type.String()),
          limit: Type.Optional(Type.String()),
          cursor: Type.Optional(Type.String()),
          token: Type.Optional(Type.String()),
        }),
        response: { 200: WaitlistPage },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const { limit, after } = readPage(request.query, (text) => /^\d{1,15}$/.test(text));
      const state = SHOWN.find((each) => each === request.query.state);
      if (request.query.state !== undefined && !state) throw invalidField('state', 'is unknown', SHOWN.join(', '));
      const isFirst = after === null;
      const [head, called, waiting, setAside] = await Promise.all([
        readHead(db, store.id),
        isFirst && (state === undefined || state === 'called') ? readCalled(db, store.id, OTHERS_MAX) : [],
        state === undefined || state === 'waiting'
          ? readWaiting(db, store.id, { after: Number(after ?? -1), limit: limit + 1 })
          : [],
        state === 'no-show'
          ? readEnded(db, store.id, ['no-show'], {
              since: new Date(deps.now() - SET_ASIDE_SHOWN_MS),
              limit: OTHERS_MAX,
            })
          : [],
      ]);
      const { items, next } = toPage(waiting, limit, ({ position }) => String(position));
      return {
        items: await deps.view([...called, ...items, ...setAside]),
        next,
        state: head.state,
        waiting: head.waiting,
      };
    },
  );

  http.post(
    '/api/v1/stores/:store/waitlist/call',
    {
      schema: {
        summary: 'Calls a party, or the first who waits',
        description: 'Also brings back who was set aside or seated by mistake.',
        tags: ['waiting line'],
        params: StoreParams,
        body: CallRequest,
        response: { 200: PartyView },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      return moveAndView(deps, store, request.body?.party?.toLowerCase(), 'call');
    },
  );

  for (const [path, action, summary] of [
    ['seat', 'seat', 'The party has sat down'],
    ['no-show', 'no-show', 'Sets a party aside that did not come'],
  ] as const) {
    http.post(
      `/api/v1/stores/:store/waitlist/:party/${path}`,
      {
        schema: { summary, tags: ['waiting line'], params: PartyParams, response: { 200: PartyView } },
      },
      async (request) => {
        const params = request.params as { store: string; party: string };
        const store = await stores.find(params.store);
        return moveAndView(deps, store, partyIdOf(params), action);
      },
    );
  }

  http.put(
    '/api/v1/stores/:store/waitlist/state',
    {
      schema: {
        summary: 'Opens, pauses or closes the line',
        description: 'Who waits stays in it. `walk-in`: tables are free, so nobody need wait.',
        tags: ['waiting line'],
        params: StoreParams,
        body: StateRequest,
        response: { 200: Type.Object({ state: WaitlistState }) },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      await deps.setState(store.id, request.body.state);
      return { state: request.body.state };
    },
  );
}
