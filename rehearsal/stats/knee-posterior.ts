/**
 * Where the knee lies, by Bayes' rule from looks that each only say "kept" or "broken". A look is a psychometric trial: near the knee it
 * may fall either way, below it a bad window of the machine breaks it now and then, above it luck hardly ever keeps it. As in adaptive
 * psychometrics (A. B. Watson and D. G. Pelli, QUEST, 1983; L. L. Kontsevich and C. W. Tyler, 1999), what is not known of the noise
 * (its width, how often windows are bad, how much a round differs from the next) is kept open and summed over, never assumed.
 */

/** One short load, and whether the service level was kept. */
export interface Look {
  /** Requests a second. */
  readonly rate: number;
  readonly kept: boolean;
  /** Looks of one round share a server, a warm cache and a moment of the machine. */
  readonly round: number;
}

export interface KneeInterval {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface KneeRange {
  readonly min: number;
  readonly max: number;
}

/** Of the logarithm: a step of 5 %. */
const STEP = 0.05;
/** Beyond both ends of what is tried, so that an answer may lie outside. */
const MARGIN = 0.7;
/** How far around the knee looks fall either way, as a standard deviation of the logarithm. */
const WIDTHS = [0.04, 0.08, 0.16, 0.32];
/** How often a bad window breaks what would have been kept. */
const LAPSES = [0.01, 0.08, 0.2];
const LUCK = 0.01;
/** How far rounds lie apart, and how likely each is before anything is seen. */
const BETWEEN: readonly (readonly [deviation: number, weight: number])[] = [
  [0.03, 0.25],
  [0.08, 0.35],
  [0.15, 0.25],
  [0.28, 0.15],
];

/** Share of a normal distribution below z (Abramowitz and Stegun 26.2.17, right to seven digits). */
function shareBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** Kinds of noise: each width with each share of bad windows. */
const NOISES = WIDTHS.length * LAPSES.length;

/** What is believed of the knee, updated look by look. */
export class KneePosterior {
  readonly #knees: Float64Array;
  /** Of each kind of noise and round: how likely its looks are at each knee. */
  readonly #rounds = new Map<number, Float64Array[]>();
  readonly #range: KneeRange;
  /** What all rounds but one say of that one, of each difference between rounds and kind of noise. */
  #others: { readonly round: number | undefined; readonly beliefs: readonly Float64Array[] } | undefined;

  constructor(range: KneeRange) {
    this.#range = range;
    const [from, to] = [Math.log(range.min) - MARGIN, Math.log(range.max) + MARGIN];
    this.#knees = Float64Array.from({ length: Math.ceil((to - from) / STEP) + 1 }, (_, i) => from + i * STEP);
  }

  add({ rate, kept, round }: Look): void {
    const known =
      this.#rounds.get(round) ?? Array.from({ length: NOISES }, () => new Float64Array(this.#knees.length).fill(1));
    this.#rounds.set(round, known);
    if (this.#others?.round !== round) this.#others = undefined;
    const at = Math.log(rate);
    // Kinds of noise stand by width, and within it by how often a window is bad.
    for (const [w, width] of WIDTHS.entries()) {
      const likelihoods = LAPSES.map((_, lapse) => known[w * LAPSES.length + lapse]!);
      for (let k = 0; k < this.#knees.length; k++) {
        const share = shareBelow((this.#knees[k]! - at) / width);
        for (let l = 0; l < LAPSES.length; l++) {
          const chance = LUCK + (1 - LAPSES[l]! - LUCK) * share;
          likelihoods[l]![k]! *= kept ? chance : 1 - chance;
        }
      }
    }
  }

  /**
   * The next load to look at: near the middle of what is believed of this round, now a little below and now a little above it, for looks
   * on one side only tell nothing of the width.
   */
  next(round: number, turn: number): number {
    const belief = this.#belief(round);
    const share = [0.5, 0.3, 0.7][turn % 3]!;
    const rate = Math.round(Math.exp(this.#knees[quantileAt(belief, share)]!));
    return Math.min(this.#range.max, Math.max(this.#range.min, rate));
  }

  /** Where the knee lies with this confidence, all rounds together. */
  interval(confidence: number): KneeInterval {
    const belief = this.#belief();
    const tail = (1 - confidence) / 2;
    const at = (share: number): number => Math.exp(this.#knees[quantileAt(belief, share)]!);
    return { low: at(tail), middle: at(0.5), high: at(1 - tail) };
  }

  /** Of the knee over all rounds, or of one round's own, for which the others are evidence as far as rounds are alike. */
  #belief(ofRound?: number): Float64Array {
    const size = this.#knees.length;
    const belief = new Float64Array(size);
    if (!this.#others || this.#others.round !== ofRound) {
      this.#others = { round: ofRound, beliefs: this.#beliefsOfOthers(ofRound) };
    }
    const own = ofRound === undefined ? undefined : this.#rounds.get(ofRound);
    for (const [index, others] of this.#others.beliefs.entries()) {
      const known = own?.[index % NOISES];
      for (let k = 0; k < size; k++) belief[k]! += others[k]! * (known?.[k] ?? 1);
    }
    return belief;
  }

  #beliefsOfOthers(ofRound: number | undefined): Float64Array[] {
    return BETWEEN.flatMap(([deviation, weight]) => {
      const kernel = kernelOf(deviation);
      return Array.from({ length: NOISES }, (_, noise) => {
        const whole = new Float64Array(this.#knees.length).fill(weight);
        for (const [round, known] of this.#rounds) {
          if (round !== ofRound) multiply(whole, spread(known[noise]!, kernel));
        }
        return ofRound === undefined ? whole : spread(whole, kernel);
      });
    });
  }
}

function multiply(into: Float64Array, by: Float64Array): void {
  for (let k = 0; k < into.length; k++) into[k]! *= by[k]!;
}

const KERNELS = new Map<number, Float64Array>();

/** A normal distribution of this deviation on the grid. */
function kernelOf(deviation: number): Float64Array {
  const known = KERNELS.get(deviation);
  if (known) return known;
  const reach = Math.ceil((3 * deviation) / STEP);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-(((i - reach) * STEP) ** 2) / (2 * deviation ** 2)),
  );
  const sum = kernel.reduce((total, x) => total + x, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= sum;
  KERNELS.set(deviation, kernel);
  return kernel;
}

function spread(values: Float64Array, kernel: Float64Array): Float64Array {
  const reach = kernel.length >> 1;
  const result = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    let sum = 0;
    const to = Math.min(values.length - 1, k + reach);
    for (let j = Math.max(0, k - reach); j <= to; j++) sum += values[j]! * kernel[j - k + reach]!;
    result[k] = sum;
  }
  return result;
}

/** The index at which this share of the belief is reached. */
function quantileAt(belief: Float64Array, share: number): number {
  const total = belief.reduce((sum, x) => sum + x, 0);
  let seen = 0;
  for (let k = 0; k < belief.length; k++) {
    seen += belief[k]!;
    if (seen >= share * total) return k;
  }
  return belief.length - 1;
}
