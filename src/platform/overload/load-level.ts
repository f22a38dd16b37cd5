/** How much a full process has to leave out, from 0, nothing, to 1, as much as it can. */
export interface LoadLevel {
  /** What has been found out over the last seconds. */
  readonly level: number;
  /** The shortest turn of the last window, in milliseconds: what is left of the queue when bursts are taken away. */
  readonly standingMs: number;
  /**
   * What is to be left out of what has lain unread for so long: the level, and more at once where turns get long.
   * @param share of the length from which a turn is too long, for those who are to give way sooner than others
   */
  pressureAt(ageMs: number, share?: number): number;
  /** At the end of each turn of the event loop in which something was read: how long it was, 0 when the loop had slept before it. */
  turned(tookMs: number, nowMs: number, reads?: number): void;
}

export interface LoadLevelBounds {
  /** A standing queue longer than this is too long, in milliseconds. */
  readonly targetMs: number;
  /** How often the level is set, in milliseconds, or as often as the loop turns when that takes longer. */
  readonly windowMs: number;
  /** How long the queue must stand before anything is left out, in milliseconds: a burst is no load. */
  readonly patienceMs: number;
  /** Where a queue stands: what is read at this age is left out in part, in milliseconds, */
  readonly pressFromMs: number;
  /** and as much as can be at this one. */
  readonly pressToMs: number;
}

/**
 * Of the level, a window, times by how much the queue is longer or shorter than the target. What a turn lets in keeps the next ones busy for half a
 * second: much faster, and the level swings about what is right, with all orders let in and then none. Up faster than down, so that the first
 * second of a flood is not the one whose refusals come late.
 */
const STEP_UP = 0.12;
const STEP_DOWN = 0.04;
const STEP_DOWN_IDLE = 0.05;
/** A queue of four times the target says no more than that hardly anything can be taken. */
const EXCESS_MAX = 3;
/** A turn shorter than this share of the target means that the queue was worked off. */
const WORKED_OFF = 0.25;
/**
 * Fewer requests in a window, in a turn or in front of the intake are no crowd: the process starts, or has no core, or its database is
 * slow, and refusing them would help nobody.
 */
export const CROWD_MIN = 20;
/**
 * The shortest of fewer turns says nothing: a garbage collection, or a database that has the core for a moment, makes one turn long, and a window
 * that has only that one would take it for a queue that stands.
 */
const TURNS_MIN = 3;
/** With turns so long that even these take more windows, it does stand. */
const WINDOWS_MAX = 5;
/** What lay unread for less waited for a burst; what lay for more came in a flood, also where no queue has stood yet. */
const AGE_FROM_MS = 250;
const AGE_TO_MS = 900;

/** 0 up to `from`, 1 from `to` on, and straight between them. */
export const between = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

/**
 * Follows the standing queue, the minimum over an interval as in CoDel (RFC 8289 §4.2), as DAGOR (Zhou et al., 2018) follows its queuing
 * time, and sets what is left out as PIE does (RFC 8033 §4.2): a part in proportion to the queue as it is now, which comes and goes within a
 * turn, and a part that learns what is needed for good. The first keeps the turns of a flood's first second short, so that refusals come
 * at once; the second changes so slowly that around the knee, where the queue is gone again in a moment, hardly anything is refused.
 * Event-loop delay is what a Node process queues in; latency would also tell of a slow database, against which refusing menus helps nobody.
 */
export function createLoadLevel(bounds: LoadLevelBounds): LoadLevel {
  const { targetMs, windowMs, patienceMs, pressFromMs, pressToMs } = bounds;
  let level = 0;
  let standingMs = 0;
  let shortestMs = Number.POSITIVE_INFINITY;
  let windowFromMs = 0;
  let readsInWindow = 0;
  let turnsInWindow = 0;
  let workedOffAtMs = 0;
  let isStanding = false;

  function set(windows: number): void {
    const excess = standingMs / targetMs - 1;
    if (excess > 0) {
      if (isStanding || level > 0) level = Math.min(1, level + windows * STEP_UP * Math.min(EXCESS_MAX, excess));
    } else {
      const step = standingMs < WORKED_OFF * targetMs ? STEP_DOWN_IDLE : -STEP_DOWN * excess;
      level = Math.max(0, level - windows * step);
    }
  }

  return {
    get level() {
      return level;
    },
    get standingMs() {
      return standingMs;
    },
    pressureAt(ageMs, share = 1) {
      if (!isStanding) return Math.max(level, between(ageMs, AGE_FROM_MS, AGE_TO_MS));
      return Math.min(1, level + between(ageMs, share * pressFromMs, share * pressToMs));
    },
    turned(tookMs, nowMs, reads = CROWD_MIN) {
      readsInWindow += reads;
      turnsInWindow += 1;
      shortestMs = Math.min(shortestMs, tookMs);
      if (tookMs < WORKED_OFF * targetMs) workedOffAtMs = nowMs;
      isStanding = nowMs - workedOffAtMs >= patienceMs;
      const passedMs = nowMs - windowFromMs;
      if (passedMs < windowMs || (turnsInWindow < TURNS_MIN && passedMs < WINDOWS_MAX * windowMs)) return;
      turnsInWindow = 0;
      const isCrowd = readsInWindow >= CROWD_MIN;
      standingMs = isCrowd ? shortestMs : 0;
      if (!isCrowd) {
        workedOffAtMs = nowMs;
        isStanding = false;
      }
      readsInWindow = 0;
      shortestMs = Number.POSITIVE_INFINITY;
      windowFromMs = nowMs;
      // After a time without requests the level has nothing to say about them any more.
      set(passedMs / windowMs);
    },
  };
}
