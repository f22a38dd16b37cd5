import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type CacheMetrics, createCacheMetrics } from '../cache/cache-metrics.ts';
import { createRequestTimes, type RequestTimes } from '../http/operations/request-times.ts';
import { createJobMetrics, type JobMetrics } from '../jobs/job-metrics.ts';
import type { LiveCounts } from '../live/topics.ts';
import { createOverloadMetrics, type OverloadMetrics } from '../overload/overload-metrics.ts';
import { createMetricsReader } from '../processes/cluster-metrics.ts';

export interface Metrics {
  readonly contentType: string;
  /** Everything counted, of all workers of this node. */
  read(): Promise<string>;
  /** Where this process's own are read, for samples of them. */
  readonly registry: Registry;
  readonly requests: RequestTimes;
  readonly cache: CacheMetrics;
  readonly jobs: JobMetrics;
  readonly overload: OverloadMetrics;
  readonly intake: {
    group(size: number, waitedMs: number, tookMs: number): void;
    refused(reason: string): void;
  };
  readonly live: LiveCounts;
  readonly streams: { watch(count: () => number): void };
  readonly sales: { wrongFigures(count: number): void };
  readonly problems: { counted(type: string): void };
}

/** Everything this process counts, for `/metrics`. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const groupSize = new Histogram({
    name: 'matjip_intake_group_size',
    help: 'Orders taken by one transaction',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const wait = new Histogram({
    name: 'matjip_intake_wait_seconds',
    help: 'How long the first order of a group waited for it to begin',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const took = new Histogram({
    name: 'matjip_intake_commit_seconds',
    help: 'From the begin of a group to its commit',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const refused = new Counter({
    name: 'matjip_orders_refused_total',
    help: 'Orders that were not taken, by problem',
    labelNames: ['reason'],
    registers,
  });
  const problems = new Counter({
    name: 'matjip_problems_total',
    help: 'Problems answered by type; aborted are requests that their client broke off',
    labelNames: ['type'],
    registers,
  });
  const live = new Counter({
    name: 'matjip_live_faults_total',
    help: 'Live messages not understood, listeners that failed, live connections lost',
    labelNames: ['fault'],
    registers,
  });
  const wrongFigures = new Counter({
    name: 'matjip_sales_wrong_figures_total',
    help: 'Figures of the books that the audit found different from the orders; any is a reason to look',
    registers,
  });
  let streams = () => 0;
  new Gauge({
    name: 'matjip_open_streams',
    help: 'Event streams that are open',
    registers,
    collect() {
      this.set(streams());
    },
  });
  return {
    contentType: registry.contentType,
    read: createMetricsReader(registry),
    registry,
    requests: createRequestTimes(registry),
    cache: createCacheMetrics(registry),
    jobs: createJobMetrics(registry),
    overload: createOverloadMetrics(registry),
    intake: {
      group(size, waitedMs, tookMs) {
        groupSize.observe(size);
        wait.observe(waitedMs / 1000);
        took.observe(tookMs / 1000);
      },
      refused: (reason) => refused.inc({ reason }),
    },
    problems: { counted: (type) => problems.inc({ type }) },
    streams: {
      watch(count) {
        streams = count;
      },
    },
    sales: { wrongFigures: (count) => wrongFigures.inc(count) },
    live: {
      notUnderstood: () => live.inc({ fault: 'not-understood' }),
      failed: () => live.inc({ fault: 'failed' }),
      lost: () => live.inc({ fault: 'lost' }),
    },
  };
}
