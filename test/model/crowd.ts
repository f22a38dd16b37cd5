import assert from 'node:assert/strict';
// biome-ignore lint/style/noRestrictedImports: people who were refused breathe before they try again
import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRequest } from '../../src/contract/index.ts';
import type { Db } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { background } from '../support/background.ts';
import type { Answer, Client, Json } from '../support/client.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type DishPlan, makeStore, setStoreState, type TestStore } from '../support/store.ts';
import { createRandom, type Random } from './random.ts';

export interface CrowdPlan {
  readonly seed: number;
  /** Requests, parallel taps counted each. */
  readonly operations: number;
  readonly stores: number;
  /** People at once. */
  readonly people: number;
  /** One for each API process. */
  readonly clients: readonly Client[];
  readonly db: Db;
}

/** An order that some process said yes to. */
export interface Acknowledged {
  readonly store: TestStore<string>;
  readonly id: string;
  readonly token: string;
  readonly number: number;
  readonly total: number;
  readonly request: OrderRequest;
  /** Set once somebody was told that it is cancelled. */
  cancelled: boolean;
}

/** What the crowd was told: to be compared with what the database holds. */
export interface CrowdMemory {
  readonly stores: readonly TestStore<string>[];
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  readonly refusedIds: ReadonlySet<string>;
  /** Portions that were put, by item: all that were asked for, and those that somebody was told of. */
  readonly restocks: ReadonlyMap<string, { readonly asked: readonly number[]; readonly done: readonly number[] }>;
  /** Prices that ever held, by item. */
  readonly prices: ReadonlyMap<string, ReadonlySet<number>>;
  readonly operations: number;
  readonly answers: Readonly<Record<string, number>>;
}

const MENU: Readonly<Record<string, DishPlan>> = {
  hot: { price: 9_000, remaining: 300 },
  rare: { price: 15_000, remaining: 5 },
  some: { price: 12_000, remaining: 60 },
  plain: { price: 7_000 },
  tea: { price: 2_000 },
};
const RETRY_PAUSE_MS = 100;
const LIMITED = ['hot', 'rare', 'some'];

