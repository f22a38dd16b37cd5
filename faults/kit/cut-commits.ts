import type { Line, TcpProxy } from './proxy.ts';

/** Where a connection is cut: the database never hears of the COMMIT, or has done it and is not heard. */
export type Cut = 'before-commit' | 'after-commit';

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

/** @param proxy stands before a Postgres */
export function cutCommits(proxy: TcpProxy): CommitCutter {
  let armed: { cut: Cut; statement: string; times: number } | undefined;
  let cuts = 0;
  const ran = new WeakSet<Line>();
  const doomed = new WeakSet<Line>();
  proxy.rules.add({
    fromClient(bytes, line) {
      if (doomed.has(line)) return 'pass';
      if (armed && bytes.includes(armed.statement)) ran.add(line);
      if (!bytes.includes(COMMIT)) return 'pass';
      if (!ran.delete(line) || !armed || armed.times === 0) return 'pass';
      armed.times -= 1;
      if (armed.cut === 'after-commit') {
        doomed.add(line);
        return 'pass';
      }
      cuts += 1;
      return 'cut';
    },
    fromService(bytes, line) {
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
