/** What one run comes down to: the figures that it can be compared by. */
import { cpus } from 'node:os';
import type { Knee } from '../results/index.ts';
import { type Quantile, quantile } from '../stats/distribution.ts';
import { type Figure, type GroupFigures, type Origin, QUANTILES, type RunFigures } from './figures.ts';
import { failedShare, type Group, isUsersOnly, type Run } from './run.ts';

/**
 * How long whoever got no answer waited at the least, milliseconds: the time-out where requests ran into it. A connection that broke may have
 * done so at once, so without a time-out nobody knows: they are slower than every answer by convention, and no longer than that by any figure.
 */
export const waitedMs = ({ totals, timeoutMs }: Pick<Run, 'totals' | 'timeoutMs'>): number =>
  totals.timedOut > 0 ? timeoutMs : 0;

/**
 * Latency as a user meets it: what never answered counts as slower than all that did. What was refused at once is a failure and no wait:
 * it is in the error rate alone.
 */
export function latencyAt(run: Run, p: number): Quantile | undefined {
  const empty = {
    values: new Float64Array(),
    counts: new Float64Array(),
    total: 0,
    relativeError: 0,
    detail: 'full',
    knownTo: 1,
    mean: 0,
  } as const;
  return quantile(run.latency ?? empty, p, run.totals.unanswered - run.totals.refused, waitedMs(run));
}

export function figuresOf(run: Run): RunFigures {
  const { totals, truth, knee } = run;
  const figures: RunFigures['figures'] = {};
  for (const [key, p] of Object.entries(QUANTILES) as [keyof typeof QUANTILES, number][]) {
    const found = latencyAt(run, p);
    // Artillery 1 knows no p99.9, and the maximum says nothing about it.
    const isKnown = found?.atLeast === true || p <= (run.latency?.knownTo ?? 1);
    if (found && isKnown) figures[key] = { value: found.ms, ...(found.atLeast ? { atLeast: true } : {}) };
  }
  if (totals.attempted > 0) figures.errorRate = { value: failedShare(totals), of: totals.attempted };
  const { users } = run;
  const begun = users ? Math.max(users.created, users.failed) : 0;
  if (users && begun > 0) figures.failedUsers = { value: users.failed / begun, of: begun };
  if (run.spanS > 0 && !isUsersOnly(run)) figures.goodPerSecond = { value: totals.good / run.spanS };
  const carried = knee && kneeFigure(knee);
  if (carried) figures.knee = carried;
  addServer(run, figures);
  if (truth) {
    if (truth.loadsPerSecondMax !== undefined) figures.loadsPerSecondMax = { value: truth.loadsPerSecondMax };
    figures.staleShare = { value: truth.staleShare, ...(truth.checked > 0 ? { of: truth.checked } : {}) };
    figures.oldestAgeMs = { value: truth.oldestAgeMs };
    figures.blankShare = { value: truth.answers > 0 ? truth.blank / truth.answers : 0 };
    if (truth.orders) {
      figures.lost = { value: truth.orders.lost };
      figures.doubled = { value: truth.orders.doubled };
    }
  }
  return {
    offeredPerSecond: loadOf(run),
    requests: totals.attempted,
    stepMs: run.stepMs,
    relativeError: run.latency?.relativeError ?? 0,
    figures,
    periods: periodsOf(run),
  };
}

/**
 * The knee, and whether the true one is this or more, or below the lowest load that the server failed. Undefined when the generator
 * gave up at every load.
 */
export function kneeFigure({ ratePerSecond, interval, tried }: Knee): Figure | undefined {
  if (ratePerSecond !== null && interval) {
    const { low, high } = interval;
    return { value: ratePerSecond, low, ...(high === null ? { atLeast: true } : { high }) };
  }
  if (ratePerSecond === null) {
    const failed = tried.filter((load) => load.generatorLimited !== true).map((load) => load.rate);
    return failed.length > 0 ? { value: Math.min(...failed), isBelow: true } : undefined;
  }
  const above = tried.filter((load) => !load.ok && load.rate > ratePerSecond);
  const next = Math.min(...above.map((load) => load.rate));
  // Where the generator gave up each time, nobody knows what the server would have borne.
  const isBound = above.every((load) => load.rate > next || load.generatorLimited === true);
  return { value: ratePerSecond, ...(isBound ? { atLeast: true } : {}) };
}

/** Requests per second asked for where that is known, sent where it is not. */
export function loadOf(run: Run): number {
  return run.offeredPerSecond ?? (run.spanS > 0 ? run.totals.attempted / run.spanS : 0);
}

/** What a request costs, at half of the knee where that was measured; else at the run's own load, where idle work may be most of it. */
function addServer(run: Run, figures: RunFigures['figures']): void {
  const work = run.fullHouse?.work;
  const server = work ?? run.manifest?.server;
  const requests = server?.requests ?? run.periods.reduce((sum, period) => sum + period.answered, 0);
  if (requests <= 0) return;
  const ofRequest = (amount: number): Figure => ({
    value: amount / requests,
    ...(work && { perSecond: work.offeredPerSecond }),
  });
  const { cpuSeconds, databaseCpuSeconds, databaseStatements, databaseBytes } = server ?? {};
  if (cpuSeconds !== undefined) figures.cpuMs = ofRequest((cpuSeconds + (databaseCpuSeconds ?? 0)) * 1000);
  if (cpuSeconds !== undefined && databaseCpuSeconds !== undefined) {
    figures.cpuApiMs = ofRequest(cpuSeconds * 1000);
    figures.cpuDatabaseMs = ofRequest(databaseCpuSeconds * 1000);
  }
  if (databaseStatements !== undefined) figures.statementsPerRequest = ofRequest(databaseStatements);
  if (databaseBytes !== undefined) figures.databaseBytes = ofRequest(databaseBytes);
  const reads = work?.databaseReads ?? run.truth?.databaseReads ?? server?.databaseReads;
  // Orders and statuses read as well, so every request counts, not only the menus that were checked.
  if (reads !== undefined) figures.readsPerRequest = ofRequest(reads);
}

function periodsOf(run: Run): NonNullable<RunFigures['periods']> {
  const whole = run.periods.filter((period) => !period.warmup && !period.partial);
  const collected: NonNullable<RunFigures['periods']> = {
    goodPerSecond: whole.map((period) => period.good / period.spanS),
  };
  for (const key of ['p50', 'p95', 'p99', 'p999'] as const) {
    const values = whole.flatMap((period) => {
      // In a period that lost more requests than the percentile leaves out, it is those who got no answer that waited so long.
      const isLost = period.unanswered - (period.refused ?? 0) > (1 - QUANTILES[key]) * period.attempted;
      const value = isLost ? Math.max(waitedMs(run), period.latency?.max ?? 0) : period.latency?.[key];
      return value === undefined ? [] : [value];
    });
    if (values.length > 0) collected[key] = values;
  }
  return collected;
}

export const groupFigures = (group: Group): GroupFigures => ({
  key: group.key,
  label: group.label,
  runs: group.runs.map(figuresOf),
  origin: originOf(group),
});

/** By the manifest; a result without one is taken for one of this machine, where the report is made of it. */
function originOf({ runs }: Group): Origin {
  const manifest = runs.find((run) => run.manifest)?.manifest;
  if (!manifest)
    return { machine: machineText(cpus()[0]?.model.trim() ?? 'unknown', cpus().length), versions: {}, switches: {} };
  const { machine, versions, switches } = manifest;
  return { machine: machineText(machine.model, machine.cpus), versions, switches };
}

const machineText = (model: string, count: number): string => `${model}, ${count} CPU`;
