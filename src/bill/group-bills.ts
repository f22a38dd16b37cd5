import { Problem } from '../platform/http/problem.ts';
import type { Usage } from './bills.ts';
import type { Store } from './ports.ts';
import { type VisitKeys, visitProblem } from './visit/visit-keys.ts';

/** A table of a store. */
export interface TablePlace {
  readonly storeId: string;
  readonly table: string;
}

/** The open bill of a table, as it was read under the store's lock. Of orders and portions it says how many are not served yet. */
export interface TableBill extends TablePlace, Usage {
  readonly id: string;
  /** The visit of the table itself, also while its orders are on another's bill. */
  readonly visitId: string;
  /** Up to where the staff have said yes. */
  readonly allowed: Usage | null;
  readonly isAsking: boolean;
  /** Which round of the visit its last order was; 0: none of its orders is left. */
  readonly round: number;
  /** When that came; null: none has. */
  readonly orderedAt: Date | null;
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

/**
 * Who orders at a table where nobody has for so long is another party: a shop that settles elsewhere closes no bills. A long meal orders oftener,
 * and tables are not cleared and taken again within it without an order.
 */
const ROUND_MS = 2 * 3_600_000;
/** What comes after is the same round: a ticket shows two digits, and nobody counts further. */
const ROUND_MAX = 99;

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
  round: number;
  orderedAtMs: number | null;
  readonly orders: { readonly id: string; readonly round: number }[];
  asked: Usage | undefined;
  /** Staff have entered one of the group's orders. */
  isKnown: boolean;
}

/** Decides in memory what `table-bills.ts` read and will write. */
export class Group implements GroupBills {
  readonly opened = new Map<string, Open>();
  readonly #hasLimits: boolean;
  readonly #newId: () => string;
  readonly #isVisitKey: VisitKeys['isKey'];
  readonly #nowMs: number;
  /** By table, of those that have guests already. */
  readonly #visits = new Map<string, string>();

  constructor(
    bills: readonly TableBill[],
    deps: { hasLimits: boolean; newId: () => string; isVisitKey: VisitKeys['isKey']; nowMs: number },
  ) {
    this.#isVisitKey = deps.isVisitKey;
    this.#hasLimits = deps.hasLimits;
    this.#newId = deps.newId;
    this.#nowMs = deps.nowMs;
    const byId = new Map<string, Open>();
    for (const { storeId, table, id, visitId, allowed, isAsking, round, orderedAt, ...has } of bills) {
      const place = { storeId, table };
      this.#visits.set(tableKeyOf(place), visitId);
      // Tables that were merged are on one bill.
      const known = byId.get(`${storeId} ${id}`);
      const bill = known ?? {
        place,
        id,
        has,
        allowed,
        isAsking,
        added: NONE,
        round,
        orderedAtMs: orderedAt?.getTime() ?? null,
        orders: [],
        asked: undefined,
        isKnown: false,
      };
      byId.set(`${storeId} ${id}`, bill);
      this.opened.set(tableKeyOf(place), bill);
    }
  }

  get hasChanged(): boolean {
    return this.changed().length > 0;
  }

  changed(): Open[] {
    return [...new Set(this.opened.values())].filter(({ orders, asked }) => orders.length > 0 || asked);
  }

  take(
    store: Pick<Store, 'id' | 'tableLimits' | 'visitCode'>,
    { id, table, portions, total, visit, isByStaff }: BilledOrder,
  ): Problem | undefined {
    const place = { storeId: store.id, table };
    if (store.visitCode && !isByStaff) {
      const visitId = this.#visits.get(tableKeyOf(place));
      if (visitId === undefined) return visitProblem('no-visit');
      if (visit === undefined || !this.#isVisitKey({ storeId: store.id, id: visitId }, visit))
        return visitProblem('needed');
    }
    const bill = this.opened.get(tableKeyOf(place)) ?? this.#open(place);
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
    const goesOn = bill.orderedAtMs !== null && this.#nowMs - bill.orderedAtMs < ROUND_MS;
    bill.round = goesOn ? Math.min(bill.round + 1, ROUND_MAX) : 1;
    bill.orderedAtMs = this.#nowMs;
    bill.orders.push({ id, round: bill.round });
    if (isByStaff) bill.isKnown = true;
    return undefined;
  }

  #open(place: TablePlace): Open {
    const bill: Open = {
      place,
      id: this.#newId(),
      has: NONE,
      allowed: null,
      isAsking: false,
      added: NONE,
      round: 0,
      orderedAtMs: null,
      orders: [],
      asked: undefined,
      isKnown: false,
    };
    this.opened.set(tableKeyOf(place), bill);
    return bill;
  }
}

/** A table's key among those of all stores. */
export const tableKeyOf = ({ storeId, table }: TablePlace): string => `${storeId} ${table}`;
