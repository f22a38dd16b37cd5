import type { LineView } from '../../../src/contract/line.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { backoffMs } from '../../shared/server/retry.ts';

export interface LineWatcher {
  /** Asks how far this place is. @throws ApiProblem */
  look(place: string): Promise<LineView>;
  /** Waits. @returns false when the guest wants to stop */
  wait(ms: number): Promise<boolean>;
  /** Told before each wait. */
  onLook(seen: LineView): void;
}

/**
 * Waits in the virtual line, asking as seldom as the server says. A network that is away for a while changes nothing: the place is
 * a signed moment, and nobody takes it.
 * @returns `admitted`: the order may be sent; `lost`: the server knows no such place, so the order is sent without; `stopped`: by the guest
 */
export async function waitInLine(
  place: string,
  watcher: LineWatcher,
  random = Math.random,
): Promise<'admitted' | 'lost' | 'stopped'> {
  for (let failures = 0; ; ) {
    let waitMs: number;
    try {
      const seen = await watcher.look(place);
      if (seen.admitted) return 'admitted';
      failures = 0;
      watcher.onLook(seen);
      waitMs = seen.pollAfterMs;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable) return 'lost';
      failures += 1;
      waitMs = backoffMs(failures, problem.retryAfterMs, random);
    }
    if (!(await watcher.wait(waitMs))) return 'stopped';
  }
}
