/** The cache ladder as it is expected to come out, simulated: for tests, and to see the page without an hour of load. */
import { join } from 'node:path';
import type { CrowdResult, Truth } from '../../results/index.ts';
import { gaussian, seeded } from '../../stats/seeded.ts';
import { manifestOf, plausibleMs, simulate, writeRung } from './simulate.ts';

interface Rung {
  name: string;
  label: { ko: string; en: string };
  switches: Record<string, string>;
  medianMs: number;
  kneePerSecond: number;
  cpuMs: number;
  /** Share of stale answers this long after a change, seconds; `Infinity` stays wrong. */
  staleForS: number;
  loadsPerSecond: number;
}

const RUNGS: readonly Rung[] = [
  {
    name: 'no-cache',
    label: { ko: '캐시 없음', en: 'no cache' },
    switches: { CACHE: 'off' },
    medianMs: 14,
    kneePerSecond: 1900,
    cpuMs: 0.52,
    staleForS: 0,
    loadsPerSecond: 300,
  },
  {
    name: 'no-expiry-cache',
    label: { ko: '만료 없는 캐시', en: 'cache without expiry' },
    switches: { CACHE: 'memory', CACHE_REFRESH: 'never' },
    medianMs: 1.6,
    kneePerSecond: 27_000,
    cpuMs: 0.036,
    staleForS: 0,
    loadsPerSecond: 0,
  },
  {
    name: 'no-expiry-error-cache',
    label: { ko: '만료 없는 캐시, 메뉴가 바뀜', en: 'cache without expiry, menu changes' },
    switches: { CACHE: 'memory', CACHE_REFRESH: 'never' },
    medianMs: 1.6,
    kneePerSecond: 27_000,
    cpuMs: 0.036,
    staleForS: Number.POSITIVE_INFINITY,
    loadsPerSecond: 0,
  },
  {
    name: 'expiry-cache',
    label: { ko: '만료 캐시', en: 'expiry cache' },
    switches: { CACHE: 'memory', CACHE_REFRESH: 'expiry' },
    medianMs: 1.9,
    kneePerSecond: 22_000,
    cpuMs: 0.041,
    staleForS: 10,
    loadsPerSecond: 4,
  },
  {
    name: 'external-refresh-cache',
    label: { ko: '바깥에서 새로 채우는 캐시', en: 'externally refreshed cache' },
    switches: { CACHE: 'memory', CACHE_REFRESH: 'external' },
    medianMs: 1.6,
    kneePerSecond: 26_500,
    cpuMs: 0.037,
    staleForS: 5,
    loadsPerSecond: 0.2,
  },
  {
    name: 'event-cache',
    label: { ko: '이벤트 캐시', en: 'event cache' },
    switches: { CACHE: 'memory', CACHE_REFRESH: 'event' },
    medianMs: 1.7,
    kneePerSecond: 26_000,
    cpuMs: 0.037,
    staleForS: 0,
    loadsPerSecond: 0.1,
  },
];
const DURATION_S = 100;
const WARMUP_S = 20;
const RATE = 300;
const CHANGES_S = [30, 50, 70, 88];

/** Writes six rungs with `repeats` runs each under `folder`; answers the rungs' folders, bottom first. */
export function writeSimulatedLadder(folder: string, repeats: number): string[] {
  return RUNGS.map((rung, step) => {
    for (let repeat = 1; repeat <= repeats; repeat++) writeRun(folder, rung, step, repeat);
    return join(folder, rung.name);
  });
}

