/** Lets one loop sleep until the earliest of the moments that others ask for. */
export interface Alarm {
  /** Asks for the loop to be awake in at most `ms`; what was asked for earlier stays. */
  within(ms: number): void;
  /** Sleeps until then, and forgets it. A moment that came while the loop was awake is not lost. */
  sleep(): Promise<void>;
}

export function createAlarm(): Alarm {
  let atMs = Number.POSITIVE_INFINITY;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    timer = wake && setTimeout(ring, Math.max(0, atMs - performance.now()));
  }
  function ring(): void {
    clearTimeout(timer);
    atMs = Number.POSITIVE_INFINITY;
    wake?.();
    wake = undefined;
  }
  return {
    within(ms) {
      const wantedMs = performance.now() + ms;
      if (wantedMs >= atMs) return;
      atMs = wantedMs;
      if (wake) arm();
    },
    sleep: () =>
      new Promise((resolve) => {
        wake = resolve;
        if (atMs <= performance.now()) ring();
        else arm();
      }),
  };
}
