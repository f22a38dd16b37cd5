/**
 * What one period, or the whole, of an Artillery result says: counters and summaries sorted into what the report needs, under
 * bounds. Names of version 1 are translated to those of version 2 by the reader, so that this is the only place that knows them.
 */
import type { Summary } from '../../stats/summary.ts';
import { cleanName, foldIds, Tally } from './names.ts';

const ERROR_KINDS_MAX = 60;
const CODES_MAX = 60;
/** When there are more endpoints than this, those with the fewest requests are given up, half of them at a time. */
const ENDPOINTS_MAX = 400;

const BY_ENDPOINT = 'plugins.metrics-by-endpoint.';
/** What each engine calls a request that it sent. */
const REQUESTS = new Set(['http.requests', 'socketio.emit', 'websocket.messages_sent']);
/** Failures that mean no answer came. A script's own complaints (a capture that found nothing) are errors of another kind. */
const NO_ANSWER = /^(?:E[A-Z]{2,}|ERR_[A-Z]|UND_ERR_)|socket hang up/;
const TIMED_OUT = /time-?d?-?out|ETIME/i;

export interface EndpointMetrics {
  codes: Tally;
  errors: Tally;
  /** More than one where names were folded together. */
  latency: Summary[];
  serverTime: Summary[];
}

/** Time-outs by the names that Node, got, undici and Artillery's engines give them. */
export const isTimeout = (kind: string): boolean => TIMED_OUT.test(kind);

export class Metrics {
  /** Epoch milliseconds; 0 when the file does not say. */
  period = 0;
  firstAt = 0;
  lastAt = 0;
  /** When the period ended, in version 1, which does not say when it began. */
  endAt = 0;
  requests = 0;
  responses = 0;
  readonly codes = new Tally(CODES_MAX);
  readonly errors = new Tally(ERROR_KINDS_MAX);
  readonly users = { created: 0, completed: 0, failed: 0, skipped: 0 };
  readonly endpoints = new Map<string, EndpointMetrics>();
  endpointsDropped = 0;
  latency: Summary | undefined;
  sessionLength: Summary | undefined;
  readonly #keepEndpoints: boolean;

  constructor(keepEndpoints: boolean) {
    this.#keepEndpoints = keepEndpoints;
  }

  /** One counter by Artillery's name for it. */
  count(name: string, value: number): void {
    const code = /^(?:http|socketio)\.codes\.(\d{3})$/.exec(name)?.[1];
    const user = /^vusers\.(created|completed|failed|skipped)$/.exec(name)?.[1];
    if (name.startsWith(BY_ENDPOINT)) this.#countEndpoint(name.slice(BY_ENDPOINT.length), value);
    else if (name.startsWith('errors.')) this.errors.add(cleanName(name.slice('errors.'.length)), value);
    else if (code !== undefined) this.codes.add(code, value);
    else if (user !== undefined) this.users[user as keyof typeof this.users] += value;
    else if (REQUESTS.has(name)) this.requests += value;
    else if (name === 'http.responses') this.responses += value;
  }

  /** One summary by Artillery's name for it. */
  summarise(name: string, summary: Summary): void {
    if (name === 'http.response_time' || name === 'socketio.response_time') this.latency = summary;
    else if (name === 'vusers.session_length') this.sessionLength = summary;
    else if (name.startsWith(BY_ENDPOINT) && this.#keepEndpoints) {
      const rest = name.slice(BY_ENDPOINT.length);
      if (rest.startsWith('response_time.')) this.#endpoint(rest.slice('response_time.'.length)).latency.push(summary);
      else if (rest.startsWith('server-timing.'))
        this.#endpoint(rest.slice('server-timing.'.length)).serverTime.push(summary);
    }
  }

  /** Requests that were given up, by their errors. */
  unanswered(): number {
    return this.errors
      .entries()
      .reduce((sum, [kind, count]) => sum + (NO_ANSWER.test(kind) || isTimeout(kind) ? count : 0), 0);
  }

  #countEndpoint(rest: string, value: number): void {
    if (!this.#keepEndpoints) return;
    // Endpoint names and error texts both contain dots, so the code is looked for at the end and the error from the front.
    const coded = /^(.*)\.codes\.(\d{3})$/s.exec(rest);
    const at = rest.indexOf('.errors.');
    if (coded?.[1] !== undefined && coded[2] !== undefined) this.#endpoint(coded[1]).codes.add(coded[2], value);
    else if (at >= 0)
      this.#endpoint(rest.slice(0, at)).errors.add(cleanName(rest.slice(at + '.errors.'.length)), value);
  }

  #endpoint(rawName: string): EndpointMetrics {
    const name = foldIds(rawName);
    let endpoint = this.endpoints.get(name);
    if (!endpoint) {
      if (this.endpoints.size >= ENDPOINTS_MAX) this.#giveUpSmallest();
      endpoint = { codes: new Tally(CODES_MAX), errors: new Tally(ERROR_KINDS_MAX), latency: [], serverTime: [] };
      this.endpoints.set(name, endpoint);
    }
    return endpoint;
  }

  #giveUpSmallest(): void {
    const bySize = [...this.endpoints].sort((a, b) => sizeOf(b[1]) - sizeOf(a[1]));
    for (const [name] of bySize.slice(ENDPOINTS_MAX / 2)) this.endpoints.delete(name);
    this.endpointsDropped += bySize.length - ENDPOINTS_MAX / 2;
  }
}

export function sizeOf(endpoint: EndpointMetrics): number {
  const measured = endpoint.latency.reduce((sum, summary) => sum + summary.count, 0);
  return Math.max(endpoint.codes.sum() + endpoint.errors.sum(), measured);
}
