/** One line for each run, rewritten in place on a terminal; elsewhere one line when it begins and one when it ends. */
export interface Progress {
  /** What is being done now. */
  now(what: string): void;
  /** The run is over; the line stays. */
  done(what: string): void;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createProgress(title: string, out: NodeJS.WriteStream = process.stderr): Progress {
  let shown = '';
  return {
    now(what) {
      if (out.isTTY) {
        const line = `${title}  ${what}`.slice(0, (out.columns || 80) - 1);
        if (line !== shown) out.write(CLEAR_LINE + line);
        shown = line;
      } else if (shown === '') {
        shown = title;
        out.write(`${title}  ${what}…\n`);
      }
    },
    done(what) {
      out.write(`${out.isTTY ? CLEAR_LINE : ''}${title}  ${what}\n`);
    },
  };
}
