import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { openDb } from '../../src/platform/db/pool.ts';
import { bearer, openSse, type SseReader } from '../events/sse.ts';
import { startGuests } from '../faults/guests.ts';
import { background } from './background.ts';
import type { Answer, Client } from './client.ts';
import { eventually } from './eventually.ts';
import { ADMIN_KEY } from './keys.ts';
import type { Lifetime } from './lifetime.ts';
import { PATIENT } from './postgres.ts';
import type { ApiProcess } from './processes.ts';
import { makeStore } from './store.ts';

/** How long something took at most, by what was asked for, in milliseconds. */
export type Slowest = Record<'order' | 'status' | 'tickets' | 'menu' | 'page' | 'ready' | 'health' | 'slip', number>;

/** A shop in the middle of its day: guests order, screens listen, a printer prints, and somebody looks at everything. */
export interface WholeShop {
  /** Forgets how long things took so far. */
  beginAnew(): void;
  /**
   * Of what was asked for since then, also of what has not been answered yet. `slip`: from an order's acknowledgement until its slip
   * was printed; `health` is what the machine itself takes.
   */
  slowest(): Slowest;
  /** Resolves when every process takes and tells everything, and every order of before has its tickets, its slip, and was shown. */
  untilAllIsRight(): Promise<void>;
  /** Everybody goes home; the books must balance. */
  close(): Promise<void>;
}

const STOCK = 1_000_000;
const GUESTS = 4;
const BREATH_MS = 150;
/** The printer prints one slip after another; guests who order faster than it does would only measure how far it is behind. */
const UNPRINTED_MAX = 10;
const LOOK_EVERY_MS = 300;
/** As the streams ask for. */
const SCREEN_COMES_BACK_MS = 2_000;

/**
 * @param databaseUrl where the truth is read
 * @param printsAt the process that its printer asks
 */
