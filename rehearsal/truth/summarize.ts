import type { Truth } from '../stats/sidecar.ts';
import type { TruthHistory } from './judge.ts';
import type { MadeChange } from './make-changes.ts';
import type { Meters } from './read-meters.ts';
import type { Answer } from './shown.ts';

/** A run longer than this keeps only its first seconds apart; the sums stay whole. */
const SECONDS_MAX = 3_600;

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
    if (!entry) seconds.set(atS, (entry = { atS, checked: 0, stale: 0 }));
    return entry;
  };

  const sum = { answers: 0, checked: 0, stale: 0, blank: 0, errors: 0, oldestAgeMs: 0 };
  for await (const answer of options.answers) {
    sum.answers += 1;
    if (answer.status === 0 || answer.status >= 500) sum.errors += 1;
    else if (!answer.shown) sum.blank += 1;
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

  let loadsPerSecondMax = 0;
  for (const [index, meter] of meters.entries()) {
    const before = meters[index - 1];
    if (!before) continue;
    const loads = meter.loads - before.loads;
    const entry = second(before.atMs);
    entry.loads = (entry.loads ?? 0) + loads;
    // A reading may come late; what it counted then spread over more than a second.
    const tookS = Math.max(1, (meter.atMs - before.atMs) / 1000);
    loadsPerSecondMax = Math.max(loadsPerSecondMax, Math.round(loads / tookS));
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
    loadsPerSecondMax,
    seconds: [...seconds.values()].sort((a, b) => a.atS - b.atS),
    changes: options.changes.map(({ change, startedMs }) => ({
      atS: (startedMs - beganMs) / 1000,
      what: `${change.item.name.en || change.item.name.ko}: ${change.field} ${change.value}`,
    })),
  };
}
