import type { Queryable } from '../platform/db/pool.ts';

/** A bill whose sums are not what its orders and entries say, or a coupon whose uses are not. */
export interface BillDifference {
  readonly storeId: string;
  /** Of a coupon: its id. */
  readonly billId: string;
  readonly what: string;
  readonly stored: number;
  readonly counted: number;
}

/** Shown at most; the first few name what is wrong. */
const SHOWN_MAX = 100;

/**
 * Compares bills with what they are made of: orders that are not cancelled, entries by kind. Of those that were opened since, and all
 * that are open.
 */
export async function auditBills(db: Queryable, since: Date): Promise<BillDifference[]> {
  const { rows } = await db.query<BillDifference>(
    `WITH looked AS MATERIALIZED (
       SELECT * FROM bill WHERE opened_at >= $1 OR closed_at IS NULL
     ), ordered AS (
       SELECT b.store_id, b.id, count(*) AS orders, coalesce(sum(o.total), 0) AS total
       FROM looked b JOIN bill_order k ON k.store_id = b.store_id AND k.bill_id = b.id
       JOIN orders o ON o.store_id = k.store_id AND o.id = k.order_id WHERE o.status <> 'cancelled'
       GROUP BY 1, 2
     ), entered AS (
       SELECT b.store_id, b.id,
         sum(e.amount) FILTER (WHERE e.kind = 'payment') AS paid,
         sum(e.amount) FILTER (WHERE e.kind = 'refund') AS refunded,
         sum(CASE e.kind WHEN 'discount' THEN e.amount WHEN 'reversal' THEN -e.amount END) AS discounted,
         sum(CASE e.kind WHEN 'void' THEN e.amount ELSE e.waived END) AS waived
       FROM looked b JOIN bill_entry e ON e.store_id = b.store_id AND e.bill_id = b.id GROUP BY 1, 2
     )
     SELECT b.store_id AS "storeId", b.id AS "billId", v.what, v.stored::bigint AS stored, v.counted::bigint AS counted
     FROM looked b LEFT JOIN ordered o USING (store_id, id) LEFT JOIN entered e USING (store_id, id)
     CROSS JOIN LATERAL (VALUES
       ('orders', b.orders::bigint, coalesce(o.orders, 0)), ('total', b.total, coalesce(o.total, 0)),
       ('paid', b.paid, coalesce(e.paid, 0)), ('refunded', b.refunded, coalesce(e.refunded, 0)),
       ('discounted', b.discounted, coalesce(e.discounted, 0)), ('waived', b.waived, coalesce(e.waived, 0))
     ) AS v (what, stored, counted)
     WHERE v.stored <> v.counted ORDER BY 1, 2, 3 LIMIT ${SHOWN_MAX}`,
    [since],
  );
  return [...rows, ...(await auditCoupons(db, since))];
}

/** Compares how often coupons that were valid since were used with the discounts by them that stand. */
async function auditCoupons(db: Queryable, since: Date): Promise<BillDifference[]> {
  const { rows } = await db.query<BillDifference>(
    `SELECT c.store_id AS "storeId", c.id AS "billId", 'uses of coupon ' || c.code AS what, c.uses::bigint AS stored,
       coalesce(sum(CASE e.kind WHEN 'discount' THEN 1 WHEN 'reversal' THEN -1 END), 0)::bigint AS counted
     FROM coupon c LEFT JOIN bill_entry e ON e.store_id = c.store_id AND e.coupon_id = c.id
     WHERE c.valid_to >= $1 GROUP BY c.store_id, c.id
     HAVING c.uses <> coalesce(sum(CASE e.kind WHEN 'discount' THEN 1 WHEN 'reversal' THEN -1 END), 0)
     ORDER BY 1, 2 LIMIT ${SHOWN_MAX}`,
    [since],
  );
  return rows;
}
