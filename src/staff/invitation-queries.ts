import type { InvitationOffer, InvitationView, Role } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';

interface Row {
  readonly id: string;
  readonly role: Role;
  readonly note: string | null;
  readonly invitedBy: string;
  readonly created: Date;
  readonly expires: Date;
}

const COLUMNS = 'id, role, note, invited_by AS "invitedBy", created_at AS created, expires_at AS expires';

const toView = ({ created, expires, ...row }: Row): InvitationView => ({
  ...row,
  createdAt: created.toISOString(),
  expiresAt: expires.toISOString(),
});

export async function listInvitations(db: Queryable, storeId: string): Promise<InvitationView[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM staff_invitation WHERE at_store_id = $1 AND expires_at > now() ORDER BY created_at, id`,
    [storeId],
    'list-invitations',
  );
  return rows.map(toView);
}

/** Those of the store that are over go. @returns undefined when too many are open */
export async function insertInvitation(
  tx: Queryable,
  of: {
    readonly id: string;
    readonly tokenHash: string;
    readonly storeId: string;
    readonly role: Role;
    readonly note: string | null;
    readonly by: { readonly name: string; readonly staffId: string | null };
    readonly openMax: number;
    readonly hours: number;
  },
): Promise<InvitationView | undefined> {
  await tx.query(
    'DELETE FROM staff_invitation WHERE at_store_id = $1 AND expires_at <= now()',
    [of.storeId],
    'forget-invitations',
  );
  const { rows } = await tx.query<Row>(
    `INSERT INTO staff_invitation AS i (id, token_hash, at_store_id, role, note, invited_by, inviter_id, expires_at)
     SELECT $1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 hour'
     WHERE (SELECT count(*) FROM staff_invitation WHERE at_store_id = $3) < $9 RETURNING ${COLUMNS}`,
    [of.id, of.tokenHash, of.storeId, of.role, of.note, of.by.name, of.by.staffId, of.hours, of.openMax],
    'insert-invitation',
  );
  return rows[0] && toView(rows[0]);
}

/** @returns what it offered; undefined: there is none at this store */
export async function deleteInvitation(
  tx: Queryable,
  storeId: string,
  id: string,
): Promise<{ role: Role; note: string | null } | undefined> {
  const { rows } = await tx.query<{ role: Role; note: string | null }>(
    'DELETE FROM staff_invitation WHERE at_store_id = $1 AND id = $2 RETURNING role, note',
    [storeId, id],
    'revoke-invitation',
  );
  return rows[0];
}

/** @returns undefined for one that is over, was used, or was never made */
export async function findInvitation(db: Queryable, tokenHash: string): Promise<InvitationOffer | undefined> {
  const { rows } = await db.query<{ role: Role; slug: string; ko: string; en: string; expires: Date }>(
    `SELECT i.role, s.slug, s.name_ko AS ko, s.name_en AS en, i.expires_at AS expires
     FROM staff_invitation i JOIN store s ON s.id = i.at_store_id WHERE i.token_hash = $1 AND i.expires_at > now()`,
    [tokenHash],
    'find-invitation',
  );
  const [row] = rows;
  return (
    row && {
      role: row.role,
      store: { slug: row.slug, name: { ko: row.ko, en: row.en } },
      expiresAt: row.expires.toISOString(),
    }
  );
}

/** Once: whoever comes second finds none. */
export async function useInvitation(
  tx: Queryable,
  tokenHash: string,
): Promise<{ role: Role; storeId: string; invitedBy: string } | undefined> {
  const { rows } = await tx.query<{ role: Role; storeId: string; invitedBy: string }>(
    `DELETE FROM staff_invitation WHERE token_hash = $1 AND expires_at > now()
     RETURNING role, at_store_id AS "storeId", invited_by AS "invitedBy"`,
    [tokenHash],
    'use-invitation',
  );
  return rows[0];
}
