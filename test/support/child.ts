import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { watch } from '../../src/platform/db/embedded/watchman.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';

/** A process of Node's that a test started. */
export interface TestChild {
  readonly pid: number;
  /** Its exit code and the signal that ended it, when all it said has been read. */
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** What it has said so far on both of its outputs. */
  said(): string;
  /** Waits until it has said this. @throws Error when it ends before */
  says(what: RegExp): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  /** To its standard input. */
  tell(line: string): void;
  /** @returns its exit code when it is gone, or null when a signal ended it */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts Node on a script. It is killed at the end of `t`, and also when the test's own process is killed; its input
 * ends then, too.
 */
export function startNode(t: Lifetime, args: readonly string[], options: SpawnOptions = {}): TestChild {
  const child = spawn(process.execPath, args, {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  // Whoever is gone hears nothing.
  child.stdin.on('error', () => {});
  const watchman = watch(child.pid!, 'KILL');
  const gone = once(child, 'exit') as TestChild['ended'];
  const ended = once(child, 'close') as TestChild['ended'];
  void gone.then(() => watchman.dismiss());
  let said = '';
  const hearers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      for (const hear of hearers) hear();
    });
  }
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return (await gone)[0];
  };
  atEndOf(t, () => kill('SIGKILL'));
  return {
    pid: child.pid!,
    ended,
    said: () => said,
    says: (what) =>
      new Promise((resolve, reject) => {
        const hear = () => {
          const found = what.exec(said);
          if (found) resolve(found);
          if (found) hearers.delete(hear);
        };
        hearers.add(hear);
        hear();
        void ended.then(([code]) => reject(new Error(`It ended with ${code} before it said ${what}: ${said}`)));
      }),
    signal: (signal) => void child.kill(signal),
    tell: (line) => void child.stdin.write(`${line}\n`),
    kill,
  };
}
