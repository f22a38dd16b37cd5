import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIDENCE, type KneeOptions, kneeOf, lookForKnee, type TriedLoad } from '../crowd/find-knee.ts';
import { REHEARSAL_MIX } from '../crowd/guests.ts';
import { errorRateOf } from '../crowd/health.ts';
import { type CrowdRun, DEFAULT_LEVEL, runCrowd } from '../crowd/run-crowd.ts';
import { type LedgerVerdict, lookUpOverHttp, verifyLedger } from '../crowd/verify-ledger.ts';
import type { CrowdResult, Truth } from '../results/index.ts';
import type { DatabaseReads } from '../truth/database-reads.ts';
import { mostLoadsPerSecond, watchMeters } from '../truth/read-meters.ts';
import { offerFullHouse } from './full-house.ts';
import { measureSpeed } from './machine-speed.ts';
import { writeJson } from './manifest.ts';
import type { RehearsedServer } from './server.ts';

/** A look has so many requests, for a 99th percentile, within these bounds of its length. */
const LOOK_REQUESTS = 200;
const LOOK_S = { min: 2, max: 5 };
const LOOK_WARMUP_S = 0.5;
/** Time that a failing look may take on top, until the last guest gives up. */
const TIMEOUT_MS = 2_000;
export const SEARCH: KneeOptions = {
  serviceLevel: DEFAULT_LEVEL,
  from: 50,
  min: 10,
  max: 20_000,
  looks: { first: 12, further: 7 },
};
/** With its processes and its last answers; for telling how long a rehearsal will take. */
const LOOK_TAKES_S = 3.7;
const ROUND_TAKES_S = 10;

/** How long the search takes of one rung, all rounds. */
export const searchTakesS = (rounds: number): number =>
  rounds * ROUND_TAKES_S + (SEARCH.looks.first + (rounds - 1) * SEARCH.looks.further) * LOOK_TAKES_S;

export interface KneeSearch {
  /** Gets `looks.json` after each round, and `crowd.json` after the last. */
  readonly folder: string;
  /** What the looks belong to; those of another plan are forgotten. */
  readonly plan: string;
  readonly storeId: string;
  readonly seed: string;
  readonly rounds: number;
  /** Whether loads past the knee are offered as well, after the last round. */
  readonly fullHouse: boolean;
  readonly progress: (what: string) => void;
  readonly signal: AbortSignal;
}

/** What the rounds so far came to. */
interface Looks {
  readonly plan: string;
  readonly rounds: number;
  readonly tried: TriedLoad[];
  readonly loadsPerSecondMax: number;
  readonly orders: LedgerVerdict;
  /** Of the highest load that was kept. */
  readonly best?: CrowdResult;
}

const LOOKS = 'looks.json';
const none = (plan: string): Looks => ({
  plan,
  rounds: 0,
  tried: [],
  loadsPerSecondMax: 0,
  orders: { acknowledged: 0, lost: 0, doubled: 0 },
});

function readLooks({ folder, plan }: Pick<KneeSearch, 'folder' | 'plan'>): Looks {
  const file = join(folder, LOOKS);
  if (!existsSync(file)) return none(plan);
  const found = JSON.parse(readFileSync(file, 'utf8')) as Looks;
  return found.plan === plan ? found : none(plan);
}

export const forgetLooks = (folder: string): void => rmSync(join(folder, LOOKS), { force: true });

/** How many rounds are done already. */
export const roundsDone = (search: Pick<KneeSearch, 'folder' | 'plan'>): number => readLooks(search).rounds;

/**
 * One round of looks at loads of the event's crowd on a fresh server; after the last one the knee, with its interval and the run at the
 * highest load that was kept, stands in `crowd.json`, and what only such loads show in `truth.json`. Prices do not change meanwhile:
 * how wrong the rung is has been measured before.
 * @returns what was found, in words
 */
export async function searchRound(server: RehearsedServer, reads: DatabaseReads, search: KneeSearch): Promise<string> {
  const { folder, storeId, seed, progress, signal } = search;
  const earlier = readLooks(search);
  const round = earlier.rounds + 1;
  const ledger = join(server.home, 'ledger');
  const ledgers = new Set<string>();
  const meters = watchMeters({ urls: server.metricsUrls ?? [server.url], databaseReads: reads.count });
  let best = earlier.best;
  let last: CrowdRun | undefined;
  // The first one is the compiler's.
  measureSpeed();
  let looked: TriedLoad[];
  try {
    looked = await lookForKnee(SEARCH, earlier.tried, async (rate) => {
      progress(`looking at ${rate} requests a second`);
      const before = measureSpeed();
      last = await runCrowd({
        url: server.url,
        storeId,
        mix: REHEARSAL_MIX,
        rate,
        durationS: Math.min(LOOK_S.max, Math.max(LOOK_S.min, LOOK_REQUESTS / rate)),
        warmupS: LOOK_WARMUP_S,
        timeoutMs: TIMEOUT_MS,
        // Each round is another crowd of the same kind.
        seed: `${seed}/${round}`,
        ledger,
        signal,
      });
      for (const file of last.ledgers) ledgers.add(file);
      if (last.verdict.kind === 'kept' && rate >= (best?.offeredPerSecond ?? 0)) best = last.result;
      const speed = [before, measureSpeed()] as const;
      return { p99Ms: last.p99Ms, errorRate: errorRateOf(last.result), verdict: last.verdict, speed };
    });
  } finally {
    await meters.stop();
  }
  progress('looking up every acknowledged order');
  const found = await verifyLedger([...ledgers], lookUpOverHttp(server.url));
  const looks: Looks = {
    plan: search.plan,
    rounds: round,
    tried: [...earlier.tried, ...looked],
    loadsPerSecondMax: Math.max(earlier.loadsPerSecondMax, mostLoadsPerSecond(await meters.stop())),
    orders: {
      acknowledged: earlier.orders.acknowledged + found.acknowledged,
      lost: earlier.orders.lost + found.lost,
      doubled: earlier.orders.doubled + found.doubled,
    },
    ...(best && { best }),
  };
  writeJson(join(folder, LOOKS), looks);
  const knee = kneeOf(SEARCH, looks.tried);
  if (round >= search.rounds) {
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
    truth.loadsPerSecondMax = Math.max(truth.loadsPerSecondMax ?? 0, looks.loadsPerSecondMax);
    truth.orders = looks.orders;
    writeJson(join(folder, 'truth.json'), truth);
    if (knee.ratePerSecond !== null && search.fullHouse) {
      const house = { server, reads, storeId, seed, knee: knee.ratePerSecond, progress, signal };
      writeJson(join(folder, 'full-house.json'), await offerFullHouse(house));
    }
    writeJson(join(folder, 'crowd.json'), { ...(best ?? last?.result), knee });
  }
  const { ratePerSecond, interval } = knee;
  if (ratePerSecond === null || !interval) return 'no load was kept';
  const high = interval.high === null ? 'as much as could be offered' : `${interval.high}`;
  return `knee ${ratePerSecond}/s (${interval.low} to ${high}, ${CONFIDENCE * 100} %)`;
}
