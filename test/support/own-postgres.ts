import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readPostmaster } from '../../src/platform/db/embedded/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { prepareJobs } from '../../src/platform/jobs/prepare.ts';
import { eventually } from './eventually.ts';
import { atEndOf, type Lifetime } from './lifetime.ts';
import { readyHome } from './ready-home.ts';

/** A durable Postgres of a test's own, to be killed. */
export interface OwnPostgres {
  readonly url: string;
  /** `kill -9` of its first process; resolves when it is gone. */
  kill(): Promise<void>;
  /** Stops it as an administrator does; resolves when it is gone. */
  stop(): Promise<void>;
  /** Stops all its processes where they are, as a machine does that swaps or a disk that hangs. */
  freeze(): void;
  thaw(): void;
  /** Starts it again at the same address; a killed one recovers from its log. One that runs is stopped first. */
  restart(): Promise<void>;
}

export async function startOwnPostgres(t: Lifetime): Promise<OwnPostgres> {
  const home = await readyHome();
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of processesOf(readPostmaster(join(home, 'postgres'))?.pid)) signalIfThere(pid, name);
  };
  let running = await startEmbeddedPostgres({ home, keep: false });
  const { url } = running;
  atEndOf(t, async () => {
    signal('SIGCONT');
    await running.stop();
    await rm(home, { recursive: true, force: true });
  });
  await migrate({ url });
  await prepareJobs(url);
  return {
    url,
    async kill() {
      const postmaster = readPostmaster(join(home, 'postgres'))!;
      process.kill(postmaster.pid, 'SIGKILL');
      await eventually(() => readPostmaster(join(home, 'postgres')) === undefined, 'Postgres is gone');
    },
    stop: () => running.stop(),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async restart() {
      await running.stop();
      running = await startEmbeddedPostgres({ home, keep: false });
      if (running.url !== url) throw new Error(`Postgres came back at ${running.url}; somebody took its port.`);
    },
  };
}

/** One that ended while it was looked for hears nothing, and need not. */
export function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A Postgres' first process, which starts no other once it is stopped, and all its others. */
function processesOf(postmaster: number | undefined): number[] {
  if (postmaster === undefined) return [];
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return [postmaster, ...rows.filter(([, parent]) => parent === postmaster).map(([pid]) => pid!)];
}
