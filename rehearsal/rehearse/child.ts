import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that the rehearsal started, and ends. */
export interface Child {
  readonly pid: number;
  /** Resolves with its exit code, or -1 when a signal ended it. */
  readonly exited: Promise<number>;
  /** The end of what it said, for a person to read when it failed. */
  said(): string;
  /** Asks it to end, kills it when it has not after `withinMs`, and waits until it is gone. */
  stop(withinMs: number): Promise<void>;
}

const SAID_CHARACTERS_MAX = 8_000;

/**
 * Starts a program in a process group of its own, so that a Ctrl-C meant for the rehearsal does not end it halfway.
 * @throws when it cannot be started at all
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<Child> {
  const child: ChildProcess = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-SAID_CHARACTERS_MAX);
  };
  child.stdout!.on('data', hear);
  child.stderr!.on('data', hear);
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    pid: child.pid!,
    exited,
    said: () => said.trim(),
    async stop(withinMs) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const patience = new AbortController();
      const late = delay(withinMs, 'late' as const, { signal: patience.signal }).catch(() => undefined);
      if ((await Promise.race([exited, late])) === 'late') {
        try {
          process.kill(-child.pid!, 'SIGKILL');
        } catch {
          // It has just gone.
        }
        await exited;
      }
      patience.abort();
    },
  };
}
