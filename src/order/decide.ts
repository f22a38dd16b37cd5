import { Problem } from '../platform/http/problem.ts';
import type { Candidate } from './candidate.ts';
import type { Catalogue, GroupBills, GroupPace, StatedState, Store } from './ports.ts';
import { type PricedOrder, priceOrder, soldOut } from './price.ts';
import { countOn, remainingOf, type StockCount } from './stock-count.ts';

/** A store's head row, held locked while its orders are decided. */
export interface Head {
  readonly store: Store;
  /** Whether it takes orders, and what it promises; it counts those that are taken. */
  readonly pace: GroupPace;
  readonly day: string;
  readonly lastNumber: number;
  readonly catalogue: Catalogue;
}

/** What is known when a group is decided; every store of it is locked, so none of it can change meanwhile. */
export interface GroupState {
  readonly heads: ReadonlyMap<string, Head>;
  /** Request hashes (hex) of the keys that exist already, by {@link orderKey}. */
  readonly existing: ReadonlyMap<string, string>;
  /** By {@link orderKey} of store and dish; one without an entry was never limited. */
  readonly stock: ReadonlyMap<string, StockCount>;
  /** Of the group's tables; unset: no order is for a table. */
  readonly bills?: GroupBills | undefined;
  readonly nowMs: number;
  /** Whether an order may be for its table; see `TableKeys`. */
  readonly tableRefusal: (store: Store, table: string, key: string | undefined) => Problem | undefined;
  /** The store's business day of now. */
  readonly today: (store: Store) => string;
}

export interface PlacedOrder {
  readonly candidate: Candidate;
  readonly priced: PricedOrder;
  /** Which count each limited dish's portions were taken from, by item id. */
  readonly fromCounts: ReadonlyMap<string, number>;
  readonly store: Store;
  readonly number: number;
  readonly day: string;
  readonly placedAtMs: number;
  readonly promisedAtMs: number;
}

export type Decision =
  | { readonly kind: 'placed'; readonly order: PlacedOrder }
  | { readonly kind: 'replayed' }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface Decisions {
  /** One for each candidate, in their order. */
  readonly decisions: readonly Decision[];
  readonly placed: readonly PlacedOrder[];
  /** The last number and day of each store that placed something. */
  readonly numbers: ReadonlyMap<
    string,
    { readonly lastNumber: number; readonly day: string; readonly stockChanged: boolean }
  >;
  /** What the pacing of these stores counted, and the state in which that leaves them. */
  readonly paces: ReadonlyMap<string, GroupPace>;
  /** The counts of the dishes that were sold, as they are now. */
  readonly sold: readonly SoldCount[];
}

export interface SoldCount extends StockCount {
  readonly storeId: string;
  readonly itemId: string;
}

/** Names what belongs to a store: ids of orders are made by clients and may be there twice. */
export const orderKey = (storeId: string, id: string): string => `${storeId}${id}`;

/**
 * Decides a group in the order in which it came: replays are set aside, portions go to whoever came first, each order
 * is taken whole or not at all. Pure, so that the hardest rules can be tested without a database.
 */
