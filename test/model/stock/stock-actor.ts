import assert from 'node:assert/strict';
import { businessDay } from '../../../src/platform/clock.ts';
import type { Db } from '../../../src/platform/db/pool.ts';
import { Problem } from '../../../src/platform/http/problem.ts';
import { newId } from '../../../src/platform/id.ts';
import type { TestStore } from '../../support/store.ts';
import type { Random } from '../random.ts';
import { type ModelOrder, StockModel } from './stock-model.ts';
import type { StockProcess } from './stock-process.ts';

export const DISHES = ['stew', 'soup', 'rice'];
const SKEW_MS = 20 * 3_600_000;

export interface ActorScene {
  readonly store: TestStore<string>;
  readonly processes: readonly StockProcess[];
  readonly random: Random;
  readonly nowMs: () => number;
  /** The same database, past the product. */
  readonly db: Db;
}

/** What everybody does to one store's stock, one thing after another or at once, each answer held against the model. */
export class StockActor {
  readonly model = new StockModel(DISHES);
  operations = 0;
  readonly #scene: ActorScene;

  constructor(scene: ActorScene) {
    this.#scene = scene;
  }

  async step(): Promise<void> {
    const { random } = this.#scene;
    const dice = random.between(1, 100);
    const known = this.model.recent(random);
    if (dice <= 45 || !known) await this.#order();
    else if (dice <= 53) await this.#burst();
    else if (dice <= 55) await this.#again(known);
    else if (dice <= 75) await this.#cancel(known);
    else if (dice <= 80) await this.#cook(known);
    else if (dice <= 92) await this.#change();
    else await this.#import();
  }

