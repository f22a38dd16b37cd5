/** What happened since it was last said. */
type Say = (times: number) => void;

/**
 * For the log: what may happen thousands of times a second is said when it first happens and then at most once in `everyMs`,
 * with how often it happened meanwhile.
 */
export function throttleLog(everyMs: number, now: () => number = () => performance.now()): (say: Say) => void {
  let saidMs = Number.NEGATIVE_INFINITY;
  let times = 0;
  return (say) => {
    times += 1;
    if (now() - saidMs < everyMs) return;
    saidMs = now();
    say(times);
    times = 0;
  };
}
