import type { MenuView } from '../../src/contract/index.ts';
import { Connections } from './connections.ts';
import { Guests, type Mix, type Wish } from './guests.ts';
import { type LedgerEntry, openLedger, readReceipt } from './ledger.ts';
import { createRandom } from './random.ts';
import { type HttpAnswer, headerOf } from './response-reader.ts';
import { type Kind, type PackedTally, Tally } from './tally.ts';

/** One process's share of a run. Goes to it as JSON. */
export interface GenerateOptions {
  readonly host: string;
  readonly port: number;
  readonly storeId: string;
  readonly menu: MenuView;
  readonly etag: string | undefined;
  readonly mix: Mix;
  /** Requests per second of this process. */
  readonly rate: number;
  readonly warmupS: number;
  /** The measured part, after the warm-up. */
  readonly durationS: number;
  readonly thinkS: number;
  readonly timeoutMs: number;
  /** An answer that takes longer is not good. */
  readonly goodMs: number;
  readonly connectionsMax: number;
  readonly seed: string;
  /** When the run begins, epoch milliseconds. */
  readonly beginMs: number;
  readonly ledger?: string;
}

export interface GenerateResult {
  readonly tally: PackedTally;
  /** Share of one core in the measured part. */
  readonly cpuShare: number;
}

/** Timers do not know less. */
const TICK_MS = 1;
/** With so many unsent requests the server has long failed; more would only take memory. */
const WAITING_MAX = 50_000;
/** A guest tries an order again with the same key, so that it cannot come twice. */
const ORDER_TRIES_MAX = 3;
const RETRY_AFTER_MS = 200;
const RETRY_AFTER_MAX_MS = 2_000;
const MENU_AGAIN_AFTER_MS = 1_000;
const SERVER_TIMING = /\r\nserver-timing:[^\r]*\btotal;dur=([\d.]+)/i;

/** Statuses that are right answers to each kind. */
export const EXPECTED: Record<Kind, ReadonlySet<number>> = {
  menu: new Set([200, 304]),
  ranking: new Set([200]),
  // 409: the dish was gone, or its price had changed, which a guest accepts. 200: an earlier try had come through.
  order: new Set([200, 201, 409]),
  status: new Set([200]),
};
const isWorthRetrying = (status: number) => status === 429 || status >= 500;

