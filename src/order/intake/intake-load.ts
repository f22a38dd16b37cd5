/** How busy the intake is, for whoever decides whether an order will still be useful. Cheap enough to ask for each request. */
export interface IntakeLoad {
  /** Orders that wait for their group, those of {@link held} included. */
  readonly waiting: number;
  /** Of them, orders of stores whose row somebody else holds: they say nothing about how much the intake can take. */
  readonly held: number;
  /** Orders in groups that are under way. */
  readonly underway: number;
  /** How long orders waited whose groups began lately, in milliseconds: the longest of each group, smoothed over a few groups. */
  readonly waitedMs: number;
  /** How long a group takes lately, from its begin to its commit, in milliseconds, waiting for a held row left out. */
  readonly groupMs: number;
  /**
   * Orders a second lately, counted over the time in which any group was under way. Where nobody waits it is less than what
   * the intake could take, because its groups are small; 0 before the first group.
   */
  readonly perSecond: number;
  /**
   * How long an order that came now would wait for its answer, in milliseconds; 0 where nothing is under way. Counted in groups, not
   * by {@link perSecond}: whoever refuses by a rate that his refusals have made small never learns that there is room again.
   */
  readonly expectedMs: number;
}

/** A change reaches two thirds of its weight in this time: longer than a hiccup of the disk, shorter than a guest's patience. */
const MEMORY_MS = 1_000;
/** Weight of the newest group in what is smoothed over groups. */
const NEWEST = 0.2;
/** The same of a group that was faster: one slow group must not keep orders out for longer than it took. */
const NEWEST_FASTER = 0.5;

/** Measures what {@link IntakeLoad} tells. */
export interface IntakeMeter {
  began(orders: number, waitedMs: number): void;
  /** @param tookMs undefined where the time says nothing about the intake: nobody was decided */
  ended(orders: number, decided: number, tookMs: number | undefined): void;
  /** @param groupMax how many of those who wait go into one group */
  read(waiting: number, held: number, groupMax: number): IntakeLoad;
}

export function createIntakeMeter(now: () => number): IntakeMeter {
  let groups = 0;
  let underway = 0;
  let waitedMs = 0;
  let groupMs = 0;
  // Sums that fade with time: orders decided, and milliseconds in which a group was under way.
  let decidedSum = 0;
  let busyMsSum = 0;
  let atMs = now();

  function passTime(): void {
    const nowMs = now();
    const keep = Math.exp((atMs - nowMs) / MEMORY_MS);
    decidedSum *= keep;
    busyMsSum *= keep;
    if (groups > 0) busyMsSum += nowMs - atMs;
    atMs = nowMs;
  }

  const smooth = (before: number, newest: number) =>
    before + (newest < before ? NEWEST_FASTER : NEWEST) * (newest - before);

  return {
    began(orders, waited) {
      passTime();
      groups += 1;
      underway += orders;
      waitedMs = smooth(waitedMs, waited);
    },
    ended(orders, decided, tookMs) {
      passTime();
      groups -= 1;
      underway -= orders;
      decidedSum += decided;
      if (tookMs !== undefined) groupMs = groupMs === 0 ? tookMs : smooth(groupMs, tookMs);
    },
    read(waiting, held, groupMax) {
      const perSecond = busyMsSum > 0 ? (1000 * decidedSum) / busyMsSum : 0;
      const ahead = waiting - held;
      // What is under way is half done on average; then come the groups of those ahead, and the order's own.
      const expectedMs = groups > 0 || ahead > 0 ? groupMs * (0.5 + Math.ceil((ahead + 1) / groupMax)) : 0;
      return { waiting, held, underway, waitedMs, groupMs, perSecond, expectedMs };
    },
  };
}
