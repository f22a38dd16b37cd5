/** When people who wait are told to ask again. */
export interface PollTimes {
  /** @param waiting people in all lines that this process knows of */
  afterMs(etaSeconds: number, waiting: number): number;
  /** So long it took to say. */
  cost(tookMs: number): void;
}

const SOONEST_MS = 1_000;
/** Whoever looks at a page that says nothing new for longer thinks that it hangs; more only where they are too many. */
const SELDOM_MS = 15_000;
/** The page counts down meanwhile. */
const LATEST_MS = 600_000;
/** To either side, so that those who came together do not ask together. */
const JITTER = 0.15;
/** Reading the request and writing the answer cost several times what it takes to know it; measured over HTTP by the bench `line-cost`. */
const WHOLE_COST = 40;
const COST_FIRST_MS = 0.01;
const NEWEST = 0.01;

/**
 * Whoever's turn comes soon asks when it comes, so each who is let in costs an answer or two. All others ask so seldom that their
 * asking stays within a share of the process' time, however many they are: their number × what an answer costs here ÷ the share.
 */
export function createPollTimes({
  share,
  random,
}: {
  readonly share: number;
  readonly random: () => number;
}): PollTimes {
  let costMs = COST_FIRST_MS;
  return {
    afterMs(etaSeconds, waiting) {
      const seldomMs = Math.max(SELDOM_MS, (waiting * costMs * WHOLE_COST) / share);
      const wantedMs = Math.min(LATEST_MS, Math.max(SOONEST_MS, Math.min(etaSeconds * 1000, seldomMs)));
      return Math.round(wantedMs * (1 - JITTER + 2 * JITTER * random()));
    },
    cost(tookMs) {
      // A collection of garbage in between is not the answer's.
      costMs += NEWEST * (Math.min(tookMs, 10 * costMs) - costMs);
    },
  };
}
