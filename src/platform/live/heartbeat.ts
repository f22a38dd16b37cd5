/** A connection that only listens looks the same when nothing happens and when nothing gets through any more. */
export interface Heartbeat {
  /** Something came on this line, whatever it was. */
  heard(line: string): void;
  stop(): void;
}

export interface HeartbeatBounds {
  readonly tickMs: number;
  /** Ticks of silence after which something is said, to be heard again. */
  readonly askAfter: number;
  /** Ticks of silence after which the line is believed dead. */
  readonly lostAfter: number;
}

/**
 * Watches lines on which processes hear each other. A line that was silent for a while is spoken on by whoever notices first, for
 * everybody; who then still hears nothing has lost it. Silence is counted in ticks and not in time, so that a process that
 * stood still itself blames nobody for what it could not hear meanwhile.
 * @param ask says something that comes back on the line; where it cannot be said, the silence says nothing about the line
 * @param lost called again after as many ticks while it stays silent
 */
export function startHeartbeat(
  lines: readonly string[],
  { tickMs, askAfter, lostAfter }: HeartbeatBounds,
  ask: (line: string) => Promise<unknown>,
  lost: () => void,
): Heartbeat {
  const silent = new Map(lines.map((line) => [line, 0]));
  const timer = setInterval(() => {
    for (const [line, ticks] of silent) {
      silent.set(line, ticks + 1);
      if (ticks + 1 === askAfter) ask(line).catch(() => silent.set(line, 0));
    }
    if (Math.max(...silent.values()) < lostAfter) return;
    for (const line of lines) silent.set(line, 0);
    lost();
  }, tickMs);
  return {
    heard: (line) => void silent.set(line, 0),
    stop: () => clearInterval(timer),
  };
}
