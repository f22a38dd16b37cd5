import { Counter, Gauge, type Registry } from 'prom-client';
import type { JobDepth } from './depth.ts';
import type { PoolHealth } from './jobs.ts';
import { LANES, type Lane, type Lateness, NEVER_LATE } from './lateness.ts';

export interface JobMetrics {
  /** Shows what `health` says whenever the metrics are read. */
  watch(health: () => readonly PoolHealth[]): void;
  /** Shows how many jobs there are, as of the last scrape: nobody who scrapes waits for the database. */
  watchDepth(depth: JobDepth): void;
  /** Shows whether tickets are late. */
  watchTickets(tickets: Lateness): void;
}

export function createJobMetrics(registry: Registry): JobMetrics {
  let health: () => readonly PoolHealth[] = () => [];
  let depth: JobDepth | undefined;
  let tickets = NEVER_LATE;
  // Of several processes the worst counts: a sum of ages is the age of nothing.
  const gauge = (name: string, help: string, of: (pool: PoolHealth) => number, aggregator: 'max' | 'sum') =>
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      aggregator,
      registers: [registry],
      collect() {
        for (const each of health()) this.set({ pool: each.pool }, of(each));
      },
    });
  gauge(
    'matjip_jobs_due_seconds',
    'How long the oldest job has been due that nobody works on',
    ({ dueMs }) => dueMs / 1_000,
    'max',
  );
  gauge(
    'matjip_jobs_looked_seconds',
    'Since the last completed look for jobs',
    ({ lookedMs }) => lookedMs / 1_000,
    'max',
  );
  gauge('matjip_jobs_running', 'Jobs under way', ({ running }) => running, 'sum');
  new Counter({
    name: 'matjip_jobs_pool_restarts_total',
    help: 'How often a worker pool was begun again because it stood still',
    labelNames: ['pool'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { pool, restarts } of health()) this.inc({ pool }, restarts);
    },
  });
  const ofTickets = (name: string, help: string, value: (lane: Lane) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['of'],
      aggregator: 'max',
      registers: [registry],
      collect() {
        for (const lane of LANES) this.set({ of: lane }, value(lane));
      },
    });
  ofTickets(
    'matjip_tickets_due_seconds',
    'For how long the oldest order has waited for its tickets that nobody makes, as the intake knows it: of stores with a crowd, and of others',
    (lane) => tickets.dueMs()[lane] / 1_000,
  );
  ofTickets(
    'matjip_tickets_late',
    '1 while new orders are refused because tickets are late: of stores with a crowd, and of others',
    (lane) => Number(tickets.isLate(lane)),
  );
  // All processes look at the same jobs.
  const count = (name: string, help: string, what: 'waiting' | 'dead') =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      aggregator: 'max',
      registers: [registry],
      collect() {
        this.reset();
        for (const each of depth?.last()?.kinds ?? []) this.set({ kind: each.kind }, each[what]);
        depth?.read().catch(() => {});
      },
    });
  count(
    'matjip_jobs_waiting',
    'Jobs that are due and that nobody works on; ten thousand jobs at most are looked at',
    'waiting',
  );
  count('matjip_jobs_dead', 'Dead letters; ten thousand jobs at most are looked at', 'dead');
  return {
    watchDepth(of) {
      depth = of;
    },
    watchTickets(of) {
      tickets = of;
    },
    watch(of) {
      health = of;
    },
  };
}
