import type { LinePlace } from '../../../src/contract/line.ts';
import type { OrderView } from '../../../src/contract/order.ts';
import { ApiProblem } from '../../shared/server/problem.ts';
import { backoffMs } from '../../shared/server/retry.ts';
import type { CartLine } from '../cart/cart.ts';
import { type LineWatcher, waitInLine } from './wait-in-line.ts';

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
  /** Its place in the virtual line, once it was given one. */
  place?: string | undefined;
}

export type Outcome =
  | { kind: 'taken'; order: OrderView }
  | { kind: 'refused'; problem: ApiProblem }
  /** No answer, and we stopped asking: it may or may not have been taken. Sending the same again finds out. */
  | { kind: 'unknown' };

export interface Courier extends LineWatcher {
  /** Sends once. @throws ApiProblem */
  post(pending: Pending): Promise<OrderView>;
  /** Keeps the order's place, so that a reload goes on waiting in it; unset: it is good no more. */
  keepPlace(place: string | undefined): void;
  /** Told before each wait. */
  onRetry(attempt: number, waitMs: number, problem: ApiProblem): void;
}

/** About four minutes of trying. After that a guest has walked to the counter, and should be asked before it goes on. */
export const ATTEMPTS_MAX = 20;

/** A place is known to all processes of the server by then. */
const FIRST_LOOK_MS = 1_000;
const BACK_MIN_MS = 2_000;
const BACK_MAX_MS = 10_000;

/** The place in the virtual line that a refusal carries. */
function placeIn({ body }: ApiProblem): LinePlace | undefined {
  const place = body.place as LinePlace | undefined;
  return typeof place?.token === 'string' ? place : undefined;
}

/** Sends the same key and the same bytes until somebody answers yes or no. */
export async function deliver(pending: Pending, courier: Courier, random = Math.random): Promise<Outcome> {
  let { place } = pending;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    if (place) {
      const outcome = await waitInLine(place, courier, random);
      if (outcome === 'stopped') break;
      if (outcome === 'lost') {
        place = undefined;
        courier.keepPlace(undefined);
      }
    }
    try {
      return { kind: 'taken', order: await courier.post({ ...pending, place }) };
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
      if (!problem.retryable) return { kind: 'refused', problem };
      const given = placeIn(problem);
      if (given) {
        // Whoever waits for their turn does not fail: the tries count anew.
        attempt = 0;
        // Let in, and the kitchen was full again before this order came: it is asked for again soon, but not at once.
        const isBack = given.token === place;
        const soonMs = isBack ? Math.min(BACK_MAX_MS, Math.max(BACK_MIN_MS, problem.retryAfterMs ?? 0)) : FIRST_LOOK_MS;
        place = given.token;
        courier.keepPlace(place);
        const { ahead, etaSeconds } = given;
        courier.onLook({ ahead, etaSeconds, admitted: false, pollAfterMs: soonMs });
        if (!(await courier.wait(soonMs * (1 + random())))) break;
        continue;
      }
      const waitMs = backoffMs(attempt, problem.retryAfterMs, random);
      courier.onRetry(attempt, waitMs, problem);
      if (!(await courier.wait(waitMs))) break;
    }
  }
  return { kind: 'unknown' };
}
