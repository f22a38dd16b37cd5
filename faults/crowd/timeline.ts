import { readLedgerFile } from './ledger-file.ts';
import type { LedgerLine } from './plan.ts';

/** When a crowd was served, read from its ledger. Times are milliseconds since 1970. */
export interface Timeline {
  readonly lines: readonly LedgerLine[];
  /** The first moment after `atMs` from which on guests were served as before: of those who came in the next second, `share` within it. */
  rateBackMs(atMs: number, share?: number): number;
  /** How long after `atMs` the first order was acknowledged that was sent after it. */
  firstTakenMs(atMs: number): number;
  /** Acknowledgements heard from one moment to another of orders sent after the first. */
  takenBetween(fromMs: number, toMs: number): number;
  /** Of a guest's time from arriving to being served, for those who arrived from one moment to another. */
  latencyMs(fromMs: number, toMs: number, quantile: number): number;
  /** Of the guests who arrived then, the share who were served within a second of arriving. */
  servedShare(fromMs: number, toMs: number, withinMs?: number): number;
  /** Looks at the menu, and those of them that showed none. */
  readonly menus: { readonly looks: number; readonly failed: number };
}

const WINDOW_MS = 1_000;
const STEP_MS = 50;

export async function readTimeline(file: string): Promise<Timeline> {
  const lines = await readLedgerFile(file);
  const served = new Map<string, { dueMs: number; atMs: number; sentMs: number }>();
  const arrivals: { dueMs: number; key: string | null }[] = [];
  const known = new Set<string>();
  for (const line of lines) {
    if (line.kind === 'left') arrivals.push({ dueMs: line.dueMs!, key: null });
    if (line.kind === 'order' && !known.has(line.key!)) {
      known.add(line.key!);
      arrivals.push({ dueMs: line.dueMs!, key: line.key });
    }
    if (line.kind === 'order-answer' && (line.status === 200 || line.status === 201) && !served.has(line.key!)) {
      served.set(line.key!, { dueMs: line.dueMs!, atMs: line.atMs, sentMs: line.atMs - line.tookMs! });
    }
  }
  arrivals.sort((one, other) => one.dueMs - other.dueMs);
  const lastDueMs = arrivals.at(-1)?.dueMs ?? 0;
  const cameBetween = (fromMs: number, toMs: number) =>
    arrivals
      .filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs)
      .map(({ key }) => (key ? served.get(key) : undefined));
  const servedShare = (fromMs: number, toMs: number, withinMs = WINDOW_MS) => {
    const came = cameBetween(fromMs, toMs);
    if (came.length === 0) return 1;
    return came.filter((each) => each && each.atMs - each.dueMs <= withinMs).length / came.length;
  };
  const menus = lines.filter(({ kind }) => kind === 'menu-answer');
  return {
    lines,
    servedShare,
    rateBackMs(atMs, share = 0.95) {
      for (let fromMs = atMs; fromMs + WINDOW_MS <= lastDueMs; fromMs += STEP_MS) {
        if (servedShare(fromMs, fromMs + WINDOW_MS) >= share) return fromMs - atMs;
      }
      return Number.POSITIVE_INFINITY;
    },
    firstTakenMs(atMs) {
      const later = [...served.values()].filter((each) => each.sentMs >= atMs).map((each) => each.atMs);
      return later.reduce((first, each) => Math.min(first, each), Number.POSITIVE_INFINITY) - atMs;
    },
    takenBetween: (fromMs, toMs) =>
      [...served.values()].filter((each) => each.sentMs >= fromMs && each.atMs < toMs).length,
    latencyMs(fromMs, toMs, quantile) {
      const took = cameBetween(fromMs, toMs)
        .map((each) => (each ? each.atMs - each.dueMs : Number.POSITIVE_INFINITY))
        .sort((one, other) => one - other);
      return took[Math.min(took.length - 1, Math.floor(took.length * quantile))] ?? 0;
    },
    menus: { looks: menus.length, failed: menus.filter(({ status }) => status !== 200).length },
  };
}