/** Lets people order, tap twice, retry, cancel, restock, change prices and close shops, all at once over all processes. They go home with `t`. */
export async function runCrowd(t: Lifetime, plan: CrowdPlan): Promise<CrowdMemory> {
  const { db, clients } = plan;
  const stores = await Promise.all(Array.from({ length: plan.stores }, () => makeStore(db, MENU)));
  const acknowledged = new Map<string, Acknowledged>();
  const recent: Acknowledged[] = [];
  const refusedIds = new Set<string>();
  const restocks = new Map<string, { asked: number[]; done: number[] }>();
  const prices = new Map<string, Set<number>>();
  const believed = new Map<string, number>();
  const answers: Record<string, number> = {};
  let operations = 0;
  let over = false;
  for (const dish of stores.flatMap((store) => Object.values(store.dishes))) {
    prices.set(dish.id, new Set([dish.price]));
    believed.set(dish.id, dish.price);
  }

  /** Asks as often as it is told to come again: a crowded machine may refuse, but only for a while. */
  const ask = async (call: () => Promise<Answer>): Promise<Answer> => {
    while (!over) {
      operations += 1;
      const answer = await call();
      const kind = answer.body?.type ?? String(answer.status);
      answers[kind] = (answers[kind] ?? 0) + 1;
      if (answer.status !== 503) return answer;
      assert.ok(answer.headers['retry-after'], 'a 503 did not say when to come again');
      await delay(RETRY_PAUSE_MS);
    }
    throw new Error('The test was over before this was answered.');
  };
  const unexpected = (what: string, answer: Answer) =>
    new Error(`${what} (seed ${plan.seed}) was answered ${answer.status} ${JSON.stringify(answer.body)}`);

  function remember(store: TestStore<string>, request: OrderRequest, body: Json): void {
    const known = acknowledged.get(body.id);
    if (known) {
      assert.deepEqual([body.number, body.total, body.token], [known.number, known.total, known.token]);
      return;
    }
    const { id, token, number, total } = body;
    const order = { store, id, token, number, total, request, cancelled: false };
    acknowledged.set(id, order);
    recent.push(order);
    if (recent.length > 500) recent.shift();
  }

  async function order(random: Random): Promise<void> {
    const store = random.pick(stores);
    const names = random.some(Object.keys(MENU), random.between(1, 3));
    const lines = names.map((name) => ({ itemId: store.dishes[name]!.id, quantity: random.between(1, 3) }));
    const expected = lines.reduce((sum, line) => sum + line.quantity * believed.get(line.itemId)!, 0);
    const request: OrderRequest = { lines, ...(random.chance(0.5) && { expectedTotal: expected }) };
    const id = newId();
    const taps = random.chance(0.15) ? random.between(2, 4) : 1;
    const told = await Promise.all(
      Array.from({ length: taps }, () => ask(() => random.pick(clients).order(store.id, request, id))),
    );
    for (const answer of told) {
      if (answer.status === 201 || answer.status === 200) remember(store, request, answer.body);
      else if (!['sold-out', 'price-changed', 'store-closed'].includes(answer.body.type))
        throw unexpected('order', answer);
    }
    assert.ok(told.filter(({ status }) => status === 201).length <= 1, 'an order was made twice');
    if (!acknowledged.has(id)) refusedIds.add(id);
  }

  async function again(random: Random, known: Acknowledged): Promise<void> {
    const other = random.chance(0.3);
    const request = other ? { ...known.request, table: 99 } : known.request;
    const answer = await ask(() => random.pick(clients).order(known.store.id, request, known.id));
    if (other ? answer.body.type !== 'key-reused' : answer.status !== 200) throw unexpected('a retry', answer);
    if (!other) remember(known.store, request, answer.body);
  }

  async function cancel(random: Random, known: Acknowledged): Promise<void> {
    const path = `/api/v1/stores/${known.store.id}/orders/${known.id}`;
    const tries = random.chance(0.4) ? 2 : 1;
    const told = await Promise.all(
      Array.from({ length: tries }, () =>
        ask(() => random.pick(clients).call(path, { method: 'DELETE', token: known.token })),
      ),
    );
    for (const answer of told) {
      if (answer.status === 200 && answer.body.status === 'cancelled') known.cancelled = true;
      else if (answer.body.type !== 'not-cancellable') throw unexpected('a cancel', answer);
    }
  }

  async function cook(random: Random, known: Acknowledged): Promise<void> {
    const path = `/api/v1/stores/${known.store.id}/kitchen/tickets/${known.id}:kitchen/advance`;
    const answer = await ask(() =>
      random.pick(clients).call(path, { body: { to: 'cooking', version: 1 }, token: ADMIN_KEY }),
    );
    // Its ticket may still be in the job queue.
    if (answer.status !== 200 && !['stale', 'not-found'].includes(answer.body.type))
      throw unexpected('an advance', answer);
  }

  async function look(random: Random, known: Acknowledged): Promise<void> {
    const path = `/api/v1/stores/${known.store.id}/orders/${known.id}`;
    // Cancelled before it was asked: somebody may cancel while the answer is on its way.
    const { cancelled } = known;
    const answer = await ask(() => random.pick(clients).call(path, { token: known.token }));
    if (answer.status !== 200) throw unexpected('a look', answer);
    assert.equal(answer.body.total, known.total);
    assert.ok(
      !cancelled || answer.body.status === 'cancelled',
      `${known.id} was cancelled and is ${answer.body.status}`,
    );
  }

  async function change(random: Random): Promise<void> {
    const store = random.pick(stores);
    const put = async (name: string, body: object, onAsked = () => {}) => {
      const path = `/api/v1/stores/${store.id}/items/${store.dishes[name]!.id}`;
      const answer = await ask(() => {
        onAsked();
        return random.pick(clients).call(path, { method: 'PUT', body, token: ADMIN_KEY });
      });
      if (answer.status !== 200) throw unexpected('a change', answer);
    };
    const name = random.pick(Object.keys(MENU));
    const { id } = store.dishes[name]!;
    const kind = random.between(1, 10);
    if (kind <= 5) {
      const limited = random.pick(LIMITED);
      const remaining = random.between(0, 80);
      const item = store.dishes[limited]!.id;
      const ofItem = restocks.get(item) ?? { asked: [], done: [] };
      restocks.set(item, ofItem);
      await put(limited, { remaining }, () => ofItem.asked.push(remaining));
      ofItem.done.push(remaining);
    } else if (kind <= 8) {
      const price = random.between(1, 200) * 100;
      prices.get(id)!.add(price);
      await put(name, { price });
      believed.set(id, price);
    } else if (kind === 9) {
      await put(name, { soldOut: true });
      await put(name, { soldOut: false });
    } else {
      await setStoreState(db, store.id, 'paused');
      await setStoreState(db, store.id, 'open');
    }
  }

  async function person(place: number): Promise<void> {
    const random = createRandom(plan.seed * 1_000 + place);
    while (operations < plan.operations && !over) {
      const known = recent.length > 0 ? random.pick(recent) : undefined;
      const dice = random.between(1, 100);
      if (!known || dice <= 60) await order(random);
      else if (dice <= 70) await again(random, known);
      else if (dice <= 84) await cancel(random, known);
      else if (dice <= 88) await cook(random, known);
      else if (dice <= 94) await look(random, known);
      else await change(random);
    }
  }

  const people = background(t, async (testOver) => {
    testOver.addEventListener('abort', () => {
      over = true;
    });
    await Promise.all(Array.from({ length: plan.people }, (_, place) => person(place)));
  });
  await people.ended;
  return { stores, acknowledged, refusedIds, restocks, prices, operations, answers };
}
