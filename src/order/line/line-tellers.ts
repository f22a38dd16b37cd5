import type { Teller } from './line-exchange.ts';

/** A process that has told nothing for so long is gone, or stands still; then the next one lets people in. */
const GONE_AFTER_MS = 5_000;
/** Whoever told longer ago may have been taken for gone. Shorter than that, so that there are never two. */
const FRESH_MS = 4_000;

/**
 * Which of the processes in front of one kitchen lets people in: of those that live the oldest, by its id. A place is let in for all of them
 * together, so one is enough; two that did it at the same moment would each let in the whole room.
 */
export class LineTellers {
  readonly #own: string;
  /** Whoever told anything while this line lives, also those that are gone: after a flush they come back with what they counted before. */
  readonly #others = new Map<string, Teller & { readonly seenAtMs: number }>();
  /** When this process told what it heard the answer of. */
  #toldAtMs: number | undefined;
  #isHeard = false;
  #isOldest = true;
  #living = 1;

  constructor(own: string) {
    this.#own = own;
  }

  /**
   * @param toldAtMs before this process told what was heard
   * @returns how many with a place the others have served since they were heard last
   */
  hear(tellers: ReadonlyMap<string, Teller>, toldAtMs: number, nowMs: number): number {
    let came = 0;
    for (const [teller, told] of tellers) {
      if (teller === this.#own) continue;
      const known = this.#others.get(teller);
      // What was before this process began it knows nothing of.
      if (known || this.#toldAtMs !== undefined) came += Math.max(0, told.came - (known?.came ?? 0));
      if (known?.turn !== told.turn) this.#others.set(teller, { ...told, seenAtMs: nowMs });
    }
    const living = [...this.#others].filter(([, { seenAtMs }]) => nowMs - seenAtMs <= GONE_AFTER_MS);
    this.#living = 1 + living.length;
    this.#isOldest = living.every(([teller]) => teller > this.#own);
    this.#toldAtMs = toldAtMs;
    this.#isHeard = true;
    return came;
  }

  notHeard(): void {
    this.#isHeard = false;
  }

  /**
   * How much of a room this process may let in: all of it, nothing where another one does, and where nobody has been heard for long its part, as
   * all of them look at the same room. One answer that comes too late is no silence: the other process was heard, and lets the room in.
   */
  partOf(room: number, nowMs: number): number {
    const isFresh = this.#toldAtMs !== undefined && nowMs - this.#toldAtMs <= FRESH_MS;
    if (isFresh) return this.#isOldest ? room : 0;
    return this.#isHeard ? 0 : Math.min(room, Math.max(1, Math.floor(room / this.#living)));
  }
}
