/** Work that is ready and that this turn of the event loop had no time for. */
export interface Backlog<T> {
  /** Whether this turn has time left for one more. */
  readonly hasTime: boolean;
  /** So many milliseconds of this turn went into work of this kind, whether it came from the backlog or not. */
  spend(tookMs: number): void;
  /** For a later turn; @param sinceMs when it began to wait */
  push(item: T, sinceMs: number): void;
  /** The turn has been long enough to be one more. */
  endTurn(): void;
  close(): void;
}

export interface BacklogOptions<T> {
  readonly now: () => number;
  /** How much of one turn such work may take, in milliseconds; what else is ready is waiting for its turn. */
  readonly turnMs: () => number;
  /** What has waited for longer is no use any more, in milliseconds. */
  readonly waitMaxMs: number;
  readonly serve: (item: T) => void;
  /** Called once for each item that waited too long, instead of `serve`. */
  readonly expire: (item: T) => void;
}

/** So many that are gone from the front are forgotten at once. */
const FORGOTTEN_MIN = 1_024;

/**
 * The newest first, what is too old not at all: adaptive LIFO (Maurer, "Fail at Scale", ACM Queue 2015). In a flood those who are
 * served are served in time, where first come first served would make everybody late; after a hiccup everybody is served.
 */
export function createBacklog<T>({ now, turnMs, waitMaxMs, serve, expire }: BacklogOptions<T>): Backlog<T> {
  let waiting: { item: T; sinceMs: number }[] = [];
  let first = 0;
  let spentMs = 0;
  let atEnd: NodeJS.Immediate | undefined;

  function endTurn(): void {
    clearImmediate(atEnd);
    atEnd = undefined;
    const oldestMs = now() - waitMaxMs;
    for (; first < waiting.length && waiting[first]!.sinceMs < oldestMs; first += 1) expire(waiting[first]!.item);
    if (first > FORGOTTEN_MIN) {
      waiting = waiting.slice(first);
      first = 0;
    }
    while (spentMs < turnMs() && waiting.length > first) serve(waiting.pop()!.item);
    spentMs = 0;
    if (waiting.length > first) endLater();
  }

  function endLater(): void {
    atEnd ??= setImmediate(endTurn);
  }

  return {
    get hasTime() {
      return spentMs < turnMs();
    },
    spend(tookMs) {
      spentMs += tookMs;
      endLater();
    },
    push(item, sinceMs) {
      waiting.push({ item, sinceMs });
      endLater();
    },
    endTurn,
    close() {
      clearImmediate(atEnd);
      atEnd = undefined;
      waiting = [];
      first = 0;
    },
  };
}
