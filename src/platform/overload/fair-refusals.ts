/** Whose requests are refused when a share of all has to be. */
export interface FairRefusals {
  /** One came of this holder. */
  came(holder: string, nowMs: number): void;
  /** @param share of all that is refused, 0 to 1 @returns the share of this holder's that is */
  shareOf(holder: string, share: number): number;
  /** Of whom most is that comes while others are there who suffer from it; there is one at most. */
  readonly flood: string | undefined;
}

/** Short enough to know a flood soon, long enough to count a modest holder by more than chance. */
const WINDOW_MS = 1_000;
/** Shares of all that differ by less are the same. */
const SHARE_STEP = 0.01;
/** A holder has a flood when it asks for so many times as much as all others together, */
const FLOOD_TIMES = 4;
/** who asked for at least so many in the last windows: regular guests of a shop, and no passer-by. */
const OTHERS_MIN = 5;
/**
 * With one window a flood between two orders of a shop next door was none, and the shop's next order found long turns; with more, a shop that has closed
 * keeps a crowd's orders down.
 */
const OTHERS_WINDOWS = 10;

/**
 * Max-min fairness (Bertsekas and Gallager, "Data Networks", 1992, §6.5.2): what can be let in is shared out so that nobody who asks for
 * less than an equal part is refused for one who asks for more. A store with a crowd of its own is refused what is above that part, the
 * store next door nothing. With one holder it is the same as drawing lots among all.
 * @param windowMs what came in the last whole window is how much a holder asks for
 */
export function createFairRefusals(windowMs: number = WINDOW_MS): FairRefusals {
  let counts = new Map<string, number>();
  let before = new Map<string, number>();
  let ascending: readonly number[] = [];
  let total = 0;
  let windowFromMs = Number.NEGATIVE_INFINITY;
  /** The last whole windows, the newest first. */
  let windows: { readonly fromMs: number; readonly counts: ReadonlyMap<string, number>; readonly total: number }[] = [];
  let flood: string | undefined;
  /** Of the last window, by share. */
  const levels = new Map<number, number>();

  function turnWindow(nowMs: number): void {
    // What is older than a window says nothing about now.
    before = nowMs - windowFromMs < 2 * windowMs ? counts : new Map();
    counts = new Map();
    ascending = [...before.values()].sort((one, other) => one - other);
    total = ascending.reduce((sum, count) => sum + count, 0);
    levels.clear();
    const whole = { fromMs: windowFromMs, counts: before, total };
    windows = [whole, ...windows.slice(0, OTHERS_WINDOWS - 1)].filter(
      ({ fromMs }) => nowMs - fromMs <= OTHERS_WINDOWS * windowMs,
    );
    windowFromMs = nowMs;
    flood = findFlood();
  }

  function findFlood(): string | undefined {
    for (const [holder, asked] of before) {
      if (asked < FLOOD_TIMES * (total - asked)) continue;
      let others = 0;
      for (const window of windows) others += window.total - (window.counts.get(holder) ?? 0);
      return others >= OTHERS_MIN ? holder : undefined;
    }
    return undefined;
  }

  /** How many of each holder fit in when `share` of all is refused: the water level. */
  function levelAt(share: number): number {
    const step = Math.round(share / SHARE_STEP);
    let level = levels.get(step);
    if (level === undefined) {
      let left = (1 - share) * total;
      level = 0;
      for (const [index, count] of ascending.entries()) {
        level = left / (ascending.length - index);
        if (count >= level) break;
        left -= count;
      }
      levels.set(step, level);
    }
    return level;
  }

  return {
    came(holder, nowMs) {
      if (nowMs - windowFromMs >= windowMs) turnWindow(nowMs);
      counts.set(holder, (counts.get(holder) ?? 0) + 1);
    },
    get flood() {
      return flood;
    },
    shareOf(holder, share) {
      if (share <= 0 || total === 0) return share;
      const asked = Math.max(before.get(holder) ?? 0, counts.get(holder) ?? 0);
      return asked === 0 ? 0 : Math.max(0, 1 - levelAt(share) / asked);
    },
  };
}
