import type { PacingStrategy, StoreState } from '../../contract/index.ts';
import type { KitchenRoom, MinuteRange, StatedState } from '../ports.ts';

/** What a station has to do, and how fast it has been. */
export interface StationPace {
  readonly station: string;
  /** Portions that it can have open; null: it knows no limit. */
  readonly capacity: number | null;
  /** Portions placed or cooking. */
  readonly open: number;
  /** Minutes in which portions came out one after another, and those portions; both fade as new ones come out. */
  readonly workMinutes: number;
  readonly donePortions: number;
  /** How many tickets those were. */
  readonly doneTickets: number;
  readonly lastDoneAtMs: number | null;
  /** Learned: minutes of a ticket that waited for no other; null: none was seen yet. */
  readonly baseMinutes: number | null;
}

/** What a store's promise is made of. */
export interface KitchenPace {
  readonly strategy: PacingStrategy;
  /** The store's own word: minutes of an order, as `fixed` promises. */
  readonly prepMinutes: number;
  /** Learned: what all promises were off by lately, as a factor; null: nothing was learned yet. */
  readonly correction: number | null;
  /** Learned: how far off promises are, as a share of what was promised. */
  readonly spread: number | null;
  readonly stations: readonly StationPace[];
}

/** By hand, so that whoever writes nothing but another state into the row has said it. */
export const OPEN: StatedState = { state: 'open', by: 'hand', reason: null, untilMs: null };
/** The reason of a state that pacing set; whatever else stands there, a person wrote. */
export const KITCHEN_FULL = 'kitchen-full';
/** The reason of a store that is closed by its hours. */
export const CLOSED = 'closed';

/**
 * Of a station's capacity: where a state begins, and where it ends again. The two are so far apart that one ticket finished or one
 * order more never changes the state back, also in a kitchen of ten portions (hysteresis).
 */
export const LEVELS = { pausedFrom: 1, pausedUntil: 0.7, busyFrom: 0.8, busyUntil: 0.5 } as const;

/** A store that a person calls busy, or that promises a fixed time, promises half as much again while it is. */
const BUSY_FACTOR = 1.5;
/** An order of tonight is not told another day. */
const PROMISE_MAX_MINUTES = 240;
/** What a station's capacity says of its speed counts as much as this many portions that were seen. */
const PRIOR_PORTIONS = 3;
/** Portions after which two thirds of what was seen before are forgotten: the rush of an hour ago says little about now. */
const MEMORY_PORTIONS = 40;
/** A ticket forgotten for an hour says nothing about how fast the station is. */
const TICKET_MAX_MINUTES = 60;
/** Weight of the newest in what is learned of all. */
const NEWEST = 0.05;
/** What is further off has another reason than the kitchen's speed. */
const CORRECTION_MAX = 2;
/** Before anything was learned. */
const SPREAD_FIRST = 0.25;
/** Times the mean error to either side of a promise: holds four orders of five, whether errors are normal or have longer tails. */
const RANGE = 1.9;
/** A pause has an end to look forward to. */
const RETURN_MIN_MINUTES = 1;

/** How full the fullest station is, of its capacity; 0 where none has one. */
export function fullness(pace: KitchenPace | undefined): number {
  let most = 0;
  for (const { capacity, open } of pace?.stations ?? []) if (capacity !== null) most = Math.max(most, open / capacity);
  return most;
}

/**
 * The state that a store has now. What a person said holds until the time that they named; without one it holds, but "open", which
 * means that the load decides.
 */
export function stateNow(stated: StatedState, pace: KitchenPace | undefined, nowMs: number): StatedState {
  let before: StoreState = stated.state;
  if (stated.by === 'hours') return stated;
  if (stated.by === 'hand') {
    const isOver = stated.untilMs !== null && nowMs >= stated.untilMs;
    const isSaid = stated.state !== 'open' || stated.untilMs !== null;
    if (isSaid && !isOver) return stated;
    before = 'open';
  }
  const state = stateByLoad(before, fullness(pace));
  if (state === 'open') return OPEN;
  // To the full minute, so that a store that is looked at twice a second is not another one each time.
  const untilMs = state === 'paused' ? Math.ceil(nowMs / 60_000 + returnMinutes(pace!)) * 60_000 : null;
  return { state, by: 'pacing', reason: KITCHEN_FULL, untilMs };
}

