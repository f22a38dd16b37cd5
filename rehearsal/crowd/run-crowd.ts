import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Static } from 'typebox';
import type { MenuView, StorePage } from '../../src/contract/index.ts';
import type { CrowdResult, HdrEncoded, ServiceLevel } from '../results/index.ts';
import type { GenerateOptions, GenerateResult } from './generate.ts';
import { EVENT_MIX, type Mix } from './guests.ts';
import { judgeLoad, type Verdict } from './health.ts';
import { ENDPOINTS, KINDS, Tally } from './tally.ts';

export interface CrowdOptions {
  /** Where Matjip is, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Unset: the first store. */
  readonly storeId?: string;
  /** Requests per second, all processes together. */
  readonly rate: number;
  /** The measured part, in seconds; the warm-up comes before it. */
  readonly durationS: number;
  readonly warmupS?: number;
  readonly mix?: Mix;
  /** Between two things that one guest does, in seconds; decides how many phones there are. */
  readonly thinkS?: number;
  readonly timeoutMs?: number;
  readonly serviceLevel?: ServiceLevel;
  readonly seed?: string;
  /** Unset: as many as the rate needs. */
  readonly processes?: number;
  /** Connections of all processes together. */
  readonly connectionsMax?: number;
  /** Acknowledged orders are appended to this file, or with several processes to it and `<file>.2`, `<file>.3` … */
  readonly ledger?: string;
  readonly signal?: AbortSignal;
}

export interface CrowdRun {
  readonly result: CrowdResult;
  /** 99th percentile in milliseconds, a request without an answer counted as one that took for ever. */
  readonly p99Ms: number;
  readonly verdict: Verdict;
  readonly ledgers: readonly string[];
}

export const DEFAULT_LEVEL: ServiceLevel = { p99Ms: 100, errorRate: 0.001 };
/** A process sends about four times as many on a core of its own; this leaves it quick to react. */
const RATE_PER_PROCESS = 12_000;
const PROCESS = join(import.meta.dirname, 'generator-process.ts');
/** Processes need this long to load before the common beginning. */
const BEGIN_AFTER_MS = 500;
/** Beyond the run's own time: loading, the last answers, sending the result. */
const GRACE_MS = 30_000;

/**
 * Runs the crowd in processes of its own and adds up what they measured.
 * @throws Error in one line when the server cannot be asked for its menu or a process dies; the signal's reason when stopped
 */
export async function runCrowd(options: CrowdOptions): Promise<CrowdRun> {
  const {
    rate,
    durationS,
    warmupS = 2,
    thinkS = 5,
    timeoutMs = 10_000,
    seed = 'matjip',
    connectionsMax = 2_000,
  } = options;
  const level = options.serviceLevel ?? DEFAULT_LEVEL;
  const processes = options.processes ?? Math.max(1, Math.ceil(rate / RATE_PER_PROCESS));
  const url = new URL(options.url);
  const storeId =
    options.storeId ?? (await get<Static<typeof StorePage>>(new URL('/api/v1/stores', url))).body.items[0]?.id;
  if (!storeId) throw new Error(`${options.url} has no store.`);
  const { body: menu, etag } = await get<MenuView>(new URL(`/api/v1/stores/${storeId}/menu`, url));
  const ledgers = options.ledger === undefined ? [] : [options.ledger, ...more(options.ledger, processes)];

  const beginMs = Date.now() + BEGIN_AFTER_MS;
  const shares = Array.from({ length: processes }, (_, index): GenerateOptions => {
    const ledger = ledgers[index];
    return {
      host: url.hostname,
      port: Number(url.port || 80),
      storeId,
      menu,
      etag,
      mix: options.mix ?? EVENT_MIX,
      rate: rate / processes,
      warmupS,
      durationS,
      thinkS,
      timeoutMs,
      goodMs: level.p99Ms,
      connectionsMax: Math.ceil(connectionsMax / processes),
      seed: `${seed}/${index}`,
      beginMs,
      ...(ledger !== undefined && { ledger }),
    };
  });
  const lastMs = (warmupS + durationS) * 1000 + timeoutMs + GRACE_MS;
  const results = await Promise.all(shares.map((share) => runProcess(share, lastMs, options.signal)));

  const tally = new Tally(warmupS * 1000, level.p99Ms);
  for (const result of results) tally.add(result.tally);
  const total = tally.total();
  const result: CrowdResult = {
    kind: 'matjip-crowd',
    version: 1,
    startedAt: new Date(beginMs).toISOString(),
    durationS: warmupS + durationS,
    warmupS,
    timeoutMs,
    seed,
    offeredPerSecond: rate,
    serviceLevel: level,
    attempted: total.attempted,
    answered: total.answered,
    good: total.good,
    latency: encode(total.latency),
    codes: total.codes,
    errors: total.errors,
    seconds: secondsOf(tally),
    endpoints: KINDS.filter((kind) => tally.endpoints[kind].attempted > 0).map((kind) => {
      const { latency, serverTime, ...counts } = tally.endpoints[kind];
      return {
        name: ENDPOINTS[kind],
        ...counts,
        latency: encode(latency),
        ...(serverTime && { serverTime: encode(serverTime) }),
      };
    }),
    generator: {
      processes,
      cpuShare: Math.max(...results.map(({ cpuShare }) => cpuShare)),
      sendLagP99Ms: tally.lag.getValueAtPercentile(99) / 1000,
      dropped: tally.dropped,
    },
  };
  const p99Ms = p99Of(total.latency, total.attempted, timeoutMs);
  return { result, p99Ms, verdict: judgeLoad({ ...result, p99Ms }, level), ledgers };
}

