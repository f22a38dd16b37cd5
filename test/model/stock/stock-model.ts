import type { Random } from '../random.ts';

/** What became of one order, as its guest knows it. */
export interface ModelOrder {
  readonly id: string;
  readonly day: number;
  readonly lines: readonly { readonly dish: string; readonly quantity: number; readonly from: object | null }[];
  status: 'placed' | 'cooking' | 'cancelled';
  /** Of a cancelled one. */
  returned: boolean;
}

/** One dish's portions, said without a database: what is left of the count that goes on, and whose count it is. */
export interface ModelDish {
  /** Null: none is set in the menu's file. */
  dailyLimit: number | null;
  onMenu: boolean;
  /** False: any number is sold. */
  limited: boolean;
  /** Below zero when a limit was lowered below what was sold. */
  left: number;
  /** The count's identity: what was taken from another is not given back to this one. */
  count: object;
}

/** A store's portions as simply as they can be said; the product must come to the same. */
export class StockModel {
  readonly dishes: Map<string, ModelDish>;
  readonly orders: ModelOrder[] = [];
  day = 0;

  constructor(names: readonly string[]) {
    this.dishes = new Map(
      names.map((name) => [name, { dailyLimit: null, onMenu: true, limited: false, left: 0, count: {} }]),
    );
  }

  dish = (name: string): ModelDish => this.dishes.get(name)!;

  /** Portions of the day's orders, less those that came back. */
  soldToday(name: string): number {
    let sold = 0;
    for (const order of this.orders) {
      if (order.day !== this.day || order.returned) continue;
      for (const line of order.lines) if (line.dish === name) sold += line.quantity;
    }
    return sold;
  }

  remaining(name: string): number | null {
    const { limited, left } = this.dish(name);
    return limited ? Math.max(0, left) : null;
  }

  turnDay(): void {
    this.day += 1;
    for (const dish of this.dishes.values()) {
      if (dish.dailyLimit !== null && dish.onMenu) {
        Object.assign(dish, { limited: true, left: dish.dailyLimit, count: {} });
      }
    }
  }

  /** An order that was taken. */
  place(id: string, portions: ReadonlyMap<string, number>): void {
    const lines = [...portions].map(([name, quantity]) => {
      const dish = this.dish(name);
      if (dish.limited) dish.left -= quantity;
      return { dish: name, quantity, from: dish.limited ? dish.count : null };
    });
    this.orders.push({ id, day: this.day, lines, status: 'placed', returned: false });
  }

  cancel(order: ModelOrder, returned: boolean): void {
    if (order.status === 'cancelled') return;
    order.status = 'cancelled';
    order.returned = returned;
    if (!returned) return;
    for (const { dish: name, quantity, from } of order.lines) {
      const dish = this.dish(name);
      if (dish.count === from) dish.left += quantity;
    }
  }

  /** A person says how many there are. */
  setRemaining(name: string, remaining: number | null): void {
    const dish = this.dish(name);
    if (remaining === null) dish.limited = false;
    else if (dish.limited) dish.left = remaining;
    else Object.assign(dish, { limited: true, left: remaining, count: {} });
  }

  /** An import: each dish's daily limit, or that it leaves the menu. */
  import(name: string, said: { onMenu: boolean; dailyLimit: number | null }): void {
    const dish = this.dish(name);
    const before = dish.onMenu ? dish.dailyLimit : null;
    const now = said.onMenu ? said.dailyLimit : null;
    if (said.onMenu) dish.dailyLimit = said.dailyLimit;
    dish.onMenu = said.onMenu;
    if (before === now) return;
    if (now === null) dish.limited = false;
    else if (before === null || !dish.limited) {
      dish.left = now - this.soldToday(name);
      dish.limited = true;
    } else dish.left += now - before;
  }

  /** One of the latest, so that they are cancelled on their day, the next day and later. */
  recent = (random: Random): ModelOrder | undefined =>
    this.orders.length > 0 ? random.pick(this.orders.slice(-40)) : undefined;
}