function stateByLoad(before: StoreState, full: number): StoreState {
  if (full >= LEVELS.pausedFrom) return 'paused';
  if (before === 'paused' && full > LEVELS.pausedUntil) return 'paused';
  if (full >= LEVELS.busyFrom) return 'busy';
  return before !== 'open' && full > LEVELS.busyUntil ? 'busy' : 'open';
}

/** Minutes until the fullest station has so little to do that the store takes orders again, as guests are told. */
export function returnMinutes(pace: KitchenPace): number {
  return Math.max(RETURN_MIN_MINUTES, minutesTooFull(pace));
}

function minutesTooFull(pace: KitchenPace): number {
  let longest = 0;
  for (const station of pace.stations) {
    const tooMany = station.capacity === null ? 0 : station.open - LEVELS.pausedUntil * station.capacity;
    const rate = rateOf(pace, station);
    if (tooMany > 0 && rate) longest = Math.max(longest, tooMany / rate);
  }
  return Math.min(longest, PROMISE_MAX_MINUTES);
}

/**
 * Portions a minute; undefined where nothing is known. A station that makes its capacity in the store's own minutes is as fast as
 * Little's law says; `learned` trusts what was seen the more the more there is of it.
 */
export function rateOf(pace: KitchenPace, station: StationPace): number | undefined {
  const said = station.capacity === null ? undefined : station.capacity / pace.prepMinutes;
  if (pace.strategy !== 'learned') return said;
  if (said !== undefined)
    return (station.donePortions + PRIOR_PORTIONS) / (station.workMinutes + PRIOR_PORTIONS / said);
  return station.workMinutes >= 1 ? station.donePortions / station.workMinutes : undefined;
}

/**
 * Minutes from now until an order is ready, at the station that takes longest for its part. `learned`: what a ticket takes there when
 * it waits for nobody, or what lies in front at the rate at which the station has been going, whichever is longer.
 * @param portions of the order, by station; unset: one at each station, as whoever looks at the store is told
 */
export function promise(pace: KitchenPace, stated: StatedState, portions?: ReadonlyMap<string, number>): number {
  const { strategy, prepMinutes } = pace;
  let longest = strategy === 'learned' && pace.stations.length > 0 ? 0 : prepMinutes;
  for (const station of strategy === 'fixed' ? [] : pace.stations) {
    const own = portions ? portions.get(station.station) : 1;
    if (own === undefined) continue;
    const rate = rateOf(pace, station);
    const ahead = rate ? (station.open + own) / rate : 0;
    const minutes = strategy === 'load' ? prepMinutes + ahead : Math.max(ahead, station.baseMinutes ?? prepMinutes);
    longest = Math.max(longest, minutes);
  }
  const isLonger = stated.state === 'busy' && (strategy === 'fixed' || stated.by === 'hand');
  const factor = (isLonger ? BUSY_FACTOR : 1) * (strategy === 'learned' ? (pace.correction ?? 1) : 1);
  return Math.min(PROMISE_MAX_MINUTES, Math.max(1, Math.round((longest || prepMinutes) * factor)));
}

/**
 * Portions of a ticket before any was seen, and as how many tickets that counts. It never fades, and some forty tickets are remembered: as
 * three tickets it made the line of a kitchen with one portion an order 7 % too long for ever.
 */
const PORTIONS_FIRST = 2;
const PRIOR_TICKETS = 1;

