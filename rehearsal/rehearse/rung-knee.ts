import { join } from 'node:path';
import { findKnee } from '../crowd/find-knee.ts';
import { errorRateOf } from '../crowd/health.ts';
import { type CrowdRun, DEFAULT_LEVEL, runCrowd } from '../crowd/run-crowd.ts';
import { lookUpOverHttp, verifyLedger } from '../crowd/verify-ledger.ts';
import type { Truth } from '../stats/sidecar.ts';
import type { DatabaseReads } from '../truth/database-reads.ts';
import { mostLoadsPerSecond, watchMeters } from '../truth/read-meters.ts';
import { writeJson } from './manifest.ts';
import type { RehearsedServer } from './server.ts';

/** Long enough for a p99 of hundreds of requests, short enough that a dozen tries take less than a minute. */
const TRY_S = 2.5;
const TRY_WARMUP_S = 0.5;
/** Time that a failing try may take on top, until the last guest gives up. */
const TIMEOUT_MS = 2_000;
const SEARCH = { from: 50, min: 10, max: 20_000, precision: 0.15, attempts: 2, triesMax: 16 };

export interface KneeSearch {
  /** Gets `crowd.json`. */
  readonly folder: string;
  readonly storeId: string;
  readonly seed: string;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds the highest load of the event's crowd that this server bears, and leaves the run at that load, with the search, in
 * `crowd.json`. Prices do not change meanwhile: how wrong it is has been measured before.
 * @returns the most loads of the menu in one second (at such rates a stampede is one), and whether every order that was
 * acknowledged during the search is there
 */
export async function findRungKnee(
  server: RehearsedServer,
  reads: DatabaseReads,
  { folder, storeId, seed, progress, signal }: KneeSearch,
): Promise<Required<Pick<Truth, 'loadsPerSecondMax' | 'orders'>>> {
  let best: CrowdRun | undefined;
  let last: CrowdRun | undefined;
  const ledger = join(server.home, 'ledger');
  const ledgers = new Set<string>();
  const meters = watchMeters({ url: server.url, databaseReads: reads.count });
  try {
    const knee = await findKnee({ ...SEARCH, serviceLevel: DEFAULT_LEVEL }, async (rate) => {
      progress(`looking for the knee: ${rate} requests a second`);
      last = await runCrowd({
        url: server.url,
        storeId,
        rate,
        durationS: TRY_S,
        warmupS: TRY_WARMUP_S,
        timeoutMs: TIMEOUT_MS,
        seed,
        ledger,
        signal,
      });
      for (const file of last.ledgers) ledgers.add(file);
      if (last.verdict.kind === 'kept' && rate >= (best?.result.offeredPerSecond ?? 0)) best = last;
      return { p99Ms: last.p99Ms, errorRate: errorRateOf(last.result), verdict: last.verdict };
    });
    writeJson(join(folder, 'crowd.json'), { ...(best ?? last)!.result, knee });
  } finally {
    await meters.stop();
  }
  progress('looking up every acknowledged order');
  const orders = await verifyLedger([...ledgers], lookUpOverHttp(server.url));
  return { loadsPerSecondMax: mostLoadsPerSecond(await meters.stop()), orders };
}
