import type { ProblemType } from '../contract/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { isDatabaseAway } from '../platform/http/to-problem.ts';
import type { Candidate } from './candidate.ts';
import type { Decision } from './decide.ts';
import type { TakeOrders } from './take-orders.ts';

/** Takes one order and answers when it is on disk, or says why not. */
export interface Intake {
  /** @throws Problem `busy` at once when the waiting room is full, `unavailable` when the database stayed away */
  take(order: Candidate): Promise<Decision>;
  /** Resolves when everything that was let in has been answered. */
  drain(): Promise<void>;
}

export interface IntakeBounds {
  /** Orders of one transaction. */
  readonly groupMax: number;
  /** Orders that wait for their group. */
  readonly waitingMax: number;
  /** Groups under way at once. */
  readonly groupsMax: number;
  /** How long the first of a group has patience with an absent database, counted from when it was let in. */
  readonly retryForMs: number;
}

export interface IntakeObserver {
  group(size: number, waitedMs: number, tookMs: number): void;
  refused(reason: ProblemType): void;
}

interface Waiter {
  readonly order: Candidate;
  readonly sinceMs: number;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (error: unknown) => void;
}

const RETRY_PAUSE_MS = 50;
const RETRY_AFTER_S = 1;

/**
 * While one group commits, the next gathers: no timer, so that an idle shop's order waits for nothing, and a crowd
 * makes the groups larger, not the queue longer. `groupMax: 1` is the textbook, one transaction an order.
 */
export function createIntake(takeOrders: TakeOrders, bounds: IntakeBounds, observer?: IntakeObserver): Intake {
  let waiting: Waiter[] = [];
  let underway = 0;
  let idle: (() => void) | undefined;

  function next(): void {
    while (underway < bounds.groupsMax && waiting.length > 0) {
      const group = waiting.slice(0, bounds.groupMax);
      waiting = waiting.slice(bounds.groupMax);
      underway += 1;
      void run(group).finally(() => {
        underway -= 1;
        next();
        if (underway === 0 && waiting.length === 0) idle?.();
      });
    }
  }

  async function run(group: readonly Waiter[]): Promise<void> {
    const startedMs = performance.now();
    try {
      await settle(group);
    } finally {
      observer?.group(group.length, startedMs - group[0]!.sinceMs, performance.now() - startedMs);
    }
  }

  /** Answers every waiter of the group; a group that fails for one bad order is split until that one stands alone. */
  async function settle(group: readonly Waiter[]): Promise<void> {
    let decisions: readonly Decision[];
    try {
      decisions = await takeWithPatience(group);
    } catch (error) {
      const isAway = error instanceof Problem && error.type === 'unavailable';
      if (group.length === 1 || isAway) {
        for (const waiter of group) {
          if (isAway) observer?.refused(error.type);
          waiter.reject(error);
        }
        return;
      }
      const half = group.length >> 1;
      await settle(group.slice(0, half));
      await settle(group.slice(half));
      return;
    }
    for (const [index, waiter] of group.entries()) {
      const decision = decisions[index]!;
      if (decision.kind === 'refused') observer?.refused(decision.problem.type);
      waiter.resolve(decision);
    }
  }

  /**
   * Tries again while the database is away, at least once. An order that a lost commit did write comes back as a
   * replay, and that is what its guest is told: it exists, once.
   */
  async function takeWithPatience(group: readonly Waiter[]): Promise<readonly Decision[]> {
    const orders = group.map((waiter) => waiter.order);
    // Not from now: a queue in front of an absent database would otherwise wait this long for each of its groups.
    const giveUpAtMs = group[0]!.sinceMs + bounds.retryForMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return await takeOrders(orders);
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        if (tries > 1 && performance.now() >= giveUpAtMs) {
          throw new Problem('unavailable', { retryAfterS: 2, cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }

  return {
    take(order) {
      if (waiting.length >= bounds.waitingMax) {
        observer?.refused('busy');
        return Promise.reject(new Problem('busy', { retryAfterS: RETRY_AFTER_S }));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ order, sinceMs: performance.now(), resolve, reject });
        next();
      });
    },
    drain: () =>
      underway === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle = resolve;
          }),
  };
}
