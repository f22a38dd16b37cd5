import { SingleBar } from 'cli-progress';

/** Shows how far a long run has come. */
export interface ProgressLine {
  add(count: number): void;
  stop(): void;
}

/** Often enough to see that it lives, seldom enough for a log. */
const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, a plain line every few seconds elsewhere. */
export function showProgress(total: number, what: string): ProgressLine {
  return process.stderr.isTTY ? showBar(total, what) : showLines(total, what);
}

function showBar(total: number, what: string): ProgressLine {
  const startedMs = Date.now();
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % | {value} of {total} | {rate}/s | {eta_formatted} left`,
    hideCursor: true,
    etaBuffer: 50,
  });
  let done = 0;
  bar.start(total, 0, { rate: 0 });
  return {
    add(count) {
      done += count;
      bar.update(done, { rate: rateOf(done, startedMs).toLocaleString('en') });
    },
    stop: () => bar.stop(),
  };
}

function showLines(total: number, what: string): ProgressLine {
  const startedMs = Date.now();
  let done = 0;
  const show = () => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const rate = rateOf(done, startedMs).toLocaleString('en');
    process.stderr.write(
      `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} (${percent} %), ${rate}/s\n`,
    );
  };
  const timer = setInterval(show, LINE_EVERY_MS);
  timer.unref();
  return {
    add(count) {
      done += count;
    },
    stop() {
      clearInterval(timer);
      show();
    },
  };
}

const rateOf = (done: number, startedMs: number): number =>
  Math.round((1000 * done) / Math.max(1, Date.now() - startedMs));
