import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { MenuFileImported, MenuFilePreview } from '../../contract/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { InTurn } from '../../platform/concurrency/keyed-semaphore.ts';
import type { Db, Queryable } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { StoreDirectory } from '../ports.ts';
import { applyChanges } from './apply/apply-changes.ts';
import { compareMenus, type PriceChange, priceChanges } from './apply/compare-menus.ts';
import { importMenu } from './apply/import-menu.ts';
import { readContext } from './apply/read-context.ts';
import { FILE_BOUNDS } from './bounds.ts';
import { MenuFileError } from './menu-file-error.ts';
import { readInThread } from './parse/read-in-thread.ts';
import { writeCsv } from './write/write-csv.ts';
import { writeJson } from './write/write-json.ts';

export interface MenuFileRoutesDeps {
  readonly db: Db;
  readonly stores: StoreDirectory;
  /** This process shows the new menu without waiting to be told. */
  readonly changed: (storeId: string) => void;
  readonly inTurn: InTurn;
  /** Writes down what of the menu's prices a file changed, and how many rows. */
  readonly noteImport: (
    tx: Queryable,
    storeId: string,
    imported: { readonly by: string; readonly prices: readonly PriceChange[]; readonly rows: number },
  ) => Promise<void>;
  readonly nameOf: (request: FastifyRequest) => string;
  readonly now: Clock;
}

const Params = Type.Object({ store: Type.String() });
const Partial = Type.Optional(
  Type.Union([Type.Literal('true'), Type.Literal('false')], {
    description: 'true: the file holds changes to some dishes instead of the whole menu',
  }),
);
/** What a menu comes as; none of these is sent by another site's page without being asked. */
const FILE_TYPES = [
  'application/octet-stream',
  'application/json',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
];
const ETAG = /^(?:W\/)?"(\d{1,15})"$/;

