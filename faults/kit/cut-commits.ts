import type { Line, TcpProxy } from './proxy.ts';

/**
 * Where a connection is cut: the database never hears of the COMMIT nor of what came along with it; it does all but the COMMIT, and that is
 * heard; or it has done the COMMIT and is not heard.
 */
export type Cut = 'before-commit' | 'at-commit' | 'after-commit';

/** Cuts connections to Postgres in the middle of a COMMIT. */
export interface CommitCutter {
  /** Through the proxy. */
  readonly url: string;
  /** The next so many transactions in which `statement` was run lose their connection. */
  arm(cut: Cut, statement: string, times?: number): void;
  readonly cuts: number;
}

/** The word as it stands in both the question and the answer of Postgres' protocol. */
const COMMIT = 'COMMIT\0';
/** A question in Postgres' protocol begins with its kind and its length. */
const HEAD_BYTES = 5;
/** Long enough for who has heard that all was written to say so to its guest. */
const HELD_MS = 30;
/** When nothing more is heard. */
const HELD_MAX_MS = 1_000;

/** @param proxy stands before a Postgres */
export function cutCommits(proxy: TcpProxy): CommitCutter {
  let armed: { cut: Cut; statement: string; times: number } | undefined;
  let cuts = 0;
  const ran = new WeakSet<Line>();
  const doomed = new WeakSet<Line>();
  /** Those whose COMMIT is held back, and when they are cut. */
  const held = new WeakMap<Line, NodeJS.Timeout>();
  const cut = (line: Line) => {
    cuts += 1;
    line.reset();
  };
  proxy.rules.add({
    fromClient(bytes, line) {
      if (doomed.has(line)) return 'pass';
      if (held.has(line)) return 'swallow';
      if (armed && bytes.includes(armed.statement)) ran.add(line);
      if (!bytes.includes(COMMIT)) return 'pass';
      if (!ran.delete(line) || !armed || armed.times === 0) return 'pass';
      armed.times -= 1;
      if (armed.cut === 'after-commit') {
        doomed.add(line);
        return 'pass';
      }
      if (armed.cut === 'at-commit') {
        held.set(line, setTimeout(cut, HELD_MAX_MS, line));
        return bytes.subarray(0, bytes.indexOf(COMMIT) - HEAD_BYTES);
      }
      cuts += 1;
      return 'cut';
    },
    fromService(bytes, line) {
      if (held.has(line)) {
        clearTimeout(held.get(line));
        held.set(line, setTimeout(cut, HELD_MS, line));
        return 'pass';
      }
      if (!doomed.has(line)) return 'pass';
      if (!bytes.includes(COMMIT)) return 'swallow';
      cuts += 1;
      return 'cut';
    },
  });
  return {
    url: proxy.url,
    arm: (cut, statement, times = 1) => {
      armed = { cut, statement, times };
    },
    get cuts() {
      return cuts;
    },
  };
}
