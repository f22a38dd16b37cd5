/** How much a full process has to leave out, from 0, nothing, to 1, as much as it can. */
export interface LoadLevel {
  readonly level: number;
  /** The shortest turn of the last window, in milliseconds: what is left of the queue when bursts are taken away. */
  readonly standingMs: number;
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
}

/**
 * Of the level, a window. Up by the square of the excess: within a third of a second of a flood, when every refusal that is not given yet
 * makes those that are late, and gently where a little too much stands; down slowly, so that it does not swing.
 */
const STEP_UP = 0.02;
const STEP_DOWN = 0.01;
const STEP_DOWN_IDLE = 0.03;
/**
 * Fewer requests in a window, in a turn or in front of the intake are no crowd: the process starts, or has no core, or its database is
 * slow, and refusing them would help nobody.
 */
export const CROWD_MIN = 20;
/** A queue of four times the target says no more than that hardly anything can be taken. */
const EXCESS_MAX = 4;

/**
 * Follows the standing queue, the minimum over an interval as in CoDel (RFC 8289 §4.2), as DAGOR (Zhou et al., 2018) follows its queuing
 * time: what is left out grows while the queue is too long, the faster the longer it is, and shrinks more slowly when it is not.
 * Event-loop delay is what a Node process queues in; latency would also tell of a slow database, against which refusing menus helps nobody.
 */
export function createLoadLevel({ targetMs, windowMs, patienceMs }: LoadLevelBounds): LoadLevel {
  let level = 0;
  let standingMs = 0;
  let shortestMs = Number.POSITIVE_INFINITY;
  let windowFromMs = 0;
  let readsInWindow = 0;
  let tooLongSinceMs = Number.POSITIVE_INFINITY;

  function set(nowMs: number, windows: number): void {
    if (standingMs <= targetMs) {
      tooLongSinceMs = Number.POSITIVE_INFINITY;
      level = Math.max(0, level - windows * (standingMs < targetMs / 4 ? STEP_DOWN_IDLE : STEP_DOWN));
      return;
    }
    tooLongSinceMs = Math.min(tooLongSinceMs, nowMs - windows * windowMs);
    if (level === 0 && nowMs - tooLongSinceMs < patienceMs) return;
    level = Math.min(1, level + windows * STEP_UP * Math.min(EXCESS_MAX, standingMs / targetMs) ** 2);
  }

  return {
    get level() {
      return level;
    },
    get standingMs() {
      return standingMs;
    },
    turned(tookMs, nowMs, reads = CROWD_MIN) {
      readsInWindow += reads;
      shortestMs = Math.min(shortestMs, tookMs);
      const passedMs = nowMs - windowFromMs;
      if (passedMs < windowMs) return;
      standingMs = readsInWindow < CROWD_MIN ? 0 : shortestMs;
      readsInWindow = 0;
      shortestMs = Number.POSITIVE_INFINITY;
      windowFromMs = nowMs;
      // After a time without requests the level has nothing to say about them any more.
      set(nowMs, passedMs / windowMs);
    },
  };
}
