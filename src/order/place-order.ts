import type { OrderView, ProblemType } from '../contract/index.ts';
import type { Clock } from '../platform/clock.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { idTimeMs } from '../platform/id.ts';
import type { Candidate } from './candidate.ts';
import { decideAgain, orderKey } from './decide.ts';
import type { IdempotencyCache } from './idempotency-cache.ts';
import { type Arrival, type Intake, NoPlace } from './intake/intake.ts';
import { placedView } from './placed-view.ts';
import type { OrderRef } from './ports.ts';
import { readOrders } from './read-orders.ts';
import type { SoldOutGate } from './sold-out-gate.ts';
import { findExisting } from './statements.ts';

export interface PlaceOrderDeps {
  readonly db: Queryable;
  readonly intake: Intake;
  readonly acknowledged: IdempotencyCache;
  readonly soldOut: SoldOutGate;
  readonly now: Clock;
  readonly bounds: ReplayBounds;
  /** Hears why orders were refused that the intake never saw. */
  readonly observer?: { refused(reason: ProblemType): void };
}

export interface ReplayBounds {
  /** A key that was made so long ago may have been sent before. */
  readonly retryAgeMs: number;
  /** Orders looked up by one statement, of which one is under way at a time. */
  readonly lookUpsMax: number;
  /** Orders that wait to be looked up. */
  readonly waitingMax: number;
  /** How long refusals of a crowd gather, so that their orders are looked up together. */
  readonly refusalWaitMs: number;
  /** How long an order without a place waits to be found before it is refused. */
  readonly lookUpWithinMs: number;
}

export interface Placed {
  /** False: it had been taken before. */
  readonly isNew: boolean;
  readonly order: OrderView;
}

/**
 * Takes an order through the intake, or finds that it was taken before. Whoever sends an acknowledged order again gets its
 * answer even when there is no place in the intake: this process remembers its own, and of those refused for want of a place
 * every one whose key is old enough to have been sent before is looked up in Postgres, many by one statement. A key's time is the client's
 * word, so it buys a short look-up and nothing else: an old key does not get a new order in.
 * @throws Problem whatever the order was refused for
 */
export function createPlaceOrder({ db, intake, acknowledged, soldOut, now, bounds, observer }: PlaceOrderDeps) {
  const sizes = { sizeMax: bounds.lookUpsMax, waitingMax: bounds.waitingMax };
  const fulfilled = <T>(value: T) => ({ status: 'fulfilled', value }) as const;
  const lookUp = createBatcher<OrderRef, string | undefined>(async (orders) => {
    const found = await findExisting(db, orders);
    const hashes = new Map(found.map((row) => [orderKey(row.store_id, row.id), row.hash]));
    return orders.map(({ storeId, id }) => fulfilled(hashes.get(orderKey(storeId, id))));
  }, sizes);
  const read = createBatcher<OrderRef, OrderView | undefined>(async (orders) => {
    return (await readOrders(db, orders)).map(fulfilled);
  }, sizes);

  /** @returns undefined when Postgres does not know it (any more) */
  async function answerAgain(candidate: Candidate, hash: string): Promise<Placed | undefined> {
    const decision = decideAgain(candidate, hash);
    if (decision.kind === 'refused') {
      observer?.refused(decision.problem.type);
      throw decision.problem;
    }
    const order = await read(candidate);
    if (order) acknowledged.add(candidate);
    return order && { isNew: false, order };
  }

  let together: Promise<void> | undefined;
  /** Those who come meanwhile wait for the same moment. */
  function waitTogether(): Promise<void> {
    together ??= new Promise((resolve) => {
      setTimeout(() => {
        together = undefined;
        resolve();
      }, bounds.refusalWaitMs);
    });
    return together;
  }

  /**
   * Refuses an order of a crowd that wants what is sold out, unless it was taken before: that no gate knows, so Postgres is asked, and an
   * order about which it says nothing is left to the intake.
   */
  async function passGate(candidate: Candidate): Promise<Placed | undefined> {
    const problem = await soldOut.refuses(candidate);
    if (!problem) return undefined;
    await waitTogether();
    let found: string | undefined;
    try {
      found = await lookUp(candidate);
    } catch {
      return undefined;
    }
    if (found !== undefined) return answerAgain(candidate, found);
    soldOut.refused(candidate.storeId);
    observer?.refused(problem.type);
    throw problem;
  }

  return async (candidate: Candidate, arrival: Arrival): Promise<Placed> => {
    const hash = acknowledged.hashOf(candidate);
    const known = hash !== undefined && (await answerAgain(candidate, hash));
    if (known) return known;
    // What a failover of Postgres lost is taken anew.
    if (hash !== undefined) acknowledged.forget(candidate.id);

    const again = soldOut.hasCrowd(candidate.storeId) && (await passGate(candidate));
    if (again) return again;
    try {
      const decision = await intake.take(candidate, arrival);
      if (decision.kind === 'refused') {
        if (decision.problem.type === 'sold-out') soldOut.refused(candidate.storeId);
        throw decision.problem;
      }
      acknowledged.add(candidate);
      if (decision.kind === 'placed') return { isNew: true, order: placedView(decision.order) };
      return { isNew: false, order: (await read(candidate))! };
    } catch (error) {
      if (!(error instanceof NoPlace) || now() - idTimeMs(candidate.id) < bounds.retryAgeMs) throw error;
      // Whatever keeps it from being found, the order is refused for the reason that it has, and soon: a full house is also one whose database
      // stands still.
      const found = await within(
        bounds.lookUpWithinMs,
        lookUp(candidate).catch(() => undefined),
      );
      const placed = found !== undefined && (await answerAgain(candidate, found));
      if (placed) return placed;
      throw error;
    }
  };
}

/** @returns undefined when it takes longer, counted so that what came during a long turn of the event loop came in time */
function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(resolve, undefined), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
