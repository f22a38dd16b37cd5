const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ERRORS = ['uncaughtException', 'unhandledRejection'] as const;

/** After an error that nobody foresaw nothing is certain any more, and a supervisor starts another process. */
const FAIL_WITHIN_MS = 5_000;

/**
 * One Ctrl-C reaches a process two or three times: from the terminal, from npm, from its parent. Repeats within this
 * time are the same wish; a later one is that of a person who does not want to wait any longer.
 */
const SAME_WISH_MS = 2_000;

/** Whether whoever started this process holds a channel to it, as `npm start` and `matjip` do, which closes when they are gone. */
const isHeld = process.connected;

/**
 * Waits for a signal, for the end of whoever holds this process, or for an error that nobody caught, then closes everything and ends
 * the process: with exit code 0 after the first two, 1 after an error, or when closing fails, takes longer than `closeWithinMs` (after
 * an error 5 s), or is cut short by a second signal.
 * @param log told of every error
 */
export function untilStopped(
  log: { fatal(details: object, message: string): void },
  close: () => Promise<void>,
  closeWithinMs: number,
): Promise<never> {
  return new Promise(() => {
    let stoppedAtMs: number | undefined;
    let exitCode = 0;
    const fail = (error: unknown, message: string) => {
      const { message: reason, stack } = error instanceof Error ? error : new Error(String(error));
      log.fatal({ reason, stack }, message);
      exitCode = 1;
    };
    const stop = async () => {
      stoppedAtMs = performance.now();
      const withinMs = exitCode === 0 ? closeWithinMs : FAIL_WITHIN_MS;
      setTimeout(() => {
        fail(new Error(`it took longer than ${withinMs / 1_000} s`), 'Not everything could be closed.');
        process.exit(1);
      }, withinMs);
      await close().catch((error) => fail(error, 'Not everything could be closed.'));
      process.exit(exitCode);
    };
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (stoppedAtMs === undefined) void stop();
        else if (performance.now() - stoppedAtMs > SAME_WISH_MS) process.exit(1);
      });
    }
    const left = () => {
      if (stoppedAtMs === undefined) void stop();
    };
    if (isHeld && process.connected) process.once('disconnect', left);
    else if (isHeld) left();
    for (const event of ERRORS) {
      process.on(event, (error: unknown) => {
        fail(error, 'Matjip stops because of an error that nobody caught.');
        if (stoppedAtMs === undefined) void stop();
      });
    }
  });
}
