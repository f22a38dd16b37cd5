import { LRUCache } from 'lru-cache';
import type { OrderRef } from '../ports.ts';

/** Who sent an order, as far as that is known. */
export interface Sender {
  readonly client: string;
  /** As the order names it; null: it is for no table, or nobody has read that yet. */
  readonly table: string | null;
}

export interface GivenPlacesBounds {
  /** Places that one table session, a table and one client there, may have given in ten minutes. */
  readonly perSessionMax: number;
  /** The same of one client, whatever tables it names, while it has less than half of all that its store gave. */
  readonly perClientMax: number;
}

/** Who was given a place lately. */
export interface GivenPlaces {
  /** @returns when the place was that this order was given; undefined: it was given none, or long ago */
  find(order: OrderRef): number | undefined;
  /** @returns false past what its sender may have; unset: nobody is told apart */
  allow(storeId: string, sender: Sender | undefined, nowMs: number): boolean;
  remember(order: OrderRef, atMs: number, sender: Sender | undefined): void;
}

/** So that an order that is sent again gets its own place and not another. What is forgotten sooner costs its guest a place at the end. */
const PLACES_MAX = 50_000;
/** Of each kind; a store's clients in ten minutes are fewer. */
const COUNTED_MAX = 20_000;
const WINDOW_MS = 10 * 60_000;

const keyOf = ({ storeId, id }: OrderRef): string => `${storeId}${id}`;

/**
 * A place costs eight bytes, and whoever stands behind made-up ones waits for them. Tables are told apart by what orders name, so a client
 * that makes tables up is bounded as well: by far more than a dining room behind one address has phones, or where many have come, by half
 * of them all, as a telephone company's customers may share one.
 */
export function createGivenPlaces(bounds: GivenPlacesBounds): GivenPlaces {
  const places = new LRUCache<string, number>({ max: PLACES_MAX });
  const [ofStore, ofClient, ofTable] = [createCounter(), createCounter(), createCounter()];
  const clientKey = (storeId: string, { client }: Sender): string => `${storeId} ${client}`;
  const tableKey = (storeId: string, sender: Sender): string => `${clientKey(storeId, sender)} ${sender.table}`;
  return {
    find: (order) => places.get(keyOf(order)),
    allow(storeId, sender, nowMs) {
      if (!sender) return true;
      const half = ofStore.read(storeId, nowMs) / 2;
      if (ofClient.read(clientKey(storeId, sender), nowMs) >= Math.max(bounds.perClientMax, half)) return false;
      return sender.table === null || ofTable.read(tableKey(storeId, sender), nowMs) < bounds.perSessionMax;
    },
    remember(order, atMs, sender) {
      places.set(keyOf(order), atMs);
      ofStore.count(order.storeId, atMs);
      if (!sender) return;
      ofClient.count(clientKey(order.storeId, sender), atMs);
      if (sender.table !== null) ofTable.count(tableKey(order.storeId, sender), atMs);
    },
  };
}

/** Counts by key, each over ten minutes from its first. */
function createCounter() {
  const counts = new LRUCache<string, { count: number; readonly untilMs: number }>({ max: COUNTED_MAX });
  const known = (key: string, nowMs: number) => {
    const found = counts.get(key);
    return found && found.untilMs > nowMs ? found : undefined;
  };
  return {
    read: (key: string, nowMs: number): number => known(key, nowMs)?.count ?? 0,
    count(key: string, nowMs: number): void {
      const found = known(key, nowMs);
      if (found) found.count += 1;
      else counts.set(key, { count: 1, untilMs: nowMs + WINDOW_MS });
    },
  };
}
