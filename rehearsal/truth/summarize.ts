import type { Truth } from '../results/index.ts';
import type { TruthHistory } from './judge.ts';
import type { MadeChange } from './make-changes.ts';
import { type Meters, mostLoadsPerSecond } from './read-meters.ts';
import type { Answer } from './shown.ts';

/** A run longer than this keeps only its first seconds apart; the sums stay whole. */
const SECONDS_MAX = 3_600;

/** The server answered, and there was no menu to show: nothing in it, or 503 in its place. */
const isBlank = ({ shown, status }: Answer): boolean => !shown && (status === 503 || (status > 0 && status < 500));

/** Judges every answer of a run, one at a time: memory does not grow with their number. */
export async function summarizeTruth(options: {
  readonly answers: AsyncIterable<Answer> | Iterable<Answer>;
  readonly history: TruthHistory;
  readonly changes: readonly MadeChange[];
  readonly beganMs: number;
  readonly wrongForEver: boolean;
  /** Readings of the server's own counters, about one a second. */
  readonly meters: readonly Meters[];
}): Promise<Truth> {
  const { history, beganMs, meters } = options;
  const secondOf = (ms: number) => Math.min(Math.max(0, Math.floor((ms - beganMs) / 1000)), SECONDS_MAX - 1);
  const seconds = new Map<number, { atS: number; checked: number; stale: number; loads?: number }>();
  const second = (ms: number) => {
    const atS = secondOf(ms);
    let entry = seconds.get(atS);
    if (!entry) {
      entry = { atS, checked: 0, stale: 0 };
      seconds.set(atS, entry);
    }
    return entry;
  };

  const sum = { answers: 0, checked: 0, stale: 0, blank: 0, errors: 0, oldestAgeMs: 0 };
  for await (const answer of options.answers) {
    sum.answers += 1;
    if (isBlank(answer)) sum.blank += 1;
    else if (!answer.shown) sum.errors += 1;
    const verdict = history.judge(answer);
    if (!verdict) continue;
    const entry = second(answer.sentMs);
    sum.checked += 1;
    entry.checked += 1;
    if (!verdict.stale) continue;
    sum.stale += 1;
    entry.stale += 1;
    sum.oldestAgeMs = Math.max(sum.oldestAgeMs, Math.round(verdict.ageMs));
  }

  for (const [index, meter] of meters.entries()) {
    const before = meters[index - 1];
    if (!before) continue;
    const entry = second(before.atMs);
    entry.loads = (entry.loads ?? 0) + meter.loads - before.loads;
  }
  const first = meters[0];
  const last = meters.at(-1);
  return {
    answers: sum.answers,
    checked: sum.checked,
    staleShare: sum.checked > 0 ? sum.stale / sum.checked : 0,
    oldestAgeMs: sum.oldestAgeMs,
    wrongForEver: options.wrongForEver,
    blank: sum.blank,
    errors: sum.errors,
    databaseReads: first && last ? last.databaseReads - first.databaseReads : 0,
    loads: first && last ? last.loads - first.loads : 0,
    loadsPerSecondMax: mostLoadsPerSecond(meters),
    seconds: [...seconds.values()].sort((a, b) => a.atS - b.atS),
    changes: options.changes
      .filter(({ ackedMs }) => ackedMs !== undefined)
      .map(({ change, startedMs }) => ({
        atS: (startedMs - beganMs) / 1000,
        what: `${change.item.name.en || change.item.name.ko}: ${change.field} ${change.value}`,
      })),
  };
}
