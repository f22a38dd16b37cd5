import { openAccess } from './composition/access.ts';
import { openCaches } from './composition/caches.ts';
import { type House, semaphoresOf } from './composition/house.ts';
import { openHttp } from './composition/http.ts';
import { openOrdering } from './composition/ordering.ts';
import { controlOverload } from './composition/overload.ts';
import type { AppParts } from './composition/parts.ts';
import { openPlatform } from './composition/platform.ts';
import { billRoom } from './composition/rooms/bill.ts';
import { callRoom } from './composition/rooms/call.ts';
import { kitchenRoom } from './composition/rooms/kitchen.ts';
import { menuRoom } from './composition/rooms/menu.ts';
import { opsRoom } from './composition/rooms/ops.ts';
import { orderRoom } from './composition/rooms/order.ts';
import { paymentRoom } from './composition/rooms/payment.ts';
import { staffRoom } from './composition/rooms/staff.ts';
import { storeRoom } from './composition/rooms/store.ts';
import { waitlistRoom } from './composition/rooms/waitlist.ts';
import { openJobs } from './composition/run-jobs.ts';
import { warmCaches } from './composition/warm-caches.ts';
import { BOUNDS, type Config } from './config.ts';
import { pageRoutes } from './pages/index.ts';
import { listen } from './platform/http/connections/acceptors.ts';
import { rankingRoutes } from './ranking/index.ts';
import { salesRoutes } from './sales/index.ts';
import { toStoreView } from './store/index.ts';
import { webhookRoutes } from './webhook/index.ts';

export type { AppParts };

export interface App {
  /** Where it listens. */
  readonly url: string;
  /** Where operations are, if they have a port of their own. */
  readonly opsUrl: string | undefined;
  kitchenKey(storeId: string): string;
  /** Finishes what is under way, takes nothing new. */
  close(): Promise<void>;
}

/** Starts one stateless API process. When a part of it cannot be built, those before it are closed again. */
export async function startApp(config: Config, parts: AppParts): Promise<App> {
  const built = new AsyncDisposableStack();
  try {
    return await build(config, parts, built);
  } catch (error) {
    await built.disposeAsync();
    throw error;
  }
}

/** Builds it by hand, in the order in which the parts need each other, and listens. `built` closes them in the reverse order. */
async function build(config: Config, parts: AppParts, built: AsyncDisposableStack): Promise<App> {
  let url: string | undefined;

  // The truth and who hears of its changes, what is cached, who somebody is.
  const platform = await openPlatform(config, parts, built);
  const caches = openCaches(config, parts, platform, built);
  const isWarm = warmCaches(config, platform, caches);
  const who = openAccess(config, parts, platform, caches);

  // What follows from an order goes into the job queue, so ordering and cooking are apart.
  const jobs = await openJobs(config, parts, platform, () => url, built);
  const ordering = openOrdering(config, parts, platform, caches, who, jobs, built);

  // The doors.
  const server = await openHttp(config, parts, platform, caches, who, built);
  const house: House = {
    config,
    parts,
    ...platform,
    ...caches,
    ...who,
    jobs,
    ...server,
    semaphore: semaphoresOf(parts),
  };
  const { http, db, stores, menuCache, address, now } = house;
  const changeInTurn = house.semaphore(BOUNDS.storeTurns.itemChanges);
  storeRoom(house, changeInTurn);
  menuRoom(house, changeInTurn);
  orderRoom(house, ordering);
  billRoom(house, ordering);
  callRoom(house);
  paymentRoom(house);
  kitchenRoom(house);
  rankingRoutes(http, { stores, cache: house.rankingCache, brands: house.brands });
  waitlistRoom(house);
  webhookRoutes(http, { db: db.staff, stores, allowPrivate: config.webhookAllowPrivate === 'on' });
  salesRoutes(http, { db: house.replica ?? db.staff, stores, now, bounds: BOUNDS.sales });
  opsRoom(house, ordering, () => Number(url ? new URL(url).port : config.port), built);
  staffRoom(house);
  await pageRoutes(http, { stores, menuCache, storeView: toStoreView, base: address.base });

  controlOverload(house, ordering);
  await isWarm;
  const at = { host: config.host, exclusive: parts.alone ?? false };
  url = await listen(http, { ...at, port: config.port });
  const opsUrl = await server.opsPort?.listen({ ...at, port: config.opsPort! });
  address.listensAt(url);
  return { url, opsUrl, kitchenKey: who.access.kitchenKey, close: () => built.disposeAsync() };
}
