import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createRandom } from '../model/random.ts';
import { movableClock } from '../support/movable-clock.ts';

/** Timers, the monotonic clock and chance, which go on when the simulation says so and no sooner. */
export interface VirtualTime {
  /** Since it began, in milliseconds. */
  readonly passedMs: number;
  pass(ms: number): Promise<void>;
  restore(): void;
}

/** @param seed of what the product draws by itself, such as the spread of its pauses */
export function startVirtualTime(seed: number): VirtualTime {
  const clock = movableClock({ stands: true });
  const { random } = Math;
  const chosen = createRandom(seed);
  Math.random = () => chosen.between(0, 999_999) / 1_000_000;
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  // Also for those who imported them by name.
  syncBuiltinESMExports();
  let passedMs = 0;
  return {
    get passedMs() {
      return passedMs;
    },
    async pass(ms) {
      passedMs += ms;
      clock.pass(ms);
      mock.timers.tick(ms);
      await timersSettled();
    },
    restore() {
      mock.timers.reset();
      syncBuiltinESMExports();
      Math.random = random;
      clock.restore();
    },
  };
}

/** Everything that can go on by itself has gone on. */
export const settled = (): Promise<void> => setImmediate();

/** Before it calls a database silent the product waits for two more turns. */
async function timersSettled(): Promise<void> {
  for (let turns = 0; turns < 4; turns += 1) await settled();
}