/** Portions of an order at a station, as they have been lately. A larger order fills the kitchen sooner, and then the next ones wait. */
const portionsPerOrder = ({ donePortions, doneTickets }: StationPace): number =>
  (donePortions + PORTIONS_FIRST * PRIOR_TICKETS) / (doneTickets + PRIOR_TICKETS);

/** @returns null where no station has a limit */
export function roomOf(pace: KitchenPace | undefined, stated: StatedState): KitchenRoom | null {
  const limited = pace?.stations.filter(({ capacity }) => capacity !== null) ?? [];
  if (!pace || limited.length === 0) return null;
  const isClosed = stated.state === 'paused';
  const least = (ofStation: (station: StationPace) => number) => Math.min(...limited.map(ofStation));
  const wave = (1 - LEVELS.pausedUntil) * least((station) => station.capacity! / portionsPerOrder(station));
  return {
    orders: isClosed
      ? 0
      : Math.max(1, Math.floor(least((each) => (each.capacity! - each.open) / portionsPerOrder(each)))),
    perMinute: least((station) => rateOf(pace, station)! / portionsPerOrder(station)),
    wave: Math.max(1, Math.floor(wave)),
    closedMinutes: isClosed && stated.by === 'pacing' ? minutesTooFull(pace) : 0,
    untilMs: isClosed && stated.by !== 'pacing' ? stated.untilMs : null,
  };
}

/** Between which minutes four orders of five are ready; null where nothing was learned. */
export function rangeOf(pace: KitchenPace | undefined, minutes: number): MinuteRange | null {
  if (pace?.strategy !== 'learned' || pace.spread === null) return null;
  const away = RANGE * pace.spread;
  return { from: Math.max(0, Math.floor(minutes * (1 - away))), to: Math.ceil(minutes * (1 + away)) };
}

/**
 * A station has made portions. A ticket that was waiting when the one before it came out tells the rate: the time between the two. One
 * that waited for nobody tells what a ticket takes by itself.
 */
export function learnDone(
  station: StationPace,
  { portions, placedAtMs, nowMs }: { readonly portions: number; readonly placedAtMs: number; readonly nowMs: number },
): StationPace {
  const { lastDoneAtMs, baseMinutes } = station;
  const done = { ...station, lastDoneAtMs: Math.max(lastDoneAtMs ?? nowMs, nowMs) };
  const waited = lastDoneAtMs !== null && placedAtMs <= lastDoneAtMs;
  // Of tickets that are ready at once, the one that got the row first may be a moment younger: they are portions all the same.
  const minutes = Math.max(0, nowMs - (waited ? lastDoneAtMs : placedAtMs)) / 60_000;
  if (minutes > TICKET_MAX_MINUTES) return done;
  if (!waited) return { ...done, baseMinutes: baseMinutes === null ? minutes : smooth(baseMinutes, minutes) };
  const keep = Math.exp(-portions / MEMORY_PORTIONS);
  return {
    ...done,
    workMinutes: station.workMinutes * keep + minutes,
    donePortions: station.donePortions * keep + portions,
    doneTickets: station.doneTickets * keep + 1,
  };
}

const smooth = (before: number, newest: number): number => before + NEWEST * (newest - before);

/** An order is ready. What its promise was off by, whatever made it wrong, moves the next ones a little. */
export function learnOrder(
  pace: Pick<KitchenPace, 'correction' | 'spread'>,
  { promisedMinutes, tookMinutes }: { readonly promisedMinutes: number; readonly tookMinutes: number },
): { readonly correction: number; readonly spread: number } {
  const told = Math.max(1, promisedMinutes);
  const off = Math.min(CORRECTION_MAX, Math.max(1 / CORRECTION_MAX, tookMinutes / told));
  const correction = (pace.correction ?? 1) * off ** NEWEST;
  return {
    correction: Math.min(CORRECTION_MAX, Math.max(1 / CORRECTION_MAX, correction)),
    spread: smooth(pace.spread ?? SPREAD_FIRST, Math.min(1, Math.abs(tookMinutes - told) / told)),
  };
}
