import cluster from 'node:cluster';
import type { Registry } from 'prom-client';
import { BOUNDS } from '../../../config.ts';
import { readMessage, sendToFirst } from '../../processes/messages.ts';
import { createHistory, type HistoryBounds, type HistoryView } from './history.ts';
import { createSampler } from './take-sample.ts';

export interface Sampling {
  /** @returns undefined when the first process, which keeps it, does not answer in time */
  read(): Promise<HistoryView | undefined>;
  close(): void;
}

/**
 * Every few seconds this process says what its metrics counted meanwhile: to the first process of its node, which serves nobody and
 * adds the workers up, or to itself where it is alone. Reading it asks no worker for anything.
 */
export function startSampling(registry: Registry, bounds: HistoryBounds): Sampling {
  const { everyMs } = bounds;
  const take = createSampler(registry, everyMs);
  const own = cluster.isWorker ? undefined : createHistory(bounds);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const next = (): void => {
    if (closed) return;
    timer = setTimeout(sample, everyMs - (Date.now() % everyMs)).unref();
  };
  // One that fails is missing in a chart and nothing else.
  const sample = (): void =>
    void take(Math.round(Date.now() / everyMs))
      .then(
        (taken) => taken && (own ? own.add(taken) : sendToFirst({ matjip: 'sample', sample: taken })),
        () => {},
      )
      .finally(next);
  next();

  const waiting = new Map<number, (history: HistoryView) => void>();
  let lastId = 0;
  const hear = (raw: unknown): void => {
    const message = readMessage(raw);
    if (message?.matjip === 'history') waiting.get(message.id)?.(message.history);
  };
  if (!own) process.on('message', hear);

  async function ask(): Promise<HistoryView | undefined> {
    lastId += 1;
    const id = lastId;
    try {
      return await new Promise((resolve) => {
        const patience = setTimeout(() => resolve(undefined), BOUNDS.processes.metricsWithinMs);
        waiting.set(id, (history) => {
          clearTimeout(patience);
          resolve(history);
        });
        sendToFirst({ matjip: 'want-history', id });
      });
    } finally {
      waiting.delete(id);
    }
  }

  return {
    read: async () => (own ? own.read(Date.now(), 1) : ask()),
    close() {
      closed = true;
      clearTimeout(timer);
      process.off('message', hear);
    },
  };
}
