import assert from 'node:assert/strict';
import type { Client } from '../../test/support/client.ts';
import { eventually } from '../../test/support/eventually.ts';
import { ADMIN_KEY } from '../../test/support/keys.ts';

/** What asks the database. */
export interface Truth {
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: R[] }>;
}

/** Who shows it, and what is true. */
export interface ShownAt {
  readonly client: Client;
  readonly db: Truth;
}

/** A store beside the crowd's, with things to show: its ranking, its board, its waiting line and its orders' status. */
export interface ShownStore {
  /**
   * Waits until all of it is shown as SQL has it.
   * @param at another Matjip and its database, to which the store was brought
   * @returns how long that took, in milliseconds
   */
  timeUntilRight(at?: ShownAt): Promise<number>;
}

const ORDERS = 6;
const PARTIES = 4;

/**
 * Orders, cooks, and lets parties wait.
 * @param store made by SQL, with one dish; nobody else orders there
 */
export async function openShownStore(
  client: Client,
  db: Truth,
  store: { readonly id: string; readonly dishId: string },
  newKey: () => string,
): Promise<ShownStore> {
  const base = `/api/v1/stores/${store.id}`;
  const tokens = new Map<string, string>();
  const ask = (what: string, call: () => ReturnType<Client['call']>) =>
    eventually(async () => {
      const answer = await call();
      assert.ok(answer.status < 300, `${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }, what);
  for (let place = 0; place < ORDERS; place += 1) {
    const key = newKey();
    const lines = [{ itemId: store.dishId, quantity: 1 + place }];
    const { id, token } = await ask('an order is taken', () => client.order(store.id, { lines }, key));
    tokens.set(id, token);
  }
  for (const [place, id] of [...tokens.keys()].entries()) {
    for (const [version, to] of ['cooking', 'ready'].slice(0, place % 3).entries()) {
      const path = `${base}/kitchen/tickets/${encodeURIComponent(`${id}:kitchen`)}/advance`;
      await ask('its ticket moves', () => client.call(path, { token: ADMIN_KEY, body: { to, version: version + 1 } }));
    }
  }
  for (let place = 0; place < PARTIES; place += 1) {
    const key = newKey();
    await ask('a party waits', () => client.call(`${base}/waitlist`, { key, body: { size: 2 } }));
  }

  async function assertRight(at: ShownAt): Promise<void> {
    const get = async (path: string, token?: string) => {
      const { status, body } = await at.client.call(base + path, { token });
      assert.equal(status, 200, JSON.stringify(body));
      return body;
    };
    const rows = async (sql: string) => (await at.db.query<Record<string, unknown>>(sql, [store.id])).rows;

    const ranking = await get('/ranking?window=day');
    assert.deepEqual(
      ranking.items.map(({ count }: { count: number }) => count),
      await rows(
        `SELECT sum(quantity)::int AS count FROM order_line l JOIN orders o ON o.store_id = l.store_id AND o.id = l.order_id
         WHERE o.store_id = $1 AND o.status <> 'cancelled' GROUP BY item_id ORDER BY 1 DESC`,
      ).then((all) => all.map(({ count }) => count)),
      'the ranking',
    );
    const board = await get('/board');
    for (const status of ['cooking', 'ready']) {
      assert.deepEqual(
        [...board[status]].sort((one: number, other: number) => one - other),
        (await rows(`SELECT number FROM orders WHERE store_id = $1 AND status = '${status}' ORDER BY number`)).map(
          ({ number }) => number,
        ),
        'the board',
      );
    }
    const line = await get('/waitlist', ADMIN_KEY);
    assert.deepEqual(
      line.items.map(({ id, place }: { id: string; place: number }) => ({ id, place })),
      await rows(
        `SELECT id, row_number() OVER (ORDER BY position)::int AS place FROM party
         WHERE store_id = $1 AND state = 'waiting' ORDER BY position`,
      ),
      'the waiting line',
    );
    for (const { id, status } of await rows('SELECT id, status FROM orders WHERE store_id = $1')) {
      assert.equal((await get(`/orders/${id}`, tokens.get(id as string)!)).status, status, 'an order’s status');
    }
  }

  const shown = {
    async timeUntilRight(at: ShownAt = { client, db }) {
      const beganMs = performance.now();
      await eventually(() => assertRight(at), 'everything is shown as it is');
      return performance.now() - beganMs;
    },
  };
  await shown.timeUntilRight();
  return shown;
}
