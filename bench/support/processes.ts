import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadResult } from '../load/http-load.ts';
import type { LoadTask } from '../load/worker.ts';

const WORKER = fileURLToPath(new URL('../load/worker.ts', import.meta.url));
const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** Pins a command to one core where that can be done, so that two servers are compared on the same one. */
const pinned = (core: number | undefined, command: readonly string[]): string[] =>
  core === undefined || !hasTaskset ? [...command] : ['taskset', '-c', String(core), ...command];

/** Runs the load in a process of its own. */
export async function load(task: LoadTask, core?: number): Promise<LoadResult> {
  const [program, ...args] = pinned(core, [process.execPath, WORKER, JSON.stringify(task)]);
  const { stdout } = await promisify(execFile)(program!, args, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as LoadResult;
}

/**
 * A load of orders, of which each must be taken: a refusal is answered sooner than an order, and would count as a fast one. What is
 * asked as fast as it is answered is more than overload control lets in, so the server has `OVERLOAD=off`.
 * @throws Error with the statuses, when one was not taken
 */
export async function loadOrders(task: LoadTask): Promise<LoadResult> {
  const result = await load(task);
  if (result.byStatus['201'] !== result.answers) {
    throw new Error(`Not every order was taken: ${JSON.stringify(result.byStatus)}`);
  }
  return result;
}

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server process of the bench; it says its port in its first line `{"port":…}`. */
export async function startServer(
  script: URL,
  env: Readonly<Record<string, string>>,
  core?: number,
): Promise<RunningServer> {
  const [program, ...args] = pinned(core, [process.execPath, fileURLToPath(script)]);
  const child: ChildProcess = spawn(program!, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const said = /\{"port":(\d+)\}/.exec(text);
      if (said) resolve(Number(said[1]));
    });
    child.once('exit', (code) => reject(new Error(`The bench's server ended with ${code}.`)));
  });
  return {
    port,
    pid: child.pid!,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
