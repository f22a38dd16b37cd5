import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { RotateRequest, StoreChange, StoreRequest, StoreSettings, TableLink, TableLinks } from '../contract/index.ts';
import type { InTurn } from '../platform/concurrency/keyed-semaphore.ts';
import { invalidField } from '../platform/http/problem.ts';
import type { KeyOf } from '../platform/http/request/idempotency-key.ts';
import type { HttpServer } from '../platform/http/server.ts';
import { drawInThread } from './code-sheet/draw-in-thread.ts';
import { linkPath, sheetOf } from './code-sheet/sheet-of.ts';
import type { StoreDirectory } from './directory.ts';
import type { Store } from './queries.ts';
import { type SetUp, tablesOf } from './set-up-store.ts';
import type { TableKeys } from './table-keys.ts';

export interface SettingsRoutesDeps {
  readonly stores: StoreDirectory;
  readonly setUp: SetUp;
  readonly tableKeys: TableKeys;
  /** Whoever asks, for the log. */
  readonly nameOf: (request: FastifyRequest) => string;
  /** What links begin with; null: as the reader came. */
  readonly base: () => string | null;
  /** When a sheet of codes may be drawn: so many at once. */
  readonly sheetInTurn: InTurn;
  readonly keyOf: KeyOf;
}

const Params = Type.Object({ store: Type.String() });

/** What an owner does before the first guest comes. Guests see each change within a second, in every process. */
export function settingsRoutes(
  http: HttpServer,
  { stores, setUp, tableKeys, nameOf, base, sheetInTurn, keyOf }: SettingsRoutesDeps,
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
      const id = request.headers['idempotency-key'] === undefined ? undefined : keyOf(request);
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
        description:
          'Of the tables that are listed, or, where nobody listed them, of as many as there are. With `format=pdf` it is a sheet of the codes to be printed and cut.',
        tags: ['stores'],
        params: Params,
        querystring: Type.Object({ format: Type.Optional(Type.String({ description: 'json, pdf' })) }),
        response: { 200: TableLinks },
      },
    },
    async (request, reply) => {
      const { format = 'json' } = request.query;
      if (format !== 'json' && format !== 'pdf') throw invalidField('format', 'is not a format', 'json, pdf');
      const store = await setUp.newest(await stores.find(request.params.store));
      reply.header('cache-control', 'no-store');
      if (format === 'pdf') {
        const { languages } = await setUp.read(store);
        const sheet = sheetOf(tableKeys, store, base() ?? `${request.protocol}://${request.host}`, languages);
        const drawn = await sheetInTurn('sheet', () => drawInThread(sheet));
        reply.type('application/pdf').header('content-disposition', `attachment; filename="qr-${store.slug}.pdf"`);
        return reply.send(drawn as never);
      }
      return {
        base: base(),
        counter: linkPath(tableKeys, store, null),
        tables: tablesOf(store).map((table) => linkOf(store, table)),
      };
    },
  );

  const linkOf = (store: Store, table: string): TableLink => ({
    table,
    path: linkPath(tableKeys, store, table),
  });

  http.post(
    '/api/v1/stores/:store/table-links/rotate',
    {
      schema: {
        summary: 'Replaces the link of one table, so that its old print counts no more',
        description: 'Within a second in every process. Where tables are open, the key is not asked for.',
        tags: ['stores'],
        params: Params,
        body: RotateRequest,
        response: { 200: TableLink },
      },
    },
    async (request, reply) => {
      const store = await stores.find(request.params.store);
      const table = request.body.table.trim();
      const rotated = await setUp.rotateLink(store, table, nameOf(request));
      stores.changed(store);
      reply.header('cache-control', 'no-store');
      return linkOf(rotated, table);
    },
  );
}
