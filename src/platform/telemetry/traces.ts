import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Span, SpanOptions } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import { UUID_V7_PATTERN } from '../../contract/index.ts';
import { arrivedMsOf } from '../http/fast-path/fast-path.ts';
import type { HttpServer } from '../http/server.ts';
import type { JobHandler } from '../jobs/jobs.ts';
import { throttleLog } from './log-throttle.ts';

export interface TraceBounds {
  /** Spans that wait for the collector; more are dropped. */
  readonly queueMax: number;
  readonly batchMax: number;
  readonly everyMs: number;
  /** After this a batch is given up. */
  readonly exportWithinMs: number;
  /** How long the end of the process waits for the last batch. */
  readonly closeWithinMs: number;
  /** Orders of one group, or of one job, that are traced. */
  readonly perGroupMax: number;
}

export interface TracesOptions {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT` says: `/v1/traces` is added to it. */
  readonly endpoint: string;
  /** What share of the orders is traced, 0 to 1. */
  readonly ratio: number;
  readonly bounds: TraceBounds;
  readonly log: { warn(details: object): void };
}

type TakeGroup<Order, Outcome> = (group: readonly Order[], options: { readonly wait: boolean }) => Promise<Outcome>;

/** An order's way, for a collector: its request, its wait for a group, the group's transaction, and the jobs that follow. */
export interface Traces {
  /** Call it before the routes of orders are added. */
  followRequests(http: HttpServer): void;
  followGroups<Order extends { readonly id: string }, Outcome>(
    take: TakeGroup<Order, Outcome>,
  ): TakeGroup<Order, Outcome>;
  followJobs(kind: string, handler: JobHandler): JobHandler;
  /** Sends what waits, within the bound. */
  close(): Promise<void>;
}

const ORDERS = '/api/v1/stores/:store/orders';
const UUID_V7 = new RegExp(UUID_V7_PATTERN);
const SAY_EVERY_MS = 60_000;

/**
 * The order's id is the trace's id, and its last half the id of its first span: a UUIDv7 has the 16 bytes of a trace id. So whoever does
 * something for an order, in whatever process and however much later, knows its trace, and nothing has to be carried along.
 */
const traceIdOf = (orderId: string): string => orderId.replaceAll('-', '').toLowerCase();
const firstSpanIdOf = (orderId: string): string => traceIdOf(orderId).slice(16);
/** By its last, random, bits: the same answer in every process. */
const shareOf = (orderId: string): number => Number.parseInt(orderId.slice(-8), 16) / 2 ** 32;

/** The ids of orders that a job is about; jobs that are about none have another payload. */
const orderIdsIn = (payload: unknown): string[] =>
  Array.isArray(payload)
    ? payload.flatMap((entry) =>
        Array.isArray(entry) && typeof entry[1] === 'string' && UUID_V7.test(entry[1]) ? [entry[1]] : [],
      )
    : [];

/** Loads the library, which nothing else does: without an endpoint there is no span, no wrapper and no hook. */
export async function openTraces({ endpoint, ratio, bounds, log }: TracesOptions): Promise<Traces> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const say = throttleLog(SAY_EVERY_MS);
  const away = (message: string): void =>
    say((times) => log.warn({ message: 'Traces could not be sent; they are dropped.', reason: message, times }));
  const quiet = (): void => {};
  api.diag.setLogger({ error: away, warn: quiet, info: quiet, debug: quiet, verbose: quiet }, api.DiagLogLevel.ERROR);

  /** The ids of the first span of an order, set just before it is made. */
  let first: string | undefined;
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'matjip' }),
    sampler: new sdk.AlwaysOnSampler(),
    idGenerator: {
      generateTraceId: () => (first ? traceIdOf(first) : randomBytes(16).toString('hex')),
      generateSpanId: () => (first ? firstSpanIdOf(first) : randomBytes(8).toString('hex')),
    },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
          timeoutMillis: bounds.exportWithinMs,
          concurrencyLimit: 1,
        }),
        maxQueueSize: bounds.queueMax,
        maxExportBatchSize: bounds.batchMax,
        scheduledDelayMillis: bounds.everyMs,
        exportTimeoutMillis: bounds.exportWithinMs,
      }),
    ],
  });
  const tracer = provider.getTracer('matjip');
  const isTraced = (orderId: string): boolean => shareOf(orderId) < ratio;
  const tracedOf = (orderIds: readonly string[]): string[] => orderIds.filter(isTraced).slice(0, bounds.perGroupMax);
  const wallClock = (ms: number): number => performance.timeOrigin + ms;

  /** What the groups of orders came to whose requests are not answered yet; whoever hung up has no answer that would take it from here. */
  const groups = new LRUCache<string, { fromMs: number; toMs: number; size: number }>({ max: bounds.queueMax });

  function span(orderId: string, name: string, fromMs: number, toMs: number, options: SpanOptions = {}): Span {
    const parent = api.trace.setSpanContext(api.ROOT_CONTEXT, {
      traceId: traceIdOf(orderId),
      spanId: firstSpanIdOf(orderId),
      traceFlags: api.TraceFlags.SAMPLED,
      isRemote: true,
    });
    const made = tracer.startSpan(name, { ...options, startTime: wallClock(fromMs) }, parent);
    made.end(wallClock(toMs));
    return made;
  }

  function requestEnded(orderId: string, status: number, fromMs: number, toMs: number): void {
    first = orderId;
    const request = tracer.startSpan(`POST ${ORDERS}`, {
      root: true,
      kind: api.SpanKind.SERVER,
      startTime: wallClock(fromMs),
      attributes: { 'http.request.method': 'POST', 'http.route': ORDERS, 'http.response.status_code': status },
    });
    first = undefined;
    if (status >= 500) request.setStatus({ code: api.SpanStatusCode.ERROR });
    request.end(wallClock(toMs));
    const group = groups.get(orderId);
    if (!group) return;
    groups.delete(orderId);
    span(orderId, 'intake wait', fromMs, group.fromMs);
    span(orderId, 'group transaction', group.fromMs, group.toMs, { attributes: { 'matjip.group.size': group.size } });
  }

  return {
    followRequests(http) {
      http.addHook('onRoute', (route) => {
        if (route.method !== 'POST' || route.url !== ORDERS) return;
        route.onResponse = [
          ...[route.onResponse ?? []].flat(),
          (request, reply, done) => {
            const key = request.headers['idempotency-key'];
            if (typeof key === 'string' && UUID_V7.test(key) && isTraced(key)) {
              requestEnded(key.toLowerCase(), reply.statusCode, arrivedMsOf(request.raw), performance.now());
            }
            done();
          },
        ];
      });
    },
    followGroups: (take) => async (group, options) => {
      const traced = tracedOf(group.map(({ id }) => id));
      if (traced.length === 0) return take(group, options);
      const fromMs = performance.now();
      try {
        return await take(group, options);
      } finally {
        const toMs = performance.now();
        for (const id of traced) groups.set(id, { fromMs, toMs, size: group.length });
      }
    },
    followJobs: (kind, handler) => async (payload) => {
      const traced = tracedOf(orderIdsIn(payload));
      if (traced.length === 0) return handler(payload);
      const fromMs = performance.now();
      let failure: unknown;
      try {
        return await handler(payload);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        const toMs = performance.now();
        for (const id of traced) {
          span(id, `job ${kind}`, fromMs, toMs, {
            kind: api.SpanKind.CONSUMER,
            attributes: {
              'matjip.job.orders': (payload as unknown[]).length,
              'matjip.job.failed': failure !== undefined,
            },
          });
        }
      }
    },
    close: () =>
      Promise.race([provider.shutdown().catch(quiet), delay(bounds.closeWithinMs, undefined, { ref: false })]),
  };
}
