import type { Answer } from './shown.ts';

/** What a change sets; a dish has a history for each. */
export type Field = 'price' | 'soldOut';
export type Value = number | boolean;

interface Entry {
  readonly value: Value;
  /** When the change was sent; from then on an answer may show it. */
  readonly startedMs: number;
  /** When its answer came; from then on every answer must show it, or something newer. Infinite while unknown. */
  readonly ackedMs: number;
}

export interface Verdict {
  readonly stale: boolean;
  /** How long before this answer was asked for the value shown had been replaced; 0 when nothing is stale. */
  readonly ageMs: number;
}

const RIGHT: Verdict = { stale: false, ageMs: 0 };

/**
 * The truth over time of the dishes that the rehearsal changes, and the judge of answers against it. Pure.
 *
 * An answer may show the value of the last change acknowledged before it was asked for, or of any change that was under way
 * until it came. A value older than that is stale, and so is one that never was.
 */
export class TruthHistory {
  readonly #histories = new Map<string, Entry[]>();

  static #key = (itemId: string, field: Field) => `${itemId} ${field}`;

  /** @param dishes as they are before the first change; only these are judged */
  constructor(dishes: readonly { readonly id: string; readonly price: number; readonly soldOut: boolean }[]) {
    const always = { startedMs: Number.NEGATIVE_INFINITY, ackedMs: Number.NEGATIVE_INFINITY };
    for (const { id, price, soldOut } of dishes) {
      this.#histories.set(TruthHistory.#key(id, 'price'), [{ value: price, ...always }]);
      this.#histories.set(TruthHistory.#key(id, 'soldOut'), [{ value: soldOut, ...always }]);
    }
  }

  /**
   * A change of one dish, in the order in which they were made.
   * @param ackedMs undefined when no answer came, or a refusal: it may have happened or not
   */
  change(itemId: string, field: Field, value: Value, startedMs: number, ackedMs: number | undefined): void {
    const history = this.#histories.get(TruthHistory.#key(itemId, field));
    if (!history) throw new Error(`${itemId} is not one of the dishes that are judged.`);
    history.push({ value, startedMs, ackedMs: ackedMs ?? Number.POSITIVE_INFINITY });
  }

  /** @returns undefined when the answer shows none of the dishes in question */
  judge(answer: Answer): Verdict | undefined {
    let checked = false;
    let ageMs = -1;
    for (const [key, history] of this.#histories) {
      const [itemId, field] = key.split(' ') as [string, Field];
      const dish = answer.shown?.get(itemId);
      if (!dish) continue;
      checked = true;
      ageMs = Math.max(ageMs, staleFor(history, dish[field], answer));
    }
    if (!checked) return undefined;
    return ageMs < 0 ? RIGHT : { stale: true, ageMs };
  }
}

/** @returns how long the value had been replaced when the answer was asked for, in milliseconds; -1 when it is right */
function staleFor(history: readonly Entry[], value: Value, answer: Answer): number {
  // The last value that had to be visible; what is before it is the past.
  let settled = 0;
  for (let at = 1; at < history.length; at++) if (history[at]!.ackedMs < answer.sentMs) settled = at;
  for (let at = settled; at < history.length; at++) {
    const entry = history[at]!;
    if (entry.startedMs <= answer.receivedMs && entry.value === value) return -1;
  }
  let shown = settled - 1;
  while (shown >= 0 && history[shown]!.value !== value) shown -= 1;
  // Replaced by the first later change that is known to have happened. A value that never was is as old as the truth.
  const replaced =
    shown < 0
      ? history[settled]!
      : history.slice(shown + 1, settled + 1).find((entry) => entry.ackedMs < answer.sentMs)!;
  return Number.isFinite(replaced.ackedMs) ? answer.sentMs - replaced.ackedMs : 0;
}
