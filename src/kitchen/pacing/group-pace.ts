import type { StatedState } from '../ports.ts';
import { type KitchenPace, promise, type StationPace, stateNow } from './rules.ts';

/** Portions that are made at a station. */
interface Portions {
  readonly item: { readonly station: string };
  readonly quantity: number;
}

/** One store's kitchen while a group of orders is decided under the store's lock. */
export interface GroupPace {
  /** As it is after the orders taken so far. */
  readonly stated: StatedState;
  /** Portions taken so far, by station; empty for a store without pacing. */
  readonly added: ReadonlyMap<string, number>;
  /** Counts an order in. @returns minutes until it is ready, as it is promised */
  take(lines: readonly Portions[]): number;
}

/** @param pace undefined: the store promises its own minutes and knows no limit */
export function createGroupPace(
  stated: StatedState,
  pace: KitchenPace | undefined,
  prepMinutes: number,
  nowMs: number,
): GroupPace {
  let now = stateNow(stated, pace, nowMs);
  const added = new Map<string, number>();
  const plain: KitchenPace = { strategy: 'fixed', prepMinutes, correction: null, spread: null, stations: [] };
  const stations = new Map<string, StationPace>(pace?.stations.map((each) => [each.station, each]));
  return {
    get stated() {
      return now;
    },
    added,
    take(lines) {
      if (!pace) return promise(plain, now);
      const portions = new Map<string, number>();
      for (const { item, quantity } of lines) portions.set(item.station, (portions.get(item.station) ?? 0) + quantity);
      const minutes = promise({ ...pace, stations: [...stations.values()] }, now, portions);
      for (const [station, count] of portions) {
        added.set(station, (added.get(station) ?? 0) + count);
        const known = stations.get(station) ?? idleStation(station);
        stations.set(station, { ...known, open: known.open + count });
      }
      now = stateNow(now, { ...pace, stations: [...stations.values()] }, nowMs);
      return minutes;
    },
  };
}

/** A station that nothing is known of. */
export const idleStation = (station: string): StationPace => ({
  station,
  capacity: null,
  open: 0,
  workMinutes: 0,
  donePortions: 0,
  doneTickets: 0,
  lastDoneAtMs: null,
  baseMinutes: null,
});