export async function openWholeShop(
  t: Lifetime,
  apis: readonly ApiProcess[],
  { databaseUrl, printsAt }: { readonly databaseUrl: string; readonly printsAt: ApiProcess },
): Promise<WholeShop> {
  const db = openDb({
    ...PATIENT,
    url: databaseUrl,
    connectionsMax: 1,
    applicationName: 'test',
    statementTimeoutMs: 60_000,
  });
  t.after(() => db.close());
  const store = await makeStore(db, { dish: { price: 9_000, remaining: STOCK } });
  const base = `/api/v1/stores/${store.id}`;

  let slowest = nothingYet();
  const asked = new Set<{ what: keyof Slowest; sinceMs: number }>();
  const ackedAtMs = new Map<string, number>();
  const printedAtMs = new Map<string, number>();
  const note = (what: keyof Slowest, ms: number) => {
    slowest[what] = Math.max(slowest[what], ms);
  };
  async function timed<T>(what: keyof Slowest, ask: Promise<T>): Promise<T> {
    const asking = { what, sinceMs: performance.now() };
    asked.add(asking);
    try {
      return await ask;
    } finally {
      if (asked.delete(asking)) note(what, performance.now() - asking.sinceMs);
    }
  }

  const timedClients = apis.map(
    ({ client }): Client => ({
      ...client,
      async order(storeId, request, key) {
        await eventually(() => ackedAtMs.size - printedAtMs.size < UNPRINTED_MAX, 'the printer comes after');
        const answer = await timed('order', client.order(storeId, request, key));
        if (answer.status < 300) ackedAtMs.set(answer.body.id, performance.now());
        return answer;
      },
    }),
  );
  const guests = startGuests(t, timedClients, store, GUESTS, BREATH_MS);
  await eventually(() => guests.acknowledged.size > 0, 'orders are being taken');
  const first = (await apis[0]!.client.order(store.id, { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] }))
    .body;
  const screens = apis.map(({ url }) => openScreen(t, `${url}${base}/kitchen/events`));

  const looks = {
    status: (client: Client) => client.call(`${base}/orders/${first.id}`, { token: first.token }),
    tickets: (client: Client) => client.call(`${base}/kitchen/tickets?limit=1`, { token: ADMIN_KEY }),
    menu: (client: Client) => client.call(`${base}/menu`),
    page: (client: Client) => client.call(`/s/${store.slug}`),
    ready: (client: Client) => client.call('/readyz'),
    health: (client: Client) => client.call('/healthz'),
  };
  background(t, async (signal) => {
    while (!signal.aborted) {
      for (const { client } of apis) {
        // Whoever looks waits for nobody; an answer that never comes is seen by its age.
        for (const [what, look] of Object.entries(looks)) timed(what as keyof Slowest, look(client)).catch(() => {});
      }
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  });

  const print = async (path: string, method = 'GET'): Promise<Answer | undefined> =>
    printsAt.client.call(`${base}/print/kitchen${path}`, { method, token: ADMIN_KEY }).catch(() => undefined);
  const printer = background(t, async (signal) => {
    while (!signal.aborted) {
      const slip = await print('/next?wait=5');
      if (slip?.status !== 200) {
        await delay(20, undefined, { signal });
        continue;
      }
      const { id, orderId } = slip.body;
      if (!printedAtMs.has(orderId)) {
        printedAtMs.set(orderId, performance.now());
        const ackedMs = ackedAtMs.get(orderId);
        if (ackedMs !== undefined) note('slip', performance.now() - ackedMs);
      }
      // Unless this is heard it comes again, as a copy.
      await print(`/${encodeURIComponent(id)}/done`, 'POST');
    }
  });

  async function assertAllShown(): Promise<void> {
    const orders = [...guests.acknowledged.keys()];
    await eventually(() => orders.every((id) => printedAtMs.has(id)), 'every order has its slip');
    for (const screen of screens) {
      await eventually(() => orders.every((id) => screen.shown.has(id)), 'every order was shown');
    }
  }

  return {
    beginAnew() {
      slowest = nothingYet();
      asked.clear();
    },
    slowest() {
      const now = performance.now();
      const result = { ...slowest };
      for (const { what, sinceMs } of asked) result[what] = Math.max(result[what], now - sinceMs);
      for (const [id, ms] of ackedAtMs) if (!printedAtMs.has(id)) result.slip = Math.max(result.slip, now - ms);
      return result;
    },
    async untilAllIsRight() {
      const request = { lines: [{ itemId: store.dishes.dish.id, quantity: 1 }] };
      for (const { client } of apis) {
        await eventually(async () => {
          const { status, body } = await client.order(store.id, request);
          assert.equal(status, 201, JSON.stringify(body));
        }, 'an order is taken');
        for (const [what, look] of Object.entries(looks)) {
          await eventually(async () => assert.equal((await look(client)).status, 200), `${what} is right`);
        }
      }
      await assertAllShown();
    },
    async close() {
      await guests.stop();
      await assertAllShown();
      await printer.end();
      const { rows } = await db.query(
        `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM ticket) AS tickets, (SELECT count(*) FROM print_slip) AS slips`,
      );
      const { orders } = rows[0] as { orders: number };
      assert.deepEqual(rows, [{ orders, tickets: orders, slips: orders }]);
    },
  };
}

/** A kitchen's screen: it opens its stream again when that ends, as a browser does. */
function openScreen(t: Lifetime, url: string): { readonly shown: ReadonlySet<string> } {
  const shown = new Set<string>();
  background(t, async (signal) => {
    while (!signal.aborted) {
      let stream: SseReader | undefined;
      try {
        stream = await openSse(url, bearer(ADMIN_KEY));
        for (let read = 0; !stream.ended && !signal.aborted; ) {
          for (; read < stream.events.length; read += 1) shown.add(stream.events[read]!.data.orderId);
          await delay(10);
        }
      } catch {
        // Nobody listens: it tries again.
      } finally {
        stream?.close();
      }
      await delay(SCREEN_COMES_BACK_MS, undefined, { signal });
    }
  });
  return { shown };
}

const nothingYet = (): Slowest => ({ order: 0, status: 0, tickets: 0, menu: 0, page: 0, ready: 0, health: 0, slip: 0 });
