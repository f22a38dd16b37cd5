import type { OpsMinute, OpsPoint } from '../../../contract/index.ts';
import { minuteOf, pointOf } from './figures.ts';
import { type Sample, togetherOf } from './take-sample.ts';

export interface HistoryBounds {
  /** How often a process says what it counted, in milliseconds. */
  readonly everyMs: number;
  /** So many of these are kept. */
  readonly slotsMax: number;
  /** A slot is shown when all processes have told theirs, or after so many milliseconds without the others. */
  readonly graceMs: number;
}

/** The last minutes of all processes together. */
export interface HistoryView {
  readonly points: readonly OpsPoint[];
  readonly minute: OpsMinute;
  readonly tiersAway: readonly string[];
  /** How many processes told theirs for the newest point. */
  readonly heard: number;
}

export interface History {
  add(sample: Sample): void;
  /** @param processes how many there should be */
  read(nowMs: number, processes: number): HistoryView;
}

interface Slot {
  processes: number;
  readonly added: Record<string, number>;
  readonly present: Record<string, number>;
}

/** Adds samples up by their slot, so that what it keeps does not grow with the processes, and a process's past outlives it. */
export function createHistory({ everyMs, slotsMax, graceMs }: HistoryBounds): History {
  const slots = new Map<number, Slot>();
  const minuteSlots = Math.round(60_000 / everyMs);
  return {
    add({ slot, added, present }) {
      const kept = slots.get(slot) ?? { processes: 0, added: {}, present: {} };
      slots.set(slot, kept);
      kept.processes += 1;
      for (const [series, value] of Object.entries(added)) kept.added[series] = (kept.added[series] ?? 0) + value;
      for (const [series, value] of Object.entries(present)) {
        const before = kept.present[series] ?? 0;
        kept.present[series] = togetherOf(series) === 'max' ? Math.max(before, value) : before + value;
      }
      while (slots.size > slotsMax) slots.delete(Math.min(...slots.keys()));
    },
    read(nowMs, processes) {
      const shown = [...slots]
        .filter(([slot, kept]) => kept.processes >= processes || nowMs - slot * everyMs >= graceMs)
        .sort(([a], [b]) => a - b);
      const seconds = everyMs / 1_000;
      const newest = shown.at(-1)?.[1];
      const lastMinute = shown.slice(-minuteSlots);
      const added: Record<string, number> = {};
      for (const [, slot] of lastMinute) {
        for (const [series, value] of Object.entries(slot.added)) added[series] = (added[series] ?? 0) + value;
      }
      return {
        points: shown.map(([slot, kept]) => pointOf({ atMs: slot * everyMs, ...kept }, seconds)),
        minute: minuteOf(added, lastMinute.length * seconds),
        tiersAway: Object.entries(newest?.present ?? {}).flatMap(([series, value]) =>
          series.startsWith('matjip_cache_tier_away|') && value > 0 ? [series.split('|')[1]!] : [],
        ),
        heard: newest?.processes ?? 0,
      };
    },
  };
}
