import type { Worker } from 'node:cluster';
import type { HistoryView } from '../telemetry/samples/history.ts';
import type { Sample } from '../telemetry/samples/take-sample.ts';

/** What the first process and its workers tell each other. */
export type ProcessMessage =
  /** The worker's event loop turns. */
  | { readonly matjip: 'alive' }
  | { readonly matjip: 'serves'; readonly url: string }
  /** A worker was asked for the metrics of all. */
  | { readonly matjip: 'want-metrics'; readonly id: number }
  | { readonly matjip: 'all-metrics'; readonly id: number; readonly text: string }
  /** Each worker is asked for its own. */
  | { readonly matjip: 'give-metrics'; readonly id: number }
  | { readonly matjip: 'own-metrics'; readonly id: number; readonly metrics: object[] }
  /** What a worker counted in the last seconds. */
  | { readonly matjip: 'sample'; readonly sample: Sample }
  /** A worker was asked how all of them did in the last minutes. */
  | { readonly matjip: 'want-history'; readonly id: number }
  | { readonly matjip: 'history'; readonly id: number; readonly history: HistoryView };

/** What came between processes, if it is one of ours. Libraries talk here too, and so may a later version. */
export function readMessage(message: unknown): ProcessMessage | undefined {
  return typeof message === 'object' && message !== null && 'matjip' in message
    ? (message as ProcessMessage)
    : undefined;
}

/** Says it if the other process still hears; whether it does is found out elsewhere, and is no error here. */
export function sendToWorker(worker: Worker, message: ProcessMessage): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

/** The same from a worker to the first process. */
export function sendToFirst(message: ProcessMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
