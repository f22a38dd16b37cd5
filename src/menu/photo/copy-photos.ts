import type { Db } from '../../platform/db/pool.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { JobHandler } from '../../platform/jobs/jobs.ts';
import type { Announcer, LockStores } from '../ports.ts';
import { type FetchPhoto, NoPhoto } from './fetch-photo.ts';
import type { MadePhoto } from './make-photo.ts';
import { keepPhoto } from './queries.ts';
import {
  COPY_KIND,
  claimSource,
  findDueSources,
  findUnreported,
  lookForCopies,
  nextDueSource,
  noteCopied,
  noteFailed,
  noteReported,
  type PhotoSource,
  storesShowing,
} from './sources.ts';

export interface CopyPhotosDeps {
  readonly db: Db;
  readonly lockStores: LockStores;
  readonly announcer: Announcer;
  readonly fetchPhoto: FetchPhoto;
  readonly makePhoto: (bytes: Uint8Array) => Promise<MadePhoto>;
  readonly bounds: {
    readonly photosOfStoreMax: number;
    /** Of one run of the job, before menus are told and the next run is asked for. */
    readonly copiesMax: number;
    /** Fetched at once. */
    readonly atOnce: number;
    /** Nobody else takes a photo that one began on, for so long. */
    readonly holdMs: number;
    /** Pauses before further tries; after the last it is given up. */
    readonly pausesMs: readonly number[];
  };
}

/** Stores of one transaction, each of which is locked for it. */
const STORES_AT_ONCE = 50;

/**
 * The job that fetches photos of other servers: each address once, whichever menus name it and however often, and only as long as nobody
 * has it. What fails is written down for the owner and tried again, seldom; it is nobody's dead letter. Then the menus that name what came
 * get a new version.
 */
export function copyPhotosHandlers(deps: CopyPhotosDeps): Record<string, JobHandler> {
  const { db, lockStores, announcer, fetchPhoto, makePhoto, bounds } = deps;

  async function copy({ address, askedBy }: PhotoSource): Promise<void> {
    const photo = await makePhoto(await fetchPhoto(address));
    await db.transaction(async (tx) => {
      const kept = await keepPhoto(tx, askedBy, photo, bounds.photosOfStoreMax);
      if (kept === undefined) throw new NoPhoto(`is one more than the ${bounds.photosOfStoreMax} of a store`, true);
      await noteCopied(tx, address, photo.id);
    });
  }

  async function tryCopy(source: PhotoSource): Promise<void> {
    if (!(await claimSource(db, source.address, bounds.holdMs))) return;
    try {
      await copy(source);
    } catch (error) {
      if (!(error instanceof NoPhoto) && !(error instanceof Problem)) throw error;
      const isFinal = error instanceof Problem ? error.type === 'invalid' : error.isFinal;
      const pauseMs = isFinal ? null : (bounds.pausesMs[source.tries] ?? null);
      await noteFailed(db, source.address, error.message.replace(/^body: /, ''), pauseMs);
    }
  }

  /** A photo is part of the menu, so whoever shows it has another menu now. Also of what an earlier run had no time for. */
  async function tellMenus(): Promise<void> {
    const addresses = await findUnreported(db);
    if (addresses.length === 0) return;
    const stores = await storesShowing(db, addresses);
    for (let at = 0; at < stores.length; at += STORES_AT_ONCE) {
      const some = stores.slice(at, at + STORES_AT_ONCE);
      await db.transaction(async (tx) => {
        await lockStores(tx, some);
        await tx.query(
          'UPDATE store_head SET menu_version = menu_version + 1 WHERE store_id = ANY ($1::uuid[])',
          [some],
          'photos-came',
        );
        await announcer.announce(
          tx,
          some.map((storeId) => ({ kind: 'menu', storeId })),
        );
      });
    }
    await noteReported(db, addresses);
  }

  async function run(): Promise<void> {
    const queue = await findDueSources(db, bounds.copiesMax);
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await tryCopy(next);
    };
    // All of them end before menus are told, so that one that fails takes nothing from the others.
    const ended = await Promise.allSettled(Array.from({ length: bounds.atOnce }, work));
    await tellMenus();
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    const dueAt = await nextDueSource(db);
    if (dueAt) await lookForCopies(db, dueAt);
  }

  return { [COPY_KIND]: run };
}
