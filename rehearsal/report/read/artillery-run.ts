/** Makes a {@link Run} of an Artillery result and what stands beside it. */
import type { Distribution } from '../../stats/distribution.ts';
import { fromSummary, mergeSummaries } from '../../stats/summary.ts';
import type { Endpoint, Run, Text } from '../run.ts';
import { goodCodes, type IsGood, Measured, totalsOf } from './measured.ts';
import { type EndpointMetrics, type Metrics, sizeOf } from './metrics.ts';
import { readArtillery, type Sighting } from './read-artillery.ts';
import { type DistributionReading, readDistribution } from './read-distribution.ts';
import type { Sidecars } from './sidecars.ts';

/** What Artillery waits for an answer unless its script says otherwise. */
export const ARTILLERY_TIMEOUT_MS = 10_000;
const ENDPOINTS_SHOWN_MAX = 60;

export type Naming = Pick<Run, 'group' | 'label' | 'repeat'>;

/** Answers what the file was when it is no Artillery result. `warmupS` of the command line wins over the manifest's. */
export async function readArtilleryRun(
  file: string,
  naming: Naming,
  beside: Sidecars,
  warmupOption: number | undefined,
): Promise<Run | Sighting> {
  const { manifest } = beside;
  const warmupS = warmupOption ?? manifest?.warmupS ?? 0;
  const isGood = goodCodes(manifest?.expectedCodes);
  const fromResult = new Measured(isGood, warmupS);
  const summaries: NonNullable<Metrics['latency']>[] = [];
  const sighting = await readArtillery(file, (metrics) => {
    if (fromResult.take(metrics) && metrics.latency) keepSummary(summaries, metrics.latency);
  });
  if (!sighting.result) return sighting;
  const { result } = sighting;

  const fromBeside = new Measured(isGood, warmupS);
  const reading = beside.distribution
    ? await readDistribution(beside.distribution, (metrics) => fromBeside.take(metrics))
    : undefined;
  const full = reading && fromBeside.count > 0 ? reading : undefined;
  const measured = full ? fromBeside : fromResult;
  // With nothing to cut, the file's own aggregate is exact where sums over periods are not.
  const isCut = warmupS > 0 && measured.count > 0;
  const counted = isCut ? measured.sum : result.aggregate;
  const totals = totalsOf(counted, isGood, isCut);
  const latency = full?.sums.get('http.response_time') ?? summaryLatency(isCut, summaries, result.aggregate);
  const periods = measured.finish();
  const wholeS = measured.count > 0 ? (measured.lastAt - measured.firstAt) / 1000 : spanOf(result.aggregate);
  const timesOut = totals.timedOut > 0;
  return {
    ...naming,
    file,
    source: result.version === 1 ? 'artillery-1' : 'artillery-2',
    startMs: measured.count > 0 ? measured.firstAt : result.aggregate.firstAt,
    spanS: measured.count > 0 ? measured.spanS : wholeS,
    wholeS,
    warmupS,
    warmupInLatency: warmupS > 0 && !isCut,
    latencyFrom: 'sent',
    ...(latency && latency.total > 0 ? { latency } : {}),
    stepMs: 1,
    timeoutMs: manifest?.timeoutMs ?? ARTILLERY_TIMEOUT_MS,
    timeoutKnown: manifest?.timeoutMs !== undefined || !timesOut,
    totals,
    periods,
    ...endpointsOf(counted.endpoints.size > 0 ? counted : result.aggregate, result.aggregate, full, isGood, isCut),
    users: { ...counted.users },
    ...offered(manifest?.offeredPerSecond),
    generator: {
      ...(manifest?.generator?.cpuShare !== undefined ? { cpuShare: manifest.generator.cpuShare } : {}),
      dropped: counted.users.skipped,
    },
    ...(manifest ? { manifest } : {}),
    ...(beside.truth ? { truth: beside.truth } : {}),
    ...(beside.crowd?.knee ? { knee: beside.crowd.knee } : {}),
    notes: [...beside.notes, ...notesOf(measured, reading, full)],
  };
}

