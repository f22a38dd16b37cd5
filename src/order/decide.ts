import { Problem } from '../platform/http/problem.ts';
import type { Candidate } from './candidate.ts';
import type { Catalogue, Store } from './ports.ts';
import { type PricedOrder, priceOrder, soldOut } from './price.ts';

/** A store's head row, held locked while its orders are decided. */
export interface Head {
  readonly store: Store;
  readonly state: 'open' | 'busy' | 'paused';
  readonly day: string;
  readonly lastNumber: number;
  readonly catalogue: Catalogue;
}

/** What is known when a group is decided; every store of it is locked, so none of it can change meanwhile. */
export interface GroupState {
  readonly heads: ReadonlyMap<string, Head>;
  /** Request hashes (hex) of the keys that exist already, by {@link orderKey}. */
  readonly existing: ReadonlyMap<string, string>;
  /** Portions left, by item id; a dish without an entry is not counted. */
  readonly stock: ReadonlyMap<string, number>;
  readonly nowMs: number;
  /** The store's business day of now. */
  readonly today: (store: Store) => string;
}

export interface PlacedOrder {
  readonly candidate: Candidate;
  readonly priced: PricedOrder;
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
  /** What remains of each dish that was sold, by item id. */
  readonly sold: ReadonlyMap<string, { readonly storeId: string; readonly remaining: number }>;
}

export const orderKey = (storeId: string, id: string): string => `${storeId}${id}`;

/**
 * Decides a group in the order in which it came: replays are set aside, portions go to whoever came first, each order
 * is taken whole or not at all. Pure, so that the hardest rules can be tested without a database.
 */
export function decide(candidates: readonly Candidate[], state: GroupState): Decisions {
  const decisions: Decision[] = [];
  const placed: PlacedOrder[] = [];
  const numbers = new Map<string, { lastNumber: number; day: string; stockChanged: boolean }>();
  const sold = new Map<string, { storeId: string; remaining: number }>();
  const placedHashes = new Map<string, string>();

  for (const candidate of candidates) {
    const key = orderKey(candidate.storeId, candidate.id);
    const hash = state.existing.get(key) ?? placedHashes.get(key);
    const decision = hash === undefined ? decideNew(candidate) : decideAgain(candidate, hash);
    if (decision.kind === 'placed') placedHashes.set(key, candidate.requestHash);
    decisions.push(decision);
  }
  return { decisions, placed, numbers, sold };

  function decideNew(candidate: Candidate): Decision {
    const head = state.heads.get(candidate.storeId);
    if (!head) return { kind: 'refused', problem: new Problem('not-found', { detail: 'There is no such store.' }) };
    if (head.state === 'paused') return { kind: 'refused', problem: new Problem('store-closed') };
    let priced: PricedOrder;
    try {
      priced = priceOrder(candidate, head.catalogue);
    } catch (error) {
      if (error instanceof Problem) return { kind: 'refused', problem: error };
      throw error;
    }
    const short = [];
    for (const [itemId, wanted] of priced.portions) {
      const remaining = sold.get(itemId)?.remaining ?? state.stock.get(itemId);
      if (remaining !== undefined && remaining < wanted) short.push({ itemId, remaining });
    }
    if (short.length > 0) return { kind: 'refused', problem: soldOut(short) };

    let stockChanged = false;
    for (const [itemId, wanted] of priced.portions) {
      const remaining = sold.get(itemId)?.remaining ?? state.stock.get(itemId);
      if (remaining === undefined) continue;
      sold.set(itemId, { storeId: candidate.storeId, remaining: remaining - wanted });
      stockChanged = true;
    }
    const number = takeNumber(head, stockChanged);
    const order: PlacedOrder = {
      candidate,
      priced,
      store: head.store,
      ...number,
      placedAtMs: state.nowMs,
      promisedAtMs: state.nowMs + head.store.promisedMinutes * 60_000,
    };
    placed.push(order);
    return { kind: 'placed', order };
  }

  function takeNumber(head: Head, stockChanged: boolean): { number: number; day: string } {
    let taken = numbers.get(head.store.id);
    if (!taken) {
      // A clock that was set back must not hand out yesterday's numbers again.
      const today = state.today(head.store);
      const day = today > head.day || head.day === '-infinity' ? today : head.day;
      taken = { lastNumber: day === head.day ? head.lastNumber : 0, day, stockChanged: false };
      numbers.set(head.store.id, taken);
    }
    taken.lastNumber += 1;
    taken.stockChanged ||= stockChanged;
    return { number: taken.lastNumber, day: taken.day };
  }
}

function decideAgain(candidate: Candidate, hash: string): Decision {
  if (hash === candidate.requestHash) return { kind: 'replayed' };
  const problem = new Problem('key-reused', {
    detail: 'This Idempotency-Key belongs to an order with another body.',
    fields: [{ field: 'Idempotency-Key', problem: 'was used for another order', allowed: 'a new UUIDv7' }],
  });
  return { kind: 'refused', problem };
}