/** Menus as files over HTTP: take one home, see what one would change, make it so. */
export function menuFileRoutes(
  server: HttpServer,
  { db, stores, changed, inTurn, noteImport, nameOf, now }: MenuFileRoutesDeps,
): void {
  server.get(
    '/api/v1/stores/:store/menu-file',
    {
      schema: {
        summary: 'A store’s menu as a file',
        description: '`format=csv` (for spreadsheets) or `json`. The ETag is the menu’s version, for `If-Match`.',
        tags: ['menu'],
        params: Params,
        querystring: Type.Object({ format: Type.Optional(Type.String({ description: 'csv (unless said) or json' })) }),
      },
    },
    async (request, reply) => {
      const { format = 'csv' } = request.query;
      if (format !== 'csv' && format !== 'json') throw invalidField('format', 'is not a format', 'csv, json');
      const store = await stores.find(request.params.store);
      const { present, currency, version } = await readContext(db, store.id);
      reply.header('etag', `"${version}"`).header('cache-control', 'no-store');
      reply.header('content-disposition', `attachment; filename="menu-${store.slug}.${format}"`);
      if (format === 'json') return reply.type('application/json; charset=utf-8').send(writeJson(present) as never);
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .send(`\uFEFF${writeCsv(present, currency)}` as never);
    },
  );

  /** Reads a file in its store's turn: one at a time, since each takes a thread. */
  const read = (storeId: string, bytes: unknown, partial: boolean) =>
    inTurn(storeId, async () => {
      if (!Buffer.isBuffer(bytes)) throw invalidField('body', 'is empty', 'a menu file: .xlsx, .csv or .json');
      const context = await readContext(db, storeId);
      return { context, file: await saying(readInThread(bytes, partial, context)) };
    });

  void server.register(async (scope) => {
    const http = scope as unknown as HttpServer;
    http.removeContentTypeParser('application/json');
    http.addContentTypeParser(FILE_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    http.post(
      '/api/v1/stores/:store/menu-file/preview',
      {
        bodyLimit: FILE_BOUNDS.bytesMax,
        schema: {
          summary: 'What a menu file would change; changes nothing',
          description: `The body is the file itself (${FILE_TYPES.join(', ')}); what it is shows in its content.`,
          tags: ['menu'],
          params: Params,
          querystring: Type.Object({ partial: Partial }),
          response: { 200: MenuFilePreview },
        },
      },
      async (request) => {
        const { id } = await stores.find(request.params.store);
        const { context, file } = await read(id, request.body, request.query.partial === 'true');
        const next = file.partial ? await saying(() => applyChanges(context.present, file)) : file.rows;
        const compared = compareMenus(context.present, next, context.currency);
        return { version: context.version, ...compared, made: [...file.made], notes: [...file.notes] };
      },
    );

    http.put(
      '/api/v1/stores/:store/menu-file',
      {
        bodyLimit: FILE_BOUNDS.bytesMax,
        schema: {
          summary: 'Makes a store’s menu what a file says: all of it or nothing',
          description: `Needs \`If-Match\` with the version that was looked at; another meanwhile is 409 \`stale\`. When more than ${FILE_BOUNDS.removedUnconfirmedMax} rows go, \`removed\` must say how many.`,
          tags: ['menu'],
          params: Params,
          headers: Type.Object({ 'if-match': Type.Optional(Type.String({ description: 'the menu’s version: "12"' })) }),
          querystring: Type.Object({
            partial: Partial,
            removed: Type.Optional(
              Type.String({ pattern: '^[0-9]{1,5}$', description: 'rows that may go, as the preview says' }),
            ),
          }),
          response: { 200: MenuFileImported },
        },
      },
      async (request) => {
        const seen = ETAG.exec(request.headers['if-match'] ?? '')?.[1];
        if (seen === undefined) {
          throw invalidField('If-Match', 'is needed', 'the version that was looked at, such as "12"');
        }
        const { id } = await stores.find(request.params.store);
        const { context, file } = await read(id, request.body, request.query.partial === 'true');
        let prices: readonly PriceChange[] = [];
        const approve: ApproveImport = (present, next, version) => {
          prices = priceChanges(present, next);
          const { counts, reordered, mustConfirm } = compareMenus(present, next, context.currency);
          // A request that is sent again, because its answer was lost, finds its work done.
          const isDone = counts.added + counts.changed + counts.removed === 0 && !reordered;
          if (String(version) !== seen && !isDone) throw stale(version);
          if (mustConfirm && request.query.removed !== String(counts.removed)) throw unconfirmed(counts.removed);
        };
        const imported = await inTurn(id, () =>
          saying(
            db.transaction(async (tx) => {
              const done = await importMenu(tx, id, file, { nowMs: now(), approve });
              const rows = done.written + done.archived;
              if (rows > 0) await noteImport(tx, id, { by: nameOf(request), prices, rows });
              return done;
            }),
          ),
        );
        changed(id);
        return imported;
      },
    );
  });
}

type ApproveImport = NonNullable<NonNullable<Parameters<typeof importMenu>[3]>['approve']>;

const stale = (version: number): Problem =>
  new Problem('stale', { detail: 'The menu has changed since you looked.', extra: { version } });

const unconfirmed = (removed: number): Problem =>
  new Problem('invalid', {
    detail: `${removed} rows would leave the menu; send removed=${removed} to agree.`,
    fields: [{ field: 'querystring.removed', problem: 'is not how many rows would go', allowed: String(removed) }],
  });

/** What is wrong with a file, as an answer: each place and what is allowed there, in both languages. */
async function saying<T>(work: Promise<T> | (() => T)): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (!(error instanceof MenuFileError)) throw error;
    const { count, problems } = error;
    throw new Problem('invalid', {
      detail: `The menu file has ${count} problem${count === 1 ? '' : 's'}; nothing was changed.`,
      fields: problems.map(({ where, what }) => ({ field: where.en, problem: what.en })),
      extra: { problems, problemCount: count },
    });
  }
}