const offered = (perSecond: number | undefined): { offeredPerSecond?: number } =>
  perSecond !== undefined ? { offeredPerSecond: perSecond } : {};

const spanOf = (aggregate: Metrics): number => Math.max(0, aggregate.lastAt - aggregate.firstAt) / 1000;

/** Period summaries are only needed when a warm-up is cut; past a bound they are mixed on the way. */
function keepSummary(kept: NonNullable<Metrics['latency']>[], summary: NonNullable<Metrics['latency']>): void {
  if (summary.count === 0) return;
  kept.push(summary);
  if (kept.length < 500) return;
  const mixed = mergeSummaries(kept);
  kept.length = 0;
  if (mixed) kept.push(mixed);
}

function summaryLatency(
  isCut: boolean,
  summaries: readonly NonNullable<Metrics['latency']>[],
  aggregate: Metrics,
): Distribution | undefined {
  const summary = isCut ? mergeSummaries(summaries) : aggregate.latency;
  return summary && summary.count > 0 ? fromSummary(summary) : undefined;
}

function endpointsOf(
  counted: Metrics,
  aggregate: Metrics,
  full: DistributionReading | undefined,
  isGood: IsGood,
  isCut: boolean,
): Pick<Run, 'endpoints' | 'endpointsDropped'> {
  // Without histograms a cut run still shows its endpoints, over the whole run: counts and latency must belong together.
  const source = isCut && !full ? aggregate : counted;
  const bySize = [...source.endpoints].sort((a, b) => sizeOf(b[1]) - sizeOf(a[1]));
  return {
    endpoints: bySize.slice(0, ENDPOINTS_SHOWN_MAX).map(([name, metrics]) => endpointOf(name, metrics, full, isGood)),
    endpointsDropped: aggregate.endpointsDropped + Math.max(0, bySize.length - ENDPOINTS_SHOWN_MAX),
  };
}

function endpointOf(
  name: string,
  metrics: EndpointMetrics,
  full: DistributionReading | undefined,
  isGood: IsGood,
): Endpoint {
  const mixed = (parts: EndpointMetrics['latency']): Distribution | undefined => {
    const summary = mergeSummaries(parts);
    return summary ? fromSummary(summary) : undefined;
  };
  const prefix = 'plugins.metrics-by-endpoint.';
  const latency = full?.sums.get(`${prefix}response_time.${name}`) ?? mixed(metrics.latency);
  const serverTime = full?.sums.get(`${prefix}server-timing.${name}`) ?? mixed(metrics.serverTime);
  const errors: Record<string, number> = {};
  let good = 0;
  for (const [code, count] of metrics.codes.entries()) {
    if (isGood(code)) good += count;
    else errors[code] = count;
  }
  const failures = metrics.errors.entries();
  const answered = Math.max(metrics.codes.sum(), latency?.total ?? 0);
  return {
    name,
    attempted: answered + failures.reduce((sum, [, count]) => sum + count, 0),
    answered,
    good,
    errors: { ...errors, ...Object.fromEntries(failures) },
    ...(latency ? { latency } : {}),
    ...(serverTime ? { serverTime } : {}),
  };
}

function notesOf(
  measured: Measured,
  reading: DistributionReading | undefined,
  full: DistributionReading | undefined,
): Text[] {
  const notes: Text[] = [];
  if (measured.list.folded > 1) {
    notes.push({
      ko: `긴 시험이라 그래프의 한 구간이 원본의 ${measured.list.folded}개 구간을 합친 것입니다.`,
      en: `A long test: each period of the charts joins ${measured.list.folded} periods of the file.`,
    });
  }
  if (reading && !full) {
    notes.push({
      ko: 'distribution.jsonl에 읽을 수 있는 구간이 없어 결과 파일의 요약만 썼습니다.',
      en: 'distribution.jsonl holds no readable period, so only the summaries of the result were used.',
    });
  } else if (reading && reading.brokenLines > 0) {
    notes.push({
      ko: `distribution.jsonl의 ${reading.brokenLines}줄이 끊겨 있어 뺐습니다.`,
      en: `${reading.brokenLines} broken line(s) of distribution.jsonl were left out.`,
    });
  }
  return notes;
}
