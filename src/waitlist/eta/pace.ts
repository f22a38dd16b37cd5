import type { EtaMinutes } from '../../contract/index.ts';
import { SIZE_CLASSES, sizeClassOf } from './size-class.ts';

/** A party that is in the line no more. Milliseconds since 1970. */
export interface EndedParty {
  readonly size: number;
  readonly isSeated: boolean;
  readonly joinedMs: number;
  readonly endedMs: number;
}

/** How fast a line has moved lately. */
export interface Pace {
  /** From one seating to the next, on average. */
  readonly intervalMs: number;
  /** The squared coefficient of variation of those. */
  readonly variation: number;
  /** How many of them are known. */
  readonly samples: number;
  /** The share of those in the line that wait to the end, and are not gone when their turn comes. */
  readonly staying: number;
}

/** What is known of one class of size, or of all together; null while nothing is. */
export interface Learned {
  readonly pace: Pace | null;
  /** Between which milliseconds those who found nobody waiting sat down lately. */
  readonly emptyLine: { readonly fromMs: number; readonly toMs: number } | null;
}

export interface Paces {
  /** When it was learned, in milliseconds since 1970. */
  readonly atMs: number;
  readonly all: Learned;
  readonly ofSize: readonly Learned[];
}

/** Fewer intervals say less than the pace of all sizes together; then that is used. */
const SAMPLES_MIN = 4;
/** About the last hour of a full house; older ones tell of another hour. */
const SAMPLES_MAX = 40;
/** Of those who found nobody waiting, so many say how it is now; the longest and the shortest of them are left out. */
const EMPTY_LINE_SAMPLES = 10;
/** Whoever sat down sooner found a free table: that tells nothing of how fast tables come free. */
const WAITED_MIN_MS = 60_000;
/** Tables come free by chance, so intervals vary about as much as they are long; a lucky row of equal ones promises nothing. */
const VARIATION_MIN = 0.3;
const VARIATION_MAX = 2;
/** How much the pace itself changes within a wait: a table of friends that stays, a rush that ends. */
const DRIFT = 0.15;
/** In standard deviations: 75 of 100 if all else were known. Simulated evenings (test/waitlist/eta.test.ts) hold 85; 1.0 holds too few of the worst. */
const SPREAD = 1.15;

/** Learns from those who ended lately, in any order. Pure. */
export function learnPaces(ended: readonly EndedParty[], nowMs: number): Paces {
  const sorted = [...ended].sort((a, b) => a.endedMs - b.endedMs);
  const learn = (of: readonly EndedParty[]): Learned => ({ pace: learnPace(of, nowMs), emptyLine: learnEmptyLine(of) });
  return {
    atMs: nowMs,
    all: learn(sorted),
    ofSize: SIZE_CLASSES.map((_, index) => learn(sorted.filter(({ size }) => sizeClassOf(size) === index))),
  };
}

/** From the parties that nobody stood in front of when they joined. */
function learnEmptyLine(ended: readonly EndedParty[]): Learned['emptyLine'] {
  const waitsMs: number[] = [];
  let lineEndsMs = Number.NEGATIVE_INFINITY;
  for (const { joinedMs, endedMs, isSeated } of [...ended].sort((a, b) => a.joinedMs - b.joinedMs)) {
    if (isSeated && joinedMs >= lineEndsMs) waitsMs.push(endedMs - joinedMs);
    lineEndsMs = Math.max(lineEndsMs, endedMs);
  }
  if (waitsMs.length < SAMPLES_MIN) return null;
  const lately = waitsMs.slice(-EMPTY_LINE_SAMPLES).sort((a, b) => a - b);
  const left = Math.floor(lately.length / EMPTY_LINE_SAMPLES);
  return { fromMs: lately[left]!, toMs: lately.at(-1 - left)! };
}

function learnPace(sorted: readonly EndedParty[], nowMs: number): Pace | null {
  const seated = sorted.filter(({ isSeated }) => isSeated);
  const intervals: number[] = [];
  for (const [index, { joinedMs, endedMs }] of seated.entries()) {
    const before = seated[index - 1];
    if (!before || endedMs - joinedMs < WAITED_MIN_MS) continue;
    // While nobody waited, no table was waited for.
    intervals.push(endedMs - Math.max(before.endedMs, joinedMs));
  }
  const recent = intervals.slice(-SAMPLES_MAX);
  const last = seated.at(-1);
  if (!last || recent.length < SAMPLES_MIN) return null;
  // A pause that is longer than usual and goes on is known too, though not how long it will be.
  const pauseMs = nowMs - last.endedMs;
  if (pauseMs > mean(recent)) recent.push(pauseMs);
  const intervalMs = Math.max(1, mean(recent));
  const squares = mean(recent.map((interval) => (interval / intervalMs - 1) ** 2));
  const lately = sorted.slice(-2 * SAMPLES_MAX);
  return {
    intervalMs,
    variation: Math.min(VARIATION_MAX, Math.max(VARIATION_MIN, squares)),
    samples: recent.length,
    staying: lately.filter(({ isSeated }) => isSeated).length / lately.length,
  };
}

/** Where a party stands, and since when. */
export interface EtaPlace {
  readonly size: number;
  /** Who wait in front of it, in all and of its class of size. */
  readonly ahead: number;
  readonly aheadOfSize: number;
  readonly joinedMs?: number;
}

/**
 * The minutes until a party is seated, as a range that holds four times in five. The wait is the sum of as many intervals as parties
 * have to be seated until then, itself included; its spread is that of a sum of independent ones (variation ÷ count), that of the
 * average that was learned (variation ÷ samples), and a share for the pace that changes. The logarithm is taken as normal, so
 * that a wait is never below zero and the long side is longer.
 *
 * That is the wait for tables to come free. Whoever comes and finds nobody waiting mostly finds a free table, which intervals know nothing
 * of: they are told what those waited who found the same, until they have waited for longer.
 * @param joinedMs unset: comes now
 * @returns null while nothing is known
 */
export function etaOf(
  { atMs, all, ofSize }: Paces,
  { size, ahead, aheadOfSize, joinedMs = atMs }: EtaPlace,
): EtaMinutes | null {
  const own = ofSize[sizeClassOf(size)]!;
  const emptyLine = aheadOfSize === 0 ? (own.emptyLine ?? (ahead === 0 ? all.emptyLine : null)) : null;
  if (emptyLine && atMs - joinedMs <= emptyLine.toMs) {
    return inRoundMinutes(emptyLine.fromMs / 60_000, emptyLine.toMs / 60_000);
  }
  const pace = own.pace ?? all.pace;
  if (!pace) return null;
  const count = (own.pace ? aheadOfSize : ahead) * pace.staying + 1;
  const expectedMin = (count * pace.intervalMs) / 60_000;
  const spread = SPREAD * Math.sqrt(pace.variation / count + pace.variation / pace.samples + DRIFT ** 2);
  return inRoundMinutes(expectedMin * Math.exp(-spread), expectedMin * Math.exp(spread));
}

/** Nobody believes 37 to 52: long waits are told in steps of five, outwards. */
function inRoundMinutes(from: number, to: number): EtaMinutes {
  const step = to > 30 ? 5 : 1;
  return { from: Math.floor(from / step) * step, to: Math.max(1, Math.ceil(to / step) * step) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
