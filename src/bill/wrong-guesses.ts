/** How often somebody may be wrong. */
export interface GuessBounds {
  readonly max: number;
  /** After so long without another wrong guess all are forgotten. */
  readonly forgetMs: number;
}

/** More keys than are guessed at within minutes; the longest quiet ones are forgotten. */
const KEYS_MAX = 10_000;

/** Counts wrong guesses by key, in this process. */
export function createGuesses({ max, forgetMs }: GuessBounds, nowMs: () => number) {
  const wrong = new Map<string, { times: number; atMs: number }>();
  const timesOf = (key: string): number => {
    const known = wrong.get(key);
    return known && nowMs() - known.atMs < forgetMs ? known.times : 0;
  };
  return {
    /** Whether another guess would be one too many. */
    isOver: (key: string): boolean => timesOf(key) >= max,
    wasWrong(key: string): void {
      const times = timesOf(key) + 1;
      wrong.delete(key);
      wrong.set(key, { times, atMs: nowMs() });
      if (wrong.size > KEYS_MAX) wrong.delete(wrong.keys().next().value!);
    },
  };
}