export function decide(candidates: readonly Candidate[], state: GroupState): Decisions {
  const decisions: Decision[] = [];
  const placed: PlacedOrder[] = [];
  const numbers = new Map<string, { lastNumber: number; day: string; stockChanged: boolean }>();
  const paces = new Map<string, GroupPace>();
  const sold = new Map<string, SoldCount>();
  const placedHashes = new Map<string, string>();

  for (const candidate of candidates) {
    const key = orderKey(candidate.storeId, candidate.id);
    const hash = state.existing.get(key) ?? placedHashes.get(key);
    const decision = hash === undefined ? decideNew(candidate) : decideAgain(candidate, hash);
    if (decision.kind === 'placed') placedHashes.set(key, candidate.requestHash);
    decisions.push(decision);
  }
  return { decisions, placed, numbers, paces, sold: [...sold.values()] };

  function decideNew(candidate: Candidate): Decision {
    const head = state.heads.get(candidate.storeId);
    if (!head) return { kind: 'refused', problem: new Problem('not-found', { detail: 'There is no such store.' }) };
    const problem = checkTable(head.store, candidate);
    if (problem) return { kind: 'refused', problem };
    const { stated } = head.pace;
    if (stated.state === 'paused') return { kind: 'refused', problem: closed(stated, state.nowMs) };
    let priced: PricedOrder;
    try {
      priced = priceOrder(candidate, head.catalogue, { nowMs: state.nowMs, timeZone: head.store.timeZone });
    } catch (error) {
      if (error instanceof Problem) return { kind: 'refused', problem: error };
      throw error;
    }
    const day = dayOf(head);
    const counts: SoldCount[] = [];
    const short = [];
    for (const [itemId, wanted] of priced.portions) {
      const count = countOf(head, itemId, day);
      if (!count) continue;
      const remaining = remainingOf(count);
      if (remaining !== null && remaining < wanted) short.push({ itemId, remaining });
      counts.push({ ...count, storeId: candidate.storeId, itemId, sold: count.sold + wanted });
    }
    if (short.length > 0) return { kind: 'refused', problem: soldOut(short) };
    const tooMuch = putOnBill(head.store, candidate, priced);
    if (tooMuch) return { kind: 'refused', problem: tooMuch };

    const fromCounts = new Map<string, number>();
    for (const count of counts) {
      sold.set(orderKey(count.storeId, count.itemId), count);
      if (count.offered !== null) fromCounts.set(count.itemId, count.count);
    }
    const number = takeNumber(head, day, fromCounts.size > 0);
    const order: PlacedOrder = {
      candidate,
      priced,
      fromCounts,
      store: head.store,
      ...number,
      placedAtMs: state.nowMs,
      promisedAtMs: state.nowMs + head.pace.take(priced.lines) * 60_000,
    };
    placed.push(order);
    return { kind: 'placed', order };
  }

  /** Who works there needs no key of a table, but orders for none that there is not. */
  function checkTable(store: Store, { table, tableKey, isByStaff }: Candidate): Problem | undefined {
    if (table === null) return undefined;
    return state.tableRefusal(isByStaff ? { ...store, tableLinks: 'open' } : store, table, tableKey);
  }

  /** A table's order is on its bill or is refused. The last of the checks: what it puts down is not taken back. */
  function putOnBill(
    store: Store,
    { id, table, visit, isByStaff }: Candidate,
    { portions, total }: PricedOrder,
  ): Problem | undefined {
    if (table === null || !state.bills) return undefined;
    const count = [...portions.values()].reduce((sum, each) => sum + each, 0);
    return state.bills.take(store, { id, table, visit, isByStaff, portions: count, total });
  }

  /** The dish's count on this day, with what the orders before this one took. */
  function countOf(head: Head, itemId: string, day: string): StockCount | undefined {
    const key = orderKey(head.store.id, itemId);
    const count = sold.get(key) ?? state.stock.get(key);
    return count && countOn(count, head.catalogue.items.get(itemId)!.dailyLimit ?? null, day);
  }

  /** A clock that was set back must not hand out yesterday's numbers, or portions, again. */
  function dayOf(head: Head): string {
    const known = numbers.get(head.store.id);
    if (known) return known.day;
    const today = state.today(head.store);
    return today > head.day || head.day === '-infinity' ? today : head.day;
  }

  function takeNumber(head: Head, day: string, stockChanged: boolean): { number: number; day: string } {
    let taken = numbers.get(head.store.id);
    if (!taken) {
      taken = { lastNumber: day === head.day ? head.lastNumber : 0, day, stockChanged: false };
      paces.set(head.store.id, head.pace);
      numbers.set(head.store.id, taken);
    }
    taken.lastNumber += 1;
    taken.stockChanged ||= stockChanged;
    return { number: taken.lastNumber, day: taken.day };
  }
}

/** What a guest of a paused store is told: why, and when it is worth asking again. */
function closed({ by, reason, untilMs }: StatedState, nowMs: number): Problem {
  const until = untilMs === null ? null : new Date(untilMs).toISOString();
  const retry = untilMs === null ? {} : { retryAfterS: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)) };
  const from = until === null ? '' : ` Orders are taken again from about ${until}.`;
  const extra = { reason, until };
  if (by === 'hours') return new Problem('store-closed', { detail: `The shop is closed.${from}`, extra, ...retry });
  if (by === 'hand') return new Problem('store-closed', { detail: `The shop has paused.${from}`, extra, ...retry });
  return new Problem('busy', { detail: `The kitchen is full.${from}`, extra, ...retry });
}

/** @param hash of the request that made the order which has this key already */
export function decideAgain(candidate: Candidate, hash: string): Decision {
  if (hash === candidate.requestHash) return { kind: 'replayed' };
  const problem = new Problem('key-reused', {
    detail: 'This Idempotency-Key belongs to an order with another body.',
    fields: [{ field: 'Idempotency-Key', problem: 'was used for another order', allowed: 'a new UUIDv7' }],
  });
  return { kind: 'refused', problem };
}
