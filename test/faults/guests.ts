import assert from 'node:assert/strict';
// biome-ignore lint/style/noRestrictedImports: a guest who was refused breathes before trying again
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { background } from '../support/background.ts';
import type { Answer, Client } from '../support/client.ts';
import type { Lifetime } from '../support/lifetime.ts';
import type { TestStore } from '../support/store.ts';

/** What persistent guests were told until they were told to stop. */
export interface Guests {
  readonly acknowledged: ReadonlyMap<string, { readonly number: number; readonly total: number }>;
  /** Every other answer, and the errors of connections. */
  readonly setbacks: readonly (Answer | Error)[];
  /** Lets each finish the order that it has begun. */
  stop(): Promise<void>;
}

const PAUSE_MS = 20;

/**
 * Guests who order one after another and do not give up: after an error or a 503 each tries again with the same key, at
 * the next of the servers. They end with `t`.
 * @param betweenMs how long each breathes after an order that was taken
 */
export function startGuests(
  t: Lifetime,
  clients: readonly Client[],
  store: TestStore<'dish'>,
  count: number,
  betweenMs = 0,
): Guests {
  const acknowledged = new Map<string, { number: number; total: number }>();
  const setbacks: (Answer | Error)[] = [];
  const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
  let stopping = false;

  /** A guest whose test is over gives up. */
  async function orderUntilTaken(guest: number, testOver: AbortSignal): Promise<void> {
    const id = newId();
    for (let attempt = 0; !testOver.aborted; attempt += 1) {
      const client = clients[(guest + attempt) % clients.length]!;
      const answer = await client.order(store.id, request, id).catch((error: Error) => error);
      if (!(answer instanceof Error) && (answer.status === 201 || answer.status === 200)) {
        acknowledged.set(id, { number: answer.body.number, total: answer.body.total });
        if (betweenMs > 0) await delay(betweenMs);
        return;
      }
      setbacks.push(answer);
      assert.ok(answer instanceof Error || answer.status === 503, JSON.stringify(answer));
      await delay(PAUSE_MS);
    }
  }

  const { ended } = background(t, async (testOver) => {
    const order = async (guest: number) => {
      while (!stopping && !testOver.aborted) await orderUntilTaken(guest, testOver);
    };
    await Promise.all(Array.from({ length: count }, (_, guest) => order(guest)));
  });
  return {
    acknowledged,
    setbacks,
    stop() {
      stopping = true;
      return ended;
    },
  };
}

/** Every acknowledged order is there once, as it was acknowledged; no other is; and the portions are those of the orders. */
export async function assertNothingLost(
  db: Db,
  store: TestStore<'dish'>,
  guests: Guests,
  stockAtStart: number,
): Promise<void> {
  const { rows } = await db.query<{ id: string; number: number; total: number }>(
    `SELECT id, number, total FROM orders WHERE store_id = $1`,
    [store.id],
  );
  const sort = (orders: { id: string; number: number; total: number }[]) => orders.sort((a, b) => a.number - b.number);
  assert.deepEqual(sort(rows), sort([...guests.acknowledged].map(([id, told]) => ({ id, ...told }))));
  assert.equal(new Set(rows.map(({ number }) => number)).size, rows.length);
  const { rows: parts } = await db.query<{ lines: number; events: number; remaining: number }>(
    `SELECT (SELECT count(*) FROM order_line WHERE store_id = $1) AS lines,
       (SELECT count(*) FROM order_event WHERE store_id = $1) AS events,
       (SELECT remaining FROM stock WHERE store_id = $1) AS remaining`,
    [store.id],
  );
  assert.deepEqual(parts, [{ lines: rows.length, events: rows.length, remaining: stockAtStart - rows.length }]);
}
