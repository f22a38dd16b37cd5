/** When a worker pool looks for jobs. */
export interface LookTimes {
  /** Somebody says that there is one. */
  soon(): void;
  began(): void;
  /** It was answered. */
  ended(): void;
  /** When that was last, by `nowMs`. */
  readonly lookedAtMs: number;
  /** In how many milliseconds the next is due; 0: now. */
  dueInMs(): number;
}

/**
 * After a look for jobs the next rests for so long: at most fifty a second, however many orders come. Shorter, and each order costs a look of its own;
 * longer, and with what the jobs of a kind gather for (`gatherMinMs`) a ticket beside a crowd takes more than its promised 50 ms. Whoever comes after that is taken at once.
 */
const REST_MS = 20;

/**
 * Whoever is told of jobs a hundred times a second takes those of several at once, which nobody notices who is told now and then. That jobs have
 * ended is no reason to look: it makes none.
 * @param pollMs how often it looks when nobody says anything
 */
export function createLookTimes(pollMs: number, nowMs: () => number = () => performance.now()): LookTimes {
  let lookedAtMs = nowMs();
  let isTold = false;
  let dueAtMs = lookedAtMs;
  const soon = (): void => {
    isTold = true;
    dueAtMs = Math.min(dueAtMs, lookedAtMs + REST_MS);
  };
  return {
    get lookedAtMs() {
      return lookedAtMs;
    },
    soon,
    began() {
      isTold = false;
    },
    ended() {
      lookedAtMs = nowMs();
      dueAtMs = lookedAtMs + pollMs;
      // What was told meanwhile may have come too late for it.
      if (isTold) soon();
    },
    dueInMs: () => Math.max(0, dueAtMs - nowMs()),
  };
}