/**
 * Sends this process's share of the crowd: requests are planned ahead, independently of each other and of the answers (an
 * exponential gap from one to the next), and each one's latency counts from the time it was planned for. So a server that
 * freezes is charged for everybody who would have come meanwhile.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { rate, timeoutMs, warmupS, durationS } = options;
  const random = createRandom(options.seed);
  const chances = createRandom(`${options.seed}/arrivals`);
  const population = Math.max(1, Math.round(rate * options.thinkS));
  const guests = new Guests({ ...options, host: `${options.host}:${options.port}`, random, population });
  const connections = new Connections({
    host: options.host,
    port: options.port,
    max: options.connectionsMax,
    waitingMax: WAITING_MAX,
  });
  const tally = new Tally(warmupS * 1000, options.goodMs);
  const ledger = options.ledger === undefined ? undefined : openLedger(options.ledger);
  let acknowledged: LedgerEntry[] = [];
  let retries = 0;

  const beganAt = performance.now() + (options.beginMs - Date.now());
  const nowMs = () => performance.now() - beganAt;
  const endMs = (warmupS + durationS) * 1000;

  let menuAskedMs = Number.NEGATIVE_INFINITY;
  const askMenuAgain = () => {
    if (nowMs() - menuAskedMs < MENU_AGAIN_AFTER_MS) return;
    menuAskedMs = nowMs();
    // Outside of the plan and the tally: one guest's reload must not be everybody's.
    fetch(`http://${options.host}:${options.port}/api/v1/stores/${options.storeId}/menu`, {
      signal: AbortSignal.timeout(timeoutMs),
    })
      .then((response) => (response.ok ? response.json() : undefined))
      .then((menu) => menu && guests.changeMenu(menu as MenuView))
      .catch(() => {});
  };

  const understand = ({ kind, guest }: Wish, answer: HttpAnswer) => {
    if (kind === 'menu') guests.sawMenu(guest, answer.status === 200 ? headerOf(answer.head, 'etag') : undefined);
    if (kind !== 'order') return;
    if (answer.status === 409) askMenuAgain();
    if (answer.status !== 200 && answer.status !== 201) return;
    const receipt = readReceipt(answer.body!);
    if (!receipt) return;
    guests.ordered(guest, receipt);
    acknowledged.push({ storeId: options.storeId, ...receipt });
  };

  const send = (wish: Wish, plannedMs: number, attempt: number) => {
    const { kind } = wish;
    const again = (afterMs: number): boolean => {
      const canWait = nowMs() + afterMs < plannedMs + timeoutMs;
      if (kind !== 'order' || attempt >= ORDER_TRIES_MAX || !canWait) return false;
      retries += 1;
      setTimeout(() => {
        retries -= 1;
        send(wish, plannedMs, attempt + 1);
      }, afterMs);
      return true;
    };
    const backOffMs = RETRY_AFTER_MS * 2 ** (attempt - 1) * (0.5 + chances.next());
    connections.send({
      text: wish.text,
      keepsBody: kind === 'order',
      deadlineMs: beganAt + plannedMs + timeoutMs,
      answered(answer) {
        const { status, head } = answer;
        const retryAfterMs = isWorthRetrying(status) ? Number(headerOf(head, 'retry-after') ?? 0) * 1000 : 0;
        if (isWorthRetrying(status) && again(Math.min(Math.max(backOffMs, retryAfterMs), RETRY_AFTER_MAX_MS))) return;
        const timing = SERVER_TIMING.exec(head);
        tally.answered(
          kind,
          plannedMs,
          nowMs(),
          status,
          EXPECTED[kind].has(status),
          timing ? Number(timing[1]) : undefined,
        );
        understand(wish, answer);
      },
      failed(error) {
        if (error !== 'timeout' && error !== 'not sent' && again(backOffMs)) return;
        tally.failed(kind, plannedMs, error);
      },
    });
  };

  let nextMs = chances.exponential(1000 / rate);
  let cpuFrom: { usage: NodeJS.CpuUsage; atMs: number } | undefined;
  let cpuShare = 0;
  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = nowMs();
      if (!cpuFrom && now >= warmupS * 1000) cpuFrom = { usage: process.cpuUsage(), atMs: now };
      while (nextMs <= now && nextMs < endMs) {
        const wish = guests.next();
        tally.planned(wish.kind, nextMs, now - nextMs);
        if (now - nextMs > timeoutMs) tally.failed(wish.kind, nextMs, 'not sent');
        else send(wish, nextMs, 1);
        nextMs += chances.exponential(1000 / rate);
      }
      if (acknowledged.length > 0) {
        ledger?.write(acknowledged);
        acknowledged = [];
      }
      if (nextMs >= endMs && cpuFrom && cpuShare === 0 && now >= endMs) cpuShare = shareSince(cpuFrom, now);
      const isOver = now >= endMs && ((connections.pending === 0 && retries === 0) || now >= endMs + timeoutMs);
      if (isOver) resolve();
      else setTimeout(tick, Math.max(TICK_MS, Math.min(nextMs, endMs) - now));
    };
    setTimeout(tick, Math.max(0, -nowMs()));
  });
  connections.close();
  ledger?.write(acknowledged);
  await ledger?.close();
  return { tally: tally.pack(), cpuShare };
}

function shareSince(from: { usage: NodeJS.CpuUsage; atMs: number }, nowMs: number): number {
  const { user, system } = process.cpuUsage(from.usage);
  return (user + system) / 1000 / Math.max(1, nowMs - from.atMs);
}
