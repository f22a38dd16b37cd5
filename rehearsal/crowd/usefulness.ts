import { build, type Histogram } from 'hdr-histogram-js';
import { KINDS, type Kind } from './tally.ts';

/** What became of the planned requests of one kind. Every planned request is in exactly one of the counts from `useful` on. */
export interface Outcome {
  planned: number;
  /** Right, and within the useful time of the planned moment. */
  useful: number;
  /** Right, and too late to be of use. */
  late: number;
  /** Refused for good: 503 or 429, and no try left. */
  refused: number;
  /** Any other answer than the one that was asked for. */
  wrong: number;
  /** No answer within the time-out. */
  timeouts: number;
  /** The connection broke, by the system's code. */
  broken: number;
  /** Never sent, because every phone was waiting for something else. */
  nobody: number;
}

/** Milliseconds; null when there was none. */
export interface Times {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface Second {
  planned: number;
  useful: number;
  orders: number;
  refused: number;
}

/** What a crowd of phones met with at one load. */
export interface Usefulness {
  readonly offeredPerSecond: number;
  readonly durationS: number;
  readonly kinds: Readonly<Record<Kind, Outcome>>;
  readonly total: Outcome;
  /** Requests that went out, tries again included. */
  readonly sent: number;
  /** Refusals of all tries, and how soon after a try was due its refusal came. */
  readonly refusals: number;
  readonly refusalMs: Times;
  /** Right answers, from the planned moment. */
  readonly rightMs: Times;
  readonly orderMs: Times;
  /** What each right order took, by the second for which it was planned; undefined where nobody asked for it. */
  readonly orderTimes?: readonly (readonly number[])[];
  readonly codes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  /** By the second for which a request was planned. */
  readonly seconds: readonly Second[];
  readonly generator: {
    /** Share of one core while requests were planned. */
    readonly cpuShare: number;
    /** Share of the time in which it could have run and did not: more than a few percent, and the machine was not quiet. */
    readonly waitedShare: number;
    /** How late requests left, because the generator was busy. */
    readonly sendLagP99Ms: number;
    /** Connections that had to be opened anew. */
    readonly reconnects: number;
  };
}

const US = 1_000;
const histogram = (): Histogram =>
  build({ bitBucketSize: 32, autoResize: true, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
const record = (into: Histogram, ms: number) => into.recordValue(Math.max(0, Math.round(ms * US)));
const timesOf = (from: Histogram): Times => {
  const at = (share: number) => (from.totalCount === 0 ? null : from.getValueAtPercentile(share) / US);
  return { p50: at(50), p99: at(99), max: at(100) };
};
/** That of a moment in a list of seconds, which grows up to it. */
function secondOf<T>(seconds: T[], atMs: number, nothing: () => T): T {
  const index = Math.floor(atMs / 1000);
  while (seconds.length <= index) seconds.push(nothing());
  return seconds[index]!;
}
const noOutcome = (): Outcome => ({
  planned: 0,
  useful: 0,
  late: 0,
  refused: 0,
  wrong: 0,
  timeouts: 0,
  broken: 0,
  nobody: 0,
});

/** How a planned request ended. */
export type End = Exclude<keyof Outcome, 'planned' | 'useful' | 'late'> | 'right';

/** Counts usefulness while a load runs. All times are milliseconds since its beginning. */
export class UsefulnessTally {
  readonly #usefulMs: number;
  readonly #kinds: Record<Kind, Outcome> = {
    menu: noOutcome(),
    ranking: noOutcome(),
    order: noOutcome(),
    status: noOutcome(),
  };
  readonly #codes: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  readonly #seconds: Second[] = [];
  readonly #refusal = histogram();
  readonly #right = histogram();
  readonly #order = histogram();
  readonly #lag = histogram();
  readonly #orderTimes: number[][] | undefined;
  #sent = 0;

  /**
   * @param usefulMs a right answer is useful when it comes no later than this after the planned moment
   * @param keepsOrderTimes see `Usefulness.orderTimes`
   */
  constructor(usefulMs: number, keepsOrderTimes = false) {
    this.#usefulMs = usefulMs;
    this.#orderTimes = keepsOrderTimes ? [] : undefined;
  }

  planned(kind: Kind, plannedMs: number): void {
    this.#kinds[kind].planned += 1;
    this.#second(plannedMs).planned += 1;
  }

  /** One try went out. */
  sent(lagMs: number): void {
    this.#sent += 1;
    record(this.#lag, lagMs);
  }

  answered(status: number): void {
    this.#codes[status] = (this.#codes[status] ?? 0) + 1;
  }

  /** @param afterMs since the try was due */
  refused(plannedMs: number, afterMs: number): void {
    record(this.#refusal, afterMs);
    this.#second(plannedMs).refused += 1;
  }

  failed(error: string): void {
    this.#errors[error] = (this.#errors[error] ?? 0) + 1;
  }

  /** Called once for each planned request. */
  ended(kind: Kind, plannedMs: number, nowMs: number, end: End): void {
    const outcome = this.#kinds[kind];
    if (end !== 'right') {
      outcome[end] += 1;
      return;
    }
    record(this.#right, nowMs - plannedMs);
    if (kind === 'order') {
      record(this.#order, nowMs - plannedMs);
      if (this.#orderTimes) secondOf(this.#orderTimes, plannedMs, () => []).push(nowMs - plannedMs);
    }
    if (nowMs - plannedMs > this.#usefulMs) {
      outcome.late += 1;
      return;
    }
    outcome.useful += 1;
    const second = this.#second(plannedMs);
    second.useful += 1;
    if (kind === 'order') second.orders += 1;
  }

  #second(plannedMs: number): Second {
    return secondOf(this.#seconds, plannedMs, () => ({ planned: 0, useful: 0, orders: 0, refused: 0 }));
  }

  sum(
    about: Pick<Usefulness, 'offeredPerSecond' | 'durationS'>,
    own: Omit<Usefulness['generator'], 'sendLagP99Ms'>,
  ): Usefulness {
    const total = noOutcome();
    for (const kind of KINDS) {
      for (const name of Object.keys(total) as (keyof Outcome)[]) total[name] += this.#kinds[kind][name];
    }
    return {
      ...about,
      kinds: this.#kinds,
      total,
      sent: this.#sent,
      refusals: this.#refusal.totalCount,
      refusalMs: timesOf(this.#refusal),
      rightMs: timesOf(this.#right),
      orderMs: timesOf(this.#order),
      ...(this.#orderTimes && { orderTimes: this.#orderTimes }),
      codes: this.#codes,
      errors: this.#errors,
      seconds: this.#seconds,
      generator: { ...own, sendLagP99Ms: timesOf(this.#lag).p99 ?? 0 },
    };
  }
}
