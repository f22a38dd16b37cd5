/** Several result files of one test, such as those of load generators that ran side by side, added together. */
import { type Distribution, merge } from '../../stats/distribution.ts';
import { mergeSummaries, type Summary } from '../../stats/summary.ts';
import type { Endpoint, Period, Run, Totals, Users } from '../run.ts';
import { PERIOD_S } from './measured.ts';
import { Tally } from './names.ts';
import { join } from './period-list.ts';
import { Unreadable } from './unreadable.ts';

const KINDS_MAX = 60;
const ENDPOINTS_MAX = 60;
/** Clocks of two generators may differ by a time zone set wrongly; files that lie further apart are two tests. */
const APART_MAX_S = 15 * 3600;

/**
 * One run of them all: counts are added, latencies put together, periods of the same ten seconds joined, and the time is from the first
 * file's beginning to the last one's end. Knees and truths of single files do not add and are left out.
 * @throws Unreadable where two files cannot be of one test, since hours lie between them: their rate would be of a time that nobody measured
 */
export function mergeRuns(runs: readonly Run[], name: string): Run {
  const [first, ...others] = runs;
  if (!first) throw new Error('there is nothing to add together');
  if (others.length === 0) return { ...first, group: name, label: { ko: name, en: name }, repeat: 1 };
  const inTime = runs.filter((run) => run.startMs > 0).sort((a, b) => a.startMs - b.startMs);
  for (const [i, next] of inTime.slice(1).entries()) {
    const before = inTime[i]!;
    const apartS = (next.startMs - before.startMs) / 1000 - before.wholeS;
    if (apartS > APART_MAX_S) {
      const hours = Math.round(apartS / 3600).toLocaleString('en-US');
      throw new Unreadable(
        next.file,
        `began ${hours} hours after ${before.file} had ended: they are not files of one test`,
      );
    }
  }
  const startMs = Math.min(...runs.map((run) => run.startMs));
  const end = (of: (run: Run) => number): number =>
    Math.max(...runs.map((run) => (run.startMs - startMs) / 1000 + of(run)));
  const latency = whole(runs.map((run) => run.latency));
  const own = mergeSummaries(runs.flatMap((run) => run.own ?? []));
  const planned = runs.flatMap((run) => run.planned ?? []);
  const {
    knee: _knee,
    truth: _truth,
    fullHouse: _fullHouse,
    latency: _latency,
    own: _own,
    planned: _planned,
    offeredPerSecond: _rate,
    ...rest
  } = first;
  return {
    ...rest,
    group: name,
    label: { ko: name, en: name },
    repeat: 1,
    startMs,
    spanS: end((run) => run.warmupS + run.spanS) - Math.min(...runs.map((run) => run.warmupS)),
    wholeS: end((run) => run.wholeS),
    warmupInLatency: runs.some((run) => run.warmupInLatency),
    ...(latency ? { latency } : {}),
    stepMs: Math.max(...runs.map((run) => run.stepMs)),
    timeoutMs: Math.max(...runs.map((run) => run.timeoutMs)),
    timeoutKnown: runs.every((run) => run.timeoutKnown),
    totals: addTotals(runs.map((run) => run.totals)),
    periods: joinPeriods(runs, startMs),
    ...addEndpoints(runs),
    users: addUsers(runs.flatMap((run) => run.users ?? [])),
    ...(planned.length > 0
      ? {
          planned: {
            users: sum(planned, (one) => one.users),
            durationS: Math.max(...planned.map((one) => one.durationS)),
          },
        }
      : {}),
    ...(own ? { own } : {}),
    others: {
      counters: [...addRecords(runs.map((run) => Object.fromEntries(run.others.counters)))],
      summaries: mixSummaries(runs),
    },
    generator: { dropped: sum(runs, (run) => run.generator.dropped) },
    notes: [
      ...runs.flatMap((run) => run.notes),
      { ko: `결과 파일 ${runs.length}개를 더했습니다.`, en: `${runs.length} result files were added together.` },
    ],
  };
}

const sum = <T>(parts: readonly T[], of: (part: T) => number): number =>
  parts.reduce((total, part) => total + of(part), 0);

