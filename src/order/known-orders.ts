import { LRUCache } from 'lru-cache';
import type { OrderView } from '../contract/index.ts';
import { createBatcher } from '../platform/concurrency/batcher.ts';
import type { Queryable } from '../platform/db/pool.ts';
import { idTimeMs } from '../platform/id.ts';
import type { PlacedOrder } from './decide.ts';
import { placedView } from './placed-view.ts';
import type { OrderRef } from './ports.ts';
import { readVersionedOrders } from './read-orders.ts';
import { SHARED_READ, type SnapshotCache, TRUSTED_S } from './snapshot-cache.ts';

/** A process's own orders, and those that it was asked for. */
export interface KnownOrders extends SnapshotCache {
  /** Told after the commit that wrote them. @param version of their rows: the transaction that wrote them */
  placed(orders: readonly PlacedOrder[], version: string): void;
}

/** An order as it was, and the version of its row then. */
interface Known {
  readonly version: string;
  readonly view: OrderView;
}

/**
 * What guests ask is mostly about an order that has not changed since they were told of it. So Postgres is asked for its row's version alone, by a
 * statement that is planned once, and what the process knows of that version is the answer: always the truth, at a tenth of the price.
 * Whatever changes what a guest sees of an order writes its row, if only with what stood there; but the names of dishes, which are their own, may
 * be old for as long as an order is known.
 *
 * A version is the transaction that wrote the row (`xmin`). Where stores are spread over machines each counts its own, so there all is read.
 * @param knownMax the least recently asked for are forgotten
 */
export function createKnownOrders(db: Queryable, knownMax: number): KnownOrders {
  const kept = new LRUCache<string, Known>({ max: knownMax, ttl: TRUSTED_S * 1000 });

  async function readAnew(refs: readonly OrderRef[]): Promise<Map<string, OrderView>> {
    const views = new Map<string, OrderView>();
    if (refs.length === 0) return views;
    const found = await readVersionedOrders(db, refs);
    for (const [index, ref] of refs.entries()) {
      const known = found[index];
      if (!known) continue;
      views.set(keyOf(ref), known.view);
      if (known.version !== null) kept.set(keyOf(ref), { version: known.version, view: known.view });
    }
    return views;
  }

  async function readAll(refs: readonly OrderRef[]): Promise<Map<string, OrderView>> {
    const known = new Map<string, Known>();
    if (!db.isSharded) {
      for (const ref of refs) {
        const one = kept.get(keyOf(ref));
        if (one) known.set(keyOf(ref), one);
      }
    }
    const isKnown = (ref: OrderRef): boolean => known.has(keyOf(ref));
    const [views, versions] = await Promise.all([
      readAnew(refs.filter((ref) => !isKnown(ref))),
      readVersions(db, refs.filter(isKnown)),
    ]);
    const changed: OrderRef[] = [];
    for (const ref of refs.filter(isKnown)) {
      const key = keyOf(ref);
      const { version, view } = known.get(key)!;
      if (versions.get(key) === `${version} ${view.status}`) views.set(key, view);
      else changed.push(ref);
    }
    for (const ref of changed) kept.delete(keyOf(ref));
    for (const [key, view] of await readAnew(changed)) views.set(key, view);
    return views;
  }

  return {
    read: createBatcher<OrderRef, OrderView | undefined>(async (refs) => {
      const views = await readAll(refs);
      return refs.map((ref) => ({ status: 'fulfilled', value: views.get(keyOf(ref)) }));
    }, SHARED_READ),
    placed(orders, version) {
      for (const order of orders) kept.set(keyOf(order.candidate), { version, view: placedView(order) });
    },
    moved: async () => {},
    rewritten: async () => {},
  };
}

const keyOf = ({ storeId, id }: OrderRef): string => `${storeId} ${id}`;

/** SQLSTATE of a month whose table is gone, or was never made. */
const UNDEFINED_TABLE = '42P01';

/** Version and status of the rows of these orders, by month: an order is found in its month's table or not at all. */
async function readVersions(db: Queryable, refs: readonly OrderRef[]): Promise<Map<string, string>> {
  const months = Map.groupBy(refs, ({ id }) => new Date(idTimeMs(id)).toISOString().slice(0, 7).replace('-', '_'));
  const found = await Promise.all([...months].map(([month, ofMonth]) => versionsOfMonth(db, month, ofMonth)));
  return new Map(found.flat());
}

async function versionsOfMonth(
  db: Queryable,
  month: string,
  refs: readonly OrderRef[],
): Promise<(readonly [string, string])[]> {
  try {
    const { rows } = await db.query<{ storeId: string; id: string; version: string }>(
      // The month's own table, so that nothing is left out at planning and one plan serves for good; JSON, because of how many rows it has
      // the planner believes the same every time, and so keeps that plan. OFFSET 0 and the pool's setting hold it to the primary key.
      `SELECT k.s AS "storeId", k.id, o.version
       FROM json_to_recordset($1::json) AS k (s uuid, id uuid) CROSS JOIN LATERAL (
         SELECT concat(o.xmin, ' ', o.status) AS version FROM orders_${month} o WHERE o.store_id = k.s AND o.id = k.id OFFSET 0) o`,
      [JSON.stringify(refs.map(({ storeId, id }) => ({ s: storeId, id })))],
      `versions-${month}`,
    );
    return rows.map(({ version, ...ref }) => [keyOf(ref), version]);
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
