import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readPassword } from '../../src/platform/db/embedded/data-folder.ts';
import { isAlive } from '../../src/platform/db/embedded/home-lock.ts';
import { readPostmaster } from '../../src/platform/db/embedded/postmaster.ts';
import type { Client } from './client.ts';
import { eventually } from './eventually.ts';
import type { Lifetime } from './lifetime.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { startApiProcesses } from './processes.ts';
import { startServed } from './served.ts';

/** Processes that serve and work jobs off, and their Postgres, which can be killed. */
export interface KillableSite {
  readonly databaseUrl: string;
  readonly clients: readonly Client[];
  /** `kill -9` of Postgres; resolves when its first process is gone. */
  kill(): Promise<void>;
  /** Asks Postgres to stop, as an administrator does; resolves when it has. */
  stopPostgres(): Promise<void>;
  /** Sees to it that Postgres starts again; it need not have come up when this resolves. */
  startPostgres(): Promise<void>;
  /** @throws AssertionError with what it said when a process has ended */
  assertAllLive(): true;
  /** Ends the processes as a supervisor does. @throws AssertionError when one does not end well */
  end(): Promise<void>;
}

/** Postgres is another's: whoever started it starts it again. */
export async function openSiteOnExternalPostgres(t: Lifetime, processes: number): Promise<KillableSite> {
  const postgres = await startOwnPostgres(t);
  const apis = await startApiProcesses(t, postgres.url, processes, { WITH_JOBS: 'yes', PATIENT: 'no' });
  return {
    databaseUrl: postgres.url,
    clients: apis.map(({ client }) => client),
    kill: postgres.kill,
    stopPostgres: postgres.stop,
    startPostgres: postgres.restart,
    assertAllLive() {
      for (const api of apis) assert.ok(api.lives(), `A process ended: ${api.said()}`);
      return true;
    },
    async end() {
      for (const api of apis) assert.equal(await api.kill('SIGTERM'), 0);
    },
  };
}

/** `matjip serve` with its own Postgres, which its first process starts again. */
export async function openSiteWithEmbeddedPostgres(t: Lifetime, workers: number): Promise<KillableSite> {
  const served = await startServed(t, { WORKERS: String(workers) });
  const folder = join(served.home, 'postgres');
  const first = readPostmaster(folder)!;
  const pids = served.workers();
  assert.equal(pids.length, workers);
  const end = async (signal: 'SIGKILL' | 'SIGINT') => {
    const { pid } = readPostmaster(folder)!;
    process.kill(pid, signal);
    await eventually(() => readPostmaster(folder)?.pid !== pid, 'Postgres is gone');
  };
  return {
    databaseUrl: `postgres://matjip:${readPassword(served.home)}@127.0.0.1:${first.port}/matjip`,
    clients: [served.client],
    kill: () => end('SIGKILL'),
    // "Fast": what is under way is broken off, and all is written down.
    stopPostgres: () => end('SIGINT'),
    async startPostgres() {},
    assertAllLive() {
      for (const pid of pids) assert.ok(isAlive(pid), `A process ended: ${served.said()}`);
      return true;
    },
    async end() {
      served.signal('SIGTERM');
      assert.equal(await served.ended, 0);
    },
  };
}
