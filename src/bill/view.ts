import type { BillEntry, BillSummary, BillView, OrderView } from '../contract/index.ts';
import { vatIncluded } from '../contract/index.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { type Bill, findBill, ordersOf } from './bills.ts';
import { type Entry, entriesOf, paidDishes, refundableOf, standingDiscounts } from './entries.ts';
import { movesOf } from './move/moves.ts';
import type { OrderRef, Store } from './ports.ts';
import { canReverse, type DishLine, NOTHING } from './rules.ts';
import type { VisitKeys } from './visit/visit-keys.ts';

/** Orders of one bill that are shown: ten times what a table may have, and with `LIMITS=off` not all. */
export const ORDERS_SHOWN_MAX = 300;

export interface BillReads {
  readonly db: Queryable;
  readonly readOrders: (db: Queryable, refs: readonly OrderRef[]) => Promise<(OrderView | undefined)[]>;
  readonly visits: Pick<VisitKeys, 'codeOf'>;
}

/** What phones join a bill's tables by, as staff see it. */
export function codesOf(
  { visits }: Pick<BillReads, 'visits'>,
  store: Pick<Store, 'visitCode'>,
  { storeId, id, table, closedAt, merged, mergedIds }: Bill,
): Pick<BillSummary, 'codes'> {
  if (!store.visitCode || closedAt || table === null) return {};
  const tables = [table, ...merged];
  return {
    codes: [id, ...mergedIds].map((each, at) => ({ table: tables[at]!, code: visits.codeOf({ storeId, id: each }) })),
  };
}

/** A bill as a list has it. */
export function toSummary(store: Pick<Store, 'currency'>, bill: Bill, number: number | null): BillSummary {
  const {
    storeId,
    id,
    table,
    merged,
    openedAt,
    closedAt,
    version,
    orders,
    total,
    discounted,
    waived,
    paid,
    refunded,
    due,
  } = bill;
  return {
    id,
    storeId,
    table,
    number,
    version,
    total,
    discounted,
    waived,
    paid,
    refunded,
    due,
    asked: bill.asked,
    merged: [...merged],
    state: closedAt ? 'closed' : 'open',
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    currency: store.currency,
    orderCount: orders,
  };
}

/** @param forStaff sees who did it */
function toEntry(entry: Entry, bill: Bill, entries: readonly Entry[], forStaff: boolean): BillEntry {
  const { id, kind, amount, method, tendered, waived, paymentId, discountId, dishes, coupon, reason, approval } = entry;
  return {
    id,
    kind,
    amount,
    method,
    tendered,
    waived,
    coupon,
    reason,
    approval,
    change: tendered === null ? null : tendered - amount,
    payment: paymentId,
    refundable: kind === 'payment' ? refundableOf(entry, entries) : 0,
    discount: discountId,
    reversible: standingDiscounts(entries).includes(entry) && canReverse(bill, entry),
    dishes: dishes && [...dishes],
    by: forStaff ? entry.by : null,
    at: entry.at.toISOString(),
  };
}

/** The lines of a bill's orders that are not cancelled, for paying by dish. */
export function dishLines(orders: readonly OrderView[], entries: readonly Entry[]): DishLine[] {
  const paid = paidDishes(entries);
  return orders
    .filter(({ status }) => status !== 'cancelled')
    .flatMap(({ id, lines }) =>
      lines.map(({ quantity, unitPrice }, index) => ({
        orderId: id,
        line: index + 1,
        quantity,
        unitPrice,
        paid: paid.get(`${id} ${index + 1}`) ?? 0,
      })),
    );
}

/**
 * A bill with its orders and entries, read by keys alone.
 * @param id of a bill, or of an order at the counter that nobody has paid
 * @returns undefined when there is none
 */
export async function readBill(
  reads: BillReads,
  store: Store,
  id: string,
  forStaff: boolean,
): Promise<BillView | undefined> {
  const { db, readOrders } = reads;
  const bill = await findBill(db, store.id, id);
  const refs = bill ? await ordersOf(db, store.id, id, ORDERS_SHOWN_MAX) : [{ storeId: store.id, id }];
  const [orders, entries, moves] = await Promise.all([
    readOrders(db, refs).then((all) => all.filter((order) => order !== undefined)),
    bill ? entriesOf(db, store.id, id) : [],
    bill && forStaff ? movesOf(db, store.id, id) : [],
  ]);
  const [first] = orders;
  if (!bill && (!first || first.table !== null)) return undefined;
  const paid = paidDishes(entries);
  const summary = toSummary(store, bill ?? unopened(first!), bill?.table == null ? (first?.number ?? null) : null);
  const charged = Math.max(summary.total - summary.discounted - summary.waived, 0);
  return {
    ...summary,
    ...(bill && forStaff && codesOf(reads, store, bill)),
    orders: orders.map((order) => ({
      id: order.id,
      table: order.table,
      number: order.number,
      status: order.status,
      placedAt: order.placedAt,
      total: order.total,
      lines: order.lines.map(({ itemId, name, quantity, unitPrice, options, total }, index) => ({
        itemId,
        name,
        quantity,
        unitPrice,
        total,
        line: index + 1,
        options: options.map((option) => option.name),
        paid: paid.get(`${order.id} ${index + 1}`) ?? 0,
      })),
    })),
    entries: bill ? entries.map((entry) => toEntry(entry, bill, entries, forStaff)) : [],
    moves,
    business: store.business,
    vat: store.business ? vatIncluded(charged, store.business.vatPercent) : 0,
  };
}

/** Bills of orders at the counter that nobody has paid or changed. */
export const counterSummaries = async ({ db, readOrders }: BillReads, store: Store, refs: readonly OrderRef[]) =>
  (await readOrders(db, refs)).flatMap((order) => (order ? [toSummary(store, unopened(order), order.number)] : []));

/** The bill of an order at the counter, before anybody has paid or changed it. */
function unopened({ id, storeId, status, total, placedAt, lines }: OrderView): Bill {
  const counts = status === 'cancelled' ? 0 : 1;
  return {
    ...NOTHING,
    storeId,
    id,
    table: null,
    openedAt: new Date(placedAt),
    closedAt: null,
    version: 0,
    asked: null,
    mergedInto: null,
    merged: [],
    mergedIds: [],
    orders: counts,
    portions: counts * lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: counts * total,
    due: counts * total,
  };
}
