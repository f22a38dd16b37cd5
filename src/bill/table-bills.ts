import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { newId } from '../platform/id.ts';
import { Group, type GroupBills, type TableBill, type TablePlace, tableKeyOf } from './group-bills.ts';
import type { Announcer, Store } from './ports.ts';
import type { VisitKeys } from './visit/visit-keys.ts';

/** What a group wants of a table, and what the store lets it have. */
export interface TableAsk extends TablePlace {
  readonly portions: number;
  readonly limits: Store['tableLimits'];
}

/** What the order room asks of bills: every order of a table is on one from the transaction that takes it. */
export interface TableBills {
  /** The open bills of these tables, by one statement; by another what of them is served, where a table could be at its limit. */
  read(tx: Queryable, tables: readonly TableAsk[]): Promise<readonly TableBill[]>;
  begin(bills: readonly TableBill[]): GroupBills;
  /** Writes what a group did, by one statement, and tells the staff of tables that ask. */
  write(tx: Queryable, group: GroupBills): Promise<void>;
}

/** Text of our own where nothing needs quotes, as in the order's statements. */
const array = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** The bills on which all there is, served or not, and all that is asked for now would be more than their tables may have. */
function nearLimits(bills: readonly TableBill[], tables: readonly TableAsk[]): TableBill[] {
  const asked = Map.groupBy(tables, tableKeyOf);
  // Tables that were merged ask for one bill.
  const asksOf = new Map<string, TableAsk[]>();
  for (const bill of bills) {
    asksOf.set(bill.id, [...(asksOf.get(bill.id) ?? []), ...(asked.get(tableKeyOf(bill)) ?? [])]);
  }
  return bills.filter((bill) => {
    const asks = asksOf.get(bill.id)!;
    if (asks.length === 0) return false;
    const { limits } = asks[0]!;
    const portions = asks.reduce((sum, each) => sum + each.portions, bill.portions);
    return (
      bill.orders + asks.length > Math.max(limits.orders, bill.allowed?.orders ?? 0) ||
      portions > Math.max(limits.portions, bill.allowed?.portions ?? 0)
    );
  });
}

/** What was served keeps no kitchen busy: only these few bills pay for the look at it. */
async function withoutServed(
  tx: Queryable,
  bills: readonly TableBill[],
  near: readonly TableBill[],
): Promise<readonly TableBill[]> {
  const { rows } = await tx.query<{ storeId: string; id: string; orders: number; portions: number }>(
    `SELECT b.store_id AS "storeId", b.bill_id AS id, count(DISTINCT o.id)::int AS orders, sum(l.quantity)::int AS portions
     FROM bill_order b JOIN orders o ON o.store_id = b.store_id AND o.id = b.order_id
     JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
     WHERE b.store_id = ANY($1::uuid[]) AND b.bill_id = ANY($2::uuid[]) AND o.status = 'served'
     GROUP BY b.store_id, b.bill_id`,
    [[...new Set(near.map(({ storeId }) => storeId))], near.map(({ id }) => id)],
    'served-of-bills',
  );
  const served = new Map(rows.map((row) => [`${row.storeId} ${row.id}`, row]));
  return bills.map((bill) => {
    const done = served.get(`${bill.storeId} ${bill.id}`);
    return done ? { ...bill, orders: bill.orders - done.orders, portions: bill.portions - done.portions } : bill;
  });
}

interface TableBillRow extends Omit<TableBill, 'allowed' | 'visitId'> {
  readonly o: number | null;
  readonly p: number;
  readonly u: number;
  readonly mergedInto: string | null;
}

const COLUMNS = `store_id AS "storeId", table_label AS "table", id, orders, portions, due AS unpaid,
  allowed_orders AS o, allowed_portions AS p, allowed_unpaid AS u, asked_orders IS NOT NULL AS "isAsking",
  CASE WHEN orders > 0 THEN round ELSE 0 END AS round, ordered_at AS "orderedAt", merged_into AS "mergedInto"`;

/** The bills on which merged tables are, by store and id: only a store that has some pays for the look at them. */
async function readMerged(tx: Queryable, tables: readonly TableBillRow[]): Promise<Map<string, TableBillRow>> {
  const { rows } = await tx.query<TableBillRow>(
    `SELECT ${COLUMNS} FROM bill WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[])`,
    [[...new Set(tables.map(({ storeId }) => storeId))], tables.map(({ mergedInto }) => mergedInto)],
    'read-merged-bills',
  );
  return new Map(rows.map((row) => [`${row.storeId} ${row.id}`, row]));
}

