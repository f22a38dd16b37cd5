import Type from 'typebox';
import { StoreChange, StoreRequest, StoreSettings, TableLinks } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import { checkIdempotencyKey } from '../platform/http/idempotency-key.ts';
import type { HttpServer } from '../platform/http/server.ts';
import type { StoreDirectory } from './directory.ts';
import type { SetUp } from './set-up-store.ts';

export interface SettingsRoutesDeps {
  readonly stores: StoreDirectory;
  readonly setUp: SetUp;
  /** What links begin with; null: as the reader came. */
  readonly base: () => string | null;
  readonly now: Clock;
  readonly keyClockSkewMs: number;
}

const Params = Type.Object({ store: Type.String() });

/** What an owner does before the first guest comes. Guests see each change within a second, in every process. */
export function settingsRoutes(
  http: HttpServer,
  { stores, setUp, base, now, keyClockSkewMs }: SettingsRoutesDeps,
): void {
  http.post(
    '/api/v1/stores',
    {
      schema: {
        summary: 'Makes a store',
        description:
          'With `template` it has the settings and the menu of that store where it says nothing else. An Idempotency-Key becomes its id: the same again answers 200 and makes nothing.',
        tags: ['stores'],
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ description: 'UUIDv7' })) }),
        body: StoreRequest,
        response: { 200: StoreSettings, 201: StoreSettings },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const id = key === undefined ? undefined : checkIdempotencyKey(key, now(), keyClockSkewMs);
      const { settings, isNew } = await setUp.add(request.body, id);
      stores.changed(settings);
      if (isNew) reply.code(201).header('location', `/api/v1/stores/${settings.id}`);
      else reply.code(200).header('idempotent-replayed', 'true');
      return settings;
    },
  );

  http.get(
    '/api/v1/stores/:store/settings',
    {
      schema: {
        summary: 'All that is set of a store',
        tags: ['stores'],
        params: Params,
        response: { 200: StoreSettings },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return setUp.read(await stores.find(request.params.store));
    },
  );

  http.put(
    '/api/v1/stores/:store',
    {
      schema: {
        summary: 'Changes what is set of a store',
        description:
          'What is left out stays. Currency, time zone and the hour of a new day stay once there are orders.',
        tags: ['stores'],
        params: Params,
        body: StoreChange,
        response: { 200: StoreSettings },
      },
    },
    async (request) => {
      const store = await stores.find(request.params.store);
      const changed = await setUp.change(store, request.body);
      stores.changed(store);
      return changed;
    },
  );

  http.get(
    '/api/v1/stores/:store/table-links',
    {
      schema: {
        summary: 'What the QR codes of a store hold',
        description: 'Of the tables that are listed, or, where nobody listed them, of as many as there are.',
        tags: ['stores'],
        params: Params,
        response: { 200: TableLinks },
      },
    },
    async (request, reply) => {
      const { slug, tables, tableNames } = await stores.find(request.params.store);
      const names = tableNames ?? Array.from({ length: tables }, (_, index) => String(index + 1));
      const counter = `/s/${slug}`;
      reply.header('cache-control', 'no-store');
      return {
        base: base(),
        counter,
        tables: names.map((table) => ({ table, path: `${counter}/t/${encodeURIComponent(table)}` })),
      };
    },
  );
}
