import type { Ticket } from '../../src/contract/index.ts';
import { ADMIN_KEY, startTestApp, type TestApp, type TestAppOptions } from '../support/app.ts';
import type { Answer } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { makeStore, type TestStore } from '../support/store.ts';

/** A shop with a soup and a drinks station, open for business, with its work being worked off. */
export interface Shop {
  readonly api: TestApp;
  readonly store: TestStore<'stew' | 'beer' | 'soju'>;
  readonly kitchenKey: string;
  /** Below `/api/v1/stores/{store}`. */
  call(path: string, options?: Parameters<TestApp['client']['call']>[1]): Promise<Answer>;
  /** Below the same, for event streams. */
  url(path: string): string;
  /** Orders one of each of these dishes. */
  order(
    dishes?: readonly ('stew' | 'beer' | 'soju')[],
    table?: string,
  ): Promise<{ id: string; token: string; number: number }>;
  tickets(): Promise<Ticket[]>;
  /** The ticket of an order at a station, once it is there. */
  ticketOf(orderId: string, station: string): Promise<Ticket>;
  advance(ticket: Ticket, to: string, version?: number): Promise<Answer>;
}

export async function openShop(
  t: Parameters<typeof startTestApp>[0],
  options: TestAppOptions = {},
  existing?: Shop,
): Promise<Shop> {
  const api = await startTestApp(t, { withJobs: true, ...options });
  const store =
    existing?.store ??
    (await makeStore(api.db, {
      stew: { price: 9_000, station: 'soup' },
      beer: { price: 5_000, station: 'drinks' },
      soju: { price: 5_000, station: 'drinks' },
    }));
  const kitchenKey = api.app.kitchenKey(store.id);
  const base = `/api/v1/stores/${store.id}`;
  const call: Shop['call'] = (path, callOptions) => api.client.call(base + path, callOptions);
  const shop: Shop = {
    api,
    store,
    kitchenKey,
    call,
    url: (path) => `${api.app.url}${base}${path}`,
    async order(dishes = ['stew'], table) {
      const { status, body } = await api.client.order(store.id, {
        ...(table !== undefined && { table }),
        lines: dishes.map((dish) => ({ itemId: store.dishes[dish].id, quantity: 1 })),
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body;
    },
    async tickets() {
      return (await call('/kitchen/tickets?limit=200', { token: kitchenKey })).body.items;
    },
    ticketOf: (orderId, station) =>
      eventually(async () => {
        const found = (await shop.tickets()).find((each) => each.orderId === orderId && each.station === station);
        if (!found) throw new Error(`There is no ticket of ${orderId} at ${station}.`);
        return found;
      }),
    advance: (ticket, to, version = ticket.version) =>
      call(`/kitchen/tickets/${encodeURIComponent(ticket.id)}/advance`, { token: kitchenKey, body: { to, version } }),
  };
  return shop;
}

export { ADMIN_KEY };