/** @param hasLimits false: a table may have what it likes, and all the same it is on its bill */
export function createTableBills(deps: {
  readonly announcer: Announcer;
  readonly hasLimits: boolean;
  readonly visits: VisitKeys;
  readonly now: Clock;
}): TableBills {
  return {
    async read(tx, tables) {
      const { rows } = await tx.query<TableBillRow>(
        `SELECT ${COLUMNS} FROM bill WHERE store_id = ANY($1::uuid[]) AND table_label = ANY($2::text[]) AND closed_at IS NULL`,
        [[...new Set(tables.map(({ storeId }) => storeId))], [...new Set(tables.map(({ table }) => table))]],
        'read-table-bills',
      );
      const merged = rows.filter(({ mergedInto }) => mergedInto !== null);
      const into = merged.length > 0 ? await readMerged(tx, merged) : undefined;
      const bills = rows.map((row) => {
        const { o, p, u, mergedInto: _1, table: _2, ...bill } = into?.get(`${row.storeId} ${row.mergedInto}`) ?? row;
        return {
          ...bill,
          table: row.table,
          visitId: row.id,
          allowed: o === null ? null : { orders: o, portions: p, unpaid: u },
        };
      });
      const near = deps.hasLimits ? nearLimits(bills, tables) : [];
      return near.length === 0 ? bills : withoutServed(tx, bills, near);
    },

    begin: (bills) =>
      new Group(bills, {
        hasLimits: deps.hasLimits,
        newId: () => newId(deps.now()),
        isVisitKey: deps.visits.isKey,
        nowMs: deps.now(),
      }),

    async write(tx, group) {
      const bills = (group as Group).changed();
      const placed = bills.flatMap(({ id, place, orders }) =>
        orders.map((order) => ({ ...order, billId: id, storeId: place.storeId })),
      );
      const asking = bills.filter(({ asked }) => asked);
      const known = bills.filter(({ isKnown }) => isKnown);
      await Promise.all([
        tx.query(
          `WITH bills AS (
             INSERT INTO bill (store_id, id, table_label, opened_at, orders, portions, total,
               asked_orders, asked_portions, asked_unpaid, round, ordered_at)
             SELECT s, i, t, $4::timestamptz, o, p, u, ao, ap, au, r, at FROM unnest($1::uuid[], $2::uuid[], $3::text[], $5::int[],
               $6::int[], $7::bigint[], $8::int[], $9::int[], $10::bigint[], $15::smallint[], $16::timestamptz[])
               AS k (s, i, t, o, p, u, ao, ap, au, r, at)
             ON CONFLICT (store_id, id) DO UPDATE SET
               orders = bill.orders + excluded.orders, portions = bill.portions + excluded.portions,
               total = bill.total + excluded.total, version = bill.version + 1,
               asked_orders = coalesce(bill.asked_orders, excluded.asked_orders),
               asked_portions = coalesce(bill.asked_portions, excluded.asked_portions),
               asked_unpaid = coalesce(bill.asked_unpaid, excluded.asked_unpaid),
               round = excluded.round, ordered_at = excluded.ordered_at
           )
           INSERT INTO bill_order (store_id, order_id, bill_id, round)
           SELECT * FROM unnest($11::uuid[], $12::uuid[], $13::uuid[], $14::smallint[])`,
          [
            array(bills.map(({ place }) => place.storeId)),
            array(bills.map(({ id }) => id)),
            bills.map(({ place }) => place.table),
            new Date(deps.now()),
            array(bills.map(({ added }) => added.orders)),
            array(bills.map(({ added }) => added.portions)),
            array(bills.map(({ added }) => added.unpaid)),
            array(bills.map(({ asked }) => asked?.orders ?? null)),
            array(bills.map(({ asked }) => asked?.portions ?? null)),
            array(bills.map(({ asked }) => asked?.unpaid ?? null)),
            array(placed.map(({ storeId }) => storeId)),
            array(placed.map(({ id }) => id)),
            array(placed.map(({ billId }) => billId)),
            array(placed.map(({ round }) => round)),
            array(bills.map(({ round }) => round)),
            array(bills.map(({ orderedAtMs }) => (orderedAtMs === null ? null : new Date(orderedAtMs).toISOString()))),
          ],
          'write-table-bills',
        ),
        known.length > 0 &&
          tx.query(
            'UPDATE bill SET known_to_staff = true WHERE store_id = ANY($1::uuid[]) AND id = ANY($2::uuid[]) AND NOT known_to_staff',
            [[...new Set(known.map(({ place }) => place.storeId))], known.map(({ id }) => id)],
            'bills-known-to-staff',
          ),
        // Those that only got an order are told of with their tickets, apart from what the guest waits for.
        asking.length > 0 &&
          deps.announcer.announce(tx, billMessages(asking.map(({ id, place }) => ({ ...place, billId: id })))),
      ]);
    },
  };
}

/** A notification holds 7.9 kB, which is 190 ids. */
const BILLS_TOLD_MAX = 150;

/** What changed bills are announced as: one message a store, each bill once. */
export function billMessages(bills: readonly { readonly storeId: string; readonly billId: string }[]) {
  return [...Map.groupBy(bills, ({ storeId }) => storeId)].flatMap(([storeId, of]) => {
    const ids = [...new Set(of.map(({ billId }) => billId))];
    return Array.from({ length: Math.ceil(ids.length / BILLS_TOLD_MAX) }, (_, page) => ({
      kind: 'bills' as const,
      storeId,
      billIds: ids.slice(page * BILLS_TOLD_MAX, (page + 1) * BILLS_TOLD_MAX),
    }));
  });
}
