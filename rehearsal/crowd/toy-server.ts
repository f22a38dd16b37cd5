import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server with known behaviour, for tests and for measuring the generator itself. */
export interface ToyServer {
  readonly url: string;
  /** Orders by key, as a server that loses nothing has them. */
  readonly orders: ReadonlyMap<string, { id: string; number: number; total: number }>;
  /** Requests seen, by kind. */
  readonly seen: { menu: number; notModified: number; order: number; status: number };
  /** Port of the phone and key of each order that came, refused ones included. */
  readonly orderedBy: readonly string[];
  readonly keys: readonly string[];
  /** Answers nothing for so long, then everything at once, as a process that hangs does. */
  freeze(forMs: number): void;
  close(): Promise<void>;
}

export interface ToyOptions {
  /** One after the other, each taking this long: capacity is 1000 / serviceMs a second. 0: at once. */
  readonly serviceMs?: number;
  /** Answers every nth order with this status; `once`: none that was refused before. */
  readonly refuse?: {
    readonly every: number;
    readonly status: number;
    readonly retryAfterS?: number;
    readonly once?: boolean;
  };
  /** Answers nothing but the list of stores and the first menu. */
  readonly silent?: boolean;
}

const STORE_ID = '01a20f8a-dcf2-7000-8000-000000000001';
const ITEM_ID = '01a20f8a-dcf2-7000-8000-000000000002';
const MENU_BYTES = 8_000;
const MENU = Buffer.from(
  JSON.stringify({
    version: '1',
    currency: 'KRW',
    categories: [
      {
        id: STORE_ID,
        name: { ko: '찌개', en: 'Stews' },
        items: [
          {
            id: ITEM_ID,
            name: { ko: '김치찌개', en: 'Kimchi stew' },
            description: { ko: 'x'.repeat(MENU_BYTES), en: '' },
            price: 9_000,
            soldOut: false,
            remaining: null,
            allergens: [],
            station: 'soup',
            optionGroups: [],
          },
        ],
      },
    ],
  }),
);

export async function startToyServer(options: ToyOptions = {}): Promise<ToyServer> {
  const orders = new Map<string, { id: string; number: number; total: number }>();
  const seen = { menu: 0, notModified: 0, order: 0, status: 0 };
  const orderedBy: string[] = [];
  const keys: string[] = [];
  const refused = new Set<string>();
  let frozenUntil = 0;
  let freeAt = 0;

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, number> = {}) => {
    const bytes = Buffer.from(JSON.stringify(body));
    response
      .writeHead(status, { ...headers, 'content-length': bytes.length, 'content-type': 'application/json' })
      .end(bytes);
  };
  const answer = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const { method, url = '', headers } = request;
    if (options.silent && seen.menu > 0) return;
    if (url === '/api/v1/stores') return json(response, 200, { items: [{ id: STORE_ID }], next: null });
    if (method === 'POST') {
      seen.order += 1;
      orderedBy.push(`${request.socket.remoteAddress}:${request.socket.remotePort}`);
      const id = headers['idempotency-key'] as string;
      keys.push(id);
      const refuse = options.refuse;
      if (refuse && seen.order % refuse.every === 0 && !(refuse.once && refused.has(id))) {
        refused.add(id);
        const told = refuse.retryAfterS === undefined ? {} : { 'retry-after': refuse.retryAfterS };
        return json(response, refuse.status, { type: 'busy' }, told);
      }
      const known = orders.get(id);
      const order = known ?? { id, number: orders.size + 1, total: JSON.parse(body).expectedTotal };
      orders.set(id, order);
      return json(response, known ? 200 : 201, { ...order, token: `token-${id}` });
    }
    if (url.includes('/orders/')) {
      seen.status += 1;
      const order = orders.get(url.slice(url.lastIndexOf('/') + 1));
      return order ? json(response, 200, order) : json(response, 404, { type: 'not-found' });
    }
    seen.menu += 1;
    if (headers['if-none-match'] === '"1"') {
      seen.notModified += 1;
      return response.writeHead(304, { etag: '"1"' }).end();
    }
    return response.writeHead(200, { etag: '"1"', 'content-length': MENU.length }).end(MENU);
  };

  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const now = performance.now();
      const { serviceMs = 0 } = options;
      freeAt = Math.max(freeAt, now, frozenUntil) + serviceMs;
      const waitMs = freeAt - now;
      if (waitMs < 0.5) answer(request, response, body);
      else setTimeout(() => answer(request, response, body), waitMs).unref();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    seen,
    orderedBy,
    keys,
    freeze(forMs) {
      frozenUntil = performance.now() + forMs;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
