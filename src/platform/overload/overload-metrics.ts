import { Counter, Gauge, type Registry } from 'prom-client';
import { REQUEST_CLASSES, type RequestClass } from '../http/request/request-class.ts';

interface Watched {
  /** 0 to 1, of the last seconds. */
  level(): number;
  /** How long requests lie unread lately, in milliseconds. */
  unreadMs(): number;
}

export interface OverloadMetrics {
  refused(requestClass: RequestClass): void;
  /** What the gauges show when somebody asks. */
  watch(state: Watched): void;
}

/** Whether this process is full, since when it refuses, and whom. */
export function createOverloadMetrics(registry: Registry): OverloadMetrics {
  const registers = [registry];
  let watched: Watched = { level: () => 0, unreadMs: () => 0 };
  new Gauge({
    name: 'matjip_overload_level',
    help: 'How much is left out, from 0, nothing, to 1, as much as can be, averaged over some five seconds; of several processes the worst',
    aggregator: 'max',
    registers,
    collect() {
      this.set(watched.level());
    },
  });
  new Gauge({
    name: 'matjip_standing_queue_seconds',
    help: 'How long a request lies unread behind the event loop, smoothed over some five turns; of several processes the longest',
    aggregator: 'max',
    registers,
    collect() {
      this.set(watched.unreadMs() / 1000);
    },
  });
  // Counted here and told when somebody looks: a refusal is to cost nothing, and a counter reads its labels at each step.
  const since = new Map(REQUEST_CLASSES.map((requestClass) => [requestClass, 0]));
  new Counter({
    name: 'matjip_requests_refused_total',
    help: 'Requests that were refused before any work, by class',
    labelNames: ['class'],
    registers,
    collect() {
      for (const [requestClass, count] of since) {
        this.inc({ class: requestClass }, count);
        since.set(requestClass, 0);
      }
    },
  });
  return {
    refused: (requestClass) => since.set(requestClass, since.get(requestClass)! + 1),
    watch: (state) => {
      watched = state;
    },
  };
}
