/** Work that is ready and that this turn of the event loop had no time for. */
export interface Backlog<T> {
  /** Whether this turn has time left for one more. */
  readonly hasTime: boolean;
  /** How long one that came now would wait if the turns go on as they did, in milliseconds; 0 while nobody waits. */
  readonly expectedMs: number;
  /** So many milliseconds of this turn went into work of this kind, whether it came from the backlog or not. */
  spend(tookMs: number): void;
  /** For a later turn; @param sinceMs when it began to wait */
  push(item: T, sinceMs: number): void;
  /** Serves all who wait; from then on there is time for everybody. */
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
  readonly first: 'newest' | 'oldest';
}

/** So many that are gone from the front are forgotten at once. */
const FORGOTTEN_MIN = 1_024;

/** How much of what a turn shows is believed. */
const LEARN = 0.2;

/**
 * What is cheap and asked for by many: the newest first, what is too old not at all. That is adaptive LIFO (Maurer, "Fail at Scale", ACM Queue 2015). In a flood those who are
 * served are served in time, where first come first served would make everybody late; after a hiccup everybody is served. What is bounded by
 * refusing those who come, such as orders: the oldest first.
 */
export function createBacklog<T>({
  now,
  turnMs,
  waitMaxMs,
  serve,
  expire,
  first: order,
}: BacklogOptions<T>): Backlog<T> {
  let waiting: { item: T; sinceMs: number }[] = [];
  let first = 0;
  let spentMs = 0;
  let done = 0;
  /** How many a turn takes and how long it is, as far as the last turns show in which some had to wait. */
  let perTurn = 1;
  let turnTookMs = 0;
  let endedMs = now();
  let isClosed = false;
  let atEnd: NodeJS.Immediate | undefined;

  function endTurn(): void {
    atEnd = undefined;
    const oldestMs = now() - waitMaxMs;
    for (; first < waiting.length && waiting[first]!.sinceMs < oldestMs; first += 1) expire(waiting[first]!.item);
    if (first > FORGOTTEN_MIN) {
      waiting = waiting.slice(first);
      first = 0;
    }
    while (spentMs < turnMs() && waiting.length > first) {
      if (order === 'newest') serve(waiting.pop()!.item);
      else {
        first += 1;
        serve(waiting[first - 1]!.item);
      }
    }
    const nowMs = now();
    if (waiting.length > first) {
      perTurn += LEARN * (done - perTurn);
      turnTookMs += LEARN * (nowMs - endedMs - turnTookMs);
      endLater();
    }
    endedMs = nowMs;
    spentMs = 0;
    done = 0;
  }

  function endLater(): void {
    atEnd ??= setImmediate(endTurn);
  }

  return {
    get hasTime() {
      return isClosed || spentMs < turnMs();
    },
    get expectedMs() {
      return ((waiting.length - first) / Math.max(1, perTurn)) * turnTookMs;
    },
    spend(tookMs) {
      spentMs += tookMs;
      done += 1;
      endLater();
    },
    push(item, sinceMs) {
      waiting.push({ item, sinceMs });
      endLater();
    },
    close() {
      clearImmediate(atEnd);
      isClosed = true;
      for (const { item } of waiting.splice(0).slice(first)) serve(item);
      first = 0;
    },
  };
}
