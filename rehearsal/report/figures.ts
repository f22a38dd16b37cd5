/** The figures that runs are compared by, each with its unit, its better direction and what its instrument can see. */
import { median, type Resolution, type Scale } from '../stats/noise.ts';
import type { Text } from './run.ts';

export type FigureKey =
  | 'p50'
  | 'p95'
  | 'p99'
  | 'p999'
  | 'errorRate'
  | 'failedUsers'
  | 'goodPerSecond'
  | 'knee'
  | 'cpuMs'
  | 'cpuApiMs'
  | 'cpuDatabaseMs'
  | 'readsPerRequest'
  | 'statementsPerRequest'
  | 'databaseBytes'
  | 'loadsPerSecondMax'
  | 'staleShare'
  | 'oldestAgeMs'
  | 'blankShare'
  | 'lost'
  | 'doubled';

export type Unit = 'ms' | 'share' | 'perSecond' | 'cpuMs' | 'count' | 'ratio' | 'bytes';

export interface FigureKind {
  label: Text;
  unit: Unit;
  better: 'lower' | 'higher';
  scale: Scale;
  /** Means something only when both runs were offered the same load. */
  needsEqualLoad: boolean;
  /** For shares: smaller differences between single runs are not called. */
  amountMin?: number;
}

const latency = (ko: string, en: string): FigureKind => ({
  label: { ko, en },
  unit: 'ms',
  better: 'lower',
  scale: 'log',
  needsEqualLoad: true,
});
const count = (ko: string, en: string): FigureKind => ({
  label: { ko, en },
  unit: 'count',
  better: 'lower',
  scale: 'linear',
  needsEqualLoad: false,
  amountMin: 1,
});
const share = (ko: string, en: string): FigureKind => ({
  label: { ko, en },
  unit: 'share',
  better: 'lower',
  scale: 'linear',
  needsEqualLoad: false,
  amountMin: 0.005,
});

const perRequest = (ko: string, en: string, unit: Unit): FigureKind => ({
  label: { ko, en },
  unit,
  better: 'lower',
  scale: 'log',
  needsEqualLoad: false,
});

export const FIGURES: Record<FigureKey, FigureKind> = {
  p50: latency('p50 지연', 'p50 latency'),
  p95: latency('p95 지연', 'p95 latency'),
  p99: latency('p99 지연', 'p99 latency'),
  p999: latency('p99.9 지연', 'p99.9 latency'),
  errorRate: share('오류율', 'error rate'),
  failedUsers: share('실패한 사용자', 'failed users'),
  goodPerSecond: {
    label: { ko: '초당 올바른 응답', en: 'good answers per second' },
    unit: 'perSecond',
    better: 'higher',
    scale: 'log',
    needsEqualLoad: true,
  },
  knee: {
    label: { ko: '한계 부하', en: 'knee' },
    unit: 'perSecond',
    better: 'higher',
    scale: 'log',
    needsEqualLoad: false,
  },
  cpuMs: {
    label: { ko: '요청당 CPU', en: 'CPU per request' },
    unit: 'cpuMs',
    better: 'lower',
    scale: 'log',
    needsEqualLoad: false,
  },
  cpuApiMs: perRequest('요청당 CPU (API)', 'CPU per request, API', 'cpuMs'),
  cpuDatabaseMs: perRequest('요청당 CPU (Postgres)', 'CPU per request, Postgres', 'cpuMs'),
  readsPerRequest: perRequest('요청당 DB 읽기', 'database reads per request', 'ratio'),
  statementsPerRequest: perRequest('요청당 DB 문장', 'database statements per request', 'ratio'),
  databaseBytes: perRequest('요청당 DB가 만진 바이트', 'bytes touched by the database per request', 'bytes'),
  loadsPerSecondMax: {
    label: { ko: '1초에 가장 많은 메뉴 조회', en: 'most menu loads in a second' },
    unit: 'count',
    better: 'lower',
    scale: 'log',
    needsEqualLoad: false,
  },
  staleShare: share('낡은 응답', 'stale answers'),
  oldestAgeMs: {
    label: { ko: '가장 낡은 응답', en: 'oldest answer' },
    unit: 'ms',
    better: 'lower',
    scale: 'log',
    needsEqualLoad: false,
  },
  blankShare: share('빈 응답', 'blank answers'),
  lost: count('잃은 주문', 'lost orders'),
  doubled: count('두 번 들어간 주문', 'doubled orders'),
};
export const FIGURE_KEYS = Object.keys(FIGURES) as FigureKey[];

