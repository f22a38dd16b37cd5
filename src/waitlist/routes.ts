import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { JoinRequest, PartyView, StepBackRequest } from '../contract/index.ts';
import { createGuestOrStaff, notYours } from '../platform/http/access/guest-or-staff.ts';
import type { GuestTokens } from '../platform/http/access/guest-tokens.ts';
import { invalidField, Problem } from '../platform/http/problem.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import { idIn, KeyHeader, StoreParams, TokenQuery } from '../platform/http/request/params.ts';
import { describeAnswer, type HttpServer } from '../platform/http/server.ts';
import type { EventStreams } from '../platform/live/event-streams.ts';
import type { JoinLine } from './join-line.ts';
import type { createMoveParty, MoveOptions } from './move-party.ts';
import { PartyMoved } from './move-party.ts';
import type { Party } from './parties.ts';
import type { createFollowParties, FollowPartiesDeps } from './party-streams.ts';
import type { ViewParties } from './party-views.ts';
import type { LineStore, StoreDirectory } from './ports.ts';
import type { Action } from './rules.ts';

export interface WaitlistRoutesDeps {
  readonly stores: StoreDirectory;
  readonly tokens: GuestTokens;
  readonly isStaff: (request: FastifyRequest, storeId: string) => boolean;
  readonly join: JoinLine;
  readonly move: ReturnType<typeof createMoveParty>;
  readonly read: FollowPartiesDeps['read'];
  readonly view: ViewParties;
  readonly follow: ReturnType<typeof createFollowParties>;
  readonly streams: EventStreams;
  readonly keyOf: KeyOf;
}

export const PartyParams = Type.Object({ store: Type.String(), party: Type.String() });

/** @throws Problem `not-found` for what is no id */
export const partyIdOf = (params: { readonly party: string }): string => idIn(params.party, noSuchParty);

/** Moves a party and shows it as it is then. @throws Problem `stale` with the party as it is, and what `move` throws */
export async function moveAndView(
  { move, view }: Pick<WaitlistRoutesDeps, 'move' | 'view'>,
  store: LineStore,
  id: string | undefined,
  action: Action,
  options?: MoveOptions,
): Promise<PartyView> {
  const show = async (party: Party) => (await view([party]))[0]!;
  try {
    return await show(await move(store, id, action, options));
  } catch (error) {
    if (!(error instanceof PartyMoved)) throw error;
    throw new Problem('stale', { detail: error.message, extra: { party: await show(error.party) } });
  }
}

/** What a guest does: joins, looks, follows, steps back, leaves. */
export function waitlistRoutes(http: HttpServer, deps: WaitlistRoutesDeps): void {
  const { stores, tokens } = deps;

  const authorize = createGuestOrStaff(deps, 'party', { param: 'party' });
  /** First who asks, then what was sent. */
  const onRequest = async (request: FastifyRequest) => void (await authorize(request));

  http.post(
    '/api/v1/stores/:store/waitlist',
    {
      schema: {
        summary: 'Joins the waiting line',
        description:
          'The Idempotency-Key (a UUIDv7 made by the client) becomes the party’s id. The same key and body again answer 200 and change nothing.',
        tags: ['waiting line'],
        params: StoreParams,
        headers: KeyHeader,
        body: JoinRequest,
        response: describeAnswer({ 200: PartyView, 201: PartyView }),
      },
    },
    async (request, reply) => {
      const id = deps.keyOf(request);
      const store = await stores.find(request.params.store);
      const { size, name } = request.body;
      const joined = await deps.join(store, { id, size, name: nameOf(name) });
      const [view] = await deps.view([joined.party]);
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
      if (joined.kind === 'joined') reply.code(201).header('location', `/api/v1/stores/${store.id}/waitlist/${id}`);
      else reply.code(200).header('idempotent-replayed', 'true');
      return reply.send(JSON.stringify({ ...view, token: tokens.sign(store.id, id) }));
    },
  );

  http.get(
    '/api/v1/stores/:store/waitlist/:party',
    {
      schema: {
        summary: 'One party: its state, place and minutes',
        tags: ['waiting line'],
        params: PartyParams,
        querystring: TokenQuery,
        response: { 200: PartyView },
      },
    },
    async (request, reply) => {
      const { store, id } = await authorize(request);
      const [party] = await deps.read([{ storeId: store.id, id }]);
      if (!party) throw noSuchParty();
      reply.header('cache-control', 'no-store');
      return (await deps.view([party]))[0]!;
    },
  );

  http.delete(
    '/api/v1/stores/:store/waitlist/:party',
    {
      onRequest,
      schema: {
        summary: 'Leaves the line',
        tags: ['waiting line'],
        params: PartyParams,
        querystring: TokenQuery,
        response: { 200: PartyView },
      },
    },
    async (request) => {
      const { store, id } = await authorize(request);
      return moveAndView(deps, store, id, 'leave');
    },
  );

  http.post(
    '/api/v1/stores/:store/waitlist/:party/step-back',
    {
      onRequest,
      schema: {
        summary: 'Lets the next parties go first',
        description:
          'Also takes up waiting again after a call, or after being set aside. With `stepsLeft` as shown, a tap whose answer was lost is not taken twice.',
        tags: ['waiting line'],
        params: PartyParams,
        querystring: TokenQuery,
        body: StepBackRequest,
        response: { 200: PartyView },
      },
    },
    async (request) => {
      const { store, id } = await authorize(request);
      return moveAndView(deps, store, id, 'step-back', { stepsLeft: request.body?.stepsLeft });
    },
  );

  http.get(
    '/api/v1/stores/:store/waitlist/:party/events',
    {
      schema: {
        summary: 'Follows a party (Server-Sent Events)',
        description: 'Events named `party` carry the whole party, whenever its state, place or minutes changed.',
        tags: ['waiting line'],
        params: PartyParams,
        querystring: TokenQuery,
      },
    },
    async (request, reply) => {
      const { store, id, by } = await authorize(request);
      const ref = { storeId: store.id, id };
      if (!(await deps.read([ref]))[0]) throw noSuchParty();
      deps.follow(await deps.streams.open(request, reply, by === 'staff' ? 'staff' : 'status', store.id), ref);
      return reply;
    },
  );
}

/** A name that is only blanks is none. @throws Problem `invalid` */
function nameOf(text: string | undefined): string | null {
  if (text !== undefined && /\p{Cc}/u.test(text)) {
    throw invalidField('name', 'has a control character', 'text in one line');
  }
  return text?.trim() || null;
}

const noSuchParty = (): Problem => notYours('party');
