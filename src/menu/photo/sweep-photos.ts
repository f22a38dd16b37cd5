import { PHOTOS } from '../../contract/index.ts';
import type { Db } from '../../platform/db/pool.ts';
import { isElsewhere } from './sources.ts';

/** A dish that was taken off for a season, or a form that was left open, finds its photo again. */
const UNUSED_DAYS = 30;
/** Of one statement. */
const AT_ONCE = 5_000;

/**
 * Throws away photos that no menu has shown for a month, and what is known of addresses that none has named. First all that are shown are
 * said to be, so a photo that comes back in between is safe.
 * @returns how many photos
 */
export async function sweepPhotos(db: Db): Promise<number> {
  const { rows } = await db.query<{ photo: string }>(
    'SELECT DISTINCT photo FROM item WHERE photo IS NOT NULL AND NOT archived',
    [],
    'shown-photos',
  );
  const addresses = rows.map(({ photo }) => photo).filter(isElsewhere);
  for (let at = 0; at < addresses.length; at += AT_ONCE) {
    await db.query(
      'UPDATE photo_source SET used_at = now() WHERE address = ANY ($1::text[])',
      [addresses.slice(at, at + AT_ONCE)],
      'sources-used',
    );
  }
  await db.query(`DELETE FROM photo_source WHERE used_at < now() - interval '${UNUSED_DAYS} days'`, [], 'sources-gone');
  const ids = rows.flatMap(({ photo }) => (photo.startsWith(PHOTOS) ? [photo.slice(PHOTOS.length)] : []));
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await db.query(
      'UPDATE photo SET used_at = now() WHERE id = ANY ($1::text[])',
      [ids.slice(at, at + AT_ONCE)],
      'photos-used',
    );
  }
  const { rowCount } = await db.query(
    `DELETE FROM photo p WHERE used_at < now() - interval '${UNUSED_DAYS} days'
       AND NOT EXISTS (SELECT FROM photo_source s WHERE s.photo_id = p.id)`,
    [],
    'photos-gone',
  );
  return rowCount;
}
