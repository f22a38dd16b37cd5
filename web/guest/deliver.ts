import type { OrderView } from '../../src/contract/order.ts';
import { ApiProblem } from '../shared/problem.ts';
import { backoffMs } from '../shared/retry.ts';
import type { CartLine } from './cart.ts';

/** An order on its way. Kept on the phone before it is first sent, so that neither a reload nor a dead battery asks twice. */
export interface Pending {
  /** UUIDv7, the `Idempotency-Key`; becomes the order's id. */
  key: string;
  /** The very bytes that are sent, each time. */
  body: string;
  /** What of the cart is in it. */
  lines: CartLine[];
  /** Milliseconds since 1970. */
  madeAtMs: number;
}

export type Outcome =
  | { kind: 'taken'; order: OrderView }
  | { kind: 'refused'; problem: ApiProblem }
  /** No answer, and we stopped asking: it may or may not have been taken. Sending the same again finds out. */
  | { kind: 'unknown' };

export interface Courier {
  /** Sends once. @throws ApiProblem */
  post(pending: Pending): Promise<OrderView>;
  /** Waits. @returns false when the guest wants to stop */
  wait(ms: number): Promise<boolean>;
  /** Told before each wait. */
  onRetry(attempt: number, waitMs: number, problem: ApiProblem): void;
}

/** About four minutes of trying. After that a guest has walked to the counter, and should be asked before it goes on. */
export const ATTEMPTS_MAX = 20;

/** Sends the same key and the same bytes until somebody answers yes or no. */
export async function deliver(pending: Pending, courier: Courier, random = Math.random): Promise<Outcome> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    try {
      return { kind: 'taken', order: await courier.post(pending) };
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable) return { kind: 'refused', problem };
      const waitMs = backoffMs(attempt, problem.retryAfterMs, random);
      courier.onRetry(attempt, waitMs, problem);
      if (!(await courier.wait(waitMs))) break;
    }
  }
  return { kind: 'unknown' };
}
