/** Adds up the periods that are measured, as they stream by, and keeps the list of all for the charts. */
import type { Period, Totals } from '../run.ts';
import { type EndpointMetrics, isTimeout, Metrics } from './metrics.ts';
import { Tally } from './names.ts';
import { PeriodList } from './period-list.ts';

/** Artillery cuts time into pieces of ten seconds by the clock on the wall. */
export const PERIOD_S = 10;
/** A piece shorter than this share of its neighbours is marked as partial. */
const FULL_SHARE = 0.95;

export type IsGood = (code: string) => boolean;

/** Which codes are right answers: 2xx, 3xx and what the manifest adds. */
export function goodCodes(expected: readonly number[] = []): IsGood {
  const more = new Set(expected.map(String));
  return (code) => code.startsWith('2') || code.startsWith('3') || more.has(code);
}

export class Measured {
  readonly list = new PeriodList();
  /** Counters and endpoints of the measured periods together. */
  readonly sum = new Metrics(true);
  spanS = 0;
  firstAt = 0;
  lastAt = 0;
  count = 0;
  readonly #isGood: IsGood;
  readonly #warmupS: number;

  constructor(isGood: IsGood, warmupS: number) {
    this.#isGood = isGood;
    this.#warmupS = warmupS;
  }

  /** Answers whether the period counts, that is, whether it begins after the warm-up. */
  take(metrics: Metrics): boolean {
    const end = metrics.period + PERIOD_S * 1000;
    // Old versions have no times of the first and last metric, or have them outside of their period.
    const within = (at: number): number | undefined => (at >= metrics.period && at <= end ? at : undefined);
    const begin = within(metrics.firstAt) ?? metrics.period;
    const last = within(metrics.lastAt) ?? end;
    if (this.count++ === 0) this.firstAt = begin;
    this.lastAt = Math.max(this.lastAt, last);
    const warmup = begin < this.firstAt + this.#warmupS * 1000;
    const period = toPeriod(metrics, { begin, last, end, runStart: this.firstAt, warmup }, this.#isGood);
    this.list.add(period);
    if (!warmup) {
      this.spanS += period.spanS;
      addTo(this.sum, metrics);
    }
    return !warmup;
  }
}

function toPeriod(
  metrics: Metrics,
  time: { begin: number; last: number; end: number; runStart: number; warmup: boolean },
  isGood: IsGood,
): Period {
  // The last metric of a full period falls a little before its end; only a clear gap makes it a partial one.
  const measuredS = (time.last - time.begin) / 1000;
  const fullS = measuredS >= PERIOD_S * FULL_SHARE ? PERIOD_S : measuredS;
  const totals = totalsOf(metrics, isGood, false);
  return {
    atS: (time.begin - time.runStart) / 1000,
    spanS: Math.max(fullS, 0.001),
    partial: fullS < PERIOD_S,
    warmup: time.warmup,
    attempted: totals.attempted,
    answered: totals.answered,
    good: totals.good,
    unanswered: metrics.unanswered(),
    errors: totals.errors,
    ...(metrics.latency && metrics.latency.count > 0 ? { latency: metrics.latency } : {}),
  };
}

/**
 * `isCut`: a part of a run begins with answers to requests that were sent before it, so what was given up is counted by its errors,
 * not by the difference of requests and answers.
 */
export function totalsOf(metrics: Metrics, isGood: IsGood, isCut: boolean): Totals {
  let good = 0;
  let coded = 0;
  let timedOut = 0;
  const errors = new Tally(60);
  for (const [code, count] of metrics.codes.entries()) {
    coded += count;
    if (isGood(code)) good += count;
    else errors.add(code, count);
  }
  for (const [kind, count] of metrics.errors.entries()) {
    errors.add(kind, count);
    if (isTimeout(kind)) timedOut += count;
  }
  const answered = Math.max(coded, metrics.responses, coded === 0 ? (metrics.latency?.count ?? 0) : 0);
  // Engines without status codes (web sockets) count an answer as good.
  if (coded === 0) good = answered;
  const unanswered = isCut ? metrics.unanswered() : Math.max(0, metrics.requests - answered);
  return {
    attempted: answered + unanswered,
    answered,
    good,
    unanswered,
    timedOut,
    errors: errors.toRecord(),
    codes: metrics.codes.toRecord(),
  };
}

function addTo(sum: Metrics, part: Metrics): void {
  sum.requests += part.requests;
  sum.responses += part.responses;
  sum.codes.addAll(part.codes.toRecord());
  sum.errors.addAll(part.errors.toRecord());
  for (const key of ['created', 'completed', 'failed', 'skipped'] as const) sum.users[key] += part.users[key];
  for (const [name, endpoint] of part.endpoints) addEndpoint(sum, name, endpoint);
}

function addEndpoint(sum: Metrics, name: string, part: EndpointMetrics): void {
  const own = sum.endpoints.get(name) ?? { codes: new Tally(60), errors: new Tally(60), latency: [], serverTime: [] };
  own.codes.addAll(part.codes.toRecord());
  own.errors.addAll(part.errors.toRecord());
  sum.endpoints.set(name, own);
}
