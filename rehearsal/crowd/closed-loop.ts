import type { MenuView } from '../../src/contract/index.ts';
import { Connections } from './connections.ts';
import { EXPECTED } from './generate.ts';
import { Guests, type Mix } from './guests.ts';
import { readReceipt } from './ledger.ts';
import { createRandom } from './random.ts';
import { headerOf } from './response-reader.ts';

export interface ClosedLoopOptions {
  /** Every node; each has phones of its own. */
  readonly urls: readonly string[];
  readonly phonesPerNode: number;
  readonly storeId: string;
  readonly menu: MenuView;
  readonly mix: Mix;
  readonly warmupS: number;
  /** The measured part, after the warm-up. */
  readonly durationS: number;
  readonly timeoutMs: number;
  readonly seed: string;
}

export interface Throughput {
  /** Right answers a second of the measured part. */
  readonly perSecond: number;
  /** Other answers and failures in it, and of which kind: `order 503`, `menu timeout`. */
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Share of one core that this process used meanwhile. */
  readonly cpuShare: number;
}

/** Somebody who was refused or cut off tries something else after so long, and never in a circle without a pause. */
const AFTER_FAILURE_MS = 50;

/**
 * A fixed number of phones, each doing its next thing as soon as the last one is answered: how much a server does when it always has work, the
 * measure that laws of scaling are made for. It says nothing about waiting; the knee does.
 */
export async function measureThroughput(options: ClosedLoopOptions): Promise<Throughput> {
  const { urls, phonesPerNode, warmupS, durationS, timeoutMs } = options;
  const fromMs = performance.now() + warmupS * 1000;
  const untilMs = fromMs + durationS * 1000;
  let good = 0;
  const failures: Record<string, number> = {};
  let isOver = false;
  const isMeasured = (now: number) => !isOver && now >= fromMs && now < untilMs;

  const fail = (what: string) => {
    failures[what] = (failures[what] ?? 0) + 1;
  };

  const crowds = urls.map((url, index) => {
    const { hostname: host, port: given } = new URL(url);
    const port = Number(given || 80);
    const random = createRandom(`${options.seed}/${index}`);
    const { storeId, menu, mix } = options;
    // A hundred guests to a phone that never rests: as many as there would be with think times.
    const population = phonesPerNode * 100;
    const guests = new Guests({ random, host: `${host}:${port}`, storeId, menu, etag: undefined, mix, population });
    const connections = new Connections({ host, port, max: phonesPerNode, waitingMax: 0 });
    const act = () => {
      const now = performance.now();
      if (isOver || now >= untilMs) return;
      const { kind, guest, text } = guests.next();
      connections.send({
        text,
        keepsBody: kind === 'order',
        deadlineMs: now + timeoutMs,
        answered({ status, head, body }) {
          const isRight = EXPECTED[kind].has(status);
          if (isMeasured(performance.now())) {
            if (isRight) good += 1;
            else fail(`${kind} ${status}`);
          }
          if (kind === 'menu') guests.sawMenu(guest, status === 200 ? headerOf(head, 'etag') : undefined);
          const receipt = kind === 'order' && isRight && body ? readReceipt(body) : undefined;
          if (receipt) guests.ordered(guest, receipt);
          if (isRight) act();
          else setTimeout(act, AFTER_FAILURE_MS);
        },
        failed(error) {
          if (isMeasured(performance.now())) fail(`${kind} ${error}`);
          setTimeout(act, AFTER_FAILURE_MS);
        },
      });
    };
    for (let phone = 0; phone < phonesPerNode; phone++) act();
    return connections;
  });

  await until(fromMs);
  const usage = process.cpuUsage();
  await until(untilMs);
  const { user, system } = process.cpuUsage(usage);
  // A timer may come a moment early, and what is cut off here is no failure.
  isOver = true;
  for (const connections of crowds) connections.close();
  const failed = Object.values(failures).reduce((sum, times) => sum + times, 0);
  return { perSecond: good / durationS, failed, failures, cpuShare: (user + system) / 1e6 / durationS };
}

const until = (atMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - performance.now())));
