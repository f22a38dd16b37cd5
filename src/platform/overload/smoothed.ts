/**
 * A value that jumps, as its mean over the time that has just passed, the newest counting most: two thirds of the weight have the last `memoryMs`.
 * @returns to be called with the value as it is, as often as there is a chance, and for what it has been
 */
export function createSmoothed(memoryMs: number, now: () => number): (present: number) => number {
  let mean = 0;
  let atMs = now();
  return (present) => {
    const nowMs = now();
    mean = present + (mean - present) * Math.exp((atMs - nowMs) / memoryMs);
    atMs = nowMs;
    return mean;
  };
}