export interface Figure {
  value: number;
  /** The true figure is this or worse: answers were still missing when the generator gave up, or no load tried was too much. */
  atLeast?: boolean;
  /** The true figure is below this: not even the lowest load tried was kept. */
  isBelow?: boolean;
  /** A share: of how many. */
  of?: number;
  /** Where the true figure lies, where it is measured with an interval. An open end is left out. */
  low?: number;
  high?: number;
  /** Measured at this load, requests a second, and not at the one that the run was offered: half of its own knee. */
  perSecond?: number;
}

/** What one run comes down to; plain data, so that it can be saved and compared with later. */
export interface RunFigures {
  offeredPerSecond: number;
  requests: number;
  /** The latency instrument's step, milliseconds, and its relative error. */
  stepMs: number;
  relativeError: number;
  figures: Partial<Record<FigureKey, Figure>>;
  /** Per full measured period, where there are any: what a single run can say about its own spread. */
  periods?: Partial<Record<FigureKey, number[]>>;
}

/** On what a result was measured, as far as it is known: without it two results may differ by anything. */
export interface Origin {
  /** Processor and number of cores. */
  machine?: string;
  versions: Record<string, string>;
  switches: Record<string, string>;
}

export interface GroupFigures {
  key: string;
  label: Text;
  runs: RunFigures[];
  origin?: Origin;
}

export const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

/** A percentile needs this many requests beyond it to stand on. */
export const BEYOND_MIN = 10;

/** Whether so few requests lie beyond a percentile in some run that a handful of them decides it. */
export function isThin(group: GroupFigures, key: FigureKey): boolean {
  const p = key in QUANTILES ? QUANTILES[key as keyof typeof QUANTILES] : 0;
  return p > 0 && group.runs.some((run) => run.requests * (1 - p) < BEYOND_MIN);
}

export interface Spread {
  middle: number;
  low: number;
  high: number;
  atLeast: boolean;
  isBelow: boolean;
  runs: number;
}

/** A figure over the repeats of a group: the middle one, and how far they spread. */
export function spreadOf(group: GroupFigures, key: FigureKey): Spread | undefined {
  const found = group.runs.flatMap((run) => run.figures[key] ?? []);
  if (found.length === 0) return undefined;
  const values = found.map((figure) => figure.value);
  const middle = median(values);
  return {
    middle,
    low: Math.min(...found.map((figure) => figure.low ?? figure.value)),
    high: Math.max(...found.map((figure) => figure.high ?? figure.value)),
    atLeast: found.some((figure) => figure.atLeast === true && figure.value >= middle),
    isBelow: found.some((figure) => figure.isBelow === true && figure.value <= middle),
    runs: found.length,
  };
}

/** What the instrument of a figure can tell apart. */
export function resolutionOf(group: GroupFigures, key: FigureKey): Resolution {
  const isLatency = key in QUANTILES;
  const step = Math.max(0, ...group.runs.map((run) => run.stepMs));
  if (isLatency) return { step, relative: Math.max(0, ...group.runs.map((run) => run.relativeError)) };
  if (key === 'oldestAgeMs') return { step: 100, relative: 0.01 };
  // A tenth of a per cent of all answers is the least worth calling, however steady it is.
  return { step: FIGURES[key].unit === 'share' ? 0.001 : 0, relative: 0.005 };
}
