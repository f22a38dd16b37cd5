import type { Clock } from '../platform/clock.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { Problem } from '../platform/http/problem.ts';
import { newId } from '../platform/id.ts';
import type { Usage } from './bills.ts';
import type { Announcer, Store } from './ports.ts';
import type { VisitKeys } from './visit-keys.ts';

/** A table of a store. */
export interface TablePlace {
  readonly storeId: string;
  readonly table: string;
}

/** What a group wants of a table, and what the store lets it have. */
export interface TableAsk extends TablePlace {
  readonly portions: number;
  readonly limits: Store['tableLimits'];
}

/** The open bill of a table, as it was read under the store's lock. Of orders and portions it says how many are not served yet. */
export interface TableBill extends TablePlace, Usage {
  readonly id: string;
  /** The visit of the table itself, also while its orders are on another's bill. */
  readonly visitId: string;
  /** Up to where the staff have said yes. */
  readonly allowed: Usage | null;
  readonly isAsking: boolean;
}

/** An order as far as its bill goes. */
export interface BilledOrder {
  readonly id: string;
  readonly table: string;
  readonly portions: number;
  readonly total: number;
  /** The key of the visit, where it was sent. */
  readonly visit?: string | undefined;
  readonly isByStaff?: boolean | undefined;
}

/** The bills of the tables of one group of orders, while it is decided under the stores' locks. */
export interface GroupBills {
  /**
   * Puts an order on its table's bill, which it opens if there is none.
   * @returns `visit-code` instead, when the store asks for the visit's key and this is none; `table-limit`, when the table would have more than it may: then staff are asked, and its guest asks again later
   */
  take(store: Pick<Store, 'id' | 'tableLimits' | 'visitCode'>, order: BilledOrder): Problem | undefined;
  /** False: nothing is to be written. */
  readonly hasChanged: boolean;
}

/** What the order room asks of bills: every order of a table is on one from the transaction that takes it. */
export interface TableBills {
  /** The open bills of these tables, by one statement; by another what of them is served, where a table could be at its limit. */
  read(tx: Queryable, tables: readonly TableAsk[]): Promise<readonly TableBill[]>;
  begin(bills: readonly TableBill[]): GroupBills;
  /** Writes what a group did, by one statement, and tells the staff of tables that ask. */
  write(tx: Queryable, group: GroupBills): Promise<void>;
}

const VISIT_WORDS = {
  'no-visit': 'The staff open this table first.',
  needed: 'The code of this visit is needed: the people at the table have it.',
  wrong: 'This is not the code of the visit.',
};

/** Who is not part of a table's visit. */
export const visitProblem = (reason: keyof typeof VISIT_WORDS): Problem =>
  new Problem('visit-code', { detail: VISIT_WORDS[reason], extra: { reason } });

/** A guest who was refused asks again after so long: staff see the question at once and are rarely faster. */
const ASK_AGAIN_S = 5;

const LIMITS = ['orders', 'portions', 'unpaid'] as const;
const NONE: Usage = { orders: 0, portions: 0, unpaid: 0 };
const plus = (a: Usage, b: Usage): Usage => ({
  orders: a.orders + b.orders,
  portions: a.portions + b.portions,
  unpaid: a.unpaid + b.unpaid,
});

/** One bill of the group: what it had, what comes to it, what it asks for. */
interface Open {
  readonly place: TablePlace;
  readonly id: string;
  has: Usage;
  readonly allowed: Usage | null;
  readonly isAsking: boolean;
  added: Usage;
  readonly orderIds: string[];
  asked: Usage | undefined;
}

class Group implements GroupBills {
  readonly opened = new Map<string, Open>();
  readonly #hasLimits: boolean;
  readonly #newId: () => string;
  readonly #isVisitKey: VisitKeys['isKey'];
  /** By table, of those that have guests already. */
  readonly #visits = new Map<string, string>();

  constructor(bills: readonly TableBill[], hasLimits: boolean, makeId: () => string, isVisitKey: VisitKeys['isKey']) {
    this.#isVisitKey = isVisitKey;
    this.#hasLimits = hasLimits;
    this.#newId = makeId;
    const byId = new Map<string, Open>();
    for (const { storeId, table, id, visitId, allowed, isAsking, ...has } of bills) {
      const place = { storeId, table };
      this.#visits.set(keyOf(place), visitId);
      // Tables that were merged are on one bill.
      const known = byId.get(`${storeId} ${id}`);
      const bill = known ?? { place, id, has, allowed, isAsking, added: NONE, orderIds: [], asked: undefined };
      byId.set(`${storeId} ${id}`, bill);
      this.opened.set(keyOf(place), bill);
    }
  }

  get hasChanged(): boolean {
    return this.changed().length > 0;
  }

  changed(): Open[] {
    return [...new Set(this.opened.values())].filter(({ orderIds, asked }) => orderIds.length > 0 || asked);
  }

