import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import {
  DeviceList,
  DeviceRequest,
  type DeviceView,
  NewDevice,
  SessionView,
  SignInRequest,
  StaffChange,
  StaffList,
  StaffLog,
  StaffRequest,
  StaffView,
  StreamTicket,
} from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { idTimeMs } from '../platform/id.ts';
import type { Access } from './access.ts';
import type { createChangeStaff } from './change-staff.ts';
import { readStaff } from './queries.ts';
import { cookieOf, isOwnPage, type Session, type Sessions } from './sessions.ts';
import type { createSignIn } from './sign-in.ts';
import type { StreamTickets } from './stream-tickets.ts';

export interface StaffRoutesDeps {
  readonly db: Queryable;
  readonly stores: { find(idOrSlug: string): Promise<{ readonly id: string }> };
  readonly access: Access;
  readonly sessions: Sessions;
  readonly tickets: StreamTickets;
  readonly signIn: (request: FastifyRequest, ...of: Parameters<ReturnType<typeof createSignIn>>) => Promise<string>;
  readonly staff: ReturnType<typeof createChangeStaff>;
  /** Whether the browser came over https, where cookies can be its alone. */
  readonly isSecure: (request: FastifyRequest) => boolean;
}

/** The newest of the log; what is older is in the table. */
const LOG_SHOWN = 200;

export function staffRoutes(http: HttpServer, deps: StaffRoutesDeps): void {
  const { db, stores, access, sessions, staff, isSecure } = deps;
  const by = (request: FastifyRequest): string => sessions.of(request)?.name ?? 'key';

  http.post(
    '/api/v1/sessions',
    {
      schema: {
        summary: 'Signs somebody in',
        description: 'Answers with a cookie. A password that was wrong too often locks the login for a while.',
        tags: ['staff'],
        body: SignInRequest,
        response: { 201: SessionView },
      },
    },
    async (request, reply) => {
      if (!isOwnPage(request.raw)) throw new Problem('forbidden', { detail: 'Only from a page of this server.' });
      const { login, password } = request.body;
      const token = await deps.signIn(request, login.trim().toLowerCase(), password);
      reply
        .code(201)
        .header('set-cookie', cookieOf(token, isSecure(request)))
        .header('cache-control', 'no-store');
      const person = (await readStaff(db)).find((each) => each.login === login.trim().toLowerCase());
      return { name: person?.name ?? null, roles: person?.roles ?? [] };
    },
  );

  http.get(
    '/api/v1/sessions/current',
    {
      schema: { summary: 'Who is signed in, and what that opens', tags: ['staff'], response: { 200: SessionView } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const session = sessions.of(request);
      if (session?.staffId && session.deviceId === null) {
        const [person] = await readStaff(db, session.staffId);
        if (person) return { name: person.name, roles: person.roles };
      }
      if (session) return { name: session.name, roles: Object.values(session.roles).map((role) => ({ role })) };
      const role = access.roleOf(request, '');
      if (!role) throw new Problem('unauthorized', { detail: 'Nobody is signed in.' });
      return { name: null, roles: [{ role }] };
    },
  );

  const signedIn = (request: FastifyRequest): Session => {
    const session = sessions.of(request);
    if (!session?.staffId) throw new Problem('unauthorized', { detail: 'Nobody is signed in by name.' });
    return session;
  };
  http.delete(
    '/api/v1/sessions/current',
    { onRequest: async (request) => void signedIn(request), schema: { summary: 'Signs out', tags: ['staff'] } },
    async (request, reply) => {
      const { id, deviceId } = signedIn(request);
      await staff.signOut(id);
      // Whoever leaves a tablet leaves its browser's own cookie alone.
      if (deviceId === null) reply.header('set-cookie', cookieOf('', isSecure(request)));
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/v1/staff',
    { schema: { summary: 'Who works here', tags: ['staff'], response: { 200: StaffList } } },
    async () => ({ items: await staff.list(), next: null }),
  );

  http.post(
    '/api/v1/staff',
    { schema: { summary: 'Adds somebody', tags: ['staff'], body: StaffRequest, response: { 201: StaffView } } },
    async (request, reply) => {
      reply.code(201);
      return staff.add(request.body, by(request));
    },
  );

  const Person = Type.Object({ id: Type.String() });
  http.put(
    '/api/v1/staff/:id',
    {
      schema: {
        summary: 'Changes somebody',
        description: 'A new password or other roles end all of their sessions.',
        tags: ['staff'],
        params: Person,
        body: StaffChange,
        response: { 200: StaffView },
      },
    },
    async (request) => staff.change(request.params.id, request.body, by(request)),
  );

  http.delete(
    '/api/v1/staff/:id',
    { schema: { summary: 'Removes somebody, and ends all of their sessions', tags: ['staff'], params: Person } },
    async (request, reply) => {
      await staff.remove(request.params.id, by(request));
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/v1/staff-log',
    {
      schema: {
        summary: 'Who signed in, was refused, or changed who may; the newest first',
        tags: ['staff'],
        response: { 200: StaffLog },
      },
    },
    async () => {
      const { rows } = await db.query<{ id: string; what: string; by: string; about: string | null }>(
        'SELECT id, what, by_whom AS by, about FROM staff_log ORDER BY id DESC LIMIT $1',
        [LOG_SHOWN],
        'read-staff-log',
      );
      return { items: rows.map((row) => ({ ...row, at: new Date(idTimeMs(row.id)).toISOString() })), next: null };
    },
  );

  http.get(
    '/api/v1/stores/:store/devices',
    {
      schema: {
        summary: 'Tablets and print agents of a store',
        tags: ['staff'],
        params: StoreParams,
        response: { 200: DeviceList },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const { rows } = await db.query<Omit<DeviceView, 'createdAt'> & { created: Date }>(
        `SELECT id, device_name AS name, role, created_at AS created FROM staff_session
         WHERE store_id = $1 AND staff_id IS NULL ORDER BY created_at, id`,
        [store.id],
        'read-devices',
      );
      return { items: rows.map(({ created, ...row }) => ({ ...row, createdAt: created.toISOString() })), next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/stream-tickets',
    {
      schema: {
        summary: 'A ticket that opens one stream of the store, once, within seconds',
        description:
          'For EventSource, which can set no header: the stream is opened with `?ticket=`. Keys are never read from an address.',
        tags: ['staff'],
        params: StoreParams,
        response: { 201: StreamTicket },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const session = sessions.hashOf(request);
      const role = access.roleOf(request, store.id)!;
      const { ticket, expiresMs } = deps.tickets.issue(store.id, session === undefined ? { role } : { session });
      reply.code(201).header('cache-control', 'no-store');
      return { ticket, expiresAt: new Date(expiresMs).toISOString() };
    },
  );

  http.post(
    '/api/v1/stores/:store/devices',
    {
      schema: {
        summary: 'Signs a tablet or a print agent in, until it is revoked',
        description: 'Its key is told in this answer only; it is sent as Authorization: Bearer.',
        tags: ['staff'],
        params: StoreParams,
        body: DeviceRequest,
        response: { 201: NewDevice },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.code(201).header('cache-control', 'no-store');
      return staff.addDevice(store.id, request.body, by(request));
    },
  );

  http.delete(
    '/api/v1/stores/:store/devices/:device',
    {
      schema: {
        summary: 'Revokes a device',
        tags: ['staff'],
        params: Type.Object({ store: Type.String(), device: Type.String() }),
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      await staff.removeDevice(store.id, request.params.device, by(request));
      return reply.code(204).send();
    },
  );
}
