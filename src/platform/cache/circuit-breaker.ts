import { DeadlineError, withDeadline } from '../concurrency/deadline.ts';
import { RefusedByTier, type SecondTier } from './second-tier.ts';

/**
 * A healthy answer over a local network takes one to two milliseconds. 50 is slow enough that a pause of the garbage
 * collector is no failure, and quick enough that a reader who then asks the database notices nothing.
 */
export const TIER_ANSWER_WITHIN_MS = 50;
/** One reader in this time tries whether the tier is back; all others do without it. */
export const TIER_TRY_AGAIN_MS = 1_000;

export type TierFailure = 'timeout' | 'unreachable' | 'refused';

export interface BreakerEvents {
  /** One command that was answered. */
  answered(command: string, tookMs: number): void;
  failed(reason: TierFailure): void;
  /** A command that was not even sent, because the tier is known to be away. */
  spared(): void;
}

export interface BreakingTier extends SecondTier {
  /** The tier did not answer lately; commands fail at once, except for one a second. */
  readonly isAway: boolean;
}

/**
 * Bounds what a second tier can cost: a command that is not answered in time fails, and after one that was not answered
 * all others fail at once, until one that is let through is answered. An answer, even a refusal, is a sign of life.
 */
export function withCircuitBreaker(
  tier: SecondTier,
  events: BreakerEvents,
  now: () => number = () => performance.now(),
): BreakingTier {
  let awayUntilMs = 0;

  async function run<T>(command: string, work: () => Promise<T>): Promise<T> {
    const startedMs = now();
    if (awayUntilMs > 0) {
      if (startedMs < awayUntilMs) {
        events.spared();
        throw new Error(`${tier.name} is away.`);
      }
      // This caller tries; whoever comes meanwhile does without.
      awayUntilMs = startedMs + TIER_TRY_AGAIN_MS;
    }
    try {
      const answer = await withDeadline(work(), TIER_ANSWER_WITHIN_MS, `${tier.name} ${command}`);
      awayUntilMs = 0;
      events.answered(command, now() - startedMs);
      return answer;
    } catch (error) {
      if (error instanceof RefusedByTier) {
        awayUntilMs = 0;
        events.failed('refused');
      } else {
        awayUntilMs = now() + TIER_TRY_AGAIN_MS;
        events.failed(
          error instanceof DeadlineError || /timed out/i.test((error as Error).message) ? 'timeout' : 'unreachable',
        );
      }
      throw error;
    }
  }

  return {
    name: tier.name,
    get isAway() {
      return awayUntilMs > now();
    },
    get: (key) => run('get', () => tier.get(key)),
    set: (key, value, lifetimeMs) => run('set', () => tier.set(key, value, lifetimeMs)),
    add: (key, value, lifetimeMs) => run('add', () => tier.add(key, value, lifetimeMs)),
    delete: (key) => run('delete', () => tier.delete(key)),
    deleteIf: (key, value) => run('delete', () => tier.deleteIf(key, value)),
    clear: (prefix) => run('clear', () => tier.clear(prefix)),
    close: () => tier.close(),
  };
}
