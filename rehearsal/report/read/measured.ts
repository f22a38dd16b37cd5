/** Adds up the periods that are measured, as they stream by, and keeps the list of all for the charts. */
import type { Period, Totals } from '../run.ts';
import { type EndpointMetrics, Metrics } from './metrics.ts';
import { Tally } from './names.ts';
import { PeriodList } from './period-list.ts';

/** Artillery cuts time into pieces of ten seconds by the clock on the wall. */
export const PERIOD_S = 10;
/** Longer without a sign of life is a gap (a laptop that slept, a clock set forward), and no time of the test. */
const GAP_S = 300;
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
  /** Seconds in which requests were sent: the last ones' time-outs, long after, are no time of the load. */
  spanS = 0;
  firstAt = 0;
  lastAt = 0;
  count = 0;
  /** Seconds from the start, and how long. */
  readonly gaps: { atS: number; spanS: number }[] = [];
  readonly #isGood: IsGood;
  readonly #warmupS: number;
  #coveredS = 0;
  /** Its length is known when the next one begins. */
  #open: { period: Period; beginMs: number; lastMs: number; isSending: boolean } | undefined;

  constructor(isGood: IsGood, warmupS: number) {
    this.#isGood = isGood;
    this.#warmupS = warmupS;
  }

  /** Answers whether the period counts, that is, whether it begins after the warm-up. */
  take(metrics: Metrics): boolean {
    const isFirst = this.count++ === 0;
    const [beginMs, lastMs] = timesOf(metrics, isFirst ? undefined : this.lastAt);
    if (isFirst) this.firstAt = beginMs;
    this.#close(beginMs);
    this.lastAt = Math.max(this.lastAt, lastMs);
    const warmup = beginMs < this.firstAt + this.#warmupS * 1000;
    const period = toPeriod(metrics, (beginMs - this.firstAt) / 1000, warmup, this.#isGood);
    this.#open = { beginMs, lastMs, period, isSending: period.attempted > 0 || metrics.users.created > 0 };
    if (!warmup) addTo(this.sum, metrics);
    return !warmup;
  }

  /** All periods, once the last one was taken. */
  finish(): Period[] {
    this.#close();
    return this.list.finish();
  }

  /** A period lasts until the next one begins, quiet or not; only the last one ends with what was last seen in it. */
  #close(nextMs?: number): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const seenS = (open.lastMs - open.beginMs) / 1000;
    // The last metric of a full period falls a little before its end; only a clear gap makes it a partial one.
    const ownS = seenS < PERIOD_S * FULL_SHARE ? Math.max(seenS, 0.001) : PERIOD_S;
    const untilNextS = nextMs === undefined ? 0 : (nextMs - open.beginMs) / 1000;
    const isGap = untilNextS > GAP_S;
    if (isGap) this.gaps.push({ atS: open.period.atS + ownS, spanS: untilNextS - ownS });
    // A clock that was set back makes two periods of one time: each lasted as long as a period does.
    const spanS = untilNextS > 0 && !isGap ? untilNextS : ownS;
    this.list.add({ ...open.period, spanS, partial: spanS < PERIOD_S * FULL_SHARE });
    if (open.period.warmup) return;
    // If nothing is sent any more, this was the last of it.
    if (open.isSending) this.spanS = this.#coveredS + Math.min(ownS, spanS);
    this.#coveredS += spanS;
  }
}

/** When a period began, and when the last thing in it was seen. The first begins with its first metric. */
function timesOf(metrics: Metrics, beforeMs: number | undefined): [beginMs: number, lastMs: number] {
  // Version 1 says when a period ended, and the last one ends with the run.
  if (metrics.endAt > 0) {
    const ownMs = metrics.endAt - PERIOD_S * 1000;
    const isNext = beforeMs !== undefined && beforeMs < metrics.endAt && ownMs - beforeMs <= GAP_S * 1000;
    return [isNext ? beforeMs : ownMs, metrics.endAt];
  }
  const end = metrics.period + PERIOD_S * 1000;
  // Old versions have no times of the first and last metric, or have them outside of their period.
  const within = (at: number): number | undefined => (at >= metrics.period && at <= end ? at : undefined);
  const first = beforeMs === undefined ? within(metrics.firstAt) : undefined;
  return [first ?? metrics.period, within(metrics.lastAt) ?? end];
}

function toPeriod(metrics: Metrics, atS: number, warmup: boolean, isGood: IsGood): Period {
  const totals = totalsOf(metrics, isGood, false);
  return {
    atS,
    spanS: PERIOD_S,
    partial: false,
    warmup,
    // What was sent in it, not what was answered: a backlog is answered in a later period than it was sent in.
    attempted: metrics.requests > 0 || metrics.responses > 0 ? metrics.requests : totals.attempted,
    answered: totals.answered,
    good: totals.good,
    unanswered: totals.attempted > 0 || metrics.requests > 0 ? metrics.unanswered() : 0,
    refused: metrics.refused(),
    errors: totals.errors,
    ...(metrics.users.created + metrics.users.completed + metrics.users.failed > 0
      ? {
          users: {
            created: metrics.users.created,
            completed: metrics.users.completed,
            failed: metrics.users.failed,
          },
        }
      : {}),
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
  const errors = new Tally(60);
  for (const [code, count] of metrics.codes.entries()) {
    coded += count;
    if (isGood(code)) good += count;
    else errors.add(code, count);
  }
  for (const [kind, count] of metrics.errors.entries()) {
    errors.add(kind, count);
  }
  const answered = Math.max(coded, metrics.responses, coded === 0 ? (metrics.latency?.count ?? 0) : 0);
  // Where there are no status codes an answer counts as good.
  if (coded === 0) good = answered;
  const isAsked = metrics.requests > 0 || answered > 0;
  const lost = isCut ? metrics.unanswered() : Math.max(0, metrics.requests - answered);
  const unanswered = isAsked ? lost : 0;
  const rejected = Math.min(good, metrics.complaints(lost));
  return {
    attempted: answered + unanswered,
    answered,
    good: good - rejected,
    unanswered,
    timedOut: Math.min(unanswered, metrics.timedOut()),
    refused: Math.min(unanswered, metrics.refused()),
    rejected,
    ownFaults: Math.min(unanswered, metrics.ownFaults()),
    errors: errors.toRecord(),
    codes: metrics.codes.toRecord(),
  };
}

function addTo(sum: Metrics, part: Metrics): void {
  sum.requests += part.requests;
  sum.responses += part.responses;
  sum.otherCounters.addAll(part.otherCounters.toRecord());
  sum.hasOtherEngine ||= part.hasOtherEngine;
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