  take(
    store: Pick<Store, 'id' | 'tableLimits' | 'visitCode'>,
    { id, table, portions, total, visit, isByStaff }: BilledOrder,
  ): Problem | undefined {
    const place = { storeId: store.id, table };
    if (store.visitCode && !isByStaff) {
      const visitId = this.#visits.get(keyOf(place));
      if (visitId === undefined) return visitProblem('no-visit');
      if (visit === undefined || !this.#isVisitKey({ storeId: store.id, id: visitId }, visit))
        return visitProblem('needed');
    }
    const bill = this.opened.get(keyOf(place)) ?? this.#open(place);
    const more = { orders: 1, portions, unpaid: total };
    const after = plus(bill.has, more);
    const limit = LIMITS.find((each) => after[each] > Math.max(store.tableLimits[each], bill.allowed?.[each] ?? 0));
    if (this.#hasLimits && limit) {
      if (!bill.isAsking) bill.asked ??= after;
      const most = Math.max(store.tableLimits[limit], bill.allowed?.[limit] ?? 0);
      return new Problem('table-limit', {
        detail: `The table may have ${most} ${limit} until the staff say yes to more; they have been asked.`,
        extra: { limit, most },
        retryAfterS: ASK_AGAIN_S,
      });
    }
    bill.has = after;
    bill.added = plus(bill.added, more);
    bill.orderIds.push(id);
    return undefined;
  }

  #open(place: TablePlace): Open {
    const bill: Open = {
      ...{ place, id: this.#newId(), has: NONE, allowed: null, isAsking: false, added: NONE, orderIds: [] },
      asked: undefined,
    };
    this.opened.set(keyOf(place), bill);
    return bill;
  }
}

const keyOf = ({ storeId, table }: TablePlace): string => `${storeId} ${table}`;

/** Text of our own where nothing needs quotes, as in the order's statements. */
const array = (values: readonly (string | number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** The bills on which all there is, served or not, and all that is asked for now would be more than their tables may have. */
function nearLimits(bills: readonly TableBill[], tables: readonly TableAsk[]): TableBill[] {
  const asked = Map.groupBy(tables, keyOf);
  // Tables that were merged ask for one bill.
  const asksOf = new Map<string, TableAsk[]>();
  for (const bill of bills) {
    asksOf.set(bill.id, [...(asksOf.get(bill.id) ?? []), ...(asked.get(keyOf(bill)) ?? [])]);
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
  merged_into AS "mergedInto"`;

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

    begin: (bills) => new Group(bills, deps.hasLimits, () => newId(deps.now()), deps.visits.isKey),

    async write(tx, group) {
      const bills = (group as Group).changed();
      const placed = bills.flatMap(({ id, place, orderIds }) =>
        orderIds.map((orderId) => ({ orderId, id, storeId: place.storeId })),
      );
      const asking = bills.filter(({ asked }) => asked);
      await Promise.all([
        tx.query(
          `WITH bills AS (
             INSERT INTO bill (store_id, id, table_label, opened_at, orders, portions, total,
               asked_orders, asked_portions, asked_unpaid)
             SELECT s, i, t, $4::timestamptz, o, p, u, ao, ap, au FROM unnest($1::uuid[], $2::uuid[], $3::text[], $5::int[],
               $6::int[], $7::bigint[], $8::int[], $9::int[], $10::bigint[]) AS k (s, i, t, o, p, u, ao, ap, au)
             ON CONFLICT (store_id, id) DO UPDATE SET
               orders = bill.orders + excluded.orders, portions = bill.portions + excluded.portions,
               total = bill.total + excluded.total, version = bill.version + 1,
               asked_orders = coalesce(bill.asked_orders, excluded.asked_orders),
               asked_portions = coalesce(bill.asked_portions, excluded.asked_portions),
               asked_unpaid = coalesce(bill.asked_unpaid, excluded.asked_unpaid)
           )
           INSERT INTO bill_order (store_id, order_id, bill_id)
           SELECT * FROM unnest($11::uuid[], $12::uuid[], $13::uuid[])`,
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
            array(placed.map(({ orderId }) => orderId)),
            array(placed.map(({ id }) => id)),
          ],
          'write-table-bills',
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

/** What changed bills are announced as: one message a store. */
export function billMessages(bills: readonly { readonly storeId: string; readonly billId: string }[]) {
  return [...Map.groupBy(bills, ({ storeId }) => storeId)].flatMap(([storeId, of]) =>
    Array.from({ length: Math.ceil(of.length / BILLS_TOLD_MAX) }, (_, page) => ({
      kind: 'bills' as const,
      storeId,
      billIds: of.slice(page * BILLS_TOLD_MAX, (page + 1) * BILLS_TOLD_MAX).map(({ billId }) => billId),
    })),
  );
}