function writeRun(folder: string, rung: Rung, step: number, repeat: number): void {
  const random = seeded(1000 * step + repeat);
  const luck = Math.exp(0.06 * gaussian(random));
  const isStampede = (atS: number): boolean => rung.name === 'expiry-cache' && atS % 10 < 0.6;
  const run = simulate({
    seed: 31 * step + repeat,
    ratePerSecond: RATE,
    durationS: DURATION_S,
    endpoints: [
      '/stores/{{ store }}/menu',
      '/stores/{{ store }}/menu',
      '/stores/{{ store }}/menu',
      '/stores/{{ store }}/orders (order)',
      '/stores/{{ store }}/orders/{{ id }}',
    ],
    answer: (chance, atS, endpoint) => {
      const cold = 1 + 4 * Math.exp(-atS / 4);
      const isMenu = endpoint.endsWith('menu');
      const medianMs = (isMenu ? rung.medianMs : 9) * luck * cold * (isStampede(atS) && isMenu ? 18 : 1);
      const ms = plausibleMs(chance, medianMs, 0.45);
      return { ms, serverMs: ms * 0.8, code: !isMenu && chance() < 0.002 ? 503 : 200 };
    },
  });
  const requests = run.counts.answered;
  const manifest = manifestOf(rung.name, {
    label: rung.label,
    ladder: 'cache',
    step,
    repeat,
    switches: rung.switches,
    offeredPerSecond: RATE,
    warmupS: WARMUP_S,
    timeoutMs: 10_000,
    generator: { cpuShare: 0.14 },
    server: { cpuSeconds: (requests * rung.cpuMs * luck) / 1000, requests },
  });
  const place = repeat === 1 ? join(folder, rung.name) : join(folder, rung.name, `repeat-${repeat}`);
  writeRung(place, run, {
    manifest,
    truth: truthOf(rung, requests),
    distribution: true,
    ...(repeat === 1 ? { crowd: crowdOf(rung) } : {}),
  });
}

function truthOf(rung: Rung, answers: number): Truth {
  const changes = rung.name === 'no-expiry-cache' ? [] : CHANGES_S;
  const seconds = Array.from({ length: DURATION_S }, (_, atS) => {
    const last = changes.findLast((change) => change <= atS);
    const isStale = last !== undefined && atS - last < rung.staleForS;
    return { atS, checked: 180, stale: isStale ? 180 : 0, loads: loadsAt(rung, atS) };
  });
  const stale = seconds.reduce((sum, second) => sum + second.stale, 0);
  const isForEver = changes.length > 0 && rung.staleForS === Number.POSITIVE_INFINITY;
  const loads = seconds.reduce((sum, second) => sum + second.loads, 0);
  return {
    answers,
    checked: 180 * DURATION_S,
    staleShare: stale / (180 * DURATION_S),
    oldestAgeMs: isForEver ? 70_000 : changes.length > 0 ? rung.staleForS * 980 : 0,
    wrongForEver: isForEver,
    blank: 0,
    errors: 0,
    databaseReads: Math.round(loads * 3 + answers * 0.4),
    loads,
    loadsPerSecondMax: Math.max(...seconds.map((second) => second.loads)),
    seconds,
    changes: changes.map((atS) => ({ atS, what: 'price' })),
  };
}

function loadsAt(rung: Rung, atS: number): number {
  if (rung.name === 'expiry-cache') return atS % 10 === 0 ? 40 : 0;
  if (rung.name === 'event-cache') return CHANGES_S.includes(atS) ? 1 : 0;
  if (rung.name === 'external-refresh-cache') return atS % 5 === 0 ? 1 : 0;
  return atS === 0 || rung.name === 'no-cache' ? Math.max(1, Math.round(rung.loadsPerSecond * 0.6)) : 0;
}

/** A server whose waits grow as 1/(1−load) and break the promise at its knee. */
function crowdOf(rung: Rung): CrowdResult {
  const factors = [0.1, 0.25, 0.5, 0.7, 0.85, 0.95, 1, 1.04, 1.15];
  const tried = factors.map((factor) => {
    const load = factor * 0.97;
    const p99Ms = load < 1 ? rung.medianMs * 1.4 + 3 / (1.005 - load) : 400 + 3000 * (load - 1);
    return {
      rate: Math.round(rung.kneePerSecond * factor),
      ok: factor <= 1,
      p99Ms,
      errorRate: factor > 1.1 ? 0.06 : 0,
    };
  });
  const empty = { gamma: 1.0202, zeroCount: 0, bins: [] };
  return {
    kind: 'matjip-crowd',
    version: 1,
    startedAt: '2026-11-23T03:10:00.000Z',
    durationS: 60,
    warmupS: 5,
    timeoutMs: 10_000,
    seed: 1,
    offeredPerSecond: rung.kneePerSecond,
    attempted: 0,
    answered: 0,
    good: 0,
    latency: empty,
    codes: {},
    errors: {},
    seconds: [],
    endpoints: [],
    generator: { processes: 1, cpuShare: 0.5, sendLagP99Ms: 0.4, dropped: 0 },
    knee: { ratePerSecond: rung.kneePerSecond, serviceLevel: { p99Ms: 100, errorRate: 0.001 }, tried },
  };
}
