import cluster, { type Worker } from 'node:cluster';
import { BOUNDS } from '../../config.ts';
import type { Secret } from '../secrets/signature.ts';
import { createHistory } from '../telemetry/samples/history.ts';
import { createMetricsAggregator } from './cluster-metrics.ts';
import { closeHandedWith } from './handed-connection.ts';
import { readMessage, sendToFirst, sendToWorker } from './messages.ts';

/** What the first process tells a worker by its environment; read where it starts and nowhere else. */
export interface WorkerStart {
  readonly databaseUrl: string;
  readonly secret: Secret;
  readonly adminKey: string;
  /** One of the workers also runs the jobs. */
  readonly withJobs: boolean;
  /** It is the only one: it may listen by itself, and connections need not be handed to it one by one. */
  readonly alone: boolean;
}

export interface Workers {
  /** Where they serve. */
  readonly url: string;
  /** Stops all, lets each finish what is under way. */
  stop(): Promise<void>;
}

export interface WorkersOptions {
  readonly count: number;
  readonly start: Omit<WorkerStart, 'withJobs' | 'alone'>;
  readonly log: { warn(details: object, message: string): void };
}

const START_VARIABLE = 'MATJIP_WORKER_START';

/** In a worker: what it was started with. In the first process: undefined. */
export function workerStart(env: NodeJS.ProcessEnv): WorkerStart | undefined {
  const text = env[START_VARIABLE];
  return cluster.isWorker && text ? (JSON.parse(text) as WorkerStart) : undefined;
}

/** In a worker: says that it serves, and from then on that it lives. */
export function sayServing(url: string): void {
  sendToFirst({ matjip: 'serves', url });
  setInterval(() => sendToFirst({ matjip: 'alive' }), BOUNDS.processes.tickMs).unref();
}

/**
 * Starts the workers, resolves when all of them serve, and replaces one that ends, or that has stood still for so long that
 * nobody gains from waiting for it. A worker that ends again soon is started later each time.
 */
export async function startWorkers({ count, start, log }: WorkersOptions): Promise<Workers> {
  const { tickMs, silentTicksMax, restartFirstMs, restartMaxMs, livedWellMs } = BOUNDS.processes;
  const metrics = createMetricsAggregator();
  const history = createHistory(BOUNDS.samples);
  const silentTicks = new Map<Worker, number>();
  let stopping = false;
  /** Set when all serve: one that ends before is no reason to start it again but to say why nothing works. */
  let url: string | undefined;

  function fork(withJobs: boolean): { worker: Worker; serves: Promise<string> } {
    const worker = cluster.fork({
      [START_VARIABLE]: JSON.stringify({ ...start, withJobs, alone: count === 1 }),
      // Where it served the first time, also when the system chose the port.
      ...(url && { PORT: new URL(url).port }),
    });
    // A channel that breaks with its worker is told of by the worker's end.
    worker.on('error', () => {});
    closeHandedWith(worker);
    const serves = new Promise<string>((resolve, reject) => {
      worker.on('message', (raw: unknown) => {
        silentTicks.set(worker, 0);
        const message = readMessage(raw);
        if (message?.matjip === 'serves') resolve(message.url);
        else if (message?.matjip === 'own-metrics') metrics.heard(worker.id, message);
        else if (message?.matjip === 'sample') history.add(message.sample);
        else if (message?.matjip === 'want-history') {
          sendToWorker(worker, { matjip: 'history', id: message.id, history: history.read(Date.now(), count) });
        } else if (message?.matjip === 'want-metrics') {
          const { id } = message;
          metrics.gather().then(
            (text) => sendToWorker(worker, { matjip: 'all-metrics', id, text }),
            (error: Error) => log.warn({ reason: error.message }, 'The metrics of the workers could not be added up.'),
          );
        }
      });
      worker.once('exit', () => {
        silentTicks.delete(worker);
        reject(new Error('A worker ended before it served; its reason stands above.'));
      });
    });
    return { worker, serves };
  }

  function keep(withJobs: boolean, pauseMs: number): Promise<string> {
    const startedMs = performance.now();
    const { worker, serves } = fork(withJobs);
    worker.once('exit', (code, signal) => {
      if (stopping || !url) return;
      const livedMs = performance.now() - startedMs;
      const nextMs = livedMs > livedWellMs ? restartFirstMs : Math.min(pauseMs * 2, restartMaxMs);
      log.warn({ pid: worker.process.pid, code, signal, inMs: nextMs }, 'A worker ended; another takes its place.');
      setTimeout(() => !stopping && keep(withJobs, nextMs).catch(() => {}), nextMs);
    });
    return serves;
  }

  // Counted in ticks, so that a machine that slept wakes up to workers that live.
  const watching = setInterval(() => {
    for (const [worker, ticks] of silentTicks) {
      silentTicks.set(worker, ticks + 1);
      if (stopping || ticks < silentTicksMax) continue;
      log.warn({ pid: worker.process.pid, ticks }, 'A worker stands still and is ended.');
      silentTicks.delete(worker);
      worker.process.kill('SIGKILL');
    }
  }, tickMs);

  async function stop(): Promise<void> {
    stopping = true;
    const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(alive.map((worker) => stopWorker(worker, log)));
    clearInterval(watching);
  }

  try {
    const urls = await Promise.all(Array.from({ length: count }, (_, index) => keep(index === 0, restartFirstMs / 2)));
    url = urls[0]!;
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const stopWorker = (worker: Worker, log: WorkersOptions['log']): Promise<void> =>
  new Promise((resolve) => {
    if (worker.isDead()) return resolve();
    const timer = setTimeout(() => {
      log.warn({ pid: worker.process.pid }, 'A worker does not stop and is ended.');
      worker.process.kill('SIGKILL');
    }, BOUNDS.processes.stopWithinMs);
    worker.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    worker.process.kill('SIGTERM');
  });
