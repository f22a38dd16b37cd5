/** Simulated load tests, written as Artillery and our reporter would write them: known truth for tests, and pictures without a server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Truth } from '../../results/index.ts';
import { gaussian, seeded } from '../../stats/seeded.ts';

const GAMMA = 1.02020202020202;
const PERIOD_MS = 10_000;
/** A Monday in 2026, not on a period's edge, so that the first bucket is partial as in life. */
const START_MS = Date.UTC(2026, 10, 23, 3, 0, 3);

/** What became of one request: how long it took and its code, or the error that it ended in. */
export type Outcome = { ms: number; code?: number; serverMs?: number } | { error: string };

export interface Simulation {
  seed: number;
  ratePerSecond: number;
  durationS: number;
  endpoints?: readonly string[];
  answer: (random: () => number, atS: number, endpoint: string) => Outcome;
}

interface Bucket {
  counters: Map<string, number>;
  histograms: Map<string, number[]>;
  first: number;
  last: number;
}

/** The two files of one run, as objects. */
export interface SimulatedRun {
  result: { aggregate: unknown; intermediate: unknown[] };
  distribution: string;
  counts: { attempted: number; answered: number };
}

export function simulate({ seed, ratePerSecond, durationS, endpoints = ['/menu'], answer }: Simulation): SimulatedRun {
  const random = seeded(seed);
  const buckets = new Map<number, Bucket>();
  const all = newBucket();
  const counts = { attempted: 0, answered: 0 };
  for (let atMs = 0; atMs < durationS * 1000; atMs += -Math.log(1 - random()) * (1000 / ratePerSecond)) {
    const endpoint = endpoints[Math.floor(random() * endpoints.length)] ?? '/';
    const outcome = answer(random, atMs / 1000, endpoint);
    const now = START_MS + atMs;
    const period = Math.floor(now / PERIOD_MS) * PERIOD_MS;
    const bucket = buckets.get(period) ?? newBucket();
    buckets.set(period, bucket);
    counts.attempted++;
    if (!('error' in outcome)) counts.answered++;
    for (const into of [bucket, all]) record(into, now, endpoint, outcome);
  }
  const periods = [...buckets].sort((a, b) => a[0] - b[0]);
  return {
    result: {
      aggregate: report(all, periods.at(-1)?.[0] ?? START_MS),
      intermediate: periods.map(([period, bucket]) => report(bucket, String(period))),
    },
    distribution: periods.map(([period, bucket]) => `${JSON.stringify(distributionLine(bucket, period))}\n`).join(''),
    counts,
  };
}

const newBucket = (): Bucket => ({ counters: new Map(), histograms: new Map(), first: 0, last: 0 });

function record(into: Bucket, now: number, endpoint: string, outcome: Outcome): void {
  const count = (name: string): unknown => into.counters.set(name, (into.counters.get(name) ?? 0) + 1);
  const measure = (name: string, value: number): void => {
    const values = into.histograms.get(name) ?? [];
    values.push(value);
    into.histograms.set(name, values);
  };
  if (into.first === 0) into.first = now;
  into.last = now;
  count('vusers.created');
  count('http.requests');
  const by = 'plugins.metrics-by-endpoint.';
  if ('error' in outcome) {
    count(`errors.${outcome.error}`);
    count(`${by}${endpoint}.errors.${outcome.error}`);
    count('vusers.failed');
    return;
  }
  const { ms, code = 200, serverMs } = outcome;
  count('http.responses');
  count(`http.codes.${code}`);
  count(`${by}${endpoint}.codes.${code}`);
  count('vusers.completed');
  measure('http.response_time', Math.round(ms));
  measure(`${by}response_time.${endpoint}`, Math.round(ms));
  if (serverMs !== undefined) measure(`${by}server-timing.${endpoint}`, Math.round(serverMs * 10) / 10);
}

function report(bucket: Bucket, period: number | string): unknown {
  const summaries = Object.fromEntries([...bucket.histograms].map(([name, values]) => [name, summary(values)]));
  return {
    period,
    counters: Object.fromEntries(bucket.counters),
    rates: { 'http.request_rate': null },
    firstMetricAt: Math.round(bucket.first),
    lastMetricAt: Math.round(bucket.last),
    summaries,
    histograms: summaries,
  };
}

function summary(values: readonly number[]): Record<string, number> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const [p50, p75, p90, p95, p99, p999] = [at(0.5), at(0.75), at(0.9), at(0.95), at(0.99), at(0.999)];
  return {
    min: at(0),
    max: at(1),
    count: sorted.length,
    mean: Math.round(mean * 10) / 10,
    p50,
    median: p50,
    p75,
    p90,
    p95,
    p99,
    p999,
  };
}

function distributionLine(bucket: Bucket, period: number): unknown {
  const sketch = (values: readonly number[]): unknown => {
    const bins = new Map<number, number>();
    for (const value of values) if (value > 0) add(bins, Math.ceil(Math.log(value) / Math.log(GAMMA)));
    const zeroCount = values.filter((value) => value === 0).length;
    const sum = values.reduce((total, value) => total + value, 0);
    return { gamma: GAMMA, zeroCount, bins: [...bins], min: Math.min(...values), max: Math.max(...values), sum };
  };
  const histograms = Object.fromEntries([...bucket.histograms].map(([name, values]) => [name, sketch(values)]));
  return {
    period,
    firstAt: Math.round(bucket.first),
    lastAt: Math.round(bucket.last),
    counters: Object.fromEntries(bucket.counters),
    histograms,
  };
}

const add = (bins: Map<number, number>, k: number): unknown => bins.set(k, (bins.get(k) ?? 0) + 1);

/** A latency with a log-normal bulk and a rare slow tail, milliseconds. */
export function plausibleMs(random: () => number, medianMs: number, spread = 0.5): number {
  const tail = random() < 0.01 ? 3 + 6 * random() : 1;
  return medianMs * Math.exp(spread * gaussian(random)) * tail;
}

export function manifestOf(rung: string, more: Partial<Manifest> = {}): Manifest {
  return {
    kind: 'matjip-manifest',
    version: 1,
    rung,
    label: { ko: rung, en: rung },
    switches: {},
    offeredPerSecond: 60,
    phases: [],
    warmupS: 0,
    seed: 1,
    startedAt: new Date(START_MS).toISOString(),
    machine: { cpus: 2, model: 'simulated', memoryGiB: 8, node: '24.0.0' },
    versions: { artillery: '2.0.34' },
    ...more,
  };
}

/** Writes a rung's folder; what is not given is not written. Answers the path of its result. */
export function writeRung(
  folder: string,
  run: SimulatedRun,
  beside: { manifest?: Manifest; truth?: Truth; crowd?: unknown; distribution?: boolean } = {},
): string {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
  write('result.json', run.result);
  if (beside.distribution) writeFileSync(join(folder, 'distribution.jsonl'), run.distribution);
  if (beside.manifest) write('manifest.json', beside.manifest);
  if (beside.truth) write('truth.json', beside.truth);
  if (beside.crowd) write('crowd.json', beside.crowd);
  return join(folder, 'result.json');
}
