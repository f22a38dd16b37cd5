import { Agent, type Dispatcher } from 'undici';
import type { OrderRequest } from '../../src/contract/index.ts';
import { newId } from '../../src/platform/id.ts';

/** A body as JSON came: tests assert what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server said
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or a buffer goes out as it is. */
  readonly body?: unknown;
}

/** Speaks HTTP with one server. */
export interface Client {
  readonly url: string;
  /** @throws the socket's error when there was no answer */
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** @param key unset: a new one */
  order(store: string, request: OrderRequest, key?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** A hot dish's crowd; more connections than this only take turns on two cores. */
const CONNECTIONS = 128;

export function createClient(url: string): Client {
  const agent = new Agent({ connections: CONNECTIONS, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  async function call(path: string, { method, key, token, headers, body }: CallOptions = {}): Promise<Answer> {
    const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const verb = (method ?? (raw === undefined ? 'GET' : 'POST')) as Dispatcher.HttpMethod;
    const asked = agent.request({
      origin: url,
      path,
      method: verb,
      headers: {
        ...(raw !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(raw !== undefined && { body: raw }),
    });
    // A bare `read ECONNRESET` among thousands of calls says nothing.
    const answer = await asked.catch((error: Error) => {
      error.message += ` (${verb} ${url}${path})`;
      throw error;
    });
    const text = await answer.body.text();
    const isJson = /json/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }
  return {
    url,
    call,
    order: (store, request, key = newId()) => call(`/api/v1/stores/${store}/orders`, { body: request, key }),
    close: () => agent.destroy(),
  };
}
