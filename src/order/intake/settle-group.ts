import { isDatabaseAway } from '../../platform/db/away.ts';
import { DatabaseSilent } from '../../platform/db/silence-breaker.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Candidate } from '../candidate.ts';
import type { Decision } from '../decide.ts';
import type { Outcome } from '../take-orders.ts';
import type { Waiting } from './waiting-room.ts';

/** An order inside the intake, from when it was let in until it is answered. */
export interface Waiter extends Waiting {
  readonly order: Candidate;
  readonly arrivedMs: number;
  /** True once a transaction with it failed in a way that leaves open whether it was committed. */
  inDoubt: boolean;
  resolve(decision: Decision): void;
  /** Counts a Problem as a refusal, once: whoever was answered already is not answered again. */
  reject(error: unknown): void;
}

interface Patience {
  readonly nowMs: () => number;
  /** How long an order is tried again while the database is away, from when it arrived. */
  readonly patienceMs: number;
  /** When to come again whom the database kept waiting in vain. */
  readonly comeAgainS: () => number;
}

/** What became of an order. */
export interface Decided {
  readonly waiter: Waiter;
  readonly decision: Decision;
}

const RETRY_PAUSE_MS = 50;

/**
 * Answers every waiter of a group but those whose store's row is held by others. A group that fails for one bad order is
 * split until that one stands alone. While the database is away it is tried again, for each as long as their patience
 * lasts; while it is known to say nothing, nobody waits for it. An order that a lost commit did write comes back as a replay, and that
 * is what its guest is told: it exists, once.
 * @param answer told of those that were decided, once of each
 * @returns who was not decided, because their store's row is held
 */
export async function settleGroup(
  group: readonly Waiter[],
  take: (orders: readonly Candidate[]) => Promise<readonly Outcome[]>,
  patience: Patience,
  answer: (decided: readonly Decided[]) => void,
): Promise<Waiter[]> {
  for (let waiters = group; waiters.length > 0; ) {
    let outcomes: readonly Outcome[];
    try {
      outcomes = await take(waiters.map((waiter) => waiter.order));
    } catch (error) {
      if (isDatabaseAway(error)) {
        waiters = stillPatient(waiters, error, patience);
        if (waiters.length > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
        continue;
      }
      if (waiters.length === 1) {
        waiters[0]!.reject(error);
        return [];
      }
      const half = waiters.length >> 1;
      return [
        ...(await settleGroup(waiters.slice(0, half), take, patience, answer)),
        ...(await settleGroup(waiters.slice(half), take, patience, answer)),
      ];
    }
    const held: Waiter[] = [];
    const decided: Decided[] = [];
    for (const [index, waiter] of waiters.entries()) {
      const outcome = outcomes[index]!;
      if (outcome.kind === 'held') held.push(waiter);
      else decided.push({ waiter, decision: outcome });
    }
    answer(decided);
    return held;
  }
  return [];
}

function stillPatient(
  waiters: readonly Waiter[],
  error: unknown,
  { nowMs, patienceMs, comeAgainS }: Patience,
): Waiter[] {
  const now = nowMs();
  // One that is started anew refuses meanwhile, and is back within the patience; one that says nothing has been waited for already.
  const isWorthWaiting = !(error instanceof DatabaseSilent);
  return waiters.filter((waiter) => {
    waiter.inDoubt = true;
    // Not from now: a queue in front of an absent database would otherwise wait this long for each of its groups.
    if (isWorthWaiting && waiter.arrivedMs + patienceMs > now) return true;
    waiter.reject(new Problem('unavailable', { retryAfterS: comeAgainS(), cause: error }));
    return false;
  });
}
