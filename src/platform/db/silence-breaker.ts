export interface SilenceBounds {
  /** Silence is counted in these, so that a process that stood still itself blames nobody for what it could not hear. */
  readonly tickMs: number;
  /** So many without a word, while something is asked, and the database is taken for gone. More than a statement may take. */
  readonly ticksMax: number;
}

/** What whoever asks hears while the database says nothing: of one that is away, and also that waiting longer helps nobody. */
export class DatabaseSilent extends Error {
  constructor() {
    super('Connection terminated: the database says nothing.');
  }
}

/** Told of each question to one database, by whatever connection. */
export interface SilenceBreaker {
  /** @throws DatabaseSilent while the database says nothing */
  check(): void;
  /**
   * Settles as the answer does, which counts as a word of the database, also an error with a code, its own or the network's; rejects when
   * it says nothing for too long, with DatabaseSilent.
   */
  ask<T>(answer: Promise<T>): Promise<T>;
  /** Like `ask`, for what is no question to the database: a place among its connections. */
  wait<T>(turn: Promise<T>): Promise<T>;
  /** @param closeAtOnce called when the database says nothing any more: connections in use are worth nothing */
  onSilence(closeAtOnce: () => void): void;
  close(): void;
}

/**
 * A circuit breaker (M. Nygard, Release It!) that opens by silence. A time-out of each statement adds up: whoever waits for a connection
 * behind one that hangs, and then hangs as well, hears after twice as long, and so on. Here all who wait hear together, as soon as the
 * database has said nothing to anybody for so long, and whoever comes later hears at once, until it answers a probe. A database that refuses or
 * fails says something, and opens nothing.
 * @param probe asks the database something over a connection of its own, within a bound of its own
 */
export function createSilenceBreaker(
  { tickMs, ticksMax }: SilenceBounds,
  probe: () => Promise<unknown>,
  log: { warn(details: object): void; info(details: object): void },
): SilenceBreaker {
  const waiting = new Set<(error: Error) => void>();
  const hangUps: (() => void)[] = [];
  let asked = 0;
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;
  let silent: DatabaseSilent | undefined;
  let closed = false;

  function tick(): void {
    ticks += 1;
    if (ticks < ticksMax || silent) return;
    silent = new DatabaseSilent();
    log.warn({ message: 'The database says nothing; what needs it is refused until it does.' });
    for (const reject of waiting) reject(silent);
    for (const closeAtOnce of hangUps) closeAtOnce();
    void untilItAnswers();
  }

  async function untilItAnswers(): Promise<void> {
    while (!closed) {
      try {
        await probe();
        silent = undefined;
        ticks = 0;
        log.info({ message: 'The database answers again.' });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, tickMs).unref());
      }
    }
  }

  function orSilence<T>(turn: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      turn.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  return {
    check() {
      if (silent) throw silent;
    },
    wait: orSilence,
    ask(answer) {
      if (asked === 0) {
        ticks = 0;
        timer = setInterval(tick, tickMs).unref();
      }
      asked += 1;
      const over = (isWord: boolean) => {
        if (isWord) ticks = 0;
        asked -= 1;
        if (asked === 0) clearInterval(timer);
      };
      answer.then(
        () => over(true),
        // That somebody here gave up waiting says nothing about the database.
        (error: { code?: unknown }) => over(typeof error.code === 'string'),
      );
      return orSilence(answer);
    },
    onSilence: (closeAtOnce) => void hangUps.push(closeAtOnce),
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
