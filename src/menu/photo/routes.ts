import { LRUCache } from 'lru-cache';
import Type from 'typebox';
import { PHOTO_WIDTH, PHOTO_WIDTHS, PHOTOS, PhotoAdded, PhotoCopies } from '../../contract/index.ts';
import { createSingleFlight } from '../../platform/concurrency/single-flight.ts';
import type { Db } from '../../platform/db/pool.ts';
import { invalidField, Problem } from '../../platform/http/problem.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import type { StoreDirectory } from '../ports.ts';
import type { MadePhoto } from './make-photo.ts';
import { keepPhoto, readPhotoFile } from './queries.ts';
import { listCopies } from './sources.ts';

export interface PhotoRoutesDeps {
  /** Of guests, who read; and of staff, who bring. */
  readonly db: { readonly public: Db; readonly staff: Db };
  readonly stores: StoreDirectory;
  /** One at a time. @throws Problem `invalid`, or `busy` where too many wait */
  readonly makePhoto: (bytes: Uint8Array) => Promise<MadePhoto>;
  readonly bounds: {
    readonly bytesMax: number;
    readonly photosOfStoreMax: number;
    /** Of one process, of photos that were asked for lately. */
    readonly keptBytesMax: number;
    readonly keptMax: number;
  };
}

/** What a photo is sent as; none of these is sent by another site's page without being asked. */
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/octet-stream'];
const ID = /^[A-Za-z0-9_-]{32}$/;

/** What is at an address of a photo never changes, since the address says what is in it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Photos of dishes: staff bring them, guests load them from this server and no other. */
export function photoRoutes(server: HttpServer, { db, stores, makePhoto, bounds }: PhotoRoutesDeps): void {
  const kept = new LRUCache<string, Buffer>({
    max: bounds.keptMax,
    maxSize: bounds.keptBytesMax,
    sizeCalculation: (webp) => webp.length,
  });
  /** A crowd that opens a page asks for each photo once. */
  const read = createSingleFlight(async (key: string): Promise<Buffer | undefined> => {
    const [id = '', width] = key.split('/');
    const webp = kept.get(key) ?? (await readPhotoFile(db.public, id, Number(width)));
    if (webp) kept.set(key, webp);
    return webp;
  });

  for (const path of [`${PHOTOS}:photo`, `${PHOTOS}:photo/:file`]) {
    server.get(
      path,
      { schema: { hide: true, params: Type.Object({ photo: Type.String(), file: Type.Optional(Type.String()) }) } },
      async (request, reply) => {
        const { photo, file = `${PHOTO_WIDTH}.webp` } = request.params;
        const width = PHOTO_WIDTHS.find((each) => file === `${each}.webp`);
        if (!ID.test(photo) || width === undefined) throw missing();
        const key = `${photo}/${width}`;
        const etag = `"${key}"`;
        const isKnown = request.headers['if-none-match']?.includes(etag);
        const webp = kept.get(key) ?? (isKnown ? undefined : await read(key));
        if (!webp && !isKnown) throw missing();
        reply.headers({ etag, 'cache-control': FOR_EVER, 'content-security-policy': "default-src 'none'" });
        if (isKnown) return reply.code(304).send();
        return reply.type('image/webp').send(webp as never);
      },
    );
  }

  server.get(
    '/api/v1/stores/:store/photos',
    {
      schema: {
        summary: 'What became of the photos that a store’s menu names at other servers',
        tags: ['menu'],
        params: Type.Object({ store: Type.String() }),
        response: { 200: PhotoCopies },
      },
    },
    async (request) => {
      const { id } = await stores.find(request.params.store);
      return { items: await listCopies(db.staff, id), next: null };
    },
  );

  void server.register(async (scope) => {
    const http = scope as unknown as HttpServer;
    http.addContentTypeParser(TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    http.post(
      '/api/v1/stores/:store/photos',
      {
        bodyLimit: bounds.bytesMax,
        schema: {
          summary: 'Keeps a photo, for a dish’s `photo`',
          description: `The body is the picture itself: JPEG, PNG or WebP, whatever it is called. The answer's \`photo\` goes into a menu file or a dish's change. The same picture again: 200. It is kept for a month when no menu shows it.`,
          tags: ['menu'],
          params: Type.Object({ store: Type.String() }),
          response: { 200: PhotoAdded, 201: PhotoAdded },
        },
      },
      async (request, reply) => {
        const { id } = await stores.find(request.params.store);
        const bytes: unknown = request.body;
        if (!Buffer.isBuffer(bytes)) throw invalidField('body', 'is empty', 'a picture: JPEG, PNG or WebP');
        const photo = await makePhoto(bytes);
        const isNew = await db.staff.transaction((tx) => keepPhoto(tx, id, photo, bounds.photosOfStoreMax));
        if (isNew === undefined) {
          throw invalidField('body', 'is one photo more than a store may have', `${bounds.photosOfStoreMax} photos`);
        }
        const { width, height } = photo;
        return reply.code(isNew ? 201 : 200).send({ photo: `${PHOTOS}${photo.id}`, width, height });
      },
    );
  });
}

const missing = (): Problem => new Problem('not-found', { detail: 'There is no such photo.' });
