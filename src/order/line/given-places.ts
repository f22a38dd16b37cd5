import type { OrderRef } from '../ports.ts';

/** Who was given a place lately. */
export interface GivenPlaces {
  /** @returns when the place was that this order was given; undefined: it was given none, or long ago */
  find(order: OrderRef): number | undefined;
  /** Counts one place more for this session. @returns false past what one session may have; unset: nobody is told apart */
  allow(session: string | undefined, nowMs: number): boolean;
  remember(order: OrderRef, atMs: number): void;
}

/** So that an order that is sent again gets its own place and not another. What is forgotten sooner costs its guest a place at the end. */
const PLACES_MAX = 50_000;
const SESSIONS_MAX = 20_000;
const SESSION_MS = 10 * 60_000;

const keyOf = ({ storeId, id }: OrderRef): string => `${storeId}${id}`;

/** @param perSessionMax places that one session may have given in ten minutes */
export function createGivenPlaces(perSessionMax: number): GivenPlaces {
  const places = new Map<string, number>();
  const sessions = new Map<string, { count: number; untilMs: number }>();
  return {
    find: (order) => places.get(keyOf(order)),
    allow(session, nowMs) {
      if (session === undefined) return true;
      const known = sessions.get(session);
      if (known && known.untilMs > nowMs) {
        known.count += 1;
        return known.count <= perSessionMax;
      }
      sessions.delete(session);
      sessions.set(session, { count: 1, untilMs: nowMs + SESSION_MS });
      dropOldest(sessions, SESSIONS_MAX);
      return true;
    },
    remember(order, atMs) {
      places.set(keyOf(order), atMs);
      dropOldest(places, PLACES_MAX);
    },
  };
}

/** A map has its keys in the order in which they came. */
function dropOldest(map: Map<string, unknown>, sizeMax: number): void {
  if (map.size > sizeMax) map.delete(map.keys().next().value!);
}
