/** Work that is done soon after it was asked for, and by nobody if this process is killed before. */
export interface Coalesced {
  /** Asks for it; whoever asks while it runs has it run once more. */
  ask(): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

/** One run at a time. What a run fails with is left to whoever repeats the work later: a job that finds it undone. */
export function createCoalesced(work: () => Promise<unknown>): Coalesced {
  let again = false;
  let running: Promise<void> | undefined;
  async function run(): Promise<void> {
    while (again) {
      again = false;
      await work().catch(() => {});
    }
    running = undefined;
  }
  return {
    ask() {
      again = true;
      running ??= run();
    },
    idle: async () => running,
  };
}
