/** Makes a {@link Run} of an Artillery result and what stands beside it. */
import type { Distribution } from '../../stats/distribution.ts';
import { fromSummary, mergeSummaries, type Summary } from '../../stats/summary.ts';
import { formatClock, formatMs } from '../format.ts';
import type { Endpoint, Run, Text } from '../run.ts';
import { isNoAnswer } from './failures.ts';
import { InOrder } from './in-order.ts';
import { LatencySum } from './latency-sum.ts';
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
  const latencies = new LatencySum();
  const inOrder = new InOrder((metrics) => {
    if (fromResult.take(metrics)) latencies.add(metrics);
  });
  const sighting = await readArtillery(file, (metrics) => inOrder.take(metrics));
  if (!sighting.result) return sighting;
  inOrder.finish();
  const { result } = sighting;

  const fromBeside = new Measured(isGood, warmupS);
  const reading = beside.distribution
    ? await readDistribution(beside.distribution, (metrics) => fromBeside.take(metrics))
    : undefined;
  const full = reading && fromBeside.count > 0 ? reading : undefined;
  const measured = full ? fromBeside : fromResult;
  // With nothing to cut, the file's own aggregate is exact where sums over periods are not.
  const isCut = (warmupS > 0 && measured.count > 0) || result.aggregate === undefined;
  const aggregate = result.aggregate ?? measured.sum;
  const counted = isCut ? measured.sum : aggregate;
  const totals = totalsOf(counted, isGood, isCut);
  const latency =
    full?.sums.get('http.response_time') ??
    (isCut ? undefined : aggregate.distribution) ??
    latencies.whole(counted.responses) ??
    drawn(isCut ? latencies.summary() : aggregate.latency);
  const periods = measured.finish();
  const gapsS = measured.gaps.reduce((sum, { spanS }) => sum + spanS, 0);
  const wholeS = measured.count > 0 ? (measured.lastAt - measured.firstAt) / 1000 - gapsS : spanOf(aggregate);
  const timesOut = totals.timedOut > 0;
  const own = result.aggregate?.latency;
  return {
    ...naming,
    file,
    source: result.version === 1 ? 'artillery-1' : 'artillery-2',
    startMs: measured.count > 0 ? measured.firstAt : aggregate.firstAt,
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
    ...endpointsOf(counted.endpoints.size > 0 ? counted : aggregate, aggregate, full, isGood, isCut),
    users: { ...counted.users },
    ...(result.planned ? { planned: result.planned } : {}),
    ...(own ? { own } : {}),
    others: { counters: aggregate.otherCounters.entries(), summaries: [...aggregate.otherSummaries] },
    ...offered(manifest?.offeredPerSecond),
    // Users that were skipped are none that the generator could not send: the script's own bound kept them back.
    generator: {
      ...(manifest?.generator?.cpuShare !== undefined ? { cpuShare: manifest.generator.cpuShare } : {}),
      dropped: 0,
    },
    ...(manifest ? { manifest } : {}),
    ...(beside.truth ? { truth: beside.truth } : {}),
    ...(beside.fullHouse ? { fullHouse: beside.fullHouse } : {}),
    ...(beside.crowd?.knee ? { knee: beside.crowd.knee } : {}),
    notes: [...beside.notes, ...notesOf(measured, reading, full), ...timeNotes(measured, inOrder)],
  };
}

const offered = (perSecond: number | undefined): { offeredPerSecond?: number } =>
  perSecond !== undefined ? { offeredPerSecond: perSecond } : {};

const spanOf = (aggregate: Metrics): number => Math.max(0, aggregate.lastAt - aggregate.firstAt) / 1000;

/** Nothing is drawn of what the file does not say: without one percentile there is no curve. */
const drawn = (summary: Summary | undefined): Distribution | undefined =>
  summary && summary.count > 0 && fromSummary(summary).knownTo > 0 ? fromSummary(summary) : undefined;

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
  const latency =
    full?.sums.get(`${prefix}response_time.${name}`) ?? mixed(metrics.latency) ?? drawn(uncounted(metrics.uncounted));
  const serverTime = full?.sums.get(`${prefix}server-timing.${name}`) ?? mixed(metrics.serverTime);
  const errors: Record<string, number> = {};
  let good = 0;
  for (const [code, count] of metrics.codes.entries()) {
    if (isGood(code)) good += count;
    else errors[code] = count;
  }
  const failures = metrics.errors.entries();
  const sum = (is: (kind: string) => boolean): number =>
    failures.reduce((all, [kind, count]) => all + (is(kind) ? count : 0), 0);
  const answered = Math.max(metrics.codes.sum(), metrics.uncounted ? 0 : (latency?.total ?? 0));
  return {
    name,
    attempted: answered + sum(isNoAnswer),
    answered,
    // A complaint of the script is an answer that was wrong.
    good: Math.max(0, good - sum((kind) => !isNoAnswer(kind))),
    errors: { ...errors, ...Object.fromEntries(failures) },
    ...(latency ? { latency } : {}),
    ...(serverTime ? { serverTime } : {}),
  };
}

/** One request for the shape of it: how many there were, nobody wrote down. */
const uncounted = (summary: Summary | undefined): Summary | undefined => summary && { ...summary, count: 1 };

function timeNotes({ gaps }: Measured, { wasOutOfOrder }: InOrder): Text[] {
  const notes = gaps.slice(0, 3).map(({ atS, spanS }): Text => {
    const [at, long] = [formatClock(atS), formatMs(spanS * 1000)];
    return {
      ko: `${at}부터 ${long} 동안 기록이 없습니다. 초당 수치에서 뺐습니다.`,
      en: `From ${at} nothing is recorded for ${long}; rates leave that time out.`,
    };
  });
  if (wasOutOfOrder) {
    notes.push({
      ko: '구간의 순서가 뒤바뀌어 시각 순으로 다시 놓았습니다.',
      en: 'The periods of the file are not in the order of time, and were put into it.',
    });
  }
  return notes;
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
