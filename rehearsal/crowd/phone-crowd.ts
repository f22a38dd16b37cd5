import { readFileSync } from 'node:fs';
import type { MenuView } from '../../src/contract/index.ts';
import { Guests, type Mix, type Wish } from './guests.ts';
import { type LedgerEntry, openLedger, readReceipt } from './ledger.ts';
import { Phones } from './phones.ts';
import { createRandom } from './random.ts';
import { type HttpAnswer, headerOf } from './response-reader.ts';
import type { Kind } from './tally.ts';
import { type Usefulness, UsefulnessTally } from './usefulness.ts';

/**
 * What a phone does when it is refused or gets nothing: `never` gives up, `as told` waits for as long as `Retry-After` says and
 * gives up without one, `at once` sends again without waiting. Always the same request, an order with the same key.
 */
export type Retry = 'never' | 'as told' | 'at once';

export interface PhoneCrowdOptions {
  readonly host: string;
  readonly port: number;
  readonly phones: number;
  readonly storeId: string;
  readonly menu: MenuView;
  readonly etag: string | undefined;
  readonly timeoutMs: number;
  /** A right answer is useful when it comes no later than this after the planned moment. */
  readonly usefulMs: number;
  readonly seed: string;
  /** Acknowledged orders are appended to this file. */
  readonly ledger?: string;
}

export interface PhoneLoad {
  /** Requests per second. */
  readonly rate: number;
  readonly durationS: number;
  readonly mix: Mix;
  readonly retry: Retry;
  /** True: what each order took is kept, for whoever wants to know how sure a quantile is. */
  readonly keepsOrderTimes?: boolean;
}

export interface PhoneCrowd {
  /** Offers one load, and waits until everything is answered or given up. */
  offer(load: PhoneLoad): Promise<Usefulness>;
  close(): Promise<void>;
}

/** Timers do not know less. */
const TICK_MS = 1;
/** Tries again after the first. */
export const RETRIES_MAX = 3;

const RIGHT: Record<Kind, ReadonlySet<number>> = {
  menu: new Set([200, 304]),
  ranking: new Set([200]),
  // 200: an earlier try with the same key had come through.
  order: new Set([200, 201]),
  status: new Set([200]),
};
const isRefusal = (status: number) => status === 503 || status === 429;

/**
 * A crowd of people who stay, each with a phone and a connection of their own. Requests are planned independently of each other
 * and of the answers (Poisson arrivals), and latency counts from the planned moment, so a slow server is not spared. A planned
 * request goes to whoever has had nothing to do for the longest time. When everybody waits for an answer, nobody is left who
 * could send it: it counts as planned and not useful, and is lost, as calls are in Erlang's loss system. It does not wait for a
 * phone: it would be late when it is sent, and make the phones' queue, not the server, the thing that is measured.
 */