const more = (ledger: string, processes: number) =>
  Array.from({ length: processes - 1 }, (_, index) => `${ledger}.${index + 2}`);

const encode = (histogram: Histogram): HdrEncoded => ({ hdr: encodeIntoCompressedBase64(histogram), unit: 'us' });

/** @returns at least the time-out when more than one in a hundred got no answer */
function p99Of(latency: Histogram, attempted: number, timeoutMs: number): number {
  const rank = attempted * 0.99;
  if (attempted === 0) return 0;
  if (rank > latency.totalCount) return timeoutMs;
  return latency.getValueAtPercentile((rank / latency.totalCount) * 100) / 1000;
}

function secondsOf(tally: Tally): CrowdResult['seconds'] {
  return [...tally.seconds]
    .sort(([a], [b]) => a - b)
    .map(([atS, { attempted, answered, good, latency, errors }]) => ({
      atS,
      attempted,
      answered,
      good,
      ...(latency.totalCount > 0 && {
        p50Ms: latency.getValueAtPercentile(50) / 1000,
        p95Ms: latency.getValueAtPercentile(95) / 1000,
        p99Ms: latency.getValueAtPercentile(99) / 1000,
        maxMs: latency.maxValue / 1000,
      }),
      ...(Object.keys(errors).length > 0 && { errors }),
    }));
}

function runProcess(share: GenerateOptions, withinMs: number, signal?: AbortSignal): Promise<GenerateResult> {
  signal?.throwIfAborted();
  // Nothing of the caller's own flags, such as those of a test runner.
  const child: ChildProcess = fork(PROCESS, { execArgv: [], serialization: 'json' });
  return new Promise<GenerateResult>((resolve, reject) => {
    const end = (error: Error) => {
      child.kill('SIGKILL');
      reject(error);
    };
    const late = setTimeout(() => end(new Error('A generator process did not come to an end.')), withinMs);
    const stop = () => end(signal!.reason as Error);
    signal?.addEventListener('abort', stop, { once: true });
    child.once('message', (result) => resolve(result as GenerateResult));
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      clearTimeout(late);
      signal?.removeEventListener('abort', stop);
      reject(new Error(`A generator process ended (${killedBy ?? `code ${code}`}) before it had a result.`));
    });
    child.send(share);
  });
}

async function get<T>(url: URL): Promise<{ body: T; etag: string | undefined }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`GET ${url.href} was answered with ${response.status}.`);
  return { body: (await response.json()) as T, etag: response.headers.get('etag') ?? undefined };
}