const whole = (parts: readonly (Distribution | undefined)[]): Distribution | undefined => {
  const known = parts.filter((part) => part !== undefined);
  return known.length > 0 ? merge(known) : undefined;
};

function addRecords(records: readonly Record<string, number>[]): [string, number][] {
  const tally = new Tally(Math.max(KINDS_MAX, ...records.map((record) => Object.keys(record).length)));
  for (const record of records) tally.addAll(record);
  return Object.entries(tally.toRecord());
}

function addTotals(parts: readonly Totals[]): Totals {
  const added = (
    key: 'attempted' | 'answered' | 'good' | 'unanswered' | 'timedOut' | 'refused' | 'rejected' | 'ownFaults',
  ) => sum(parts, (part) => part[key]);
  return {
    attempted: added('attempted'),
    answered: added('answered'),
    good: added('good'),
    unanswered: added('unanswered'),
    timedOut: added('timedOut'),
    refused: added('refused'),
    rejected: added('rejected'),
    ownFaults: added('ownFaults'),
    ...(parts.some((part) => part.late !== undefined) ? { late: sum(parts, (part) => part.late ?? 0) } : {}),
    errors: Object.fromEntries(addRecords(parts.map((part) => part.errors))),
    codes: Object.fromEntries(addRecords(parts.map((part) => part.codes))),
  };
}

const addUsers = (parts: readonly Users[]): Users => ({
  created: sum(parts, (part) => part.created),
  completed: sum(parts, (part) => part.completed),
  failed: sum(parts, (part) => part.failed),
  skipped: sum(parts, (part) => part.skipped),
});

/** What fell into the same ten seconds is one period of as many. */
function joinPeriods(runs: readonly Run[], startMs: number): Period[] {
  const bySlot = new Map<number, Period[]>();
  for (const run of runs) {
    for (const period of run.periods) {
      const atS = period.atS + (run.startMs - startMs) / 1000;
      const slot = Math.floor((startMs / 1000 + atS) / PERIOD_S);
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), { ...period, atS }]);
    }
  }
  return [...bySlot]
    .sort(([one], [other]) => one - other)
    .map(([, periods]) => {
      const spanS = Math.max(...periods.map((period) => period.spanS));
      const isWarmup = periods.every((period) => period.warmup);
      return { ...join(periods), atS: Math.min(...periods.map((period) => period.atS)), spanS, warmup: isWarmup };
    });
}

function addEndpoints(runs: readonly Run[]): Pick<Run, 'endpoints' | 'endpointsDropped'> {
  const byName = new Map<string, Endpoint[]>();
  for (const endpoint of runs.flatMap((run) => run.endpoints)) {
    byName.set(endpoint.name, [...(byName.get(endpoint.name) ?? []), endpoint]);
  }
  const added = [...byName].map(([name, parts]): Endpoint => {
    const latency = whole(parts.map((part) => part.latency));
    const serverTime = whole(parts.map((part) => part.serverTime));
    return {
      name,
      attempted: sum(parts, (part) => part.attempted),
      answered: sum(parts, (part) => part.answered),
      good: sum(parts, (part) => part.good),
      errors: Object.fromEntries(addRecords(parts.map((part) => part.errors))),
      ...(latency ? { latency } : {}),
      ...(serverTime ? { serverTime } : {}),
    };
  });
  const bySize = added.sort((one, other) => other.attempted - one.attempted);
  return {
    endpoints: bySize.slice(0, ENDPOINTS_MAX),
    endpointsDropped: sum(runs, (run) => run.endpointsDropped) + Math.max(0, bySize.length - ENDPOINTS_MAX),
  };
}

function mixSummaries(runs: readonly Run[]): [string, Summary][] {
  const byName = new Map<string, Summary[]>();
  for (const [name, summary] of runs.flatMap((run) => run.others.summaries)) {
    byName.set(name, [...(byName.get(name) ?? []), summary]);
  }
  return [...byName].flatMap(([name, parts]): [string, Summary][] => {
    const mixed = mergeSummaries(parts);
    return mixed ? [[name, mixed]] : [];
  });
}
