import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** What the first process tells a worker by its environment; read where it starts and nowhere else. */
export interface WorkerStart {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly adminKey: string;
  /** One of the workers also works the job channel off. */
  readonly withJobs: boolean;
}

export interface Workers {
  /** Stops all, lets each finish what is under way. */
  stop(): Promise<void>;
}

export interface WorkersOptions {
  readonly count: number;
  readonly start: Omit<WorkerStart, 'withJobs'>;
  readonly log: { warn(details: object, message: string): void };
}

const START_VARIABLE = 'MATJIP_WORKER_START';
/** A worker that dies at once must not be started thousands of times a minute. */
const RESTART_PAUSE_MS = 500;
const STOP_WITHIN_MS = 20_000;

/** In a worker: what it was started with. In the first process: undefined. */
export function workerStart(env: NodeJS.ProcessEnv): WorkerStart | undefined {
  const text = env[START_VARIABLE];
  return cluster.isWorker && text ? (JSON.parse(text) as WorkerStart) : undefined;
}

/** Starts the workers, resolves when all of them listen, and replaces one that dies. */
export async function startWorkers({ count, start, log }: WorkersOptions): Promise<Workers> {
  const metrics = new AggregatorRegistry();
  let stopping = false;
  let listens = false;

  function fork(withJobs: boolean): Worker {
    const worker = cluster.fork({ [START_VARIABLE]: JSON.stringify({ ...start, withJobs }) });
    worker.on('message', async (message: { ask?: string; id?: number }) => {
      if (message.ask === 'metrics') worker.send({ answer: message.id, text: await metrics.clusterMetrics() });
    });
    worker.once('exit', (code, signal) => {
      if (stopping || !listens) return;
      log.warn({ pid: worker.process.pid, code, signal }, 'A worker ended; another takes its place.');
      setTimeout(() => !stopping && fork(withJobs), RESTART_PAUSE_MS);
    });
    return worker;
  }

  async function stop(): Promise<void> {
    stopping = true;
    const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(alive.map(stopWorker));
  }

  const listening = Array.from({ length: count }, (_, index) => {
    const worker = fork(index === 0);
    return new Promise<void>((resolve, reject) => {
      worker.once('listening', () => resolve());
      worker.once('exit', () => reject(new Error('A worker ended before it listened; its reason stands above.')));
    });
  });
  try {
    await Promise.all(listening);
  } catch (error) {
    await stop();
    throw error;
  }
  listens = true;
  return { stop };
}

const stopWorker = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    if (worker.isDead()) return resolve();
    const timer = setTimeout(() => worker.process.kill('SIGKILL'), STOP_WITHIN_MS);
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.process.kill('SIGTERM');
  });

/** The metrics of all workers, whichever of them is asked; of this process where it is the only one. */
export function createMetricsReader(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics();
  AggregatorRegistry.setRegistries(registry);
  new AggregatorRegistry();
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;
  process.on('message', (message: { answer?: number; text?: string }) => {
    if (message.answer === undefined) return;
    waiting.get(message.answer)?.(message.text ?? '');
    waiting.delete(message.answer);
  });
  return () =>
    new Promise((resolve) => {
      lastId += 1;
      waiting.set(lastId, resolve);
      process.send!({ ask: 'metrics', id: lastId });
    });
}
