import { Worker } from 'node:worker_threads';
import type { Sheet } from './draw-sheet.ts';

/** Draws a sheet as `drawSheet` does, in a thread of its own: fonts of two megabytes are read for it, and no guest waits for that. */
export function drawInThread(sheet: Sheet): Promise<Buffer> {
  const thread = new Worker(new URL('./drawing-thread.ts', import.meta.url), { workerData: sheet, execArgv: [] });
  return new Promise<Buffer>((resolve, reject) => {
    thread.once('message', (drawn: Uint8Array) => resolve(Buffer.from(drawn)));
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('The thread that draws a sheet of codes ended without one.')));
  }).finally(() => thread.terminate());
}
