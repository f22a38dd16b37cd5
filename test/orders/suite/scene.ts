import assert from 'node:assert/strict';
import { startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';
import { makeStore, type TestStore } from '../../support/store.ts';

/** A store with a dish for every way an order can go, behind the intake that is tested. */
export interface Scene {
  readonly app: TestApp;
  readonly store: TestStore<DishName>;
  /** Another store, whose dish is none of the first one's business. */
  readonly other: TestStore<'theirs'>;
  /** The address of the store's orders. */
  path(suffix?: string): string;
  line(name: DishName, quantity?: number): { itemId: string; quantity: number };
  /** Every refusal is followed by this: nothing that was refused may stand in the next guest's way. */
  nextOrderWorks(): Promise<void>;
}

const MENU = {
  plain: { price: 9_000 },
  counted: { price: 12_000, remaining: 100 },
  last: { price: 15_000, remaining: 2 },
  gone: { price: 8_000, remaining: 0 },
  off: { price: 8_000, soldOut: true },
  pricey: { price: 30_000 },
  choice: {
    price: 10_000,
    groups: [
      { min: 1, max: 1, options: [{ price: 0 }, { price: 1_500 }, { price: 0, soldOut: true }] },
      { min: 0, max: 2, options: [{ price: 500 }, { price: 700 }, { price: 900 }] },
    ],
  },
};
type DishName = keyof typeof MENU;

export async function setScene(t: Parameters<typeof startTestApp>[0], options: TestAppOptions): Promise<Scene> {
  const app = await startTestApp(t, options);
  const store = await makeStore<DishName>(app.db, MENU);
  const other = await makeStore(app.db, { theirs: { price: 5_000 } });
  const line = (name: DishName, quantity = 1) => ({ itemId: store.dishes[name].id, quantity });
  return {
    app,
    store,
    other,
    path: (suffix = '') => `/api/v1/stores/${store.id}/orders${suffix}`,
    line,
    async nextOrderWorks() {
      assert.equal((await app.client.order(store.id, { lines: [line('plain')] })).status, 201);
    },
  };
}
