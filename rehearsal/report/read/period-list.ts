/** Keeps the periods of a run, however long, within a bound: when there are too many, neighbours become one. */
import { mergeSummaries, type Summary } from '../../stats/summary.ts';
import type { Period } from '../run.ts';
import { Tally } from './names.ts';

/** Twice what a chart can show. A run of 10-second periods reaches it after four hours. */
const PERIODS_MAX = 1440;
const KINDS_MAX = 40;

export class PeriodList {
  #periods: Period[] = [];
  /** How many of the file's periods make one of ours. */
  #factor = 1;
  #open: Period[] = [];

  get folded(): number {
    return this.#factor;
  }

  add(period: Period): void {
    this.#open.push(period);
    // A warm-up period never mixes with a measured one, so the cut stays exact.
    const isMixed = this.#open.some((other) => other.warmup !== period.warmup);
    if (isMixed) {
      this.#open.pop();
      this.#close();
      this.#open.push(period);
    }
    if (this.#open.length >= this.#factor) this.#close();
  }

  finish(): Period[] {
    this.#close();
    return this.#periods;
  }

  #close(): void {
    if (this.#open.length > 0) this.#periods.push(join(this.#open));
    this.#open = [];
    if (this.#periods.length < PERIODS_MAX) return;
    this.#periods = joinPairs(this.#periods);
    this.#factor *= 2;
  }
}

/** Neighbours two by two; a pair that would mix warm-up with measurement stays apart. */
export function joinPairs(periods: readonly Period[]): Period[] {
  const joined: Period[] = [];
  for (let i = 0; i < periods.length; ) {
    const [first, second] = periods.slice(i, i + 2);
    if (!first) break;
    const pair = second && second.warmup === first.warmup ? [first, second] : [first];
    joined.push(join(pair));
    i += pair.length;
  }
  return joined;
}

export function join(periods: readonly Period[]): Period {
  const [first] = periods;
  if (!first) throw new Error('there is nothing to join');
  if (periods.length === 1) return first;
  const errors = new Tally(KINDS_MAX);
  for (const period of periods) errors.addAll(period.errors);
  const sum = (of: (period: Period) => number): number => periods.reduce((total, period) => total + of(period), 0);
  const latency = mergeSummaries(periods.flatMap((period): Summary[] => (period.latency ? [period.latency] : [])));
  return {
    atS: first.atS,
    spanS: sum((period) => period.spanS),
    partial: periods.some((period) => period.partial),
    warmup: first.warmup,
    attempted: sum((period) => period.attempted),
    answered: sum((period) => period.answered),
    good: sum((period) => period.good),
    unanswered: sum((period) => period.unanswered),
    refused: sum((period) => period.refused ?? 0),
    ...(periods.some((period) => period.users)
      ? {
          users: {
            created: sum((period) => period.users?.created ?? 0),
            completed: sum((period) => period.users?.completed ?? 0),
            failed: sum((period) => period.users?.failed ?? 0),
          },
        }
      : {}),
    errors: errors.toRecord(),
    ...(latency ? { latency } : {}),
  };
}
