/** One load test, whatever wrote it: the type that all statistics, checks and charts work on. */

import type { FullHouse, Knee, Manifest, Truth } from '../results/index.ts';
import type { Distribution } from '../stats/distribution.ts';
import type { Summary } from '../stats/summary.ts';

/** A sentence in both languages of the report. */
export interface Text {
  ko: string;
  en: string;
}

/** A slice of a run. Counts belong to the slice; `spanS` is the time it really covers, shorter at both ends of a run. */
export interface Period {
  /** Seconds from the run's start. */
  atS: number;
  spanS: number;
  /** Covers less time than its neighbours: the first and the last of a run mostly do. */
  partial: boolean;
  /** Left out of every figure. */
  warmup: boolean;
  /** Requests sent, answered at all, and answered as they should be. */
  attempted: number;
  answered: number;
  good: number;
  /** Without an answer in this period; not the difference of the two counts, for an answer may fall into the next one. */
  unanswered: number;
  /** Among them those that were refused at once, for which nobody waited. */
  refused?: number;
  /** By kind: codes that should not be (`503`) and failures without an answer (`ETIMEDOUT`). */
  errors: Record<string, number>;
  latency?: Summary;
  /** Users that began, ended well and failed in this period, where the file counts users. */
  users?: { created: number; completed: number; failed: number };
}

export interface Endpoint {
  name: string;
  /** 0 where the file says how fast an endpoint was and not how often it was asked. */
  attempted: number;
  answered: number;
  good: number;
  late?: number;
  errors: Record<string, number>;
  latency?: Distribution;
  /** What the server itself said it needed. */
  serverTime?: Distribution;
}

export interface Totals {
  attempted: number;
  answered: number;
  good: number;
  /** Answered as they should be, only not within the service level, where good answers are held to one. */
  late?: number;
  /** No answer came: timed out, refused, reset. Among them, those that timed out, and those that were refused at once. */
  unanswered: number;
  timedOut: number;
  refused: number;
  /** Answered, and not as the script would have it (a capture that found nothing): its user ended there. Not good. */
  rejected: number;
  /** Failures of the generator's own machine: no port, no file, no buffer. */
  ownFaults: number;
  errors: Record<string, number>;
  codes: Record<string, number>;
}

/** Share of what was sent that got no answer or a wrong one. An answer that came late is no failure: latency tells of it. */
export function failedShare({ attempted, good, late = 0 }: Pick<Totals, 'attempted' | 'good' | 'late'>): number {
  return attempted > 0 ? Math.max(0, 1 - (good + late) / attempted) : 0;
}

/** Virtual users; skipped ones were kept back by the script's own bound (`maxVusers`). */
export interface Users {
  created: number;
  completed: number;
  failed: number;
  skipped: number;
}

/** Users came, and no request of a kind that has an answer by design: web sockets, a browser, an engine of somebody's own. */
export const isUsersOnly = ({ totals, users }: Pick<Run, 'totals' | 'users'>): boolean =>
  totals.attempted === 0 && totals.answered === 0 && (users?.created ?? 0) > 0;

/**
 * Whether users failed for more than requests that got no answer, which the error rate tells already: by an answer that the script would not
 * have, by another engine of the same script, or by what the file does not name.
 */
export const isFailingBeyondRequests = ({ totals, users }: Pick<Run, 'totals' | 'users'>): boolean =>
  totals.rejected > 0 || (users?.failed ?? 0) > totals.unanswered;

/** Whether the warm-up that was to be cut leaves nothing of the run. */
export const isAllWarmup = ({ periods }: Pick<Run, 'periods'>): boolean =>
  periods.length > 0 && periods.every((period) => period.warmup);

export interface Generator {
  /** Of one core, of the busiest process. */
  cpuShare?: number;
  sendLagP99Ms?: number;
  /** Planned and never sent. */
  dropped: number;
}

export interface Run {
  /** Runs of one group are repeats of each other. */
  group: string;
  label: Text;
  repeat: number;
  /** As given on the command line, for messages. */
  file: string;
  source: 'artillery-2' | 'artillery-1' | 'crowd';
  /** Epoch milliseconds of the first metric. */
  startMs: number;
  /** Seconds measured, warm-up left out, and in all. */
  spanS: number;
  wholeS: number;
  warmupS: number;
  /** The warm-up is in the latency figures (Artillery's file alone does not allow to cut it exactly). */
  warmupInLatency: boolean;
  /** `planned` counts from when the request should have left, `sent` from when it did (Artillery: until the first byte). */
  latencyFrom: 'planned' | 'sent';
  /** Undefined when no request was answered. */
  latency?: Distribution;
  /** The instrument's smallest step, milliseconds. */
  stepMs: number;
  /** After which the generator gave up; `timeoutKnown` is false when it is Artillery's default and only assumed. */
  timeoutMs: number;
  timeoutKnown: boolean;
  totals: Totals;
  periods: Period[];
  endpoints: Endpoint[];
  /** Endpoints beyond the bound, and those that the bound folded away. */
  endpointsDropped: number;
  users?: Users;
  /** Users and seconds that the script's phases asked for. */
  planned?: { users: number; durationS: number };
  /** Artillery's own statistics of the response time, as the file says them. */
  own?: Summary;
  /** Counters and summaries of other engines and of the script, by their own names. */
  others: { counters: [name: string, count: number][]; summaries: [name: string, summary: Summary][] };
  /** Requests per second that the crowd was told to send; undefined when nobody wrote it down. */
  offeredPerSecond?: number;
  generator: Generator;
  manifest?: Manifest;
  truth?: Truth;
  fullHouse?: FullHouse;
  knee?: Knee;
  /** What the reader of this file should know: folded periods, unreadable sidecars. */
  notes: Text[];
}

/** The groups that stand on a ladder, bottom first; none when they are too few to climb. */
export function ladderOf(groups: readonly Group[]): Group[] {
  const steps = groups.filter((group) => group.runs[0]?.manifest?.step !== undefined);
  return steps.length >= 3 ? steps : [];
}

/** Repeats of one thing that is compared with others. */
export interface Group {
  key: string;
  label: Text;
  runs: Run[];
}
