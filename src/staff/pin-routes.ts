import { PinChange, PinPeople, PinSession, PinSwitch } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { StoreParams } from '../platform/http/request/params.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { createPins } from './pins.ts';
import { readStaff } from './queries.ts';
import type { Session, Sessions } from './sessions.ts';

export interface PinRoutesDeps {
  readonly db: Queryable;
  readonly stores: { find(idOrSlug: string): Promise<{ readonly id: string }> };
  readonly sessions: Sessions;
  readonly pins: ReturnType<typeof createPins>;
}

/** Somebody at a tablet takes it over from its own session or from whoever was there; a person's own browser is no tablet. */
export function pinRoutes(http: HttpServer, { db, stores, sessions, pins }: PinRoutesDeps): void {
  const signedIn = (session: Session | undefined): Session & { staffId: string } => {
    if (!session?.staffId) throw new Problem('unauthorized', { detail: 'Nobody is signed in by name.' });
    return session as Session & { staffId: string };
  };

  http.put(
    '/api/v1/sessions/current/pin',
    {
      onRequest: async (request) => void signedIn(sessions.of(request)),
      schema: {
        summary: 'Sets one’s own PIN for the tablets of one’s stores',
        description: 'Needs a sign-in by password. Whoever is at a tablet by the PIN of before is out.',
        tags: ['staff'],
        body: PinChange,
      },
    },
    async (request, reply) => {
      const { staffId, deviceId } = signedIn(sessions.of(request));
      if (deviceId !== null) throw new Problem('forbidden', { detail: 'A PIN is set by who signed in by password.' });
      const [person] = await readStaff(db, staffId);
      if (!person) throw new Problem('unauthorized', { detail: 'Nobody is signed in by name.' });
      await pins.choose(staffId, person.login, request.body.pin);
      return reply.code(204).send();
    },
  );

  http.put(
    '/api/v1/sessions/current',
    {
      onRequest: async (request) => void signedIn(sessions.of(request)),
      schema: { summary: 'Says that somebody still works at a tablet', tags: ['staff'] },
    },
    async (request, reply) => {
      await pins.stay(signedIn(sessions.of(request)), sessions.hashOf(request)!);
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/v1/stores/:store/pins',
    {
      schema: {
        summary: 'Who may take over this tablet by PIN; nobody where it is no tablet',
        tags: ['staff'],
        params: StoreParams,
        response: { 200: PinPeople },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      reply.header('cache-control', 'no-store');
      const isTablet = sessions.of(request)?.storeId === store.id && sessions.hashOf(request) !== undefined;
      return { items: isTablet ? await pins.people(store.id) : [], next: null };
    },
  );

  http.post(
    '/api/v1/stores/:store/pins',
    {
      schema: {
        summary: 'Takes a tablet over by PIN',
        description:
          'Asked with the tablet’s own key. The answer’s key stands for the person at this tablet, until the next one takes it over or nobody touches it.',
        tags: ['staff'],
        params: StoreParams,
        body: PinSwitch,
        response: { 201: PinSession },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const device = sessions.of(request);
      if (!device?.storeId || device.staffId !== null || device.storeId !== store.id || !sessions.hashOf(request)) {
        throw new Problem('forbidden', { detail: 'A PIN counts only at a tablet that is signed in at this store.' });
      }
      const { staffId, pin } = request.body;
      const taken = await pins.takeOver({ ...device, storeId: device.storeId }, staffId, pin);
      reply.code(201).header('cache-control', 'no-store');
      return taken;
    },
  );
}
