import type { Queryable } from '../../platform/db/pool.ts';
import type { MadePhoto } from './make-photo.ts';

/**
 * Keeps a photo under what is in it, so whoever brings the same at once brings one.
 * @param photosMax of one store
 * @returns whether it is new here; undefined: the store has as many as it may
 */
export async function keepPhoto(
  tx: Queryable,
  storeId: string,
  { id, width, height, files }: MadePhoto,
  photosMax: number,
): Promise<boolean | undefined> {
  // Apart, since a statement that writes a table which every machine has may not count in it as well.
  const { rows } = await tx.query<{ known: boolean; count: number }>(
    `SELECT EXISTS (SELECT FROM photo WHERE id = $1) AS known,
       (SELECT count(*)::int FROM photo WHERE brought_by = $2) AS count`,
    [id, storeId],
    'count-photos',
  );
  const { known, count } = rows[0]!;
  if (!known && count >= photosMax) return undefined;
  await tx.query(
    `INSERT INTO photo (id, brought_by, width, height) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at`,
    [id, storeId, width, height],
    'keep-photo',
  );
  await tx.query(
    `INSERT INTO photo_file (photo_id, width, webp) SELECT $1, f.width, f.webp
     FROM unnest($2::int[], $3::bytea[]) AS f (width, webp) ON CONFLICT DO NOTHING`,
    [id, files.map((file) => file.width), files.map(({ webp }) => webp)],
    'keep-photo-files',
  );
  return !known;
}

export async function readPhotoFile(db: Queryable, id: string, width: number): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ webp: Buffer }>(
    'SELECT webp FROM photo_file WHERE photo_id = $1 AND width = $2',
    [id, width],
    'photo-file',
  );
  return rows[0]?.webp;
}

export async function photoExists(db: Queryable, id: string): Promise<boolean> {
  const { rows } = await db.query('SELECT FROM photo WHERE id = $1', [id], 'photo-exists');
  return rows.length > 0;
}
