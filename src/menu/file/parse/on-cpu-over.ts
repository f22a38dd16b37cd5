import type { Worker } from 'node:worker_threads';

/** How often a thread is asked; it may use up so much more than it may. */
const LOOK_MS = 250;

/**
 * Calls back once when a thread has used more of the processor than it may. Time by the clock would blame it for what its neighbours do.
 * @returns ends the watching
 */
export function onCpuOver(thread: Pick<Worker, 'cpuUsage'>, cpuMsMax: number, over: () => void): () => void {
  const timer = setInterval(async () => {
    // A thread that has ended is asked no more.
    const used = await thread.cpuUsage().catch(() => undefined);
    if (!used || (used.user + used.system) / 1_000 <= cpuMsMax) return;
    clearInterval(timer);
    over();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
