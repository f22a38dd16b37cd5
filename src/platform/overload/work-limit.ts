/** How much of what is asked for can be worked on so that it is answered in time, found out from how long the answers take. */
export interface WorkLimit {
  /**
   * How much of a class that gives way is to be left out, from 0, nothing, to 1, as much as can be: 0 until six tenths of the limit are under way, 1 from
   * the limit on.
   */
  pressure(): number;
  /** Requests that may be under way at once. */
  readonly limit: number;
  /** Of those whose kind took longest, how long they took on average lately, from their arrival to their answer, in milliseconds. */
  readonly tookMs: number;
  began(): void;
  ended(isOrder: boolean, tookMs: number): void;
}

export interface WorkLimitBounds {
  /** How long requests may take on average, in milliseconds. */
  readonly targetMs: number;
  /** The same where most orders have to be refused and turns of the event loop are long, so that refusals come late. */
  readonly hastyMs: number;
  /** Requests under way before anything has been found out, and again after a pause. */
  readonly start: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Fewer requests in a turn, under way or in front of the intake are no crowd: the process starts, or has no core, or its database is
 * slow, and refusing them would help nobody.
 */
export const CROWD_MIN = 20;
/** Up to this share of the limit everybody is let in: a limit that is never reached has nothing to say, and bursts fit in. */
const FREE = 0.6;
/**
 * From this pressure on answers are to take less time than they may, and from the second on as much less as is wanted: where so many are refused
 * refusals must come soon. Sooner, and a process that bears what comes, in turns that are long beside its database, would not find out that it does.
 */
const HASTE_FROM = 0.5;
const HASTE_TO = 0.75;
/** Refusals come soon where turns are short, so a database that is far away or slow is no reason for haste: fewer orders would not be faster. */
const TURN_SHORT_MS = 20;
const TURN_LONG_MS = 40;
/** More often, and a few answers would be taken for all. */
const ROUND_MIN_MS = 100;
/** A limit that is much too high is lowered by a fifth a round, as long answers also come from one hiccup; */
const DOWN = 0.8;
/** one that is too low is raised by a fifth: faster, and it swings about what is right, since what is let in also makes work for later. */
const UP = 1.2;
/** After so long without work the limit says nothing about now. */
const PAUSE_MS = 1_000;

/** 0 up to `from`, 1 from `to` on, and straight between them. */
export const between = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

/**
 * A limit on the requests that are under way, set so that they take as long as may be. By Little's law (L = λW) so many under way, divided by
 * what is finished a second, is how long one waits that comes now, so the limit is a predicted wait, whatever it is that is slow: the event
 * loop, the intake, the database, or others on its core. It follows the ratio of the time that answers may take to the one they take (the
 * gradient of Netflix' concurrency-limits and of Envoy's adaptive concurrency, with a given time in place of the measured minimum, because what
 * is wanted is known: an answer within a second). It is set once in a round trip, as what was let in under the last limit must have had time to
 * end, and is raised only where it was near. A rate would be a trap: who lets in few finishes few. Few under way are answered sooner, so a limit
 * that is too low is found out.
 * @param unreadMs how long requests lie unread lately, in milliseconds
 * @param changeForOthers by what factor the limit is to change for the sake of others who share the process, asked once a round: it does when that is less
 *   than what those want whom it counts
 */
export function createWorkLimit(
  bounds: WorkLimitBounds,
  now: () => number,
  unreadMs: () => number,
  changeForOthers: () => number = () => Number.POSITIVE_INFINITY,
): WorkLimit {
  const { targetMs, hastyMs, start, min, max } = bounds;
  let limit = start;
  let underway = 0;
  let most = 0;
  let tookMs = 0;
  let roundFromMs = now();
  let lastEndMs = roundFromMs;
  /** Of this round. */
  const orders = { ended: 0, sumMs: 0 };
  const others = { ended: 0, sumMs: 0 };

  const meanOf = ({ ended, sumMs }: typeof orders): number => (ended === 0 ? 0 : sumMs / ended);

  function beginRound(nowMs: number): void {
    roundFromMs = nowMs;
    most = underway;
    for (const kind of [orders, others]) {
      kind.ended = 0;
      kind.sumMs = 0;
    }
  }

  function endRound(nowMs: number): void {
    if (nowMs - roundFromMs < Math.max(ROUND_MIN_MS, Math.min(tookMs, PAUSE_MS))) return;
    tookMs =
      orders.ended + others.ended > 0
        ? Math.max(meanOf(orders), meanOf(others))
        : underway < CROWD_MIN
          ? 0
          : Math.max(tookMs, nowMs - lastEndMs);
    const haste =
      between(between(most / limit, FREE, 1), HASTE_FROM, HASTE_TO) * between(unreadMs(), TURN_SHORT_MS, TURN_LONG_MS);
    const own = (targetMs - haste * (targetMs - hastyMs)) / Math.max(1, tookMs);
    const forOthers = changeForOthers();
    const gradient = Math.min(own, forOthers);
    if (gradient < 1) limit = Math.max(min, limit * Math.min(forOthers, Math.max(DOWN, own)));
    else if (most > FREE * limit) limit = Math.min(max, limit * Math.min(UP, gradient));
    beginRound(nowMs);
  }

  return {
    get limit() {
      return limit;
    },
    get tookMs() {
      return tookMs;
    },
    pressure: () => between(underway / limit, FREE, 1),
    began() {
      const nowMs = now();
      if (underway === 0) {
        if (nowMs - lastEndMs > PAUSE_MS) {
          limit = Math.max(limit, start);
          tookMs = 0;
          beginRound(nowMs);
        }
        lastEndMs = nowMs;
      }
      underway += 1;
      most = Math.max(most, underway);
      endRound(nowMs);
    },
    ended(isOrder, took) {
      const nowMs = now();
      underway -= 1;
      lastEndMs = nowMs;
      const kind = isOrder ? orders : others;
      kind.ended += 1;
      kind.sumMs += took;
      endRound(nowMs);
    },
  };
}