  #process(): StockProcess {
    this.operations += 1;
    return this.#scene.random.pick(this.#scene.processes);
  }

  /** Clients' clocks are off. */
  #newId = () => newId(this.#scene.nowMs() + this.#scene.random.between(-SKEW_MS, SKEW_MS));

  #onMenu = () => DISHES.filter((name) => this.model.dish(name).onMenu);

  #request = (portions: ReadonlyMap<string, number>) => ({
    lines: [...portions].map(([name, quantity]) => ({ itemId: this.#scene.store.dishes[name]!.id, quantity })),
  });

  async #order(): Promise<void> {
    const { random, store } = this.#scene;
    const names = random.some(this.#onMenu(), random.between(1, this.#onMenu().length));
    const portions = new Map(names.map((name) => [name, random.between(1, 4)]));
    const id = this.#newId();
    const decision = await this.#process().order(store.id, id, this.#request(portions));
    const short = names.filter(
      (name) => (this.model.remaining(name) ?? Number.POSITIVE_INFINITY) < portions.get(name)!,
    );
    if (short.length === 0) {
      assert.equal(decision.kind, 'placed', `${[...portions]} was refused: ${this.#said()}`);
      this.model.place(id, portions);
      return;
    }
    assert.ok(decision.kind === 'refused', `${[...portions]} was taken: ${this.#said()}`);
    const items = short.map((name) => ({ itemId: store.dishes[name]!.id, remaining: this.model.remaining(name) }));
    assert.deepEqual([decision.problem.type, decision.problem.toBody().items], ['sold-out', items]);
  }

  /** Guests at once: whoever is refused could not have had it, and nobody has what is not there. */
  async #burst(): Promise<void> {
    const { random, store } = this.#scene;
    const name = random.pick(this.#onMenu());
    const wishes = Array.from({ length: 6 }, () => ({ id: this.#newId(), quantity: random.between(1, 3) }));
    const decisions = await Promise.all(
      wishes.map(({ id, quantity }) => this.#process().order(store.id, id, this.#request(new Map([[name, quantity]])))),
    );
    const before = this.model.remaining(name);
    let taken = 0;
    for (const [index, { id, quantity }] of wishes.entries()) {
      if (decisions[index]!.kind !== 'placed') continue;
      taken += quantity;
      this.model.place(id, new Map([[name, quantity]]));
    }
    if (before === null) return assert.ok(decisions.every(({ kind }) => kind === 'placed'));
    assert.ok(taken <= before, `${taken} of ${before} were sold`);
    for (const [index, { quantity }] of wishes.entries()) {
      assert.ok(
        decisions[index]!.kind === 'placed' || quantity > before - taken,
        `refused with ${before - taken} left`,
      );
    }
  }

  async #again({ id, lines }: ModelOrder): Promise<void> {
    const portions = new Map(lines.map(({ dish, quantity }) => [dish, quantity]));
    const decision = await this.#process().order(this.#scene.store.id, id, this.#request(portions));
    assert.equal(decision.kind, 'replayed');
  }

  async #cancel(order: ModelOrder): Promise<void> {
    const { random, store } = this.#scene;
    const said = random.pick([undefined, undefined, true, false]);
    // Twice at once, from two processes, returns them once.
    const times = random.chance(0.3) ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => this.#process().cancel(store.id, order.id, said)));
    this.model.cancel(order, said ?? order.status === 'placed');
  }

  async #cook(order: ModelOrder): Promise<void> {
    if (order.status !== 'placed') return;
    await this.#process().cook(this.#scene.store.id, order.id);
    order.status = 'cooking';
  }

  async #change(): Promise<void> {
    const { random, store } = this.#scene;
    const name = random.pick(this.#onMenu());
    const remaining = random.chance(0.3) ? null : random.between(0, 15);
    const now = this.model.remaining(name);
    const seen = random.pick([undefined, now, now === null ? 3 : now + 1]);
    const change = { remaining, ...(seen !== undefined && { expected: seen }) };
    const changing = this.#process().change(store.id, store.dishes[name]!.id, change);
    if (seen !== undefined && seen !== now) {
      await assert.rejects(changing, (error) => error instanceof Problem && error.type === 'stale');
      return;
    }
    assert.equal(await changing, remaining);
    this.model.setRemaining(name, remaining);
  }

  async #import(): Promise<void> {
    const { random, store } = this.#scene;
    const said = new Map(
      DISHES.map((name, index) => {
        const { dailyLimit } = this.model.dish(name);
        const next = random.pick([dailyLimit, dailyLimit, null, random.between(0, 30)]);
        return [name, { onMenu: index === 0 || random.chance(0.8), dailyLimit: next }];
      }),
    );
    const rows = [...said].flatMap(([name, { onMenu, dailyLimit }]) =>
      onMenu ? [`item,${name},요리 ${name},9000,kitchen,${dailyLimit ?? ''}`] : [],
    );
    const head = 'kind,code,name_ko,price,station,daily_limit\ncategory,all,전부,,,';
    await this.#process().importFile(store.id, `${head}\n${rows.join('\n')}\n`);
    for (const [name, each] of said) this.model.import(name, each);
  }

  /** The books: what the rows say is what the model says, and what was sold is the sum of the orders. */
  async check(): Promise<void> {
    const { db, store, nowMs } = this.#scene;
    const today = businessDay(nowMs(), 'Asia/Seoul', 4);
    const { rows } = await db.query<{ name: string; remaining: number | null; sold: number; day: string }>(
      `SELECT i.code AS name, k.remaining, k.sold, k.day FROM stock k
       JOIN item i ON i.store_id = k.store_id AND i.id = k.item_id WHERE k.store_id = $1`,
      [store.id],
    );
    const found = new Map(rows.map((row) => [row.name, row]));
    for (const name of DISHES) {
      const dish = this.model.dish(name);
      const row = found.get(name);
      // Nobody has touched it since the day began: what is shown is yesterday's until the scheduled return.
      const waits = row !== undefined && row.day < today;
      if (!row || !waits || dish.dailyLimit === null) {
        assert.equal(row?.remaining ?? null, this.model.remaining(name), `${name} on ${today}: ${this.#said()}`);
      }
      if (row && !waits) assert.equal(row.sold, this.model.soldToday(name), `sold of ${name} on ${today}`);
    }
  }

  #said = (): string =>
    JSON.stringify(
      [...this.model.dishes].map(([name, { left, limited, dailyLimit }]) => ({ name, left, limited, dailyLimit })),
    );
}
