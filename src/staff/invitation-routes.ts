import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  InvitationAcceptance,
  InvitationList,
  InvitationLook,
  InvitationOffer,
  InvitationRequest,
  NewInvitation,
  SessionView,
} from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { Access } from './access.ts';
import type { createInvitations } from './invitations.ts';
import { cookieOf, isOwnPage, type Sessions } from './sessions.ts';

export interface InvitationRoutesDeps {
  readonly stores: { find(idOrSlug: string): Promise<{ readonly id: string; readonly slug: string }> };
  readonly access: Access;
  readonly sessions: Sessions;
  readonly invitations: ReturnType<typeof createInvitations>;
  /** One address never takes the others' turns. */
  readonly inClientsTurn: <T>(request: FastifyRequest, work: () => Promise<T>) => Promise<T>;
  readonly isSecure: (request: FastifyRequest) => boolean;
  /** What links begin with; null: as the reader came. */
  readonly base: () => string | null;
}

/** A link's token stands behind its `#`, where no server and no log sees it; the page sends it in a body. */
export function invitationRoutes(http: HttpServer, deps: InvitationRoutesDeps): void {
  const { stores, access, sessions, invitations } = deps;
  const by = (request: FastifyRequest): string => sessions.of(request)?.name ?? 'key';

  http.get(
    '/api/v1/stores/:store/invitations',
    {
      schema: {
        summary: 'Who was invited to work at a store and has not come yet',
        tags: ['staff'],
        params: StoreParams,
        response: { 200: InvitationList },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      return { items: await invitations.list(store.id), next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/invitations',
    {
      schema: {
        summary: 'Invites somebody to work at a store, by a link that is good once',
        description:
          'Who follows it chooses a login, a name and a password. A manager invites hall and kitchen, an owner everybody.',
        tags: ['staff'],
        params: StoreParams,
        body: InvitationRequest,
        response: { 201: NewInvitation },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const role = access.roleOf(request, store.id)!;
      const inviter = { name: by(request), staffId: sessions.of(request)?.staffId ?? null, role };
      const { token, ...made } = await invitations.invite(store.id, request.body, inviter);
      reply.code(201).header('cache-control', 'no-store');
      return { ...made, link: `${deps.base() ?? ''}/join#invite=${token}` };
    },
  );

  http.delete(
    '/api/v1/stores/:store/invitations/:invitation',
    {
      schema: {
        summary: 'Revokes an invitation',
        tags: ['staff'],
        params: Type.Object({ store: Type.String(), invitation: Type.String() }),
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      await invitations.revoke(store.id, request.params.invitation, by(request));
      return reply.code(204).send();
    },
  );

  http.post(
    '/api/v1/invitations/look',
    {
      schema: {
        summary: 'What an invitation is for',
        tags: ['staff'],
        body: InvitationLook,
        response: { 200: InvitationOffer },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return invitations.look(request.body.token);
    },
  );

  http.post(
    '/api/v1/invitations/accept',
    {
      schema: {
        summary: 'Uses an invitation: makes the person and signs them in',
        tags: ['staff'],
        body: InvitationAcceptance,
        response: { 201: SessionView },
      },
    },
    async (request, reply) => {
      if (!isOwnPage(request.raw)) throw new Problem('forbidden', { detail: 'Only from a page of this server.' });
      const { session, store, role } = await deps.inClientsTurn(request, () => invitations.accept(request.body));
      reply
        .code(201)
        .header('set-cookie', cookieOf(session, deps.isSecure(request)))
        .header('cache-control', 'no-store');
      return { name: request.body.name.trim(), roles: [{ role, store: store.slug }] };
    },
  );
}
