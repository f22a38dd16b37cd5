import type { TestContext } from 'node:test';
import type { Candidate } from '../../src/order/candidate.ts';
import { toCandidate } from '../../src/order/candidate.ts';
import type { Decision } from '../../src/order/decide.ts';
import type { IntakeBounds } from '../../src/order/intake/intake.ts';
import type { Outcome, TakeOrders } from '../../src/order/take-orders.ts';
import { newId } from '../../src/platform/id.ts';

/** One group after the other, of one store. */
export const ONE_BY_ONE: IntakeBounds = {
  groupMax: 4,
  groupsMax: 1,
  groupsOfStoreMax: 1,
  sharedMax: 0,
  ownFrom: 1,
  crowdPerSecond: Number.POSITIVE_INFINITY,
  gatherMaxMs: 0,
  gatherTimes: 0,
  gatherQuietTimes: Number.POSITIVE_INFINITY,
  gatherQuietMinMs: 0,
  places: { placesMax: 11, shares: {} },
  waitMaxMs: 60_000,
  patienceMs: 60_000,
  tickMs: 50,
  answers: { atLeast: 30, share: 1 / 3 },
};

export const orderAt = (storeId: string, table?: number): Candidate =>
  toCandidate(storeId, newId(), { lines: [{ itemId: newId(), quantity: 1 }], ...(table && { table }) });

export const REPLAYED: Decision = { kind: 'replayed' };

interface Group {
  readonly orders: readonly Candidate[];
  readonly wait: boolean;
  /** @param held stores whose row somebody else holds */
  commit(held?: readonly string[]): void;
  fail(error: Error): void;
}

/** Takes groups only when told to, so that a test decides what is under way. */
export function createGate() {
  const groups: Group[] = [];
  const takeOrders: TakeOrders = (orders, { wait }) =>
    new Promise((resolve, reject) => {
      const outcome = (order: Candidate, held: readonly string[]): Outcome =>
        held.includes(order.storeId) ? { kind: 'held' } : REPLAYED;
      groups.push({
        orders,
        wait,
        commit: (held = []) => resolve(orders.map((order) => outcome(order, held))),
        fail: reject,
      });
    });
  return {
    groups,
    takeOrders,
    sizes: () => groups.map((group) => group.orders.length),
    /** Of each group how many orders of which store, and `waits` where it waits for the store's row. */
    shapes: () =>
      groups.map(({ orders, wait }) => {
        const stores = [...Map.groupBy(orders, (order) => order.storeId)].map(([id, of]) => `${id}${of.length}`);
        return `${stores.join(' ')}${wait ? ' waits' : ''}`;
      }),
  };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that moves by hand, and with it the timers of `t.mock`. */
export function createHandClock(t: Pick<TestContext, 'mock'>) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 1_000;
  return {
    nowMs: () => now,
    async pass(ms: number): Promise<void> {
      now += ms;
      t.mock.timers.tick(ms);
      await turn();
    },
  };
}