export async function openPhoneCrowd(options: PhoneCrowdOptions): Promise<PhoneCrowd> {
  const random = createRandom(options.seed);
  const chances = createRandom(`${options.seed}/arrivals`);
  const guests = new Guests({
    ...options,
    host: `${options.host}:${options.port}`,
    random,
    population: options.phones,
    mix: { menu: 1, order: 0, status: 0 },
    stay: true,
  });
  const phones = new Phones({ ...options, count: options.phones });
  const ledger = options.ledger === undefined ? undefined : openLedger(options.ledger);
  let acknowledged: LedgerEntry[] = [];
  await phones.open();

  const understand = ({ kind, guest }: Wish, answer: HttpAnswer) => {
    if (kind === 'menu') guests.sawMenu(guest, answer.status === 200 ? headerOf(answer.head, 'etag') : undefined);
    if (kind !== 'order' || (answer.status !== 200 && answer.status !== 201)) return;
    const receipt = readReceipt(answer.body!);
    if (!receipt) return;
    guests.ordered(guest, receipt);
    acknowledged.push({ storeId: options.storeId, ...receipt });
  };

  async function offer({ rate, durationS, mix, retry, keepsOrderTimes }: PhoneLoad): Promise<Usefulness> {
    const tally = new UsefulnessTally(options.usefulMs, keepsOrderTimes);
    const beganAt = performance.now();
    const nowMs = () => performance.now() - beganAt;
    const endMs = durationS * 1000;
    const connectsBefore = phones.connects;
    let open = 0;

    const send = (wish: Wish, plannedMs: number, dueMs: number, triesLeft: number) => {
      const { kind, guest } = wish;
      const end = (how: Parameters<typeof tally.ended>[3]) => {
        open -= 1;
        tally.ended(kind, plannedMs, nowMs(), how);
        phones.release(guest);
      };
      const again = (afterMs: number) => {
        const nextDueMs = nowMs() + afterMs;
        const next = () => send(wish, plannedMs, nextDueMs, triesLeft - 1);
        if (afterMs > 0) setTimeout(next, afterMs);
        else next();
      };
      tally.sent(nowMs() - dueMs);
      phones.send(guest, {
        text: wish.text,
        keepsBody: kind === 'order',
        deadlineMs: beganAt + dueMs + options.timeoutMs,
        answered(answer) {
          const { status } = answer;
          tally.answered(status);
          if (isRefusal(status)) {
            tally.refused(plannedMs, nowMs() - dueMs);
            const toldS = Number(headerOf(answer.head, 'retry-after') ?? Number.NaN);
            if (retry === 'at once' && triesLeft > 0) return again(0);
            if (retry === 'as told' && triesLeft > 0 && toldS >= 0) return again(toldS * 1000);
            return end('refused');
          }
          understand(wish, answer);
          end(RIGHT[kind].has(status) ? 'right' : 'wrong');
        },
        failed(error) {
          tally.failed(error);
          if (retry === 'at once' && triesLeft > 0) return again(0);
          end(error === 'timeout' ? 'timeouts' : 'broken');
        },
      });
    };

    let nextMs = chances.exponential(1000 / rate);
    const usage = process.cpuUsage();
    const waitedBefore = waitedForCoreMs();
    let own: { cpuShare: number; waitedShare: number } | undefined;
    await new Promise<void>((resolve) => {
      const tick = () => {
        const now = nowMs();
        for (; nextMs <= now && nextMs < endMs; nextMs += chances.exponential(1000 / rate)) {
          const guest = phones.take();
          if (guest === undefined) {
            const kind = drawKind(random.next(), mix);
            tally.planned(kind, nextMs);
            tally.ended(kind, nextMs, now, 'nobody');
            continue;
          }
          const wish = guests.wish(guest, mix);
          tally.planned(wish.kind, nextMs);
          open += 1;
          send(wish, nextMs, nextMs, RETRIES_MAX);
        }
        if (acknowledged.length > 0) {
          ledger?.write(acknowledged);
          acknowledged = [];
        }
        if (now >= endMs) {
          const { user, system } = process.cpuUsage(usage);
          own ??= { cpuShare: (user + system) / 1000 / now, waitedShare: (waitedForCoreMs() - waitedBefore) / now };
          if (open === 0) return resolve();
        }
        setTimeout(tick, TICK_MS);
      };
      tick();
    });
    return tally.sum({ offeredPerSecond: rate, durationS }, { ...own!, reconnects: phones.connects - connectsBefore });
  }

  return {
    offer,
    async close() {
      phones.close();
      ledger?.write(acknowledged);
      await ledger?.close();
    },
  };
}

/** How long this process could have run and did not, because something else had the core; 0 where Linux does not say. */
function waitedForCoreMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

const drawKind = (drawn: number, { order, status, ranking = 0 }: Mix): Kind =>
  drawn < order ? 'order' : drawn < order + status ? 'status' : drawn >= 1 - ranking ? 'ranking' : 'menu';
