import assert from 'node:assert/strict';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { createRandom, type Random } from '../model/random.ts';
import type { Answer, Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore, type TestStore } from '../support/store.ts';
import { type Counter, findContradiction, type Operation } from './counter.ts';

export interface HistoryPlan {
  readonly seed: number;
  readonly db: Db;
  /** One for each API process. */
  readonly clients: readonly Client[];
  readonly people: number;
  /** Of each of them; a cancel is one. Few, because a crowd that hears `sold-out` often is told so by what is known of the dishes, a moment old. */
  readonly turns: number;
  readonly portions: number;
}

interface Sent {
  readonly id: string;
  readonly token: string;
  readonly quantity: number;
  readonly sentAt: number;
  readonly heardAt: number;
  readonly number: number;
  cancel?: { readonly sentAt: number; readonly heardAt: number };
}

/** What one store's counter began with, and everything that was done to it. */
export interface History {
  readonly first: Counter;
  readonly operations: readonly Operation[];
  /** How many answers said to come again. */
  readonly putOff: number;
}

/**
 * People at one store, at all processes at once, who order and take back; every request and every answer has its moment. Who hears that nobody has
 * time, or that the database is slow, sends the same again, as phones do: what they want was done at some moment between the first sending and
 * the last answer.
 */
export async function takeHistory(plan: HistoryPlan): Promise<History> {
  const { db, clients, people, turns, portions } = plan;
  const store = await makeStore(db, { dish: { price: 9_000, remaining: portions } });
  // One process' own count of what it sent and heard: the order of its moments is the real one, whatever clocks say.
  let moment = 0;
  const orders: Sent[] = [];
  const refused: Operation[] = [];
  let putOff = 0;
  const untilAnswered = (ask: () => Promise<Answer>): Promise<Answer> =>
    eventually(async () => {
      const answer = await ask();
      if (answer.status !== 503) return answer;
      putOff += 1;
      throw new Error(JSON.stringify(answer.body));
    }, 'an answer other than 503');

  async function order(random: Random): Promise<void> {
    const quantity = random.between(1, 3);
    const id = newId();
    const sentAt = moment++;
    const client = random.pick(clients);
    const lines = [{ itemId: store.dishes.dish.id, quantity }];
    const answer = await untilAnswered(() => client.order(store.id, { lines }, id));
    const heardAt = moment++;
    // 200: it was taken by a request before, whose answer was another.
    if (answer.status === 201 || answer.status === 200) {
      const { number, token } = answer.body;
      orders.push({ id, token, quantity, sentAt, heardAt, number });
      return;
    }
    assert.equal(answer.body.type, 'sold-out', JSON.stringify(answer.body));
    const { remaining } = answer.body.items[0];
    refused.push({ what: id, sentAt, heardAt, effect: { kind: 'refused', quantity, remaining } });
  }

  async function takeBack(random: Random, known: Sent): Promise<void> {
    const sentAt = moment++;
    known.cancel = { sentAt, heardAt: Number.POSITIVE_INFINITY };
    const client = random.pick(clients);
    const answer = await untilAnswered(() => cancel(client, store, known));
    known.cancel = { sentAt, heardAt: moment++ };
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }

  await Promise.all(
    Array.from({ length: people }, async (_, person) => {
      const random = createRandom(plan.seed * 1_000 + person);
      for (let turn = 0; turn < turns; turn += 1) {
        const kept = orders.filter((each) => each.cancel === undefined);
        if (kept.length > 0 && random.chance(0.4)) await takeBack(random, random.pick(kept));
        else await order(random);
      }
    }),
  );
  // The day of a number stands in the books alone.
  const { rows } = await db.query<{ id: string; day: string }>('SELECT id, day FROM orders WHERE store_id = $1', [
    store.id,
  ]);
  const days = new Map(rows.map(({ id, day }) => [id, day]));
  assert.equal(days.size, orders.length);
  const done = orders.flatMap(({ id, quantity, sentAt, heardAt, number, cancel: back }): Operation[] => {
    const day = days.get(id)!;
    return [
      { what: id, sentAt, heardAt, effect: { kind: 'taken', quantity, day, number } },
      ...(back ? [{ what: `${id} back`, ...back, effect: { kind: 'returned', quantity, day } } as const] : []),
    ];
  });
  return { first: { day: '', number: 0, remaining: portions }, operations: [...done, ...refused], putOff };
}

const cancel = (client: Client, store: TestStore<string>, { id, token }: Sent): Promise<Answer> =>
  client.call(`/api/v1/stores/${store.id}/orders/${id}`, { method: 'DELETE', token });

/** @throws AssertionError with the operations that no order of them explains */
export function assertLinearizable({ first, operations }: History): void {
  const contradiction = findContradiction(operations, first, undefined);
  assert.equal(contradiction, undefined, JSON.stringify(contradiction));
}
