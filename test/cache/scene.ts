import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { type Db, openDb } from '../../src/platform/db/pool.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { ADMIN_KEY } from '../support/keys.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { PATIENT, testDatabase } from '../support/postgres.ts';
import type { ApiProcess } from '../support/processes.ts';
import { type Service, startMemcached, startRedis } from '../support/services.ts';
import { makeStore, type TestStore } from '../support/store.ts';

export const menuPath = (store: { readonly id: string }): string => `/api/v1/stores/${store.id}/menu`;

/** `NODE_OPTIONS` and share for processes that hear only a part of what they are told. */
export const dropping = (share: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('drop-messages.ts', import.meta.url))}`,
  DROP_SHARE: String(share),
});

/** Portions of tea in each shop: more than any test sells. */
export const TEAS = 50_000;

export const stockPath = (store: { readonly id: string }): string => `/api/v1/stores/${store.id}/stock`;

/** A database with stores of a few dishes each. */
export async function openShops(
  t: { after(hook: () => Promise<void>): void },
  count: number,
): Promise<{ url: string; db: Db; stores: TestStore<'soup' | 'rice' | 'tea'>[] }> {
  const { url } = await testDatabase();
  await prepareJobs(url);
  const db = openDb({ ...PATIENT, url, connectionsMax: 4, applicationName: 'test' });
  t.after(() => db.close());
  const dishes = { soup: { price: 9_000 }, rice: { price: 2_000 }, tea: { price: 4_000, remaining: TEAS } };
  const stores: TestStore<'soup' | 'rice' | 'tea'>[] = [];
  for (let index = 0; index < count; index++) stores.push(await makeStore(db, dishes));
  return { url, db, stores };
}

/** Changes a dish as the owner does, again where a busy machine refuses it. @throws Error when it is not acknowledged */
export async function changeDish(client: Client, storeId: string, itemId: string, change: object): Promise<void> {
  const answer = await eventually(async () => {
    const said = await client.call(`/api/v1/stores/${storeId}/items/${itemId}`, {
      method: 'PUT',
      token: ADMIN_KEY,
      body: change,
    });
    assert.notEqual(said.status, 503);
    return said;
  }, 'a dish is changed');
  if (answer.status !== 200) throw new Error(`The change was answered ${answer.status}.`);
}

/** What a menu shows of a dish. */
export function dishOf(menu: unknown, itemId: string): { price: number; soldOut: boolean; remaining: number | null } {
  const { categories } = menu as {
    categories: { items: { id: string; price: number; soldOut: boolean; remaining: number | null }[] }[];
  };
  const dish = categories.flatMap(({ items }) => items).find(({ id }) => id === itemId);
  if (!dish) throw new Error('The menu lacks the dish.');
  return dish;
}

/** Sum of a metric over processes; the labels are given as they stand in the text. */
export async function metric(
  processes: readonly { client: Client }[],
  name: string,
  ...labels: string[]
): Promise<number> {
  let sum = 0;
  for (const { client } of processes) {
    const { body } = await client.call('/metrics');
    for (const line of String(body).split('\n')) {
      if (!line.startsWith(`${name}{`) || !labels.every((label) => line.includes(label))) continue;
      sum += Number(line.slice(line.lastIndexOf(' ')));
    }
  }
  return sum;
}

export const menuLoads = (processes: readonly ApiProcess[]): Promise<number> =>
  metric(processes, 'matjip_cache_load_seconds_count', 'place="menu"');

interface StartedTier {
  readonly service: Service;
  /** Makes it an app's second tier. */
  readonly env: Readonly<Record<string, string>>;
}

/** Each program that can be the cache's second tier, started for a test. */
export const TIERS: Readonly<Record<string, (t: Lifetime) => Promise<StartedTier>>> = {
  async Redis(t) {
    const service = await startRedis(t);
    return { service, env: { CACHE: 'tiered', REDIS_URL: service.url } };
  },
  async Memcached(t) {
    const service = await startMemcached(t);
    return { service, env: { CACHE: 'tiered', CACHE_URL: service.url } };
  },
};
