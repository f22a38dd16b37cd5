import { performance } from 'node:perf_hooks';
import type { onSendHookHandler } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { PERMISSIONS } from '../../../contract/index.ts';
import { arrivedMsOf } from '../fast-path/fast-path.ts';
import { REQUEST_CLASSES, type RequestClass, rankOf, requestClassOf } from '../request/request-class.ts';
import type { HttpServer } from '../server.ts';

/**
 * Where one count ends and the next begins, in milliseconds. Each is about 1.6 times the one before, so a percentile is known to a
 * fifth; finer would be more to scrape, coarser would hide a p99 that doubled.
 */
const BOUNDS_MS = [
  0.5, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800, 1_200, 2_000, 3_000, 5_000,
] as const;
const WIDTH = BOUNDS_MS.length + 1;
const NAME = 'matjip_request_seconds';
const HELP =
  'From the arrival of a request to its answer, by class; that it lay unread while the event loop was busy counts';
/** The library's own type of this has no values at run time. */
const TYPE = 'histogram' as unknown as Awaited<ReturnType<Histogram['get']>>['type'];
type Labels = 'class' | 'le';

/** How many requests of each class were answered, and how long after they had arrived. */
export interface RequestTimes {
  /** @returns counts one answer, in milliseconds since its request arrived; a few additions, for it is called for each menu */
  of(requestClass: RequestClass): (tookMs: number) => void;
}

/**
 * A histogram that is written by adding to numbers. The library's own looks its labels up by a text made for each observation, which
 * costs a ready menu a twentieth of its time; here the text is made when somebody scrapes.
 */
class TimesHistogram extends Histogram<Labels> implements RequestTimes {
  readonly #counts = REQUEST_CLASSES.map(() => new Float64Array(WIDTH));
  readonly #sumsMs = new Float64Array(REQUEST_CLASSES.length);

  of(requestClass: RequestClass): (tookMs: number) => void {
    const rank = rankOf(requestClass);
    const counts = this.#counts[rank]!;
    const sumsMs = this.#sumsMs;
    return (tookMs) => {
      let at = 0;
      while (at < BOUNDS_MS.length && tookMs > BOUNDS_MS[at]!) at += 1;
      counts[at]! += 1;
      sumsMs[rank]! += tookMs;
    };
  }

  override async get(): ReturnType<Histogram<Labels>['get']> {
    const values = REQUEST_CLASSES.flatMap((requestClass, rank) => {
      let count = 0;
      const buckets = [...BOUNDS_MS, Number.POSITIVE_INFINITY].map((boundMs, at) => {
        count += this.#counts[rank]![at]!;
        const le = Number.isFinite(boundMs) ? boundMs / 1_000 : '+Inf';
        return { metricName: `${NAME}_bucket`, labels: { class: requestClass, le }, value: count };
      });
      const labels = { class: requestClass };
      return [
        ...buckets,
        { metricName: `${NAME}_sum`, labels, value: this.#sumsMs[rank]! / 1_000 },
        { metricName: `${NAME}_count`, labels, value: count },
      ];
    });
    return { name: NAME, help: HELP, type: TYPE, aggregator: 'sum', collect() {}, values };
  }

  /** What the library asks when it prints. */
  getForPromString(): ReturnType<TimesHistogram['get']> {
    return this.get();
  }
}

export function createRequestTimes(registry: Registry): RequestTimes {
  return new TimesHistogram({
    name: NAME,
    help: HELP,
    labelNames: ['class'],
    registers: [registry],
  });
}

/** Their answer comes when there is something to say, so its time says nothing of the server. */
const LONG_POLLS: ReadonlySet<string> = new Set(['/api/v1/stores/:store/print/:station/next']);

/** Counts every answer that a route gives, whatever its status. Call it before the first route is added. */
export function timeRequests(http: HttpServer, times: RequestTimes): void {
  http.addHook('onRoute', (route) => {
    if (LONG_POLLS.has(route.url)) return;
    const method = [route.method].flat()[0]!;
    const isStaff = typeof PERMISSIONS[`${method === 'HEAD' ? 'GET' : method} ${route.url}`] === 'object';
    const answered = times.of(requestClassOf({ method, url: route.url, isStaff }));
    const count: onSendHookHandler = (request, _reply, _payload, done) => {
      answered(performance.now() - arrivedMsOf(request.raw));
      done();
    };
    route.onSend = [...[route.onSend ?? []].flat(), count];
  });
}
