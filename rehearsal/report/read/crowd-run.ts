/** Makes a {@link Run} of a result of our own generator. */

import { CrowdResult, type CrowdSecond } from '../../results/index.ts';
import { fromHistogram } from '../../stats/histogram.ts';
import type { Endpoint, Period, Run } from '../run.ts';
import type { Naming } from './artillery-run.ts';
import { isOwnFault, isRefusedAtOnce, isTimeout } from './failures.ts';
import { cleanName } from './names.ts';
import { PeriodList } from './period-list.ts';
import { readTyped, type Sidecars } from './sidecars.ts';
import { Unreadable } from './unreadable.ts';

const ENDPOINTS_SHOWN_MAX = 60;

export async function readCrowdRun(file: string, naming: Naming, beside: Sidecars): Promise<Run> {
  const crowd = await readTyped(CrowdResult, file);
  const { manifest, truth } = beside;
  const timedOut = sum(Object.entries(crowd.errors).filter(([kind]) => isTimeout(kind)));
  const latency = decode(file, () => fromHistogram(crowd.latency));
  const list = new PeriodList();
  for (const second of crowd.seconds) list.add(periodOf(second, crowd));
  return {
    ...naming,
    file,
    source: 'crowd',
    startMs: Date.parse(crowd.startedAt) || 0,
    spanS: Math.max(0, crowd.durationS - crowd.warmupS),
    wholeS: crowd.durationS,
    warmupS: crowd.warmupS,
    warmupInLatency: false,
    latencyFrom: 'planned',
    ...(latency.total > 0 ? { latency } : {}),
    stepMs: 0.001,
    timeoutMs: crowd.timeoutMs,
    timeoutKnown: true,
    totals: {
      attempted: crowd.attempted,
      answered: crowd.answered,
      good: crowd.good,
      late: lateIn(crowd),
      unanswered: Math.max(0, crowd.attempted - crowd.answered),
      timedOut,
      refused: sum(Object.entries(crowd.errors).filter(([kind]) => isRefusedAtOnce(kind))),
      rejected: 0,
      ownFaults: sum(Object.entries(crowd.errors).filter(([kind]) => isOwnFault(kind))),
      errors: Object.fromEntries(Object.entries(crowd.errors).map(([kind, count]) => [cleanName(kind), count])),
      codes: crowd.codes,
    },
    periods: list.finish(),
    endpoints: crowd.endpoints.slice(0, ENDPOINTS_SHOWN_MAX).map((endpoint) => endpointOf(file, endpoint)),
    endpointsDropped: Math.max(0, crowd.endpoints.length - ENDPOINTS_SHOWN_MAX),
    offeredPerSecond: crowd.offeredPerSecond,
    generator: {
      cpuShare: crowd.generator.cpuShare,
      sendLagP99Ms: crowd.generator.sendLagP99Ms,
      dropped: crowd.generator.dropped,
    },
    ...(manifest ? { manifest } : {}),
    ...(truth ? { truth } : {}),
    ...(crowd.knee ? { knee: crowd.knee } : {}),
    others: { counters: [], summaries: [] },
    notes: beside.notes,
  };
}

const sum = (entries: readonly (readonly [string, number])[]): number =>
  entries.reduce((total, [, count]) => total + count, 0);

/** Good answers are held to the service level here; what is neither good nor an error came late. */
const lateIn = ({ attempted, good, errors }: Pick<CrowdResult, 'attempted' | 'good' | 'errors'>): number =>
  Math.max(0, attempted - good - sum(Object.entries(errors)));

function decode<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch {
    throw new Unreadable(file, 'holds a histogram that cannot be decoded');
  }
}

function periodOf(second: CrowdSecond, { warmupS, durationS }: CrowdResult): Period {
  const { p50Ms, p95Ms, p99Ms, maxMs } = second;
  // A run of 5.5 s ends with half a second.
  const spanS = Math.min(1, Math.max(0.001, durationS - second.atS));
  const isMeasured = p50Ms !== undefined && maxMs !== undefined;
  return {
    atS: second.atS,
    spanS,
    partial: spanS < 1,
    warmup: second.atS < warmupS,
    attempted: second.attempted,
    answered: second.answered,
    good: second.good,
    unanswered: Math.max(0, second.attempted - second.answered),
    errors: second.errors ?? {},
    ...(isMeasured
      ? {
          latency: {
            count: second.answered,
            min: 0,
            max: maxMs,
            p50: p50Ms,
            ...(p95Ms !== undefined ? { p95: p95Ms } : {}),
            ...(p99Ms !== undefined ? { p99: p99Ms } : {}),
          },
        }
      : {}),
  };
}

function endpointOf(file: string, endpoint: CrowdResult['endpoints'][number]): Endpoint {
  const { serverTime } = endpoint;
  return {
    name: cleanName(endpoint.name),
    attempted: endpoint.attempted,
    answered: endpoint.answered,
    good: endpoint.good,
    late: lateIn(endpoint),
    errors: endpoint.errors,
    latency: decode(file, () => fromHistogram(endpoint.latency)),
    ...(serverTime ? { serverTime: decode(file, () => fromHistogram(serverTime)) } : {}),
  };
}
