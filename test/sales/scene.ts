import { BOUNDS } from '../../src/config.ts';
import { type Db, openDb, type Queryable } from '../../src/platform/db/pool.ts';
import { newId } from '../../src/platform/id.ts';
import { postDue, type Rollup, scheduledRollup } from '../../src/sales/index.ts';
import { atEndOf, type Lifetime } from '../support/lifetime.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import { makeStore, type TestStore } from '../support/store.ts';

export type Dish = 'stew' | 'beer' | 'soju';

export interface Shop {
  readonly store: TestStore<Dish>;
  readonly timeZone: string;
  readonly dayStartsHour: number;
}

/** One order as the test remembers it, whatever the database says. */
export interface Sold {
  readonly shop: Shop;
  readonly id: string;
  readonly atMs: number;
  readonly lines: readonly { readonly dish: Dish; readonly quantity: number; readonly unitPrice: number }[];
  cancelled: boolean;
}

export interface Scene {
  readonly url: string;
  readonly db: Db;
  shop(timeZone: string, dayStartsHour?: number): Promise<Shop>;
  /** Puts an order on the disk as the intake does at this moment. @param keyOffMs how far the phone's clock is off */
  sell(shop: Shop, atMs: number, lines: Sold['lines'], rollup?: Rollup, keyOffMs?: number): Promise<Sold>;
  cancel(sold: Sold, rollup?: Rollup): Promise<void>;
  post(): Promise<number>;
  /** Every row of the books. */
  books(): Promise<unknown>;
}

export async function openScene(t: Lifetime): Promise<Scene> {
  const { url } = await testDatabase();
  // A hundred tables in one statement take their time on a busy machine.
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, statementTimeoutMs: 60_000 });
