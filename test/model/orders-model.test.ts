import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { OrderRequest } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { makeStore, remainingOf, setStoreState, type TestStore } from '../support/store.ts';

/** What a store should be like, as simply as it can be said. */
interface Model {
  paused: boolean;
  lastNumber: number;
  readonly dishes: { price: number; remaining: number | null; soldOut: boolean }[];
  readonly orders: {
    id: string;
    number: number;
    total: number;
    cancelled: boolean;
    lines: readonly Line[];
    request: OrderRequest;
    token: string;
  }[];
}
type Line = readonly [dish: number, quantity: number];

interface Real {
  readonly store: TestStore<string>;
  /** Two processes' worth of app on one database; requests take turns. */
  readonly apps: readonly TestApp[];
  turn: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const DISHES = [{ price: 9_000, remaining: 10 }, { price: 5_000, remaining: 3 }, { price: 2_000 }];
const names = DISHES.map((_, index) => `dish-${index}`);

const client = (real: Real) => real.apps[real.turn++ % real.apps.length]!.client;
const itemId = (real: Real, dish: number) => real.store.dishes[names[dish]!]!.id;
const toLines = (real: Real, lines: readonly Line[]) =>
  lines.map(([dish, quantity]) => ({ itemId: itemId(real, dish), quantity }));

function expectProblem(answer: Answer, type: string, extra: object = {}): void {
  assert.equal(answer.body.type, type, JSON.stringify(answer.body));
  for (const [name, value] of Object.entries(extra)) assert.deepEqual(answer.body[name], value);
}

class Order implements Command {
  readonly lines: readonly Line[];
  readonly believes: 'right' | 'wrong' | 'nothing';
  constructor(lines: readonly Line[], believes: 'right' | 'wrong' | 'nothing') {
    this.lines = lines;
    this.believes = believes;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const total = this.lines.reduce((sum, [dish, quantity]) => sum + model.dishes[dish]!.price * quantity, 0);
    const expectedTotal = { right: total, wrong: total + 100, nothing: undefined }[this.believes];
    const id = newId();
    const request = { lines: toLines(real, this.lines), ...(expectedTotal !== undefined && { expectedTotal }) };
    const answer = await client(real).order(real.store.id, request, id);
    if (model.paused) return expectProblem(answer, 'store-closed');
    const off = this.lines.filter(([dish]) => model.dishes[dish]!.soldOut);
    if (off.length > 0) {
      const items = off.map(([dish]) => ({ itemId: itemId(real, dish), remaining: 0 }));
      return expectProblem(answer, 'sold-out', { items });
    }
    if (this.believes === 'wrong') return expectProblem(answer, 'price-changed', { total });
    const wanted = new Map<number, number>();
    for (const [dish, quantity] of this.lines) wanted.set(dish, (wanted.get(dish) ?? 0) + quantity);
    const short = [...wanted].filter(([dish, quantity]) => (model.dishes[dish]!.remaining ?? quantity) < quantity);
    if (short.length > 0) {
      const items = short.map(([dish]) => ({ itemId: itemId(real, dish), remaining: model.dishes[dish]!.remaining }));
      return expectProblem(answer, 'sold-out', { items });
    }
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    for (const [dish, quantity] of wanted) {
      const at = model.dishes[dish]!;
      if (at.remaining !== null) at.remaining -= quantity;
    }
    model.lastNumber += 1;
    assert.deepEqual([answer.body.id, answer.body.number, answer.body.total], [id, model.lastNumber, total]);
    model.orders.push({
      id,
      number: model.lastNumber,
      total,
      cancelled: false,
      lines: this.lines,
      request,
      token: answer.body.token,
    });
  }
  toString = () => `order(${JSON.stringify(this.lines)}, believes ${this.believes})`;
}

/** A command on one of the orders that were taken; none fits while there is none. */
abstract class OnOrder implements Command {
  readonly which: number;
  constructor(which: number) {
    this.which = which;
  }
  check = (model: Readonly<Model>) => model.orders.length > 0;
  protected of = (model: Model) => model.orders[this.which % model.orders.length]!;
  abstract run(model: Model, real: Real): Promise<void>;
  toString = () => `${this.constructor.name}(${this.which})`;
}

class Retry extends OnOrder {
  async run(model: Model, real: Real): Promise<void> {
    const order = this.of(model);
    const answer = await client(real).order(real.store.id, order.request, order.id);
    assert.equal(answer.headers['idempotent-replayed'], 'true');
    assert.deepEqual(
      [answer.status, answer.body.status, answer.body.number, answer.body.total, answer.body.token],
      [200, order.cancelled ? 'cancelled' : 'placed', order.number, order.total, order.token],
    );
  }
}

class ReuseKey extends OnOrder {
  async run(model: Model, real: Real): Promise<void> {
    const order = this.of(model);
    const answer = await client(real).order(real.store.id, { ...order.request, table: 'elsewhere' }, order.id);
    expectProblem(answer, 'key-reused');
  }
}

class Cancel extends OnOrder {
  async run(model: Model, real: Real): Promise<void> {
    const order = this.of(model);
    const path = `/api/v1/stores/${real.store.id}/orders/${order.id}`;
    const answer = await client(real).call(path, { method: 'DELETE', token: order.token });
    assert.deepEqual([answer.status, answer.body.status, answer.body.total], [200, 'cancelled', order.total]);
    if (order.cancelled) return;
    order.cancelled = true;
    for (const [dish, quantity] of order.lines) {
      const at = model.dishes[dish]!;
      if (at.remaining !== null) at.remaining += quantity;
    }
  }
}

class Change implements Command {
  readonly dish: number;
  readonly change: { price?: number; remaining?: number; soldOut?: boolean };
  constructor(dish: number, change: Change['change']) {
    this.dish = dish;
    this.change = change;
  }
  // What is not counted stays so: otherwise an order from before would give back portions that it never took.
  check = (model: Readonly<Model>) =>
    this.change.remaining === undefined || model.dishes[this.dish]!.remaining !== null;
  async run(model: Model, real: Real): Promise<void> {
    const path = `/api/v1/stores/${real.store.id}/items/${itemId(real, this.dish)}`;
    const answer = await client(real).call(path, { method: 'PUT', body: this.change, token: ADMIN_KEY });
    const dish = Object.assign(model.dishes[this.dish]!, this.change);
    assert.deepEqual(
      [answer.status, answer.body.price, answer.body.remaining, answer.body.soldOut],
      [200, dish.price, dish.remaining, dish.soldOut || dish.remaining === 0],
    );
  }
  toString = () => `change(${this.dish}, ${JSON.stringify(this.change)})`;
}

class Pause implements Command {
  readonly paused: boolean;
  constructor(paused: boolean) {
    this.paused = paused;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    await setStoreState(real.apps[0]!.db, real.store.id, this.paused ? 'paused' : 'open');
    model.paused = this.paused;
  }
  toString = () => (this.paused ? 'pause' : 'open');
}

const dish = fc.nat(DISHES.length - 1);
const lines = fc.array(fc.tuple(dish, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 });
const order = fc
  .tuple(lines, fc.constantFrom('right' as const, 'right' as const, 'wrong' as const, 'nothing' as const))
  .map(([of, believes]) => new Order(of, believes));
const commands = fc.commands(
  [
    order,
    order,
    order,
    fc.nat(50).map((which) => new Retry(which)),
    fc.nat(50).map((which) => new ReuseKey(which)),
    fc.nat(50).map((which) => new Cancel(which)),
    fc.tuple(dish, fc.nat(8)).map(([of, remaining]) => new Change(of, { remaining })),
    fc.tuple(dish, fc.nat(200)).map(([of, hundreds]) => new Change(of, { price: hundreds * 100 })),
    fc.tuple(dish, fc.boolean()).map(([of, soldOut]) => new Change(of, { soldOut })),
    fc.boolean().map((paused) => new Pause(paused)),
  ],
  { size: 'large', maxCommands: 60 },
);

/** More for a longer look: `MODEL_RUNS=500 npm test -- test/model/orders-model.test.ts`. */
const RUNS = Number(process.env.MODEL_RUNS ?? 8);

for (const intake of ['grouped', 'direct']) {
  test(`${intake}: every answer is the one that a simple model of a store foretells`, async () => {
    const first = await startTestApp({ after }, { env: { INTAKE: intake } });
    const second = await startTestApp({ after }, { env: { INTAKE: intake }, databaseUrl: first.databaseUrl });
    const plan = Object.fromEntries(DISHES.map((each, index) => [names[index]!, each]));
    await fc.assert(
      fc.asyncProperty(commands, async (each) => {
        const store = await makeStore(first.db, plan);
        const model: Model = {
          paused: false,
          lastNumber: 0,
          dishes: DISHES.map(({ price, remaining }) => ({ price, remaining: remaining ?? null, soldOut: false })),
          orders: [],
        };
        await fc.asyncModelRun(() => ({ model, real: { store, apps: [first, second], turn: 0 } }), each);
        for (const [index, { remaining }] of model.dishes.entries()) {
          assert.equal((await remainingOf(first.db, store.id, store.dishes[names[index]!]!.id)) ?? null, remaining);
        }
      }),
      { numRuns: RUNS },
    );
  });
}
