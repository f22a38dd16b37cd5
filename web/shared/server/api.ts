import { learnServerTime } from './clock.ts';
import { SIGNED_IN } from './page-key.ts';
import { ApiProblem, problemOf } from './problem.ts';

/** Longer than a slow mobile network takes to wake up; shorter than a guest's patience. */
const TIMEOUT_MS = 12_000;

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. A string is sent as it is, so that a repeated request has the same bytes. */
  body?: unknown;
  /** Sent as `Authorization: Bearer`. */
  token?: string | undefined;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

interface Answer<T> {
  status: number;
  /** null for 204. */
  data: T | null;
}

/**
 * One request to the API.
 * @param path below `/api/v1`, already URL-encoded
 * @throws ApiProblem for every answer outside 2xx, and when none came
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const { method = 'GET', body, token, timeoutMs = TIMEOUT_MS } = options;
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (token && token !== SIGNED_IN) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      // The browser asks by ETag and gives its own copy for a 304. Left to itself it would give an old copy first.
      cache: 'no-cache',
      signal: abort.signal,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    learnServerTime(response.headers.get('date'));
    if (!response.ok) throw problemOf(response.status, text, response.headers.get('retry-after'));
    return { status: response.status, data: text ? (JSON.parse(text) as T) : null };
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    // A body cut off in the middle, an answer that isn't ours, no route to the host: for the caller all are "no answer".
    throw new ApiProblem(abort.signal.aborted ? 'timeout' : 'network');
  } finally {
    clearTimeout(timer);
  }
}

/** Like `request`, when only the data matters. */
export async function getJson<T>(path: string, token?: string): Promise<T> {
  const { data } = await request<T>(path, { token });
  return data as T;
}
