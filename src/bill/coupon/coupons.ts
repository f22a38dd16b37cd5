import type { CouponRequest, CouponView } from '../../contract/index.ts';
import type { Queryable } from '../../platform/db/pool.ts';
import { Problem } from '../../platform/http/problem.ts';

interface CouponRow extends Omit<CouponView, 'validFrom' | 'validTo' | 'endedAt'> {
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = `id, code, percent, amount, uses_max AS "usesMax", uses, valid_from AS "validFrom", valid_to AS "validTo",
  ended_at AS "endedAt"`;

/** Codes are read aloud and typed by thumbs: large and small letters are the same, and spaces around it mean nothing. */
export const normalCode = (code: string): string => code.trim().toUpperCase();

const toView = (row: CouponRow): CouponView => ({
  ...row,
  validFrom: row.validFrom.toISOString(),
  validTo: row.validTo.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});

/** More than any store hands out at once; the oldest are past. */
const SHOWN_MAX = 200;

/** The latest first. */
export async function listCoupons(db: Queryable, storeId: string): Promise<CouponView[]> {
  const { rows } = await db.query<CouponRow>(
    `SELECT ${COLUMNS} FROM coupon WHERE store_id = $1 ORDER BY id DESC LIMIT $2`,
    [storeId, SHOWN_MAX],
    'list-coupons',
  );
  return rows.map(toView);
}

export async function findCoupon(db: Queryable, storeId: string, id: string): Promise<CouponView | undefined> {
  const { rows } = await db.query<CouponRow>(
    `SELECT ${COLUMNS} FROM coupon WHERE store_id = $1 AND id = $2`,
    [storeId, id],
    'find-coupon',
  );
  return rows[0] && toView(rows[0]);
}

/** @returns false when the id or the code is taken */
export async function addCoupon(
  db: Queryable,
  storeId: string,
  id: string,
  coupon: CouponRequest,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO coupon (store_id, id, code, percent, amount, uses_max, valid_from, valid_to)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      storeId,
      id,
      normalCode(coupon.code),
      coupon.percent ?? null,
      coupon.amount ?? null,
      coupon.usesMax,
      coupon.validFrom ?? new Date(nowMs),
      coupon.validTo,
    ],
    'add-coupon',
  );
  return rowCount === 1;
}

/** What was used stays; nobody uses it again. @returns false when there is none */
export async function endCoupon(db: Queryable, storeId: string, id: string, nowMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE coupon SET ended_at = coalesce(ended_at, $3) WHERE store_id = $1 AND id = $2',
    [storeId, id, new Date(nowMs)],
    'end-coupon',
  );
  return rowCount === 1;
}

/**
 * Takes one use of a coupon. Under the store's lock, so that the last use goes to exactly one bill.
 * @throws Problem `coupon-refused` with the reason
 */
export async function useCoupon(
  tx: Queryable,
  storeId: string,
  code: string,
  usedHere: (couponId: string) => boolean,
  nowMs: number,
): Promise<Pick<CouponRow, 'id' | 'percent' | 'amount'>> {
  const { rows } = await tx.query<CouponRow>(
    `SELECT ${COLUMNS} FROM coupon WHERE store_id = $1 AND code = $2`,
    [storeId, normalCode(code)],
    'coupon-by-code',
  );
  const coupon = rows[0];
  const refuse = (reason: string, detail: string) => new Problem('coupon-refused', { detail, extra: { reason } });
  if (!coupon) throw refuse('unknown', 'There is no such coupon.');
  if (usedHere(coupon.id)) throw refuse('used-here', 'It is on this bill already.');
  if (coupon.endedAt || coupon.validTo.getTime() <= nowMs) throw refuse('late', 'It is not valid any more.');
  if (coupon.validFrom.getTime() > nowMs) throw refuse('early', 'It is not valid yet.');
  if (coupon.uses >= coupon.usesMax) throw refuse('used-up', 'It has been used as often as it may.');
  await tx.query(
    'UPDATE coupon SET uses = uses + 1 WHERE store_id = $1 AND id = $2',
    [storeId, coupon.id],
    'use-coupon',
  );
  return coupon;
}

/** Gives the use of a coupon back whose discount was taken back, also of one that is over. Under the store's lock. */
export async function giveBackUse(tx: Queryable, storeId: string, couponId: string): Promise<void> {
  await tx.query(
    'UPDATE coupon SET uses = uses - 1 WHERE store_id = $1 AND id = $2',
    [storeId, couponId],
    'give-back-coupon-use',
  );
}
