/**
 * What one period, or the whole, of an Artillery result says: counters and summaries sorted into what the report needs, under
 * bounds. Names of version 1 are translated to those of version 2 by the reader, so that this is the only place that knows them.
 */
import type { Distribution } from '../../stats/distribution.ts';
import type { Summary } from '../../stats/summary.ts';
import { CUSTOM } from './custom.ts';
import { isNoAnswer, isOwnFault, isRefusedAtOnce, isTimeout } from './failures.ts';
import { cleanName, foldIds, Tally } from './names.ts';

const ERROR_KINDS_MAX = 60;
const CODES_MAX = 60;
/** When there are more endpoints than this, those with the fewest requests are given up, half of them at a time. */
const ENDPOINTS_MAX = 400;

/** Counters and summaries that belong to no part of the report and are shown by their own names. */
const OTHERS_MAX = 150;

const BY_ENDPOINT = 'plugins.metrics-by-endpoint.';
const OTHER_ENGINE = /^(?:websocket|socketio|browser)\./;
/** Users by scenario, bytes: told elsewhere, or of no use beside the rest. */
const UNSHOWN = /^(?:vusers\.created_by_name\.|http\.downloaded_bytes$|http\.response_time\.)/;

export interface EndpointMetrics {
  codes: Tally;
  errors: Tally;
  /** More than one where names were folded together. */
  latency: Summary[];
  serverTime: Summary[];
  /** Of a script of version 1, which says how fast and not how many. */
  uncounted?: Summary;
}

/** The names that the first versions 2.0 gave to what has another name since. */
const currentName = (name: string): string =>
  name.replace(/^core\.vusers\.created\.total$/, 'vusers.created').replace(/^(?:core|engine)\./, '');

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
  /** Every latency of the span, where the file has a sketch or samples of them. */
  distribution: Distribution | undefined;
  /** Web sockets or a browser ran as well: whose an error was cannot be told. */
  hasOtherEngine = false;
  /** Counters and summaries of other engines and of the script's own, by their names in the file. */
  readonly otherCounters = new Tally(OTHERS_MAX);
  readonly otherSummaries = new Map<string, Summary>();
  readonly #keepEndpoints: boolean;

  constructor(keepEndpoints: boolean) {
    this.#keepEndpoints = keepEndpoints;
  }

  /** One counter by Artillery's name for it. */
  count(rawName: string, value: number): void {
    const name = currentName(rawName);
    if (OTHER_ENGINE.test(name)) this.hasOtherEngine = true;
    const code = /^(?:http|socketio)\.codes\.(\d{3})$/.exec(name)?.[1];
    const user = /^vusers\.(created|completed|failed|skipped)$/.exec(name)?.[1];
    if (name.startsWith(BY_ENDPOINT)) this.#countEndpoint(name.slice(BY_ENDPOINT.length), value);
    else if (name.startsWith('errors.')) this.errors.add(cleanName(name.slice('errors.'.length)), value);
    else if (code !== undefined) this.codes.add(code, value);
    else if (user !== undefined) this.users[user as keyof typeof this.users] += value;
    else if (name === 'http.requests') this.requests += value;
    else if (name === 'http.responses') this.responses += value;
    else if (this.#keepEndpoints && !UNSHOWN.test(name)) this.otherCounters.add(cleanName(name), value);
  }

  /** One summary by Artillery's name for it, and the whole distribution where the file has it. */
  summarise(rawName: string, summary: Summary, distribution?: Distribution): void {
    const name = currentName(rawName);
    if (name === 'http.response_time') {
      this.latency = summary;
      this.distribution = distribution;
    } else if (name === 'vusers.session_length') this.sessionLength = summary;
    else if (name.startsWith(BY_ENDPOINT) && this.#keepEndpoints) {
      const rest = name.slice(BY_ENDPOINT.length);
      if (rest.startsWith('response_time.')) this.#endpoint(rest.slice('response_time.'.length)).latency.push(summary);
      else if (rest.startsWith('server-timing.'))
        this.#endpoint(rest.slice('server-timing.'.length)).serverTime.push(summary);
    } else if (this.#keepEndpoints && !UNSHOWN.test(name)) {
      if (this.otherSummaries.size < OTHERS_MAX) this.otherSummaries.set(cleanName(name), summary);
      // A script of version 1 that measures its endpoints names them so.
      const own = name.startsWith(CUSTOM) ? name.slice(CUSTOM.length) : '';
      if (/^(?:[A-Z]{3,7} |https?:|\/)/.test(own)) this.#endpoint(own).uncounted = summary;
    }
  }

  /** Requests that got no answer, by their errors. */
  unanswered(): number {
    return this.#errorsWhere(isNoAnswer);
  }

  /** Among them those that nobody waited for: the connection was refused, or never left the machine. */
  refused(): number {
    return this.#errorsWhere(isRefusedAtOnce);
  }

  /** Among these, what the machine of the load generator ran out of. */
  ownFaults(): number {
    return this.#errorsWhere(isOwnFault);
  }

  timedOut(): number {
    return this.#errorsWhere(isTimeout);
  }

  /**
   * Answers that the script would not have, such as a capture that found nothing: each ended its user. Where several engines ran, nobody
   * can tell whose they were.
   * @param missing requests without an answer: an error by a name that nobody has heard of is first of all one of these
   */
  complaints(missing: number): number {
    if (this.hasOtherEngine) return 0;
    const unexplained = Math.max(0, missing - this.unanswered());
    const errors = Math.max(0, this.#errorsWhere((kind) => !isNoAnswer(kind)) - unexplained);
    return this.users.failed > 0 ? Math.min(errors, this.users.failed) : this.users.completed > 0 ? 0 : errors;
  }

  #errorsWhere(is: (kind: string) => boolean): number {
    return this.errors.entries().reduce((sum, [kind, count]) => sum + (is(kind) ? count : 0), 0);
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
