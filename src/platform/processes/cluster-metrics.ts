import cluster from 'node:cluster';
import { AggregatorRegistry, Gauge, type Registry } from 'prom-client';
import { BOUNDS } from '../../config.ts';
import { type ProcessMessage, readMessage, sendToFirst, sendToWorker } from './messages.ts';

/*
 * The library's own gathering rejects when a worker does not answer, with nobody to catch it. Here those who answer in time are
 * added up, and a number says how many did not.
 */

/** In the first process: adds up what the workers count. */
export function createMetricsAggregator() {
  const underway = new Map<number, { waiting: Set<number>; metrics: object[][]; done: () => void }>();
  let lastId = 0;

  async function gather(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected());
    lastId += 1;
    const id = lastId;
    const asked = { waiting: new Set(workers.map((worker) => worker!.id)), metrics: [] as object[][] };
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, BOUNDS.processes.metricsWithinMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      underway.set(id, { ...asked, done });
      for (const worker of workers) sendToWorker(worker!, { matjip: 'give-metrics', id });
      if (workers.length === 0) done();
    });
    underway.delete(id);
    const all = AggregatorRegistry.aggregate(asked.metrics);
    const silent = new Gauge({
      name: 'matjip_workers_silent',
      help: 'Workers that did not answer this question; what they count is missing here',
      registers: [all],
    });
    silent.set(asked.waiting.size);
    return all.metrics();
  }

  return {
    gather,
    /** One worker's answer; it may come late, twice, or after the worker's death. */
    heard(workerId: number, { id, metrics }: Extract<ProcessMessage, { matjip: 'own-metrics' }>): void {
      const asked = underway.get(id);
      if (!asked?.waiting.delete(workerId)) return;
      asked.metrics.push(metrics);
      if (asked.waiting.size === 0) asked.done();
    },
  };
}

/** The metrics of all workers, whichever of them is asked; of this process where nobody gathers. */
export function createMetricsReader(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics();
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;
  process.on('message', (raw: unknown) => {
    const message = readMessage(raw);
    if (message?.matjip === 'all-metrics') waiting.get(message.id)?.(message.text);
    if (message?.matjip !== 'give-metrics') return;
    const { id } = message;
    registry.getMetricsAsJSON().then(
      (metrics) => sendToFirst({ matjip: 'own-metrics', id, metrics }),
      // One collector that fails leaves this worker out of one answer.
      () => {},
    );
  });
  return async () => {
    lastId += 1;
    const id = lastId;
    const text = await new Promise<string | undefined>((resolve) => {
      // The first process waits for the others; a little longer is left for its own work.
      const timer = setTimeout(() => resolve(undefined), 2 * BOUNDS.processes.metricsWithinMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      sendToFirst({ matjip: 'want-metrics', id });
    });
    waiting.delete(id);
    return text ?? registry.metrics();
  };
}
